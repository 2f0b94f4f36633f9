"""LEDs on ColorLight 5A-75 receiving cards, by bare Ethernet on an interface of their own."""

from __future__ import annotations

from typing import Any, Final

from drivers import options
from drivers.leds.framing_colorlight import ROW_MARK
from drivers.leds.linked import LinkedPanel
from drivers.leds.network_options import PIXELS
from drivers.leds.wire_order import ORDERS
from drivers.options import Option

SINK: Final = "network"
OPTIONS: Final = PIXELS | {
    "interface": Option(
        "eth0", options.text, "the network interface the cards are on; a gigabit one, nothing else on it"
    ),
    "refresh_hz": Option(50, options.whole(1, 60), "pictures a second, at most; above 50 the cards stutter"),
    "colour_order": Option("BGR", options.one_of(*ORDERS), "the order of the colours on the wire"),
    "row_mark": Option(
        ROW_MARK, options.numbers(2, 0, 255), "the two fixed bytes before a row: 8,136; 8,128 for older cards"
    ),
    "first_row": Option(0, options.whole(0, 4095), "the cards' number of the first row"),
    "latches": Option(1, options.whole(1, 5), "latch frames after a picture; some cards want 3"),
    "latch_ms": Option(5, options.whole(0, 100), "pause between the last row and the latch"),
    "brightness_frame": Option(
        True, options.yes_no, "whether to send a brightness frame; the pictures are dimmed anyway"
    ),
}


class Driver(LinkedPanel):
    def __init__(self, width: int, height: int, **values: Any) -> None:
        super().__init__("colorlight", SINK, (width, height), values, float(values["refresh_hz"]))
