"""One prepare worker and its queue: what it works on, its deadlines, its restarts."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from player.prepare.jobs import READY, Answer, Failed, Job, is_partial, pack
from player.prepare.worker_process import WorkerProcess
from player.wire import decode

_GRACE_S: Final = 2.0  # the worker ends itself at its limit; this long after, it is ended
_START_LIMIT_S: Final = 30.0
_ATTEMPTS: Final = 2  # a worker may be killed by no fault of the job; twice is the job's
_FALSE_STARTS: Final = 3
_START_PAUSE_S: Final = 2.0


@dataclass(slots=True)
class _Task:
    job: Job
    attempts: int = 0


class Lane:
    """Feeds one worker process, one job at a time; an urgent one may join it at once.

    `on_pipe(fd, True | False)` tells which pipe to wait on from now on, or no longer. `monotonic`
    gives seconds.
    """

    def __init__(
        self,
        module: str,
        options: Sequence[str],
        time_limit_s: float,
        on_pipe: Callable[[int, bool], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._module = module
        self._options = [*options, "--time-limit-s", str(time_limit_s)]
        self._limit_s = time_limit_s
        self._on_pipe = on_pipe
        self._monotonic = monotonic
        self._queue: deque[_Task] = deque()
        self._active: list[_Task] = []
        self._worker: WorkerProcess | None = None
        self._ready = False
        self._since_s = monotonic()  # of the last start, job or answer
        self._false_starts = 0
        self._given_up: list[Answer] = []  # jobs that no worker came for

    @property
    def pid(self) -> int | None:
        return self._worker.pid if self._worker else None

    @property
    def busy(self) -> bool:
        return bool(self._queue or self._active)

    def idle_s(self) -> float:
        """How long nothing has been asked of it."""
        return 0.0 if self.busy else self._monotonic() - self._since_s

    def start(self) -> None:
        """Starts the worker if it is not running; does not wait for it to be warm."""
        pause_s = _START_PAUSE_S if self._false_starts else 0.0
        if self._worker or self._monotonic() - self._since_s < pause_s:
            return
        try:
            self._worker = WorkerProcess(self._module, self._options)
        except OSError as exc:
            self._false_start(f"no worker can be started: {exc.strerror or exc}")
            return
        self._ready = False
        self._since_s = self._monotonic()
        self._on_pipe(self._worker.answers_fd, True)

    def add(self, job: Job) -> None:
        """Queues a job, an urgent one before all others."""
        task = _Task(job)
        if job.urgent:
            self._queue.appendleft(task)
        else:
            self._queue.append(task)
        self.start()
        self._feed()

    def promote(self, key: str) -> None:
        """Makes a waiting job urgent."""
        for task in self._queue:
            if task.job.key == key and not task.job.urgent:
                task.job = replace(task.job, urgent=True)
                self._queue.remove(task)
                self._queue.appendleft(task)
                self._feed()
                return

    def answers(self) -> list[Answer]:
        """Whatever the worker finished since the last call, and what came to nothing; restarts it if need be."""
        found: list[Answer] = []
        if self._worker:
            late = self._overdue()
            dead = late or self._worker.ended() is not None
            found += self._receive(self._worker)
            if dead:
                found += self._bury(self._worker, late)
        if self.busy:
            self.start()
        self._feed()
        found += self._given_up
        self._given_up = []
        return found

    def stop(self) -> None:
        """Ends the worker; jobs still waiting stay waiting."""
        if self._worker:
            self._part_from(self._worker)

    def _overdue(self) -> bool:
        silent_s = self._monotonic() - self._since_s
        if not self._ready:
            return silent_s > _START_LIMIT_S
        return bool(self._active) and silent_s > self._limit_s + _GRACE_S

    def _feed(self) -> None:
        """Hands the next job over: any if the worker has none, an urgent one beside a job that is not."""
        while self._worker and self._ready and self._queue:
            if self._active and (not self._queue[0].job.urgent or any(task.job.urgent for task in self._active)):
                return
            task = self._queue.popleft()
            self._active.append(task)
            self._since_s = self._monotonic()
            self._worker.send(pack(task.job))

    def _receive(self, worker: WorkerProcess) -> list[Answer]:
        found = []
        for message in worker.received():
            answer = decode(message, Answer)
            self._since_s = self._monotonic()
            if answer.key == READY:
                self._ready, self._false_starts = True, 0
                continue
            if not is_partial(answer):
                self._active = [task for task in self._active if task.job.key != answer.key]
            found.append(answer)
        return found

    def _bury(self, worker: WorkerProcess, late: bool) -> list[Answer]:
        """The worker is gone: its jobs are tried once more, unless they overran their time."""
        code = self._part_from(worker)
        if not self._ready:
            self._false_start(f"the worker ended with {code}")
            return []
        late = late or code == -signal.SIGALRM
        failures = []
        for task in reversed(self._active):
            task.attempts += 1
            if late or task.attempts >= _ATTEMPTS:
                reason = f"time: more than {self._limit_s:g} s" if late else f"killed: the worker ended with {code}"
                failures.append(_failure(task, reason))
            else:
                self._queue.appendleft(task)
        self._active = []
        return failures

    def _false_start(self, why: str) -> None:
        """It ended before it was warm; after a few times nothing more is expected of it for now."""
        self._false_starts += 1
        self._since_s = self._monotonic()
        if self._false_starts >= _FALSE_STARTS:
            self._given_up += [_failure(task, f"start: {why}") for task in self._queue]
            self._queue.clear()

    def _part_from(self, worker: WorkerProcess) -> int:
        self._on_pipe(worker.answers_fd, False)
        self._worker = None
        return worker.stop()


def _failure(task: _Task, reason: str) -> Answer:
    return Answer(task.job.key, failed=Failed(task.job.key, reason))
