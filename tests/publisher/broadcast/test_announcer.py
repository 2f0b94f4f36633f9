"""What goes out while there is a connection, and whose delivery an answer of the broker belongs to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from publisher.broadcast.announcer import Announcer
from publisher.broadcast.commands import CommandMessage
from publisher.broadcast.link import Acknowledged
from publisher.broadcast.playlists import Message
from publisher.screens.models import Delivery

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
KEYS = Message("bangtin/v1/screen/s-1/down/keys", b"keys")
COMMAND = CommandMessage("bangtin/v1/screen/s-1/down/command", b"stop", 60, "bangtin/v1/screen/s-1/up/reply", b"c1")

pytestmark = pytest.mark.django_db


class Line:
    """A link that numbers what it is given from 1 on, as each connection does."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def publish(self, topic: str, _payload: bytes, **how: Any) -> int:
        self.sent.append((topic, how))
        return len(self.sent)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def announcer(line: Line) -> Announcer:
    link: Any = line
    return Announcer(link, lambda: NOON)


def pointer(screen: str, seq: int) -> Message:
    return Message(f"bangtin/v1/screen/{screen}/down/desired", b"pointer", screen=screen, seq=seq)


def test_without_a_connection_everything_is_let_go(announcer: Announcer, line: Line) -> None:
    announcer.announce([KEYS])
    announcer.command(COMMAND)
    announcer.connected()
    announcer.disconnected()
    announcer.announce([KEYS])
    assert line.sent == []


def test_what_stands_is_retained_and_a_command_is_not(announcer: Announcer, line: Line) -> None:
    announcer.connected()
    announcer.announce([KEYS])
    announcer.command(COMMAND)
    (_, keys), (_, command) = line.sent
    assert (keys["retain"], keys["expiry_s"]) == (True, None)
    assert (command["retain"], command["expiry_s"], command["CorrelationData"]) == (False, 60, b"c1")


def test_a_delivery_was_announced_when_it_went_out_and_the_broker_took_it(announcer: Announcer, commune: Any) -> None:
    first, second, bulletin = commune.screen(), commune.screen(), commune.bulletin()
    for screen in (first, second):
        Delivery.objects.create(screen=screen, bulletin=bulletin, revision=1, seq=7)
    announcer.connected()
    announcer.announce([pointer(first.id, 7), pointer(second.id, 7)])
    announcer.acknowledged(Acknowledged(1, ok=True))
    announcer.acknowledged(Acknowledged(2, ok=False))
    announcer.acknowledged(Acknowledged(3, ok=True))  # nothing of ours
    announced = dict(Delivery.objects.values_list("screen_id", "announced"))
    assert announced == {first.id: NOON, second.id: None}


def test_the_answer_to_an_earlier_connection_counts_for_nothing_in_the_next(
    announcer: Announcer, line: Line, commune: Any
) -> None:
    screen = commune.screen()
    Delivery.objects.create(screen=screen, bulletin=commune.bulletin(), revision=1, seq=7)
    announcer.connected()
    announcer.announce([pointer(screen.id, 7)])
    announcer.disconnected()
    announcer.connected()
    announcer.acknowledged(Acknowledged(1, ok=True))
    assert Delivery.objects.get().announced is None


def test_an_emergency_is_announced_for_all_its_screens(announcer: Announcer, commune: Any) -> None:
    storm = commune.bulletin(priority="emergency", ends=NOON + timedelta(hours=1))
    Delivery.objects.create(screen=commune.screen(), bulletin=storm, revision=1, seq=7)
    announcer.connected()
    announcer.announce([Message(f"bangtin/v1/group/25450/down/alert/{storm.uid}", b"alert", expiry_s=3600)])
    announcer.acknowledged(Acknowledged(1, ok=True))
    assert Delivery.objects.get().announced == NOON
