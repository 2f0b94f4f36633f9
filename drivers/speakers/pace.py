"""Keeps the pace of a loudspeaker where there is none: waits as long as the sound handed on would last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from drivers.speaker import RATE_HZ

AHEAD_S: Final = 0.1  # as a sound device's own buffer


class Pace:
    """`realtime` False: never waits. `drop` ends a wait from another thread, and there are no more."""

    def __init__(self, realtime: bool, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._dropped = threading.Event()
        self._until_s: float | None = None
        if not realtime:
            self._dropped.set()

    def advance(self, size: int) -> None:
        """So many bytes are handed on: waits until there is room for the next."""
        now_s = self._now_s()
        self._until_s = max(self._until_s or now_s, now_s) + size / (2 * RATE_HZ)
        self._wait(self._until_s - now_s - AHEAD_S)

    def settle(self) -> None:
        """Waits until all that was handed on would be out."""
        if self._until_s is not None:
            self._wait(self._until_s - self._now_s())

    def drop(self) -> None:
        self._dropped.set()

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._dropped.wait(seconds)
