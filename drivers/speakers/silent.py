"""A speaker without sound: it takes as long as the sound would, so that schedules and marks run as on a real one."""

from __future__ import annotations

from typing import Any, Final

from drivers import options
from drivers.options import Option
from drivers.speakers.deck import BLOCK_BYTES, Deck
from drivers.speakers.pace import Pace

OPTIONS: Final = {
    "realtime": Option(True, options.yes_no, "true: busy as long as the clip would last; false: done at once"),
}


class Driver(Deck):
    def __init__(self, realtime: bool = True) -> None:
        super().__init__(lambda: _Nowhere(Pace(realtime)), BLOCK_BYTES)

    def open(self) -> None:
        """Nothing to take: silence is always there."""

    def health(self) -> dict[str, Any]:
        return {"driver": "silent", "volume_pct": self.volume_pct, "error": self.error}


class _Nowhere:
    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.drop = pace.drop
        self.finish = pace.settle

    def write(self, block: bytes) -> None:
        self._pace.advance(len(block))
