"""The centre proves itself by certificate to a real Mosquitto of somebody else, whatever it is called there."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.broadcast.access import BrokerAccounts
from publisher.broadcast.broker import BrokerFiles
from publisher.broadcast.link import Acknowledged, BrokerAddress, Connected, Disconnected, Event, Link
from publisher.broadcast.process import Broadcast
from publisher.home import Home
from tests.authority import EXPIRED, Authority, StrictBroker
from tests.waiting import DEADLINE_S

NAME = "trung-tam"
pytestmark = pytest.mark.django_db


class Line:
    """A link and what it tells."""

    def __init__(self, address: BrokerAddress) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.link = Link(address, self.events.put)
        self.link.start()

    def next(self, kind: type) -> Any:
        """The next event of that class; others are passed over."""
        while not isinstance(event := self.events.get(timeout=DEADLINE_S), kind):
            continue
        return event


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def describe(mosquitto_path: str, home: Home, tmp_path: Path, authority: Authority) -> Iterator[Callable[..., Any]]:
    """The address of a strict Mosquitto as publisher.yaml would give it; its access rules are those we write."""
    files = BrokerFiles(home.broker)
    BrokerAccounts(files, BrokerAddress("", 0, NAME)).update()
    broker = StrictBroker(tmp_path / "strict", authority, home.broker / "acl")
    broker.start()

    def address(by: Authority = authority, trusts: Authority = authority, **issued: Any) -> BrokerAddress:
        pair = by.issue(NAME, tmp_path, **issued)
        return BrokerAddress.of_existing({
            "host": "127.0.0.1", "port": broker.port, "username": NAME, "ca_file": str(trusts.ca_file),
            "cert_file": str(pair.cert_file), "key_file": str(pair.key_file),
        })  # fmt: skip

    yield address
    broker.kill()


@pytest.fixture
def connect() -> Iterator[Callable[[BrokerAddress], Line]]:
    lines: list[Line] = []

    def start(address: BrokerAddress) -> Line:
        lines.append(Line(address))
        return lines[-1]

    yield start
    for line in lines:
        line.link.stop()


def test_with_a_certificate_instead_of_a_password_it_may_do_everything(
    connect: Callable[[BrokerAddress], Line], describe: Callable[..., BrokerAddress]
) -> None:
    line = connect(describe())
    line.next(Connected)
    line.link.publish("bangtin/v1/screen/s-one/down/desired", b"pointer", retain=True)
    assert line.next(Acknowledged).ok


def test_who_has_no_password_cannot_log_in_by_an_empty_one(home: Home) -> None:
    BrokerAccounts(BrokerFiles(home.broker), BrokerAddress("", 0, NAME)).update()
    assert NAME not in (home.broker / "passwd").read_text()
    assert f"user {NAME}\n" in (home.broker / "acl").read_text()


def test_an_expired_certificate_is_named_and_a_renewed_one_taken(
    connect: Callable[[BrokerAddress], Line], describe: Callable[..., BrokerAddress]
) -> None:
    address = describe(days=EXPIRED)
    line = connect(address)
    assert f"cert_file {address.cert_file}: hết hạn" in line.next(Disconnected).reason
    describe()
    line.next(Connected)


def test_a_certificate_of_a_foreign_authority_is_named(
    connect: Callable[[BrokerAddress], Line], describe: Callable[..., BrokerAddress], tmp_path: Path
) -> None:
    address = describe(by=Authority(tmp_path / "foreign", "Somebody"))
    reason = connect(address).next(Disconnected).reason
    assert f"cert_file {address.cert_file}: máy chủ MQTT không nhận" in reason
    assert "issuer: CN=Somebody" in reason


def test_a_broker_of_a_foreign_authority_is_not_believed(
    connect: Callable[[BrokerAddress], Line], describe: Callable[..., BrokerAddress], tmp_path: Path
) -> None:
    address = describe(trusts=Authority(tmp_path / "foreign", "Somebody"))
    reason = connect(address).next(Disconnected).reason
    assert reason.startswith("cannot reach 127.0.0.1:")
    assert f"check it and ca_file {address.ca_file}" in reason


@pytest.mark.django_db(transaction=True)
def test_each_trouble_is_told_once_in_the_log(station: Any, caplog: pytest.LogCaptureFixture) -> None:
    broadcast: Broadcast = station.broadcast
    for reason in ("cert_file a.pem: expired", "cert_file a.pem: expired", "it does not answer"):
        station.events.put(Disconnected(reason))
        broadcast.turn()
    told = [record.getMessage() for record in caplog.records if "broker" in record.getMessage()]
    assert told == [
        "Not connected to the broker: cert_file a.pem: expired",
        "Not connected to the broker: it does not answer",
    ]
