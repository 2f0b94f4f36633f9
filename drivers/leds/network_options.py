"""The options that network LED drivers have in common."""

from __future__ import annotations

from typing import Final

from drivers import options
from drivers.leds.linked import COMMON
from drivers.leds.wire_order import ORDERS
from drivers.options import Option

REFRESH: Final = Option(60, options.whole(1, 240), "pictures a second, at most")

PIXELS: Final = COMMON | {
    "colour_order": Option("RGB", options.one_of(*ORDERS), "the order of the colours on the wire"),
}

UDP: Final = PIXELS | {
    "refresh_hz": REFRESH,
    "host": Option(None, options.address, "address of the receiver; none: multicast, where the protocol has it"),
    "port": Option(None, options.whole(1, 65_535), "none: the protocol's own"),
    "from_ip": Option(None, options.address, "this machine's address on the receivers' network, when it has several"),
    "latch_ms": Option(0, options.whole(0, 1000), "pause between the last pixels and the word to show them"),
}


def universes(first: int, last: int) -> dict[str, Option]:
    """Options of protocols that cut the pixels into universes."""
    return {
        "universe": Option(first, options.whole(first, last), "the first universe"),
        "pixels_per_universe": Option(170, options.whole(1, 170), "three values each, of at most 512"),
    }
