"""What comes next: prepared several slots ahead, and in memory shortly before its turn."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from player.aim import Aim
from player.director import Director
from player.motion import Moment
from player.painter import Painter
from player.shelf import Shelf
from player.show import Show

LOAD_AHEAD_S: Final = 1.5
PREPARE_AHEAD: Final = 6  # slots


class Lookahead:
    """Orders from `shelf` what `director` will ask for, and has `painter` load it in time."""

    def __init__(self, director: Director, shelf: Shelf, painter: Painter) -> None:
        self._director = director
        self._shelf = shelf
        self._painter = painter
        self._seen: Aim | None = None

    def forget(self) -> None:
        """What comes next may be something else now."""
        self._seen = None

    def order(self, aim: Aim, now: datetime, monotonic_s: float) -> None:
        """Has the slots after that of `aim` prepared; once for each aim."""
        if self._seen is aim:
            return
        self._seen = aim
        for later in self._director.next_aims(now, PREPARE_AHEAD):
            if later.show is not None and self._unprepared(later.show, monotonic_s):
                self._shelf.want(later.show, later.name)

    def load(self, aim: Aim, moment: Moment, now: datetime) -> None:
        """The page or the slot that comes after what stands on the panel goes into memory when its turn is near."""
        turn = self._painter.next_page(moment)
        if turn is not None and turn[1] <= LOAD_AHEAD_S:
            self._painter.preload_page(turn[0])
        elif turn is None and (aim.slot.end - now).total_seconds() <= LOAD_AHEAD_S:
            self._load_next(now)

    def _unprepared(self, show: Show, monotonic_s: float) -> bool:
        return not self._shelf.skipped(show, monotonic_s) and self._shelf.prepared(show) is None

    def _load_next(self, now: datetime) -> None:
        for later in self._director.next_aims(now, 1):
            prepared = self._shelf.prepared(later.show) if later.show is not None else None
            if prepared is not None:
                self._painter.preload(prepared)
