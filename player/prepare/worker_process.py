"""A prepare worker's process and its two pipes, as its parent holds them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
from collections.abc import Sequence
from typing import Final

from drivers.process import module_command, module_environment
from player.prepare.jobs import Inbox

_CHUNK_B: Final = 1 << 16
_PIPE_B: Final = 1 << 20  # takes the longest bulletins at once; the most that anybody may ask for (pipe(7))
_ENVIRONMENT: Final = {  # a small heap
    "MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "PYGAME_HIDE_SUPPORT_PROMPT": "1",
}  # fmt: skip


class WorkerProcess:
    """Starts `python -m module options`. Raises OSError if the system has no room for one more process."""

    def __init__(self, module: str, options: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            module_command(module, *options, "--parent", str(os.getpid())),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=module_environment(**_ENVIRONMENT),
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a worker was started without pipes")
        self._jobs_fd, self.answers_fd = self._process.stdin.fileno(), self._process.stdout.fileno()
        for pipe in (self._jobs_fd, self.answers_fd):
            os.set_blocking(pipe, False)
        with contextlib.suppress(OSError):  # who has many pipes already is given no large one
            fcntl.fcntl(self._jobs_fd, fcntl.F_SETPIPE_SZ, _PIPE_B)
        self._inbox = Inbox()
        self._outbox = bytearray()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, data: bytes) -> None:
        """Hands one message over without waiting: what the pipe has no room for follows at the next `received`.

        A worker that is gone is not noticed here but by `ended`.
        """
        self._outbox += data
        self._write()

    def received(self) -> list[bytes]:
        """The messages complete by now; does not wait."""
        self._write()
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.answers_fd, _CHUNK_B):
                self._inbox.add(data)
        return list(self._inbox.messages())

    def ended(self) -> int | None:
        """How the process ended (negative: the signal), or None while it lives."""
        return self._process.poll()

    def stop(self) -> int:
        """Kills the process if it lives, closes the pipes, and says how it ended."""
        self._process.kill()
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code

    def _write(self) -> None:
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            while self._outbox:
                del self._outbox[: os.write(self._jobs_fd, self._outbox)]
