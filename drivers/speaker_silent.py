"""A speaker without sound: it takes as long as the sound would, so that schedules and marks run as on a real one."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final

from drivers import options
from drivers.drain import Drain
from drivers.panel import Option
from drivers.speaker import RATE_HZ, checked_volume

OPTIONS: Final = {
    "realtime": Option(True, options.yes_no, "true: busy as long as the clip would last; false: done at once"),
}


class Driver:
    def __init__(self, realtime: bool = True) -> None:
        self._realtime = realtime
        self._drain: Drain | None = None
        self._volume_pct = 100
        self._ends_s = 0.0

    def open(self) -> None:
        """Nothing to take: silence is always there."""

    def play(self, pcm: Iterable[bytes]) -> None:
        self.stop()
        self._ends_s = time.monotonic()
        self._drain = Drain(pcm, self._count, lambda: None)

    def busy(self) -> bool:
        draining = self._drain is not None and self._drain.running
        return draining or (self._realtime and time.monotonic() < self._ends_s)

    def stop(self) -> None:
        if self._drain is not None:
            self._drain.cut()
        self._ends_s = 0.0

    def set_volume(self, pct: int) -> None:
        self._volume_pct = checked_volume(pct)

    def health(self) -> dict[str, Any]:
        error = self._drain.error if self._drain else ""
        return {"driver": "silent", "volume_pct": self._volume_pct, "error": error}

    def close(self) -> None:
        self.stop()

    def _count(self, chunk: bytes) -> None:
        self._ends_s += len(chunk) / (2 * RATE_HZ)
