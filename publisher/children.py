"""Child processes: they never outlive their parent, say when they are ready, and are watched without polling."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Final

STOP_S: Final = 15.0

_PR_SET_PDEATHSIG: Final = 1
_LIBC: Final = ctypes.CDLL(None, use_errno=True)  # loaded before any fork: a forked child should load nothing


def dies_with(parent: int) -> Callable[[], None]:
    """A `preexec_fn`: the child gets SIGTERM when the thread of `parent` (a process id) that started it ends."""

    def prepare() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)

    return prepare


def end(process: subprocess.Popen[bytes], patience_s: float = STOP_S) -> None:
    """Ask the process to end in peace, and end it if it has not after `patience_s`."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Child:
    """A started process. `ready_fd` is readable once it said that it is ready; None: it is ready already."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], ready_fd: int | None = None) -> None:
        self.name = name
        self.process = process
        self.ready_fd = ready_fd

    @classmethod
    def start(cls, name: str, command: Sequence[str], descriptors: Sequence[int], env: Mapping[str, str]) -> Child:
        """Start `command` with these open descriptors and `--ready-fd N` at its end."""
        reading, writing = os.pipe()
        process = subprocess.Popen(
            [*command, "--ready-fd", str(writing)],
            pass_fds=(*descriptors, writing),
            env=dict(env),
            stdin=subprocess.DEVNULL,
            preexec_fn=dies_with(os.getpid()),  # noqa: PLW1509 - it loads nothing and takes no lock
        )
        os.close(writing)
        return cls(name, process, reading)

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self.ready_fd is not None:
            os.close(self.ready_fd)
            self.ready_fd = None
        end(self.process)


class Watch:
    """Waits for children and for SIGTERM or SIGINT at once. Used in the main thread, as a context."""

    def __init__(self) -> None:
        self.asked_to_stop = False
        self._children: list[Child] = []
        self._bell, self._ringer = socket.socketpair()
        self._ringer.setblocking(False)

    def __enter__(self) -> Watch:
        signal.set_wakeup_fd(self._ringer.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, self._asked) for number in (signal.SIGTERM, signal.SIGINT)}
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._bell.close()
        self._ringer.close()

    def add(self, child: Child) -> None:
        self._children.append(child)

    def ended(self) -> list[Child]:
        """The children that have ended by themselves."""
        return [child for child in self._children if child.process.poll() is not None]

    def until_ready(self, limit_s: float) -> bool:
        """Wait until every child is ready; False if one ended, it took too long or a stop was asked for."""
        deadline = time.monotonic() + limit_s
        waiting = {child.ready_fd for child in self._children if child.ready_fd is not None}
        while waiting and not self.asked_to_stop and not self.ended():
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return False
            waiting -= {fd for fd in self._wait(waiting, left_s) if os.read(fd, 16)}
        return not waiting and not self.asked_to_stop

    def until_end(self) -> None:
        """Wait until a child ends or a stop is asked for."""
        while not self.asked_to_stop and not self.ended():
            self._wait((), None)

    def _wait(self, descriptors: Sequence[int] | set[int], limit_s: float | None) -> list[int]:
        ready, _, _ = select.select([self._bell.fileno(), *descriptors], [], [], limit_s)
        if self._bell.fileno() in ready:
            self._bell.recv(256)
        return [fd for fd in ready if fd != self._bell.fileno()]

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True
