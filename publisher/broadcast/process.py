"""The broadcast process: it alone owns the MQTT connection, works off the outbox and takes what screens report.

Whatever it announces is in the database first and is announced again at every connection, so it may
be killed at any moment: a task that was not finished is done again, a message that was not sent is
sent at the next connection. The broker may forget everything: it is a cache.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from django.db import transaction

from publisher.broadcast.announcer import Announcer
from publisher.broadcast.central import Central, wanted_anywhere
from publisher.broadcast.housekeeping import Housekeeping
from publisher.broadcast.keys import KeyStore
from publisher.broadcast.link import Acknowledged, Arrived, Connected, Disconnected, Event, Link, Rung, Stopping
from publisher.broadcast.playlists import Playlists
from publisher.broadcast.relay import Access, Relay
from publisher.broadcast.uplink import Uplink
from publisher.speech.studio import Spoken

POLL_S: Final = 1.0  # the bell may be lost; the outbox is not
BATCH: Final = 20  # reports taken in before the outbox is looked at again

log = logging.getLogger(__name__)


class Broker(Access, Protocol):
    """What is asked of the broker itself, if it is ours."""

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
        access: Broker,
        central: Central,
        clock: Callable[[], datetime],
        ready: Callable[[], None],
    ) -> None:
        self._link = link
        self._events = events
        self._lists = lists
        self._uplink = Uplink()
        self._housekeeping = housekeeping
        self._access = access
        self._central = central
        self._clock = clock
        self._ready: Callable[[], None] | None = ready
        self._connected = False
        self._trouble = ""
        self._look_at = clock()
        self._announcer = Announcer(link, clock)
        self._relay = Relay(keys=keys, lists=lists, access=access, central=central, announcer=self._announcer)

    def run(self) -> None:
        """Work until `Stopping`."""
        self.start()
        while self.turn():
            pass
        self.stop()

    def start(self) -> None:
        """Mend what a crash or a rotation left behind, then begin to connect."""
        self._relay.renew_stale(self._clock())
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
                    self._announcer.acknowledged(event)
                case Connected():
                    self._on_connected(now)
                case Disconnected():
                    self._announcer.disconnected()
                    self._on_disconnected(event)
                case Spoken():
                    self._take_spoken(event, now)
                case Stopping():
                    return False
        if self._housekeeping.due(now):
            self._housekeeping.run(now)
            self._relay.renew_stale(now)
            self._work(now)
            self._central.sweep(now)
            self._have_spoken()
        return True

    def _on_connected(self, now: datetime) -> None:
        log.info("Connected to the broker")
        self._connected, self._trouble = True, ""
        self._announcer.connected()
        self._relay.repeat_all(now)
        # From here on the broker keeps our queue even if it is killed.
        self._access.save_memory()
        if self._ready is not None:
            self._ready()
            self._ready = None

    def _on_disconnected(self, event: Disconnected) -> None:
        """Each trouble is told once, also that of a start that finds no broker or is not let in."""
        if self._connected or event.reason != self._trouble:
            log.warning("%s: %s", "Lost the broker" if self._connected else "Not connected to the broker", event.reason)
        self._connected, self._trouble = False, event.reason

    def _take_report(self, event: Arrived, now: datetime) -> None:
        self._uplink.take(event.topic, event.payload, now)
        self._link.acknowledge(event)

    def _take_spoken(self, event: Spoken, now: datetime) -> None:
        with transaction.atomic():
            self._central.take(event, now)

    def _have_spoken(self) -> None:
        """Ask for all the speech that is missing, lest a restart or a voice installed since be waited for."""
        if wanted_anywhere():
            self._central.note(self._lists.lacking())

    def _work(self, now: datetime) -> None:
        self._look_at = now + timedelta(seconds=POLL_S)  # reports may keep coming and the bell may have been lost
        self._relay.work(now)
