"""The broadcast process; started by the supervisor."""

from __future__ import annotations

import os
import queue
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from publisher.broadcast.access import BrokerAccounts
from publisher.broadcast.bell import Bell
from publisher.broadcast.broker import BrokerFiles, broker_owner
from publisher.broadcast.central import Central
from publisher.broadcast.content import ContentStore
from publisher.broadcast.housekeeping import Housekeeping
from publisher.broadcast.keys import key_store
from publisher.broadcast.link import BrokerAddress, Event, Link, Rung, Stopping
from publisher.broadcast.onair import OnAirReader
from publisher.broadcast.playlists import Playlists
from publisher.broadcast.process import Broadcast
from publisher.bulletins.workflow import expire_due
from publisher.home import Home
from publisher.speech.studio import VOICES, Studio
from tts.clip import ClipMaker
from tts.engines.piper import NATURAL_WPM


class Command(BaseCommand):
    help = "Own the MQTT connection: announce what the outbox says, take in what screens report."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ready-fd", type=int, help="file descriptor that gets one line at the first connection")

    def handle(self, *args: Any, **options: Any) -> None:
        home: Home = settings.HOME
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        bell = Bell(home.run)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: events.put(Stopping()))
        threading.Thread(target=_listen, args=(bell, events), daemon=True).start()
        try:
            build(home, events, options["ready_fd"]).run()
        finally:
            bell.close()


def build(home: Home, events: queue.SimpleQueue[Event], ready_fd: int | None) -> Broadcast:
    """The broadcast with all its collaborators."""
    address = BrokerAddress.load(home.run)
    store = ContentStore(home.content)
    return Broadcast(
        link=Link(address, events.put),
        events=events,
        keys=key_store(home.keys, settings.OPTIONS.root_key),
        lists=Playlists(store, OnAirReader()),
        housekeeping=Housekeeping(store, expire_due),
        central=Central(_studio(home, events), home.content),
        access=BrokerAccounts(BrokerFiles(home.broker, broker_owner() if address.pid else None), address),
        clock=timezone.now,
        ready=lambda: _tell_ready(ready_fd),
    )


def _studio(home: Home, events: queue.SimpleQueue[Event]) -> Studio:
    folder = home.scratch / "speech"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Studio(ClipMaker(folder, VOICES, home.root / "voices", NATURAL_WPM), home.content, events.put)


def _listen(bell: Bell, events: queue.SimpleQueue[Event]) -> None:
    while bell.wait():
        events.put(Rung())


def _tell_ready(ready_fd: int | None) -> None:
    if ready_fd is not None:
        os.write(ready_fd, b"ready\n")
        os.close(ready_fd)
