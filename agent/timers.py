"""Things to do later, on the main loop."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class Timers:
    """Actions by the monotonic second they are due. For one thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Once, after `seconds`."""
        heapq.heappush(self._due, (self._monotonic() + seconds, next(self._count), action))

    def every(self, seconds: float, action: Callable[[], None]) -> None:
        """Again and again, the first time after `seconds`; a late one does not make the next come sooner."""

        def again() -> None:
            self.later(seconds, again)
            action()

        self.later(seconds, again)

    def wait_s(self, longest_s: float) -> float:
        """How long there is nothing to do, at most `longest_s`."""
        if not self._due:
            return longest_s
        return min(max(self._due[0][0] - self._monotonic(), 0.0), longest_s)

    def run_due(self) -> None:
        """Do what is due."""
        now = self._monotonic()
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2]()
