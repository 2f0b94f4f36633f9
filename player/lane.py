"""One prepare worker seen from its parent: its queue, its process, its deadlines, its restarts."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from player.jobs import READY, Answer, Failed, Inbox, Job, pack
from player.wire import decode

_ROOT: Final = Path(__file__).resolve().parent.parent
_CHUNK_B: Final = 1 << 16
_GRACE_S: Final = 2.0  # the worker ends itself at its limit; this long after it is ended
_START_LIMIT_S: Final = 30.0
_ATTEMPTS: Final = 2  # a worker may be killed by no fault of the job; twice is the job's


@dataclass(slots=True)
class _Task:
    job: Job
    urgent: bool
    attempts: int = 0


class Lane:
    """Feeds one worker process, one job at a time; an urgent one may join it at once.

    `on_pipe(fd, True | False)` tells which pipe to wait on. `monotonic` gives seconds.
    """

    def __init__(
        self, module: str, options: Sequence[str], time_limit_s: float,
        on_pipe: Callable[[int, bool], None], monotonic: Callable[[], float],
    ) -> None:  # fmt: skip
        self._command = [sys.executable, "-m", module, *options, "--time-limit-s", str(time_limit_s)]
        self._limit_s = time_limit_s
        self._on_pipe = on_pipe
        self._monotonic = monotonic
        self._queue: deque[_Task] = deque()
        self._active: list[_Task] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._inbox = Inbox()
        self._ready = False
        self._since = monotonic()  # of the last start, job or answer

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def busy(self) -> bool:
        return bool(self._queue or self._active)

    def idle_s(self) -> float:
        """How long nothing has been asked of it."""
        return 0.0 if self.busy else self._monotonic() - self._since

    def start(self) -> None:
        """Starts the worker if it is not running; does not wait for it to be warm."""
        if self._process:
            return
        environment = {
            **os.environ,
            "PYGAME_HIDE_SUPPORT_PROMPT": "1",
            "SDL_VIDEODRIVER": "dummy",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", "")))),
            "MALLOC_ARENA_MAX": "1",
        }
        self._process = subprocess.Popen(
            [*self._command, "--parent", str(os.getpid())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment,
        )  # fmt: skip
        self._ready = False
        self._inbox = Inbox()
        self._since = self._monotonic()
        os.set_blocking(self._out(), False)
        self._on_pipe(self._out(), True)

    def add(self, job: Job, urgent: bool) -> None:
        task = _Task(job, urgent)
        if urgent:
            self._queue.appendleft(task)
        else:
            self._queue.append(task)
        self.start()
        self._feed()

    def promote(self, key: str) -> None:
        """Makes a waiting job urgent."""
        for task in self._queue:
            if task.job.key == key and not task.urgent:
                task.urgent = True
                self._queue.remove(task)
                self._queue.appendleft(task)
                self._feed()
                return

    def answers(self) -> list[Answer]:
        """Whatever the worker finished since the last call, and what came to nothing."""
        if not self._process:
            return []
        found = self._read()
        if self._process.poll() is not None:
            found += self._read() + self._bury(self._process.returncode)
        elif self._overdue():
            self._process.kill()
            self._process.wait()
            found += self._bury(-signal.SIGALRM)
        if self.busy:
            self.start()
            self._feed()
        return found

    def _overdue(self) -> bool:
        silent_s = self._monotonic() - self._since
        return (
            silent_s > _START_LIMIT_S if not self._ready else bool(self._active) and silent_s > self._limit_s + _GRACE_S
        )

    def _feed(self) -> None:
        """Hands the next job over: any if the worker has none, an urgent one beside a job that is not."""
        while self._process and self._ready and self._queue:
            urgent = self._queue[0].urgent
            if self._active and not (urgent and not any(task.urgent for task in self._active)):
                return
            task = self._queue.popleft()
            self._active.append(task)
            self._since = self._monotonic()
            assert self._process.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # its end is noticed, and the job retried, in `answers`
                self._process.stdin.write(pack(task.job))

    def _read(self) -> list[Answer]:
        found: list[Answer] = []
        with contextlib.suppress(BlockingIOError, ValueError):
            while data := os.read(self._out(), _CHUNK_B):
                self._inbox.add(data)
        for message in self._inbox.messages():
            answer = decode(message, Answer)
            self._since = self._monotonic()
            if answer.key == READY:
                self._ready = True
                continue
            self._active = [task for task in self._active if task.job.key != answer.key]
            found.append(answer)
        if found or self._ready:
            self._feed()
        return found

    def _bury(self, code: int) -> list[Answer]:
        """The worker is gone: its jobs are tried once more, unless they overran their time."""
        self._forget()
        lost, self._active = self._active, []
        failures = []
        late = code == -signal.SIGALRM
        for task in reversed(lost):
            task.attempts += 1
            if not late and task.attempts < _ATTEMPTS:
                self._queue.appendleft(task)
                continue
            reason = f"time: more than {self._limit_s:g} s" if late else f"killed: the worker ended with {code}"
            failures.append(Answer(task.job.key, failed=Failed(task.job.key, reason)))
        if not self._ready and self._queue and not lost:  # it does not even start: nothing will ever come of these
            failures += [
                Answer(task.job.key, failed=Failed(task.job.key, f"start: the worker ended with {code}"))
                for task in self._queue
            ]
            self._queue.clear()
        return failures

    def _out(self) -> int:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def _forget(self) -> None:
        if not self._process:
            return
        self._on_pipe(self._out(), False)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = None

    def stop(self) -> None:
        """Ends the worker; jobs still waiting stay waiting."""
        if not self._process:
            return
        process = self._process
        self._forget()
        process.kill()
        process.wait()
