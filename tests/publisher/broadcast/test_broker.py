"""The private Mosquitto and what its configuration promises; the traps were measured on the real broker."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from player import wire
from publisher.accounts.models import BrokerAccess, Membership, Role, User
from publisher.broadcast import access, passwords
from publisher.broadcast.broker import (
    Account,
    BrokerError,
    BrokerFiles,
    PrivateBroker,
    acl_text,
    broker_owner,
    config_text,
    password_text,
    reload_accounts,
)
from publisher.ports import wait_until_free
from publisher.screens.models import Screen
from publisher.units.models import GroupMember, Unit

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
NOT_AUTHORISED = 0x87
TAKEN = 0
NOBODY_LISTENS = 0x10

pytestmark = pytest.mark.django_db


@pytest.fixture
def admit(broker: Any) -> Any:
    """Give the broker the accounts that the database holds now."""

    def admit_all() -> None:
        files = access.BrokerAccounts(broker.files, broker.address)
        files.update()

    return admit_all


class World:
    """Two screens in two communes, a third in a free group with the first, and everybody's connection."""

    def __init__(self, commune: Any, broker: Any, connect: Any, admit: Any) -> None:
        self.mine = commune.screen()
        self.other = commune.screen(commune.other)
        self.friend = commune.screen(commune.other)
        self.group = Unit.objects.create(code="g-old", name="Huyện cũ", kind="group", parent=commune.province)
        for screen in (self.mine, self.friend):
            GroupMember.objects.create(group=self.group, screen=screen)
        admit()
        self.publisher = connect(broker.port, "publisher", "publisher-for-tests", "bangtin/v1/#")
        self.eyes = connect(broker.port, self.mine.id, commune.passwords[self.mine.id], "#", "bangtin/v1/#")


@pytest.fixture
def world(commune: Any, broker: Any, connect: Any, admit: Any) -> World:
    return World(commune, broker, connect, admit)


def test_a_screen_reads_its_own_and_its_groups_topics_and_no_others(world: World, until: Any) -> None:
    allowed = [
        wire.screen_down(world.mine.id, "desired"),
        wire.screen_down(world.mine.id, "command"),
        wire.alert_topic("25450", "b1"),
        wire.alert_topic("75", "b1"),
        wire.alert_topic("g-old", "b1"),
        wire.alert_topic(world.mine.id, "b1"),
    ]
    forbidden = [
        wire.screen_down(world.other.id, "desired"),
        wire.screen_up(world.other.id, "state"),
        wire.alert_topic("25451", "b1"),
        wire.alert_topic("25450-a1", "b1"),
        wire.alert_topic(world.other.id, "b1"),
        "bangtin/v1/group/25450/down/other",
        "bangtin/v1",
    ]
    for topic in [*forbidden, *allowed]:
        world.publisher.publish(topic, b"x")
    until(lambda: all(world.eyes.latest(topic) for topic in allowed))
    assert not [topic for topic in forbidden if world.eyes.latest(topic)]


def test_a_screen_writes_only_its_own_reports(world: World) -> None:
    assert world.eyes.publish(wire.screen_up(world.mine.id, "health"), b"x") == TAKEN
    for topic in (
        wire.screen_up(world.other.id, "health"),
        wire.screen_down(world.mine.id, "desired"),
        wire.alert_topic("25450", "fake"),
        wire.screen_up(world.mine.id, "health/deeper"),
        "anything",
    ):
        assert world.eyes.publish(topic, b"x") == NOT_AUTHORISED, topic


def test_a_screen_cannot_take_anothers_client_id_nor_eat_its_queue(
    world: World, commune: Any, broker: Any, connect: Any, until: Any
) -> None:
    """Without `use_username_as_clientid` a thief throws the victim out and its queued command is gone."""
    topic = wire.screen_down(world.friend.id, "command")
    password = commune.passwords[world.friend.id]
    victim = connect(broker.port, world.friend.id, password, topic, clean=False)
    victim.client.disconnect()
    until(lambda: victim.drops)
    assert world.publisher.publish(topic, b"secret") == TAKEN
    thief = connect(
        broker.port, world.other.id, commune.passwords[world.other.id], topic, client_id=world.friend.id, clean=False
    )
    back = connect(broker.port, world.friend.id, password, topic, clean=False)
    assert until(lambda: back.latest(topic)) == b"secret"
    assert thief.latest(topic) is None


@pytest.mark.parametrize(
    ("username", "password"), [("publisher", "wrong"), ("nobody", "publisher-for-tests"), ("", ""), ("s-test0001", "")]
)
def test_a_stranger_is_not_let_in(world: World, broker: Any, connect: Any, username: str, password: str) -> None:
    assert connect(broker.port, username, password, client_id="x").refused == "Not authorized"


def test_a_revoked_screen_is_cut_off_at_once_and_cannot_return(
    *, world: World, commune: Any, broker: Any, connect: Any, admit: Any, until: Any
) -> None:
    topic = wire.screen_down(world.mine.id, "desired")
    world.publisher.publish(topic, b"before")
    until(lambda: world.eyes.latest(topic) == b"before")
    Screen.objects.filter(pk=world.mine.id).update(revoked=NOON)
    admit()
    until(lambda: connect(broker.port, world.mine.id, commune.passwords[world.mine.id]).refused)
    world.publisher.publish(topic, b"after")
    world.publisher.publish(wire.alert_topic("25450", "b9"), b"after")
    # The publisher's own copy shows that both were sent; by then the revoked one would have had them.
    until(lambda: world.publisher.latest(wire.alert_topic("25450", "b9")))
    assert world.eyes.latest(topic) == b"before"
    assert world.eyes.latest(wire.alert_topic("25450", "b9")) is None


