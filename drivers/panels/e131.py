"""LEDs over the network by E1.31 (sACN): to one receiver or by multicast, shown together by synchronisation."""

from __future__ import annotations

from typing import Any, Final

from drivers import options
from drivers.leds.framing_e131 import LAST_UNIVERSE
from drivers.leds.linked import LinkedPanel
from drivers.leds.network_options import UDP, universes
from drivers.options import Option

SINK: Final = "network"
OPTIONS: Final = (
    UDP
    | universes(1, LAST_UNIVERSE)
    | {
        "sync_universe": Option(
            LAST_UNIVERSE,
            options.whole(0, LAST_UNIVERSE),
            "the universe that says: show now; 0: none, pictures may tear",
        ),
        "priority": Option(100, options.whole(0, 200), "of this sender, where several send the same universe"),
    }
)


class Driver(LinkedPanel):
    def __init__(self, width: int, height: int, **values: Any) -> None:
        super().__init__("e131", SINK, (width, height), values, float(values["refresh_hz"]))
