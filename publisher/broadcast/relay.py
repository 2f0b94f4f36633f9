"""The relay of the transactional outbox: what each kind of task does, and what is announced of it.

A task that was not finished is done again, whatever ended it: all of them may be done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Final, Protocol

from django.db import transaction

from player import wire
from publisher.broadcast import alerts, commands, outbox, playlists
from publisher.broadcast.announcer import Announcer
from publisher.broadcast.central import Central
from publisher.broadcast.keys import KeyStore
from publisher.broadcast.models import SentCommand, Task
from publisher.broadcast.playlists import Message, Playlists
from publisher.broadcast.quick import quick_commits
from publisher.bulletins.models import Bulletin
from publisher.screens.models import Screen

COMPOSE_CHUNK: Final = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Effect:
    """What follows a task's transaction: the announcement at once, then bookkeeping that may come after it.

    With a `note` the task is finished only together with that: a kill in between does the task again,
    which announces nothing new and notes what was missed. Reports are taken in after both.
    """

    publish: Callable[[], None]
    note: Callable[[], None] | None = None


class Access(Protocol):
    """Keeps the broker's accounts in step with the database, if the broker is ours."""

    def update(self) -> None: ...


class Relay:
    """Works off the outbox and has the effects announced. For one thread."""

    def __init__(
        self, *, keys: KeyStore, lists: Playlists, access: Access, central: Central, announcer: Announcer
    ) -> None:
        self._keys = keys
        self._signer = keys.load()
        self._lists = lists
        self._alerts = alerts.Alerts()
        self._access = access
        self._central = central
        self._announcer = announcer

    def work(self, now: datetime) -> None:
        """Do every task that is due."""
        with quick_commits():
            while tasks := outbox.claim(now):
                for kind, group in groupby(tasks, key=lambda task: task.kind):
                    self._do(kind, list(group), now)

    def renew_stale(self, now: datetime) -> None:
        """Make anew what may not stand as it is: old, of a former key, or lost from the disk."""
        waiting = iter(self._lists.stale(self._signer, now))
        while chunk := list(islice(waiting, COMPOSE_CHUNK)):
            with transaction.atomic():
                composed = self._lists.compose(chunk, self._signer, now, force=True)
                composed.note()
            self._announcer.announce(composed.messages)

    def repeat_all(self, now: datetime) -> None:
        """Announce all that stands, for a broker that may have forgotten everything."""
        self._announcer.announce(self._keys_for(_claimed_screens()))
        self._announcer.announce(alerts.retained_alerts(now))
        self._announcer.announce(playlists.retained_pointers())
        for message in commands.waiting(self._signer, now):
            self._announcer.command(message)

    # --- one task, or several of a kind --------------------------------------------------------------------------

    def _do(self, kind: str, tasks: Sequence[Task], now: datetime) -> None:
        """All of one kind in one transaction; if that fails, one by one, so that one bad task holds up no other."""
        try:
            self._do_together(kind, tasks, now)
        except Exception as exc:
            if len(tasks) == 1:
                outbox.set_aside(tasks[0], repr(exc))
                log.exception("Task %s of kind %s for %s failed and is set aside", tasks[0].pk, kind, tasks[0].target)
                return
            for task in tasks:
                self._do(kind, [task], now)

    def _do_together(self, kind: str, tasks: Sequence[Task], now: datetime) -> None:
        work = {
            "keys": self._do_keys,
            "access": self._do_access,
            "alert": self._do_alerts,
            "command": self._do_commands,
            "desired": self._do_desired,
        }[kind]
        with transaction.atomic():
            effect = work(tasks, now)
            if effect.note is None:
                outbox.finish(tasks, now)
        effect.publish()
        if effect.note is not None:
            with transaction.atomic():
                effect.note()
                outbox.finish(tasks, now)

    def _do_keys(self, tasks: Sequence[Task], now: datetime) -> Effect:
        self._signer = self._keys.load()
        everyone = any(task.target == "root" for task in tasks)
        screens = _claimed_screens() if everyone else [task.target for task in tasks]
        messages = self._keys_for(screens)
        if everyone:
            outbox.put_many("desired", self._lists.stale(self._signer, now))
            outbox.put_many("alert", alerts.stale_alerts(self._signer, now))
        return Effect(lambda: self._announcer.announce(messages))

    def _do_access(self, tasks: Sequence[Task], now: datetime) -> Effect:
        revoked = Screen.objects.filter(pk__in=[task.target for task in tasks]).exclude(revoked=None)
        cleared = [
            Message(wire.screen_down(screen, leaf), b"")
            for screen in revoked.values_list("pk", flat=True)
            for leaf in ("desired", "keys")
        ]
        self._access.update()
        return Effect(lambda: self._announcer.announce(cleared))

    def _do_alerts(self, tasks: Sequence[Task], now: datetime) -> Effect:
        bulletins = list(Bulletin.objects.filter(uid__in={task.target for task in tasks}))
        messages = [message for each in bulletins for message in self._alerts.issue(each, self._signer, now)]

        def note() -> None:
            for each in bulletins:
                alerts.note_deliveries(each)

        return Effect(lambda: self._announcer.announce(messages), note)

    def _do_commands(self, tasks: Sequence[Task], now: datetime) -> Effect:
        rows = SentCommand.objects.filter(uid__in=[task.target for task in tasks], answered=None).order_by("pk")
        messages = [message for row in rows if (message := commands.issue(row, self._signer, now))]

        def publish() -> None:
            for message in messages:
                self._announcer.command(message)

        return Effect(publish)

    def _do_desired(self, tasks: Sequence[Task], now: datetime) -> Effect:
        composed = self._lists.compose({task.target for task in tasks}, self._signer, now)

        def publish() -> None:
            self._announcer.announce(composed.messages)
            self._central.note(composed.lacking())

        return Effect(publish, composed.note)

    def _keys_for(self, screens: Iterable[str]) -> list[Message]:
        return [Message(wire.screen_down(screen, "keys"), self._signer.keyset) for screen in screens]


def _claimed_screens() -> list[str]:
    return list(Screen.objects.filter(revoked=None).exclude(claimed=None).values_list("pk", flat=True))
