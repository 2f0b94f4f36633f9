"""The publisher's line to the broker: what is acknowledged is what was stored."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

import pytest

from player import wire
from publisher.broadcast.broker import Account
from publisher.broadcast.link import Arrived, Connected, Event, Link
from tests.waiting import DEADLINE_S, eventually

pytestmark = pytest.mark.django_db


@pytest.fixture
def events() -> queue.SimpleQueue[Event]:
    return queue.SimpleQueue()


@pytest.fixture
def lines(broker: Any, events: queue.SimpleQueue[Event]) -> Iterator[list[Link]]:
    """A link that is connected; more may be added."""
    links = [Link(broker.address, events.put)]
    links[0].start()
    wait_for(Connected, events)
    yield links
    for link in links:
        link.stop()


def wait_for(kind: type[Any], events: queue.SimpleQueue[Event]) -> Any:
    """The next event of that kind; others are passed over."""
    while not isinstance(event := events.get(timeout=DEADLINE_S), kind):
        pass
    return event


def test_a_late_word_for_a_report_makes_no_restarted_broker_forget_another(
    broker: Any, connect: Any, commune: Any, lines: list[Link], events: queue.SimpleQueue[Event]
) -> None:
    screen = commune.screen()
    account = Account(screen.id, screen.password_hash)
    up = wire.screen_up(screen.id, "health")

    def report(payload: bytes) -> Arrived:
        board = connect(broker.port, screen.id, commune.passwords[screen.id])
        eventually(lambda: board.publish(up, payload) == 0)  # 16 while the publisher has not subscribed again
        arrived: Arrived = wait_for(Arrived, events)
        return arrived

    broker.restart([account])
    wait_for(Connected, events)
    first = report(b"first")
    broker.restart([account])
    wait_for(Connected, events)
    second = report(b"second")
    assert (first.mid, first.payload) == (second.mid, b"first")
    lines[0].acknowledge(first)
    lines[0].stop()
    lines.append(Link(broker.address, events.put))
    lines[-1].start()
    again = wait_for(Arrived, events)
    assert again.payload == b"second"
    lines[-1].acknowledge(again)
