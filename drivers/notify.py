"""Words to systemd, as sd_notify(3) sends them: ready, still alive, stopping.

Without a service manager (NOTIFY_SOCKET unset) every word is a no-op, so callers need not ask.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class Notifier:
    """One process's line to its service manager. A manager that does not answer is no reason to stop a screen."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) if address else None

    def ready(self) -> None:
        self._send("READY=1")

    def alive(self) -> None:
        """To be sent more often than the unit's `WatchdogSec`, and only by the loop that does the work."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _send(self, words: str) -> None:
        if self._socket is None:
            return
        try:
            self._socket.sendto(words.encode(), socket.MSG_DONTWAIT, self._address)
        except OSError:
            return  # lost words are noticed by the manager's own watchdog
