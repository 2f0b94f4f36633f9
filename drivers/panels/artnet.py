"""LEDs over the network by Art-Net 4, to one receiver or a broadcast address."""

from __future__ import annotations

from typing import Any, Final

from drivers import options
from drivers.leds.framing_artnet import LAST_UNIVERSE
from drivers.leds.linked import LinkedPanel
from drivers.leds.network_options import UDP, universes
from drivers.options import Option

SINK: Final = "network"
OPTIONS: Final = (
    UDP
    | universes(0, LAST_UNIVERSE)
    | {
        "host": Option("127.0.0.1", options.address, "address of the receiver, or a broadcast address"),
        "sync": Option(True, options.yes_no, "whether a packet says: show now; without it pictures may tear"),
    }
)


class Driver(LinkedPanel):
    def __init__(self, width: int, height: int, **values: Any) -> None:
        super().__init__("artnet", SINK, (width, height), values, float(values["refresh_hz"]))
