"""The pipes to a worker, held by somebody who must not wait."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from player.prepare.jobs import Answer, Job, pack
from player.prepare.worker_process import WorkerProcess
from player.wire import decode

Until = Callable[[Callable[[], object]], object]

LONG = 3_000_000  # letters: three times what a pipe may hold
DEAF_AT_FIRST = """
import os, signal, sys
from player.prepare.jobs import READY, Answer, Failed, Inbox, Job, pack
from player.wire import decode
def say(answer):
    sys.stdout.buffer.write(pack(answer)); sys.stdout.buffer.flush()
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
say(Answer(READY))
signal.sigwait({signal.SIGUSR1})
inbox = Inbox()
while data := os.read(0, 65536):
    inbox.add(data)
    for message in inbox.messages():
        job = decode(message, Job)
        say(Answer(job.key, failed=Failed(job.key, str(len(job.path)))))
"""


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerProcess]:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "deaf_at_first.py").write_text(DEAF_AT_FIRST)
    made = WorkerProcess("deaf_at_first", [])
    yield made
    made.stop()


def test_a_message_longer_than_the_pipe_is_not_waited_for_and_comes_whole(worker: WorkerProcess, until: Until) -> None:
    """The loop that draws hands jobs over, and a worker reads none while it decodes a photograph."""
    heard: list[bytes] = []

    def has_said(count: int) -> bool:
        heard.extend(worker.received())
        return len(heard) == count

    until(lambda: has_said(1))
    worker.send(pack(Job("long", path="x" * LONG)))
    worker.send(pack(Job("short", path="y")))
    os.kill(worker.pid, signal.SIGUSR1)
    until(lambda: has_said(3))
    answers = [decode(message, Answer) for message in heard[1:]]
    assert [(one.key, one.failed.reason) for one in answers if one.failed] == [("long", str(LONG)), ("short", "1")]


def test_a_worker_that_is_gone_is_noticed_by_its_end_alone(worker: WorkerProcess, until: Until) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: worker.ended() is not None)
    worker.send(pack(Job("late", path="x" * LONG)))
    assert worker.received() == []
    assert worker.ended() == -signal.SIGKILL
