"""A speaker without sound: it takes as long as the sound would, so that schedules and marks run as on a real one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from drivers import options
from drivers.drain import Drain
from drivers.panel import Option
from drivers.speaker import checked_volume

OPTIONS: Final = {
    "realtime": Option(True, options.yes_no, "true: busy as long as the clip would last; false: done at once"),
}


class Driver:
    def __init__(self, realtime: bool = True) -> None:
        self._realtime = realtime
        self._drain: Drain | None = None
        self._volume_pct = 100

    def open(self) -> None:
        """Nothing to take: silence is always there."""

    def play(self, pcm: Iterable[bytes]) -> None:
        self.stop()
        self._drain = Drain(pcm)
        self._drain.start()

    def busy(self) -> bool:
        drain = self._drain
        return drain is not None and (drain.sounding if self._realtime else drain.running and not drain.is_cut)

    def stop(self) -> None:
        if self._drain is not None:
            self._drain.cut()

    def set_volume(self, pct: int) -> None:
        self._volume_pct = checked_volume(pct)

    def health(self) -> dict[str, Any]:
        error = self._drain.error if self._drain else ""
        return {"driver": "silent", "volume_pct": self._volume_pct, "error": error}

    def close(self) -> None:
        self.stop()
