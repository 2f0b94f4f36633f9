"""The line to a real Mosquitto: sessions, acknowledgements by hand, wills, thieves and restarts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from agent.events import Connected, Disconnected, Message, Sent
from player import wire
from player.enrolment import MqttAccess
from player.model import State
from tests.agent.broker import Broker, Office
from tests.agent.linked import Linked
from tests.agent.signer import SCREEN
from tests.waiting import DEADLINE_S


class Rig(Linked):
    """The link of `screen` at the broker there, which asks for the alerts of its commune."""

    def __init__(self, port: int, password: str = "geheim", screen: str = SCREEN) -> None:
        super().__init__(MqttAccess("127.0.0.1", port, screen, password))
        self.link.join(["25357"])


@pytest.fixture
def rig(broker: Broker) -> Iterator[Rig]:
    rig = Rig(broker.port).start()
    rig.next(Connected)
    yield rig
    rig.leave()


def test_what_is_retained_comes_with_the_connection(broker: Broker, office: Office) -> None:
    office.publish(wire.screen_down(SCREEN, "desired"), b"pointer")
    office.publish(wire.alert_topic("25357", "a1"), b"alert")
    office.publish(wire.alert_topic("other", "a2"), b"foreign")
    rig = Rig(broker.port).start()
    found = {(message.topic, message.payload) for message in (rig.next(Message), rig.next(Message))}
    assert {payload for _, payload in found} == {b"pointer", b"alert"}
    rig.leave()


def test_what_is_not_acknowledged_comes_again_with_the_next_process(broker: Broker, office: Office) -> None:
    rig = Rig(broker.port).start()
    rig.next(Connected)
    office.publish(wire.screen_down(SCREEN, "command"), b"one", retain=False)
    rig.next(Message)
    rig.leave()
    again = Rig(broker.port).start()
    message = again.next(Message)
    assert message.payload == b"one"
    again.link.acknowledge(message)
    office.publish(wire.screen_down(SCREEN, "command"), b"two", retain=False)
    second = again.next(Message)
    assert second.payload == b"two"
    again.link.acknowledge(second)
    again.leave()
    last = Rig(broker.port).start()
    last.next(Connected)
    office.publish(wire.screen_down(SCREEN, "command"), b"three", retain=False)
    assert last.next(Message).payload == b"three"
    last.leave()


def test_a_late_acknowledgement_does_not_hit_another_message(rig: Rig, broker: Broker, office: Office) -> None:
    """Packet ids start anew with each connection: the old number may now mean something else."""
    office.publish(wire.screen_down(SCREEN, "command"), b"one", retain=False)
    old = rig.next(Message)
    broker.kill()
    rig.next(Disconnected)
    broker.start()
    rig.next(Connected)
    assert rig.link.connected
    sent: list[Any] = []
    rig.link._client.ack = lambda *args: sent.append(args)  # type: ignore[method-assign, assignment]
    rig.link.acknowledge(old)
    assert sent == []


def test_published_messages_are_reported_when_the_broker_has_them(rig: Rig, office: Office, eventually: Any) -> None:
    mid = rig.link.publish("state", wire.encode(State(SCREEN, True)), retain=True)
    assert rig.next(Sent).mid == mid
    assert eventually(lambda: office.up("state", State)) == [State(SCREEN, True)]


def test_without_a_connection_nothing_is_taken(broker: Broker) -> None:
    rig = Rig(broker.port)
    assert rig.link.publish("state", b"x") is None


def test_a_killed_process_leaves_its_will(broker: Broker, office: Office, eventually: Callable[..., Any]) -> None:
    rig = Rig(broker.port).start()
    rig.next(Connected)
    connection = rig.link._client.socket()
    assert connection is not None
    rig.link._leaving.set()
    connection.shutdown(2)  # type: ignore[attr-defined]
    rig.thread.join(DEADLINE_S)
    assert eventually(lambda: [state for state in office.up("state", State) if not state.online])


def test_a_clean_goodbye_leaves_no_will(broker: Broker, office: Office, eventually: Callable[..., Any]) -> None:
    rig = Rig(broker.port).start()
    rig.next(Connected)
    rig.link.publish("state", wire.encode(State(SCREEN, True)))
    rig.next(Sent)
    rig.leave()
    other = Rig(broker.port).start()
    other.next(Connected)
    other.link.publish("state", wire.encode(State(SCREEN, True, boot="second")))
    eventually(lambda: any(state.boot == "second" for state in office.up("state", State)))
    assert all(state.online for state in office.up("state", State))
    other.leave()


def test_a_broker_that_comes_back_is_found_again(rig: Rig, broker: Broker) -> None:
    broker.kill()
    assert rig.next(Disconnected).problem == ""
    broker.start()
    rig.next(Connected)


def test_a_broker_that_is_not_there_is_waited_for() -> None:
    rig = Rig(9).start()
    assert "cannot reach" in rig.next(Disconnected).problem
    assert "cannot reach" in rig.next(Disconnected).problem
    rig.leave()


def test_a_line_that_ends_before_anybody_was_taken_in_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        rig = Rig(server.getsockname()[1]).start()
        server.accept()[0].close()
        assert "took nobody in" in rig.next(Disconnected).problem
        rig.leave()


def test_refused_credentials_are_said_so(broker: Broker) -> None:
    rig = Rig(broker.port, password="wrong").start()
    for _ in range(3):  # what comes after the refusal, the end of the connection, is no news
        assert "credentials" in rig.next(Disconnected).problem
    rig.leave()


def test_what_nobody_listens_to_is_not_called_taken(rig: Rig, office: Office) -> None:
    rig.link.publish("state", wire.encode(State(SCREEN, True)))
    assert rig.next(Sent).taken
    rig.link.publish("event", b"x", topic=f"{wire.TOPIC_ROOT}/screen/{SCREEN}/up/a/b")
    assert not rig.next(Sent).taken


def test_a_connection_lost_to_another_device_is_won_back(rig: Rig, broker: Broker) -> None:
    thief = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=SCREEN, protocol=mqtt.MQTTv5)
    thief.username_pw_set(SCREEN, "geheim")
    thief.connect("127.0.0.1", broker.port)
    thief.loop_start()
    rig.next(Disconnected)
    thief.loop_stop()
    thief.disconnect()
    rig.next(Connected)


def test_another_screen_cannot_steal_the_session(rig: Rig, broker: Broker, office: Office) -> None:
    """With its own password and this screen's client id: the broker must go by the user name."""
    thief = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=SCREEN, protocol=mqtt.MQTTv5)
    thief.username_pw_set("s-other1", "o")
    stolen: list[bytes | bytearray] = []
    subscribed = threading.Event()
    thief.on_message = lambda client, data, message: stolen.append(message.payload)
    thief.on_connect = lambda client, *_: client.subscribe(wire.screen_down(SCREEN, "#"), 1)
    thief.on_subscribe = lambda *_: subscribed.set()
    thief.connect("127.0.0.1", broker.port)
    thief.loop_start()
    assert subscribed.wait(DEADLINE_S)
    office.publish(wire.screen_down(SCREEN, "command"), b"secret", retain=False)
    assert rig.next(Message).payload == b"secret"
    assert stolen == []
    thief.loop_stop()
    thief.disconnect()


def test_groups_are_joined_and_left(rig: Rig, office: Office) -> None:
    rig.link.join(["new"])
    office.publish(wire.alert_topic("new", "a1"), b"new")
    assert rig.next(Message).payload == b"new"
    office.publish(wire.alert_topic("25357", "a2"), b"old", retain=False)
    office.publish(wire.alert_topic("new", "a3"), b"newer", retain=False)
    assert rig.next(Message).payload == b"newer"


def test_a_refresh_brings_what_is_retained_again(rig: Rig, office: Office) -> None:
    office.publish(wire.screen_down(SCREEN, "desired"), b"pointer")
    rig.link.acknowledge(rig.next(Message))
    rig.link.refresh()
    assert rig.next(Message).payload == b"pointer"
