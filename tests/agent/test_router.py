"""Each message to its part, acknowledged when that part is done, and no message comes back for ever."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.alerts import Alerts
from agent.events import Message
from agent.router import Router
from player import wire
from player.model import Verb
from tests.agent.bench import Bench
from tests.agent.signer import SCREEN


class Parts:
    """Playlists and Commands as the router sees them."""

    groups = ("25357",)

    def __init__(self) -> None:
        self.announced: list[bytes] = []
        self.commands: list[bytes] = []
        self.settle: list[Any] = []
        self.error: Exception | None = None

    def announce(self, envelope: bytes, received: Any, settled: Any) -> bool:
        self.announced.append(envelope)
        self.settle.append(settled)
        return True

    def take(self, envelope: bytes) -> None:
        if self.error:
            raise self.error
        self.commands.append(envelope)


class Rig:
    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.parts = Parts()
        self.acknowledged: list[Message] = []
        self.resubscribed = 0
        parts: Any = self.parts
        self.router = Router(
            bench.desk, parts, Alerts(bench.desk, lambda alert: None), parts,
            acknowledge=self.acknowledged.append, keys_changed=self._resubscribe,
        )  # fmt: skip

    def take(self, topic: str, payload: bytes) -> Message:
        message = Message(topic, payload, self.bench.signer.now, 1, len(self.acknowledged) + 1, 1)
        self.router.take(message)
        return message

    def _resubscribe(self) -> None:
        self.resubscribed += 1


@pytest.fixture
def rig(bench: Bench) -> Rig:
    return Rig(bench)


def test_a_pointer_is_acknowledged_when_it_is_settled_and_not_before(rig: Rig) -> None:
    message = rig.take(wire.screen_down(SCREEN, "desired"), b"pointer")
    assert rig.parts.announced == [b"pointer"]
    assert rig.acknowledged == []
    rig.parts.settle[0]()
    assert rig.acknowledged == [message]


def test_a_command_is_acknowledged_after_it_was_taken(rig: Rig) -> None:
    message = rig.take(wire.screen_down(SCREEN, "command"), b"command")
    assert rig.parts.commands == [b"command"]
    assert rig.acknowledged == [message]


def test_an_alert_is_committed_and_then_acknowledged(rig: Rig) -> None:
    alert = rig.bench.signer.alert()
    rig.take(wire.alert_topic(alert.group, alert.id), rig.bench.signer.seal(alert))
    assert len(rig.bench.desk.store.alert_bodies()) == 1
    assert len(rig.acknowledged) == 1


@pytest.mark.parametrize("leaf", ["desired", "command", "keys"])
def test_a_cleared_topic_takes_nothing_back(rig: Rig, leaf: str) -> None:
    rig.take(wire.screen_down(SCREEN, leaf), b"")
    assert (rig.parts.announced, rig.parts.commands, rig.bench.refused()) == ([], [], [])
    assert len(rig.acknowledged) == 1


def test_new_keys_make_the_broker_repeat_what_it_retains(rig: Rig) -> None:
    """A pointer signed by a new key may have come, and been refused, before the set that names the key."""
    fresh = Ed25519PrivateKey.generate()
    envelope = rig.bench.signer.key_envelope(rig.bench.signer.keys(fresh))
    rig.take(wire.screen_down(SCREEN, "keys"), envelope)
    assert rig.resubscribed == 1
    rig.take(wire.screen_down(SCREEN, "keys"), envelope)
    assert rig.resubscribed == 1


def test_foreign_keys_are_refused_and_acknowledged(rig: Rig) -> None:
    rig.take(wire.screen_down(SCREEN, "keys"), rig.bench.signer.key_envelope(by=rig.bench.signer.key))
    assert rig.bench.refused() == [("keys", "signature")]
    assert len(rig.acknowledged) == 1
    assert rig.resubscribed == 0


@pytest.mark.parametrize("topic", ["bangtin/v1/screen/s-test01/down/shell", "x", "bangtin/v1/group/25357/down/x"])
def test_unexpected_topics_are_refused(rig: Rig, topic: str) -> None:
    rig.take(topic, b"x")
    assert rig.bench.refused() == [("message", "topic")]
    assert len(rig.acknowledged) == 1


def test_a_message_that_makes_the_agent_stumble_is_set_aside(rig: Rig) -> None:
    rig.parts.error = ZeroDivisionError("a fault of ours")
    rig.take(wire.screen_down(SCREEN, "command"), rig.bench.signer.seal(rig.bench.signer.command(Verb.STOP)))
    assert rig.bench.refused() == [("message", "internal")]
    assert len(rig.acknowledged) == 1


@pytest.mark.parametrize("error", [sqlite3.OperationalError("disk full"), OSError("gone")], ids=["database", "disk"])
def test_a_message_is_not_blamed_for_the_disk(rig: Rig, error: Exception) -> None:
    rig.parts.error = error
    with pytest.raises(type(error)):
        rig.take(wire.screen_down(SCREEN, "command"), b"x")
    assert rig.acknowledged == []