def test_a_technician_reads_the_reports_of_its_own_units_only(
    *, world: World, commune: Any, broker: Any, connect: Any, admit: Any, until: Any
) -> None:
    binh = User.objects.create(username="binh")
    Membership.objects.create(user=binh, unit=commune.unit, role=Role.TECHNICIAN)
    BrokerAccess.objects.create(user=binh, username="t-binh", password_hash=passwords.hashed("binh-word"))
    admit()
    eyes = until(lambda: _let_in(connect(broker.port, "t-binh", "binh-word", "bangtin/v1/#")))
    own, foreign = (wire.screen_up(screen.id, "health") for screen in (world.mine, world.other))
    world.publisher.publish(foreign, b"x")
    world.publisher.publish(wire.screen_down(world.mine.id, "desired"), b"x")
    world.publisher.publish(own, b"x")
    until(lambda: eyes.latest(own))
    assert eyes.latest(foreign) is None
    assert eyes.latest(wire.screen_down(world.mine.id, "desired")) is None
    assert eyes.publish(own, b"forged") == NOT_AUTHORISED


def _let_in(listener: Any) -> Any:
    return None if listener.refused else listener


def test_an_oversized_packet_ends_the_connection_of_its_sender(world: World, until: Any) -> None:
    world.eyes.client.publish(wire.screen_up(world.mine.id, "event"), b"x" * 70_000, qos=1)
    until(lambda: world.eyes.drops)
    assert world.publisher.publish(wire.screen_down(world.mine.id, "desired"), b"x") in (TAKEN, NOBODY_LISTENS)


def test_what_was_acknowledged_while_we_were_away_survives_a_stop(
    broker: Any, commune: Any, connect: Any, admit: Any, until: Any
) -> None:
    screen = commune.screen()
    admit()
    topic = wire.screen_up(screen.id, "event")
    away = connect(broker.port, "publisher", "publisher-for-tests", "bangtin/v1/#", clean=False)
    away.client.disconnect()
    away.client.loop_stop()
    sender = until(lambda: _let_in(connect(broker.port, screen.id, commune.passwords[screen.id])))
    assert sender.publish(topic, b"play") == TAKEN
    broker.child.stop()
    hashed = Account("publisher", passwords.hashed("publisher-for-tests"), publisher=True)
    broker.child.start([hashed, *access.accounts()])
    back = connect(broker.port, "publisher", "publisher-for-tests", "bangtin/v1/#", clean=False)
    assert until(lambda: back.latest(topic)) == b"play"


def test_it_listens_on_loopback_only_and_does_not_run_as_root(broker: Any) -> None:
    process = psutil.Process(broker.child.process.pid)
    listening = {c.laddr.ip for c in process.net_connections() if c.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}
    assert process.uids().effective != 0 or os.geteuid() != 0


def test_it_runs_in_a_folder_below_one_that_its_user_cannot_enter(mosquitto_path: str, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    owner = broker_owner()
    child = PrivateBroker(BrokerFiles(closed / "broker", owner), owner)
    child.start([Account("publisher", passwords.hashed("x"))])
    child.stop()
    assert child.process is not None
    assert child.process.returncode == 0
    assert (closed / "broker" / "mosquitto.db").exists()


def test_its_port_is_chosen_once_and_kept(tmp_path: Path) -> None:
    first = BrokerFiles(tmp_path / "broker").write_config()
    assert BrokerFiles(tmp_path / "broker").write_config() == first
    assert wait_until_free("127.0.0.1", first)


def test_a_taken_port_is_an_error_that_names_it(broker: Any, home: Any) -> None:
    second = PrivateBroker(broker.files, None)
    with pytest.raises(BrokerError, match=f"port {broker.port} is taken"):
        second.start([])


def test_unchanged_accounts_do_not_disturb_the_broker(broker: Any, commune: Any) -> None:
    commune.screen()
    accounts = [*access.accounts()]
    assert broker.files.write_accounts(accounts) is True
    assert broker.files.write_accounts(accounts) is False
    reload_accounts(broker.child.process.pid)


def test_the_files_say_what_they_should() -> None:
    accounts = [
        Account("publisher", "$7$a", publisher=True),
        Account("s-one", "$7$b", ("bangtin/v1/group/75/down/alert/+",)),
        Account("s-two", "$7$c", ("bangtin/v1/group/75/down/alert/+",), revoked=True),
        Account("s-new", ""),
    ]
    assert password_text(accounts) == "publisher:$7$a\ns-one:$7$b\n"
    acl = acl_text(accounts)
    assert "user s-two\ntopic deny bangtin/v1/#\n" in acl
    assert acl.count("topic read bangtin/v1/group/75/down/alert/+") == 1
    assert "topic readwrite" not in acl_text([Account("publisher", "$7$a")])
    assert "user centre\ntopic readwrite bangtin/v1/#\n" in acl_text([Account("centre", "$7$a", publisher=True)])
    assert "use_username_as_clientid true" in config_text(1)
    assert "listener 1 127.0.0.1" in config_text(1)
