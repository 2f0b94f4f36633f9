"""A lane's patience, with workers written to misbehave."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from player.prepare.jobs import Answer, Job
from player.prepare.lane import Lane
from tests.waiting import eventually

READY = """
import sys
from player.prepare.jobs import READY, Answer, Inspected, pack
def say(answer):
    sys.stdout.buffer.write(pack(answer)); sys.stdout.buffer.flush()
say(Answer(READY))
"""
DEADLY = READY + "sys.stdin.buffer.read(1); sys.exit(3)\n"
STILLBORN = "raise SystemExit(5)\n"
DEAF = READY + "import time; time.sleep(600)\n"
ORDERLY = (
    READY
    + """
from player.prepare.jobs import Inbox, Job
from player.wire import decode
import os
inbox, held = Inbox(), []
while data := os.read(0, 65536):
    inbox.add(data)
    for message in inbox.messages():
        job = decode(message, Job)
        held.append(job.key)
        if job.key.startswith("go"):
            for key in reversed(held):
                say(Answer(key, inspected=Inspected(key, "image/png", 1, 1)))
            held = []
"""
)


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lane_of(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Lane]]:
    """A lane whose worker runs the given program."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made: list[Lane] = []

    def make(program: str) -> Lane:
        (tmp_path / "misbehaving.py").write_text(program)
        made.append(Lane("misbehaving", [], 5.0, lambda fd, on: None, clock))
        return made[-1]

    yield make
    for lane in made:
        lane.stop()


def answers(lane: Lane, clock: Clock, count: int, step_s: float = 0.1) -> list[Answer]:
    """Calls the lane until it gave `count` answers; the lane's own clock runs ahead by `step_s` a call."""
    found: list[Answer] = []

    def look() -> bool:
        clock.now_s += step_s
        found.extend(lane.answers())
        return len(found) >= count

    eventually(look, f"answer {count}")
    return found


def reasons(found: list[Answer]) -> list[tuple[str, str]]:
    return [(answer.key, answer.failed.reason.partition(":")[0]) for answer in found if answer.failed]


def test_a_job_that_kills_two_workers_is_given_up(lane_of: Callable[[str], Lane], clock: Clock) -> None:
    lane = lane_of(DEADLY)
    lane.add(Job("poison", path="x"))
    first = lane.pid
    assert reasons(answers(lane, clock, 1)) == [("poison", "killed")]
    assert lane.pid != first
    assert not lane.busy


def test_a_worker_that_never_starts_fails_its_jobs_without_haste(lane_of: Callable[[str], Lane], clock: Clock) -> None:
    lane = lane_of(STILLBORN)
    lane.add(Job("a", path="x"))
    lane.add(Job("b", path="x"))
    begin = clock.now_s
    assert sorted(reasons(answers(lane, clock, 2))) == [("a", "start"), ("b", "start")]
    assert clock.now_s - begin >= 4, "it is not started again and again at once"


def test_a_worker_that_no_process_is_to_be_had_for_fails_its_jobs_and_comes_when_there_is(
    lane_of: Callable[[str], Lane], clock: Clock
) -> None:
    """A board that is short of memory shows what it has meanwhile."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    lane = lane_of(ORDERLY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", full)
        lane.add(Job("a", path="x"))
        assert reasons(answers(lane, clock, 1)) == [("a", "start")]
    lane.add(Job("go", path="x"))
    assert [answer.key for answer in answers(lane, clock, 1)] == ["go"]


def test_a_worker_that_answers_nothing_is_ended_after_its_time(lane_of: Callable[[str], Lane], clock: Clock) -> None:
    lane = lane_of(DEAF)
    lane.add(Job("a", path="x"))
    assert reasons(answers(lane, clock, 1)) == [("a", "time")]
    assert lane.pid is None


def test_one_job_at_a_time_but_an_urgent_one_beside_it(lane_of: Callable[[str], Lane], clock: Clock) -> None:
    """The worker answers only once it was given a `go`: the urgent one must reach it while `a` is at work."""
    lane = lane_of(ORDERLY)
    lane.add(Job("a", path="x"))
    lane.add(Job("b", path="x"))
    lane.add(Job("go-1", path="x", urgent=True))
    assert [answer.key for answer in answers(lane, clock, 1, 0.0)][:1] == ["go-1"]
    lane.add(Job("go-2", path="x", urgent=True))
    found = answers(lane, clock, 1, 0.0)
    assert found[0].key == "go-2"


def test_idle_time_counts_from_the_last_answer(lane_of: Callable[[str], Lane], clock: Clock) -> None:
    lane = lane_of(ORDERLY)
    lane.add(Job("go", path="x"))
    assert lane.idle_s() == 0.0
    answers(lane, clock, 1, 0.0)
    clock.now_s += 7
    assert lane.idle_s() == 7.0
