from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from publisher.broadcast import outbox
from publisher.broadcast.bell import Bell, ring
from publisher.broadcast.models import Task
from publisher.home import Home
from tests.waiting import DEADLINE_S

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


class Ear:
    """Counts rings in a thread of its own."""

    def __init__(self, bell: Bell) -> None:
        self.heard = threading.Semaphore(0)
        self._bell = bell
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while self._bell.wait():
            self.heard.release()

    def close(self) -> None:
        self._bell.close()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()


def test_a_change_that_is_rolled_back_is_not_announced() -> None:
    class OopsError(Exception):
        pass

    def change_and_fail() -> None:
        with transaction.atomic():
            outbox.put("desired", "s-one")
            raise OopsError

    with pytest.raises(OopsError):
        change_and_fail()
    assert outbox.claim(NOON) == []


def test_the_bell_rings_when_the_change_is_committed_and_not_before(home: Home) -> None:
    home.run.mkdir()
    ear = Ear(Bell(home.run))
    try:
        with transaction.atomic():
            outbox.put("desired", "s-one")
            assert not ear.heard.acquire(timeout=0.05)
        assert ear.heard.acquire(timeout=DEADLINE_S)
    finally:
        ear.close()


def test_nobody_listening_is_no_error(home: Home) -> None:
    outbox.put("desired", "s-one")
    home.run.mkdir()
    outbox.put("desired", "s-two")
    assert [task.target for task in outbox.claim(NOON)] == ["s-one", "s-two"]


def test_the_bell_hangs_in_a_folder_with_a_very_long_name(home: Home) -> None:
    deep = home.root / ("x" * 100) / ("y" * 100)
    deep.mkdir(parents=True)
    ear = Ear(Bell(deep))
    try:
        ring(deep)
        assert ear.heard.acquire(timeout=DEADLINE_S)
    finally:
        ear.close()


def test_emergencies_come_before_what_was_asked_for_earlier() -> None:
    for kind in ("keys", "desired", "command", "alert", "access"):
        outbox.put(kind, "x")
    assert [task.kind for task in outbox.claim(NOON)] == ["access", "alert", "command", "desired", "keys"]


def test_a_task_is_claimed_once() -> None:
    outbox.put("desired", "s-one")
    assert len(outbox.claim(NOON)) == 1
    assert outbox.claim(NOON) == []


def test_two_claimers_cannot_both_have_it() -> None:
    outbox.put("desired", "s-one")
    stale = Task.objects.get()
    assert len(outbox.claim(NOON)) == 1
    assert outbox._take([stale], 0, NOON) == []


def test_a_task_whose_worker_died_comes_round_again_later_and_later() -> None:
    outbox.put("desired", "s-one")
    waits = []
    now = NOON
    for _ in range(8):
        assert len(outbox.claim(now)) == 1
        due = outbox.next_due(now)
        assert due is not None
        waits.append((due - now).total_seconds())
        assert outbox.claim(due - timedelta(milliseconds=1)) == []
        now = due
    assert waits == [5, 15, 60, 300, 900, 3600, 3600, 3600]


def test_what_is_done_is_done_and_forgotten_after_two_days() -> None:
    outbox.put("desired", "s-one")
    outbox.finish(outbox.claim(NOON), NOON)
    assert outbox.claim(NOON + timedelta(days=1)) == []
    outbox.prune(NOON + timedelta(days=1))
    assert Task.objects.count() == 1
    outbox.prune(NOON + timedelta(days=3))
    assert Task.objects.count() == 0


def test_a_failed_task_keeps_its_reason() -> None:
    outbox.put("desired", "s-one")
    outbox.set_aside(outbox.claim(NOON)[0], "ValueError('x')" * 1000)
    task = Task.objects.get()
    assert task.error.startswith("ValueError('x')")
    assert len(task.error) == 2000
    assert task.done is None


@pytest.mark.parametrize("put", [lambda: outbox.put("shell", "x"), lambda: outbox.put_many("shell", ["x"])])
def test_an_unknown_kind_is_refused_with_the_known_ones(put: object) -> None:
    with pytest.raises(ValueError, match="'shell', known are access, alert, command, desired, keys"):
        put()  # type: ignore[operator]


def test_many_targets_are_put_at_once() -> None:
    outbox.put_many("desired", [f"s-{number}" for number in range(450)])
    assert Task.objects.count() == 450
