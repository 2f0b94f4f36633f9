"""The broadcast process: it alone owns the MQTT connection, works off the outbox and takes what screens report.

Whatever it announces is in the database first and is announced again at every connection, so it may
be killed at any moment: a task that was not finished is done again, a message that was not sent is
sent at the next connection. The broker may forget everything: it is a cache.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Final, Protocol

from django.db import transaction

from player import wire
from publisher.broadcast import alerts, commands, delivery, outbox, playlists
from publisher.broadcast.central import Central, wanted_anywhere
from publisher.broadcast.commands import CommandMessage
from publisher.broadcast.housekeeping import Housekeeping
from publisher.broadcast.keys import KeyStore
from publisher.broadcast.link import Acknowledged, Arrived, Connected, Disconnected, Event, Link, Rung, Stopping
from publisher.broadcast.models import SentCommand, Task
from publisher.broadcast.playlists import Message, Playlists
from publisher.broadcast.quick import quick_commits
from publisher.broadcast.uplink import Uplink
from publisher.bulletins.models import Bulletin
from publisher.screens.models import Screen
from publisher.speech.studio import Spoken

POLL_S: Final = 1.0  # the bell may be lost; the outbox is not
BATCH: Final = 20  # reports taken in before the outbox is looked at again
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

    def save_memory(self) -> None: ...


class Broadcast:
    """One loop over one queue of events. `clock` gives aware UTC; `ready` is called once, at the first connection."""

    def __init__(
        self,
        *,
        link: Link,
        events: queue.SimpleQueue[Event],
        keys: KeyStore,
        lists: Playlists,
        housekeeping: Housekeeping,
        access: Access,
        central: Central,
        clock: Callable[[], datetime],
        ready: Callable[[], None],
    ) -> None:
        self._link = link
        self._events = events
        self._keys = keys
        self._signer = keys.load()
        self._lists = lists
        self._alerts = alerts.Alerts()
        self._uplink = Uplink()
        self._housekeeping = housekeeping
        self._access = access
        self._central = central
        self._clock = clock
        self._ready: Callable[[], None] | None = ready
        self._connected = False
        self._look_at = clock()
        self._on_way: dict[int, tuple[Message, datetime]] = {}  # by mid, and when it went out

    def run(self) -> None:
        """Work until `Stopping`."""
        self.start()
        while self.turn():
            pass
        self.stop()

    def start(self) -> None:
        """Mend what a crash or a rotation left behind, then begin to connect."""
        self._renew_stale(self._clock())
        self._have_spoken()
        self._link.start()

    def turn(self) -> bool:
        """Wait for events, at most a second, and handle them; False after `Stopping`."""
        return self._step(self._take_events())

    def stop(self) -> None:
        """Hand over what is still to be sent and disconnect."""
        self._link.stop()
        self._central.close()

    # --- events ---------------------------------------------------------------------------------------------------

    def _take_events(self) -> list[Event]:
        try:
            events = [self._events.get(timeout=POLL_S)]
        except queue.Empty:
            return [Rung()]
        while len(events) < BATCH and not self._events.empty():
            events.append(self._events.get())
        return events

    def _step(self, events: Sequence[Event]) -> bool:
        """Handle some events, the outbox before all others: an emergency does not wait behind reports."""
        now = self._clock()
        if now >= self._look_at or any(isinstance(event, Rung) for event in events):
            self._work(now)
            self._central.look_ahead()
        for event in events:
            match event:
                case Arrived():
                    self._take_report(event, now)
                case Acknowledged():
                    self._note_acknowledged(event)
                case Connected():
                    self._on_connected(now)
                case Disconnected():
                    self._on_disconnected(event)
                case Spoken():
                    self._take_spoken(event, now)
                case Stopping():
                    return False
        if self._housekeeping.due(now):
            self._housekeeping.run(now)
            self._renew_stale(now)
            self._work(now)
            self._central.sweep(now)
            self._have_spoken()
        return True

    def _on_connected(self, now: datetime) -> None:
        log.info("Connected to the broker")
        self._connected = True
        self._on_way.clear()
        self._publish(self._keys_for(_claimed_screens()), now)
        self._publish(alerts.retained_alerts(now), now)
        self._publish(playlists.retained_pointers(), now)
        for message in commands.waiting(self._signer, now):
            self._publish_command(message)
        # From here on the broker keeps our queue even if it is killed.
        self._access.save_memory()
        if self._ready is not None:
            self._ready()
            self._ready = None

    def _on_disconnected(self, event: Disconnected) -> None:
        if self._connected:
            log.warning("Lost the broker: %s", event.reason)
        self._connected = False

    def _take_report(self, event: Arrived, now: datetime) -> None:
        self._uplink.take(event.topic, event.payload, now)
        self._link.acknowledge(event)

    def _note_acknowledged(self, event: Acknowledged) -> None:
        """It was announced when it went out: a screen may have it before the broker's word is back here."""
        if event.mid not in self._on_way:
            return
        message, sent = self._on_way.pop(event.mid)
        if not event.ok:
            log.error("The broker refuses %s", message.topic)
        elif message.screen:
            delivery.note_announced(message.screen, message.seq, sent)
        else:
            delivery.note_alert_announced(message.topic.rpartition("/")[2], sent)

    def _take_spoken(self, event: Spoken, now: datetime) -> None:
        with transaction.atomic():
            self._central.take(event, now)

    def _have_spoken(self) -> None:
        """Ask for all the speech that is missing, lest a restart or a voice installed since be waited for."""
        if wanted_anywhere():
            self._central.note(self._lists.lacking())

    # --- the outbox -----------------------------------------------------------------------------------------------

    def _work(self, now: datetime) -> None:
        self._look_at = now + timedelta(seconds=POLL_S)  # reports may keep coming and the bell may have been lost
        with quick_commits():
            while tasks := outbox.claim(now):
                for kind, group in groupby(tasks, key=lambda task: task.kind):
                    self._do(kind, list(group), now)

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
        return Effect(lambda: self._publish(messages, now))

    def _do_access(self, tasks: Sequence[Task], now: datetime) -> Effect:
        revoked = Screen.objects.filter(pk__in=[task.target for task in tasks]).exclude(revoked=None)
        cleared = [
            Message(wire.screen_down(screen, leaf), b"")
            for screen in revoked.values_list("pk", flat=True)
            for leaf in ("desired", "keys")
        ]
        self._access.update()
        return Effect(lambda: self._publish(cleared, now))

    def _do_alerts(self, tasks: Sequence[Task], now: datetime) -> Effect:
        bulletins = list(Bulletin.objects.filter(uid__in={task.target for task in tasks}))
        messages = [message for each in bulletins for message in self._alerts.issue(each, self._signer, now)]

        def note() -> None:
            for each in bulletins:
                alerts.note_deliveries(each)

        return Effect(lambda: self._publish(messages, now), note)

    def _do_commands(self, tasks: Sequence[Task], now: datetime) -> Effect:
        rows = SentCommand.objects.filter(uid__in=[task.target for task in tasks], answered=None).order_by("pk")
        messages = [message for row in rows if (message := commands.issue(row, self._signer, now))]

        def publish() -> None:
            for message in messages:
                self._publish_command(message)

        return Effect(publish)

    def _do_desired(self, tasks: Sequence[Task], now: datetime) -> Effect:
        composed = self._lists.compose({task.target for task in tasks}, self._signer, now)

        def publish() -> None:
            self._publish(composed.messages, now)
            self._central.note(composed.lacking())

        return Effect(publish, composed.note)

    def _renew_stale(self, now: datetime) -> None:
        """Make anew what may not stand as it is: old, of a former key, or lost from the disk."""
        waiting = iter(self._lists.stale(self._signer, now))
        while chunk := list(islice(waiting, COMPOSE_CHUNK)):
            with transaction.atomic():
                composed = self._lists.compose(chunk, self._signer, now, force=True)
                composed.note()
            self._publish(composed.messages, now)

    # --- publishing -----------------------------------------------------------------------------------------------

    def _keys_for(self, screens: Iterable[str]) -> list[Message]:
        return [Message(wire.screen_down(screen, "keys"), self._signer.keyset) for screen in screens]

    def _publish(self, messages: Iterable[Message], now: datetime) -> None:
        """Send retained messages, if there is a connection; at the next one they are sent anyway."""
        if not self._connected:
            return
        for message in messages:
            sent = self._clock()
            mid = self._link.publish(message.topic, message.payload, retain=True, expiry_s=message.expiry_s)
            if message.screen or message.expiry_s is not None:
                self._on_way[mid] = (message, sent)

    def _publish_command(self, message: CommandMessage) -> None:
        if self._connected:
            self._link.publish(
                message.topic,
                message.payload,
                retain=False,
                expiry_s=message.expiry_s,
                ResponseTopic=message.response_topic,
                CorrelationData=message.correlation,
            )


def _claimed_screens() -> list[str]:
    return list(Screen.objects.filter(revoked=None).exclude(claimed=None).values_list("pk", flat=True))
