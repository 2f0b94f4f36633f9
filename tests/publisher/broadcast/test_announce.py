"""From the outbox to the wire, on a real Mosquitto."""

from __future__ import annotations

from typing import Any

import pytest

from player import wire
from publisher.broadcast import outbox
from publisher.broadcast.models import Task
from publisher.screens.models import Delivery, Screen

pytestmark = pytest.mark.django_db(transaction=True)


def listen(station: Any, broker: Any, connect: Any, *topics: str) -> Any:
    """The publisher's own eyes: a second connection of another name would need an account."""
    broker.files.write_accounts
    return connect(broker.port, "watcher", "watching", *topics)


def test_it_announces_what_was_approved(commune: Any, station: Any, broker: Any, connect: Any) -> None:
    screen = commune.screen()
    bulletin = commune.bulletin()
    outbox.put("access", screen.id)
    outbox.put("desired", screen.id)
    station.broadcast.start()
    station.turn_until(lambda: Delivery.objects.exclude(announced=None).exists())

    topic = wire.screen_down(screen.id, "desired")
    listener = connect(broker.port, screen.id, commune.passwords[screen.id], topic)
    envelope = station.turn_until(lambda: listener.latest(topic))

    playlist = station.playlist(envelope)
    assert [item.id for item in playlist.items] == [bulletin.uid]
    assert playlist.unit.name == "Xã Lộc Thạnh"
    assert playlist.groups == ("25450", "75", screen.id)
    assert Screen.objects.get().seq == playlist.seq
    assert not Task.objects.filter(done=None).exists()
