"""The bell between web workers and the broadcast process: an empty datagram to a socket in the run folder.

It carries nothing and may be lost; the outbox is the truth and is also looked at once a second.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

SOCKET: Final = "broadcast.bell"


def ring(run_dir: Path) -> None:
    """Wake the broadcast process if it is there; nobody waits and nothing is raised."""
    try:
        with _address(run_dir) as address, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(b"", address)
    except OSError:
        return  # not running, or already rung more often than it can hear


class Bell:
    """The hearing end; one a run folder."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / SOCKET
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        with _address(run_dir) as address:
            self._socket.bind(address)
        self._path.chmod(0o600)
        self._closed = False

    def wait(self) -> bool:
        """Block until somebody rings; False once it is closed."""
        try:
            self._socket.recv(1)
        except OSError:
            return False
        return not self._closed

    def close(self) -> None:
        """End a waiting `wait`."""
        self._closed = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._path.unlink(missing_ok=True)


@contextmanager
def _address(run_dir: Path) -> Iterator[str]:
    # A socket's path may have 107 bytes and a home folder's may be longer: name it from an open folder.
    folder = os.open(run_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{SOCKET}"
    finally:
        os.close(folder)
