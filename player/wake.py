"""Waiting: until a deadline, or until a file of the state folder is written, a worker speaks or a signal comes.

On Linux inotify tells of a write at once and a still screen sleeps through; elsewhere the wait is
cut short, so that the caller looks for itself often enough.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

BLIND_S: Final = 0.02  # the longest wait where nothing tells of a write
_IN_MODIFY: Final = 0x2
_IN_MOVED_TO: Final = 0x80
_IN_CREATE: Final = 0x100


class Waker:
    """Watches `folders` (those that are missing are tried again by `watch`)."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._missing = list(folders)
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
        """Sleeps up to `timeout_s`, less if something happens; True if a watched folder was written to."""
        if self._inotify < 0 or self._missing:
            timeout_s = min(timeout_s, BLIND_S)
        fds = [self._reader, *others, *([self._inotify] if self._inotify >= 0 else [])]
        ready, _, _ = select.select(fds, (), (), max(0.0, timeout_s))
        for fd in (self._reader, self._inotify):
            if fd in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(fd, 65_536)
        return self._inotify in ready

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


def _open_inotify() -> int:
    if not sys.platform.startswith("linux"):
        return -1
    return int(_libc().inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
