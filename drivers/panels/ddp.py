"""LEDs over the network by DDP, as WLED, Falcon Player and many controllers take it."""

from __future__ import annotations

from typing import Any, Final

from drivers import options
from drivers.leds.framing_ddp import DISPLAY, RGB_8_BIT
from drivers.leds.linked import LinkedPanel
from drivers.leds.network_options import UDP
from drivers.options import Option

SINK: Final = "network"
OPTIONS: Final = UDP | {
    "host": Option("127.0.0.1", options.address, "address of the receiver"),
    "data_type": Option(RGB_8_BIT, options.whole(0, 255), "the type byte: 11 (0x0B) RGB of 8 bits; some want 1"),
    "destination": Option(DISPLAY, options.whole(1, 255), "the receiver's own number of its output"),
}


class Driver(LinkedPanel):
    def __init__(self, width: int, height: int, **values: Any) -> None:
        super().__init__("ddp", SINK, (width, height), values, float(values["refresh_hz"]))
