"""The process that owns the LEDs: `python -m drivers.leds.helper`, its line to the player on standard input.

The player has no network and no rights; this process has one of them and nothing else. It is started by
the player, or by the service manager when the player connects, and ends when the line does. The first
message names driver, size and options and brings two descriptors: the frame memory, and a counter that
is raised with each new frame. What it has to say goes back as JSON: `ready`, `error`, facts once a second.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import select
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any, Final

from drivers.exported import ExportError, FrameMemory
from drivers.leds.mapping import GeometryError
from drivers.leds.sink import Sink, SinkError, load
from drivers.loading import driver_module
from drivers.options import OptionError, read_options
from drivers.panel import DRIVERS
from drivers.process import die_with_parent

MESSAGE_B: Final = 65_536
FACTS_S: Final = 1.0
_REFUSED: Final = (SinkError, GeometryError, OptionError, ExportError, ImportError, OSError, KeyError, ValueError)


class Helper:
    """Shows what comes through `memory` on `sink` until `line` ends. `resend_s` 0: a still picture is sent once."""

    def __init__(self, line: socket.socket, memory: FrameMemory, counter_fd: int, sink: Sink, resend_s: float) -> None:
        self._line = line
        self._memory = memory
        self._counter_fd = counter_fd
        self._sink = sink
        self._resend_s = resend_s
        self._shown_s = self._told_s = 0.0
        self._shown = 0
        self._trouble = ""

    def run(self) -> None:
        poll = select.poll()
        poll.register(self._line, select.POLLIN | select.POLLHUP)
        poll.register(self._counter_fd, select.POLLIN)
        self._show()  # the panel may have been at work before this process was
        while True:
            ready = [fd for fd, _ in poll.poll(self._wait_ms())]
            if self._counter_fd in ready:
                os.eventfd_read(self._counter_fd)
                self._show()
            elif self._resend_due(time.monotonic()):
                self._sink_shows()
            if self._line.fileno() in ready and not _heard(self._line):
                return
            self._tell()

    def _show(self) -> None:
        presented = self._memory.presented
        if presented != self._shown and self._memory.copy_to(self._sink.picture):
            self._shown = presented
            self._sink_shows()

    def _sink_shows(self) -> None:
        self._shown_s = time.monotonic()
        try:
            self._sink.show()
            self._trouble = ""
        except OSError as exc:
            self._trouble = exc.strerror or str(exc)

    def _resend_due(self, monotonic_s: float) -> bool:
        """Receivers take silence for a lost sender and go dark: a still picture is sent again."""
        return bool(self._resend_s and self._shown) and monotonic_s >= self._shown_s + self._resend_s

    def _wait_ms(self) -> int:
        waits = [FACTS_S, *([self._resend_s] if self._resend_s else [])]
        return max(1, round(1000 * min(waits)))

    def _tell(self) -> None:
        if time.monotonic() < self._told_s + FACTS_S:
            return
        self._told_s = time.monotonic()
        facts = self._sink.facts()
        tell(self._line, facts | ({"error": self._trouble} if self._trouble else {}))


def _heard(line: socket.socket) -> bool:
    """Whether the player is still there; it says nothing but by being there."""
    try:
        return bool(line.recv(MESSAGE_B))
    except ConnectionResetError:
        return False


def tell(line: socket.socket, words: dict[str, Any]) -> None:
    """A message to the player; one that does not fit now is dropped, the next says the same."""
    with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
        line.send(json.dumps(words).encode(), socket.MSG_DONTWAIT)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("python -m drivers.leds.helper", description="Drives LEDs for the player.")
    parser.add_argument("--parent", type=int, help="end when this process does")
    given = parser.parse_args(arguments)
    if given.parent:
        die_with_parent(given.parent)
    line = socket.socket(fileno=os.dup(0))
    message, fds, _, _ = socket.recv_fds(line, MESSAGE_B, 2)
    if not message:
        return 0
    sink: Sink | None = None
    try:
        sink, helper = _opened(line, json.loads(message), fds)
    except _REFUSED as exc:
        tell(line, {"refused": str(exc)})
        return 1
    if given.parent:
        die_with_parent(given.parent)  # once more: the kernel forgets it when a process gives up root
    try:
        tell(line, {"ready": True} | sink.facts())
        helper.run()
    finally:
        sink.close()
    return 0


def _opened(line: socket.socket, hello: dict[str, Any], fds: list[int]) -> tuple[Sink, Helper]:
    if len(fds) != 2:
        raise SinkError(f"the first message brought {len(fds)} descriptors, not 2")
    module = driver_module("panel", hello["driver"], DRIVERS, SinkError)
    options = read_options(hello["driver"], module.OPTIONS, hello["options"])
    memory = FrameMemory(fds[0])
    kind = getattr(module, "SINK", "")
    if not kind:
        raise SinkError(f"the driver {hello['driver']} needs no helper")
    sink = load(kind, hello["driver"], memory.size, options)
    sink.open()
    return sink, Helper(line, memory, fds[1], sink, options["resend_ms"] / 1000)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
