"""The player's line to an LED helper: started or called, told what to drive, woken for each frame, replaced when lost.

Nothing here waits, but for the first answer when the panel is opened. A helper that ends is missed by
`poll` and another one takes over, after a pause that grows; the frame memory goes to it as it stands.
"""

from __future__ import annotations

import json
import logging
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from drivers.process import module_command, module_environment

log = logging.getLogger(__name__)

MESSAGE_B: Final = 65_536
PAUSES_S: Final = (0.0, 0.5, 2.0, 5.0, 10.0)  # before the first, second … replacement in a row
STEADY_S: Final = 30.0  # a helper that lived so long ended for a new reason


class LinkError(Exception):
    """The helper cannot be had, or will not drive what it was told; the message is its own."""


class Link:
    """`hello` says what to drive, `frame_fd` is the frame memory, closed with the link.

    `service` is the socket of a helper that the service manager keeps; without one it is a child of this process.
    """

    def __init__(
        self,
        hello: Mapping[str, Any],
        frame_fd: int,
        service: Path | None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hello = json.dumps(dict(hello), default=str).encode()  # paths are text on the line
        self._frame_fd = frame_fd
        self._counter_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._service = service
        self._monotonic_s = monotonic_s
        self._line: socket.socket | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._since_s = 0.0
        self._due_s = 0.0
        self._in_a_row = 0
        self.ready = False
        self.replaced = 0
        self.facts: dict[str, Any] = {}
        self.trouble = ""

    @property
    def pid(self) -> int | None:
        """The helper's process, if it is a child of this one."""
        return self._child.pid if self._child is not None else None

    def open(self, timeout_s: float = 20.0) -> None:
        """Returns when the helper drives the panel. Raises LinkError."""
        try:
            self._start()
        except OSError as exc:
            raise LinkError(self._unreachable(exc)) from exc
        until_s = self._monotonic_s() + timeout_s
        while not self.ready and self._line is not None and self._monotonic_s() < until_s:
            select.select([self._line], [], [], max(0.0, until_s - self._monotonic_s()))
            self._read()
        if not self.ready:
            self._drop()
            raise LinkError(self.trouble or "the helper does not answer")

    def wake(self) -> None:
        """There is a new frame. Never waits: frames the helper does not get to are passed over."""
        os.eventfd_write(self._counter_fd, 1)

    def poll(self) -> bool:
        """Takes what the helper said, and replaces it if it has ended and the pause is over; True while it works."""
        if self._line is not None:
            self._read()
        elif self._monotonic_s() >= self._due_s:
            self._replace()
        return self.ready

    def close(self) -> None:
        """The helper ends; waited for shortly, because the next one may want the same device."""
        self._drop()
        os.close(self._counter_fd)
        os.close(self._frame_fd)

    def _start(self) -> None:
        self._line = self._called() if self._service is not None else self._child_line()
        socket.send_fds(self._line, [self._hello], [self._frame_fd, self._counter_fd])
        self._line.setblocking(False)
        self._since_s = self._monotonic_s()

    def _called(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)
        try:
            line.connect(str(self._service))
        except OSError:
            line.close()
            raise
        return line

    def _child_line(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._child = subprocess.Popen(
                module_command("drivers.leds.helper", "--parent", str(os.getpid())),
                stdin=theirs.fileno(),
                env=module_environment(SDL_VIDEODRIVER="dummy"),
            )
        return ours

    def _read(self) -> None:
        while self._line is not None:
            try:
                message = self._line.recv(MESSAGE_B)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if message:
                self._hear(json.loads(message))
            else:
                self._lost()

    def _hear(self, words: dict[str, Any]) -> None:
        if words.pop("ready", False):
            self.ready = True
            if self.trouble:
                log.info("the LED helper is at work again")
        self.trouble = str(words.pop("refused", "" if self.ready else self.trouble))
        self.facts = words

    def _lost(self) -> None:
        """Its line has ended: the next one is due soon, later and later if they keep ending."""
        steady = self._monotonic_s() - self._since_s >= STEADY_S
        self._in_a_row = 0 if steady else self._in_a_row
        pause_s = PAUSES_S[min(self._in_a_row, len(PAUSES_S) - 1)]
        self._drop()
        reason = self.trouble or "the helper ended"
        if self.ready:
            log.warning("the LED helper is lost (%s): another one in %g s", reason, pause_s)
        self.ready, self.trouble = False, reason
        self._due_s = self._monotonic_s() + pause_s
        self._in_a_row += 1

    def _replace(self) -> None:
        self.replaced += 1
        try:
            self._start()
        except OSError as exc:
            self.trouble = self._unreachable(exc)
            self._lost()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._child is not None:
            try:
                self._child.wait(1.0)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
            self._child = None

    def _unreachable(self, exc: OSError) -> str:
        return f"{self._service or sys.executable}: {exc.strerror or exc}"
