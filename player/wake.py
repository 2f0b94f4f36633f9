"""Waiting: until a deadline, or until a watched file is written, a worker speaks or a signal comes.

On Linux inotify tells of a write at once and a still screen sleeps through; elsewhere the wait is
cut short, so that the caller looks for itself often enough.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

BLIND_S: Final = 0.02  # the longest wait where nothing tells of a write
_EVENT: Final = struct.Struct("iIII")
_IN_MODIFY: Final = 0x2
_IN_MOVED_TO: Final = 0x80
_IN_CREATE: Final = 0x100


class Waker:
    """Watches `files` and those beside them whose names begin alike, such as a database's log.

    A folder that is missing is tried again by `watch`.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._missing = list(dict.fromkeys(path.absolute().parent for path in files))
        self._names = tuple(os.fsencode(path.name) for path in files)
        self._inotify = _open_inotify()
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.watch()

    @property
    def signal_fd(self) -> int:
        """For `signal.set_wakeup_fd`: a signal ends the wait."""
        return self._writer

    def watch(self) -> None:
        """Begins to watch those folders that have come into being."""
        self._missing = [folder for folder in self._missing if not self._add(folder)]

    def wait(self, timeout_s: float, others: Sequence[int] = ()) -> bool:
        """Sleeps up to `timeout_s`, less if something happens; True if a watched file was written."""
        if self._inotify < 0 or self._missing:
            timeout_s = min(timeout_s, BLIND_S)
        fds = [self._reader, *others, *([self._inotify] if self._inotify >= 0 else [])]
        ready, _, _ = select.select(fds, (), (), max(0.0, timeout_s))
        if self._reader in ready:
            _drain(self._reader)
        return self._inotify in ready and any(name.startswith(self._names) for name in _names(_drain(self._inotify)))

    def close(self) -> None:
        for fd in (self._inotify, self._reader, self._writer):
            if fd >= 0:
                os.close(fd)
        self._inotify = self._reader = self._writer = -1

    def _add(self, folder: Path) -> bool:
        if self._inotify < 0:
            return False
        mask = _IN_MODIFY | _IN_MOVED_TO | _IN_CREATE
        return int(_libc().inotify_add_watch(self._inotify, os.fsencode(folder), mask)) >= 0


def _drain(fd: int) -> bytes:
    with contextlib.suppress(BlockingIOError):
        return os.read(fd, 65_536)
    return b""


def _names(events: bytes) -> Iterator[bytes]:
    """The file names in a stretch of inotify events (inotify(7))."""
    place = 0
    while place < len(events):
        *_, length = _EVENT.unpack_from(events, place)
        place += _EVENT.size
        yield events[place : place + length].rstrip(b"\0")
        place += length


def _open_inotify() -> int:
    if not sys.platform.startswith("linux"):
        return -1
    return int(_libc().inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
