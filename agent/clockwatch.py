"""How far this machine's clock may be believed. A Pi has no battery behind its clock.

trusted   the system says it is synchronised, or the settings declare that this machine keeps the
          time itself, and the clock is not before the release date, which is impossible
floor     not synchronised, but not before the floor either: it can be no earlier than that
unknown   before the floor: plainly wrong

The floor is the newest of the release date, the clock saved while it was trusted, and the issue
date of the newest accepted object. It never holds a trusted clock back: somebody's excursion
into the future must not make a screen doubt the right time for years.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from agent.disk import SHARED
from agent.trust import Instant
from drivers.disk import replace_file
from player.model import Clock, ClockQuality

log = logging.getLogger(__name__)

RELEASED: Final = datetime(2026, 1, 1, tzinfo=UTC)  # raised with every release
SAVE_EVERY: Final = timedelta(hours=1)
SAVED_CLOCK: Final = "clock"  # in the state folder


def judge(now: datetime, synchronised: bool, floor: datetime) -> Clock:
    """The quality of a clock that shows `now`. `floor` is at or after RELEASED."""
    if synchronised and now >= RELEASED:
        return Clock(ClockQuality.TRUSTED, min(now, floor))
    if now >= floor:
        return Clock(ClockQuality.FLOOR, floor)
    return Clock(ClockQuality.UNKNOWN, floor)


class ClockWatch:
    """Judges the clock and remembers the floor from one start to the next.

    `synchronised` is the system's own word; `declared` is the setting that replaces it.
    """

    def __init__(
        self, state_dir: Path, declared: bool, synchronised: Callable[[], bool], now: Callable[[], datetime]
    ) -> None:
        self._file = state_dir / SAVED_CLOCK
        self._declared = declared
        self._synchronised = synchronised
        self._now = now
        self._saved = _read(self._file)
        self._floor = max(RELEASED, self._saved or RELEASED)
        self.clock = judge(now(), self._is_synchronised(), self._floor)

    def saw(self, issued: datetime) -> None:
        """An object issued at this instant was accepted: it cannot be earlier."""
        self._floor = max(self._floor, issued)

    def look(self) -> Clock:
        """The clock as it is to be believed now; saved from time to time while it is trusted."""
        now = self._now()
        clock = judge(now, self._is_synchronised(), self._floor)
        if clock.quality is not self.clock.quality:
            log.warning("the clock is now %s (was %s)", clock.quality, self.clock.quality)
        self.clock = clock
        if clock.quality is ClockQuality.TRUSTED:
            self._floor = now
            self.clock = Clock(ClockQuality.TRUSTED, self._saved)
            if self._saved is None or abs(now - self._saved) >= SAVE_EVERY:
                self.save()
        return self.clock

    def save(self) -> None:
        """Keep a trusted clock for the next start; a disk that takes it not leaves an older floor, and no more."""
        if self.clock.quality is not ClockQuality.TRUSTED:
            return
        self._saved = self._now()
        try:
            replace_file(self._file, self._saved.astimezone(UTC).isoformat().encode(), SHARED)
        except OSError as exc:
            log.warning("the clock cannot be kept for the next start: %s", exc)
        self.clock = Clock(ClockQuality.TRUSTED, self._saved)

    def instant(self) -> Instant:
        """What expiries are judged by: the clock if it is trusted, else the earliest it can be."""
        if self.clock.quality is ClockQuality.TRUSTED:
            return Instant(self._now(), trusted=True)
        return Instant(self._floor, trusted=False)

    def _is_synchronised(self) -> bool:
        return self._declared or self._synchronised()


def _read(file: Path) -> datetime | None:
    try:
        saved = datetime.fromisoformat(file.read_text("ascii").strip())
    except (OSError, ValueError):
        return None
    return saved if saved.tzinfo else None
