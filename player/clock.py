"""The player's clocks: the system's, one that is set by hand, and one that stands where a file says.

Each has `now()` (aware UTC), `monotonic()` (seconds, never back) and `running_s()` (how long the
machine has run, sleep included: what a clock floor's patience is counted by).
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class ClockError(ValueError):
    """A clock file is missing or does not hold an instant."""


class WallClock(Protocol):
    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def running_s(self) -> float: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def running_s(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)


class SettableClock:
    """Stands still until it is moved; `advance` moves the wall and the steady clock together, `set` the wall alone."""

    def __init__(self, now: datetime, monotonic: float = 0.0) -> None:
        self._now, self._monotonic = now.astimezone(UTC), monotonic

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def running_s(self) -> float:
        return self._monotonic

    def set(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds


class FileClock:
    """The wall clock stands at the instant in a file (RFC 3339) and follows every change of it; time itself runs on.

    Write the file by renaming a finished one into place. A file that goes or turns to garbage
    leaves the clock where it stood. Raises ClockError if there is no instant to begin with.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()
        self._now = self._read()

    def now(self) -> datetime:
        stamp = self._stamp()
        if stamp is not None and stamp != self._seen:
            self._seen = stamp
            try:
                self._now = self._read()
            except ClockError:
                return self._now
        return self._now

    def monotonic(self) -> float:
        return time.monotonic()

    def running_s(self) -> float:
        return 0.0  # whoever sets the instant says how far it is to be believed

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = os.stat(self._path)
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _read(self) -> datetime:
        try:
            return parse_instant(self._path.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as exc:
            raise ClockError(f"clock file {self._path}: {exc}") from exc
        except ValueError as exc:
            raise ClockError(f"clock file {self._path}: {exc}") from exc


def parse_instant(text: str) -> datetime:
    """The instant in `text` (ISO 8601 with a zone), in UTC. Raises ValueError saying what is wrong."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no zone: write for instance {text}+07:00")
    return instant.astimezone(UTC)


class ShiftedClock(SystemClock):
    """Runs on from `begin`, as if it were that instant now."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin.astimezone(UTC)
        self._since_s = time.monotonic()

    def now(self) -> datetime:
        return self._begin + timedelta(seconds=time.monotonic() - self._since_s)
