"""Sees the wall clock being put forward or back, by the steady clock that nobody puts.

Between two looks both clocks go on by the same time. Slewing (adjtime) bends both alike, so that it never shows
here; what remains is a step: somebody's, or a time service's that found the clock wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

log = logging.getLogger(__name__)

# A look reads one clock after the other, and a busy machine may stop in between for a tenth of a second; a board that
# is suspended for a moment loses as little, and one that sleeps for longer has jumped for whoever looks at it. A step
# of less than two seconds moves no bulletin, only a strip.
STEP_S: Final = 2.0


class Jumps:
    """Counts the steps of the wall clock since the start; each is told in the log once.

    `believed` says whether that clock is held to be right. One that nobody believes is being set, as on every
    start of a board without a battery: its step is counted too, but is no reason to worry.
    """

    def __init__(self, believed: Callable[[], bool] = lambda: True) -> None:
        self._is_believed = believed
        self._seen: tuple[datetime, float, bool] | None = None
        self._count = 0
        self._by_s = 0.0
        self._at: datetime | None = None
        self._at_s = 0.0
        self._was_believed = False

    @property
    def count(self) -> int:
        return self._count

    def look(self, now: datetime, monotonic_s: float) -> None:
        """Both clocks as they stand now, read one right after the other."""
        if self._seen is not None:
            before, before_s, believed = self._seen
            by_s = (now - before - timedelta(seconds=monotonic_s - before_s)).total_seconds()
            if abs(by_s) >= STEP_S:
                self._count += 1
                self._by_s, self._at, self._at_s, self._was_believed = by_s, now, monotonic_s, believed
                log.warning("the clock jumped by %+.1f s, to %s", by_s, now.isoformat(timespec="seconds"))
        self._seen = now, monotonic_s, self._is_believed()

    def health(self, monotonic_s: float) -> dict[str, Any]:
        """How many, and of the last one: when (by the clock as it is since), by how much, how long ago, and whether
        the clock was believed before it. Without any only that there was none.
        """
        if self._at is None:
            return {"clock_jumps": 0}
        return {
            "clock_jumps": self._count,
            "clock_jumped_at": self._at.isoformat(timespec="seconds"),
            "clock_jumped_s": round(self._by_s, 1),
            "clock_jumped_ago_s": round(monotonic_s - self._at_s),
            "clock_was_believed": "yes" if self._was_believed else "no",
        }
