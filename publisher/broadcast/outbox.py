"""The transactional outbox: a change and its announcement are written together or not at all.

A task is claimed by a conditional update that also sets it back in time: whatever happens while it
is worked on, even the end of the process, it does not come round again at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from publisher.broadcast.bell import ring
from publisher.broadcast.models import Task

KINDS: Final = ("access", "alert", "command", "desired", "keys")  # worked off in this order: it sorts by itself
BACKOFF_S: Final = (5, 15, 60, 300, 900, 3600)
KEPT_DONE: Final = timedelta(days=2)


def put(kind: str, target: str, detail: Mapping[str, Any] | None = None) -> Task:
    """Note inside the caller's transaction that `target` needs an announcement of `kind` (see Task).

    The broadcast process is woken when the transaction commits. Raises ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of task {kind!r}, known are {', '.join(KINDS)}")
    task = Task.objects.create(kind=kind, target=target, detail=dict(detail or {}))
    wake()
    return task


def put_many(kind: str, targets: Sequence[str]) -> None:
    """`put` for many targets in one statement."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of task {kind!r}, known are {', '.join(KINDS)}")
    Task.objects.bulk_create([Task(kind=kind, target=target) for target in targets], batch_size=200)
    wake()


def wake() -> None:
    """Ring the broadcast process when the present transaction commits."""
    transaction.on_commit(lambda: ring(settings.HOME.run), robust=True)


def claim(now: datetime, limit: int = 100) -> list[Task]:
    """The next due tasks, emergencies first, each already set back in case it fails."""
    tasks = list(_due(now)[:limit])
    if not tasks:
        return []
    with transaction.atomic():
        by_attempts = groupby(sorted(tasks, key=attrgetter("attempts")), key=attrgetter("attempts"))
        taken = {task.pk for attempts, group in by_attempts for task in _take(list(group), attempts, now)}
    return [task for task in tasks if task.pk in taken]


def finish(tasks: Sequence[Task], now: datetime) -> None:
    """The effect of `tasks` is in the database: they need not be done again. Call it in that transaction."""
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(done=now, error="")


def set_aside(task: Task, error: str) -> None:
    """Leave a failed task for its next turn, with the reason."""
    Task.objects.filter(pk=task.pk).update(error=error[:2000])


def next_due(now: datetime) -> datetime | None:
    """When the next task that was set back comes round; None if there is none."""
    waiting = Task.objects.filter(done=None, not_before__gt=now).order_by("not_before")
    return waiting.values_list("not_before", flat=True).first()


def wait_done(kind: str, target: str, limit_s: float) -> bool:
    """Wait in a web worker until nothing of `kind` for `target` is left to do; False if it takes longer.

    For the rare answer that is of no use before its announcement, such as a login the broker must know first.
    """
    waiting = Task.objects.filter(kind=kind, target=target, done=None)
    deadline = time.monotonic() + limit_s
    while waiting.exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def prune(now: datetime) -> None:
    """Forget what was done long ago."""
    Task.objects.filter(done__lt=now - KEPT_DONE).delete()


def _due(now: datetime) -> QuerySet[Task]:
    due = Q(not_before=None) | Q(not_before__lte=now)
    return Task.objects.filter(due, done=None).order_by("kind", "pk")


def _take(tasks: Sequence[Task], attempts: int, now: datetime) -> Sequence[Task]:
    """`tasks` (all tried `attempts` times), set back; none if somebody else took one: then they come round again."""
    wait_s = BACKOFF_S[min(attempts, len(BACKOFF_S) - 1)]
    free = Task.objects.filter(pk__in=[task.pk for task in tasks], done=None, attempts=attempts)
    taken = free.update(attempts=attempts + 1, not_before=now + timedelta(seconds=wait_s))
    return tasks if taken == len(tasks) else []
