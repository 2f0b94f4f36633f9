"""A commune with screens and bulletins, a real Mosquitto, clients that listen, and the broadcast turned by hand."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from player import seal, wire
from player.model import Alert, Playlist, Pointer
from publisher.accounts.models import User
from publisher.broadcast import passwords
from publisher.broadcast.access import BrokerAccounts
from publisher.broadcast.broker import Account, BrokerError, BrokerFiles, PrivateBroker, broker_owner, find_mosquitto
from publisher.broadcast.central import Central
from publisher.broadcast.content import ContentStore
from publisher.broadcast.housekeeping import Housekeeping
from publisher.broadcast.keys import KeyStore, Signer
from publisher.broadcast.link import BrokerAddress, Event, Link, Rung
from publisher.broadcast.onair import OnAirReader
from publisher.broadcast.playlists import Playlists
from publisher.broadcast.process import Broadcast
from publisher.bulletins.models import Bulletin, BulletinText
from publisher.home import Home
from publisher.screens.models import Screen
from publisher.speech.said import Said
from publisher.units.models import Unit
from tests.waiting import DEADLINE_S, eventually

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)


@pytest.fixture
def keys(home: Home) -> KeyStore:
    store = KeyStore(home.keys)
    store.create(NOON)
    return store


@pytest.fixture
def signer(keys: KeyStore) -> Signer:
    return keys.load()


@dataclass
class Commune:
    """A province, a commune in it with a hamlet, another commune; and the makers of screens and bulletins."""

    province: Unit
    unit: Unit
    hamlet: Unit
    other: Unit
    writer: User
    passwords: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def screen(self, unit: Unit | None = None, **values: Any) -> Screen:
        """A claimed screen with a broker password (see `passwords`)."""
        number = next(self._numbers)
        screen_id = f"s-test{number:04d}"
        self.passwords[screen_id] = f"password-of-{screen_id}"
        given = {"claimed": NOON, "password_hash": passwords.hashed(self.passwords[screen_id]), **values}
        return Screen.objects.create(id=screen_id, unit=unit or self.unit, name=f"Bảng {number}", **given)

    def bulletin(self, unit: Unit | None = None, *, body: str = "Cắt nước từ 8 giờ.", **values: Any) -> Bulletin:
        """A bulletin on air since NOON."""
        number = next(self._numbers)
        given = {"status": Bulletin.Status.ON_AIR, "approved": NOON, "author": self.writer, **values}
        made = Bulletin.objects.create(uid=f"b{number:04d}", unit=unit or self.unit, **given)
        BulletinText.objects.create(bulletin=made, lang="vi", title=f"Thông báo {number}", body=body, spoken=body)
        return made


@pytest.fixture
def commune(db: None) -> Commune:
    province = Unit.objects.create(code="75", name="Tỉnh Đồng Nai", kind="Tỉnh")
    unit = Unit.objects.create(code="25450", name="Xã Lộc Thạnh", kind="Xã", parent=province)
    hamlet = Unit.objects.create(code="25450-a1", name="Ấp 1", kind="Ấp", parent=unit, official=False)
    other = Unit.objects.create(code="25451", name="Xã Lộc Thành", kind="Xã", parent=province)
    return Commune(province, unit, hamlet, other, User.objects.create(username="an"))


@pytest.fixture(name="until")
def _until() -> Callable[..., Any]:
    return eventually


@dataclass
class Listener:
    """An MQTT client of the test and everything it was sent."""

    client: mqtt.Client
    messages: queue.SimpleQueue[mqtt.MQTTMessage] = field(default_factory=queue.SimpleQueue)
    acks: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    seen: dict[str, list[bytes]] = field(default_factory=dict)
    refused: str = ""
    connected: bool = False
    drops: int = 0

    def latest(self, topic: str) -> bytes | None:
        """The newest payload on `topic` so far."""
        while not self.messages.empty():
            message = self.messages.get()
            self.seen.setdefault(message.topic, []).append(bytes(message.payload))
        payloads = self.seen.get(topic)
        return payloads[-1] if payloads else None

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        """Publish at QoS 1 and wait for the broker's word on it: its MQTT 5 reason code."""
        self.client.publish(topic, payload, qos=1, retain=retain)
        return int(self.acks.get(timeout=DEADLINE_S).value)


Connect = Callable[..., Listener]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connect to a port as a user; `filters` are subscribed to and the broker's word on that is awaited."""
    made: list[mqtt.Client] = []

    def open_one(
        port: int, username: str, password: str, *filters: str, client_id: str | None = None, clean: bool = True
    ) -> Listener:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id or username, protocol=mqtt.MQTTv5)
        client.username_pw_set(username, password)
        listener = Listener(client)
        ready: queue.SimpleQueue[str] = queue.SimpleQueue()

        def on_connect(client: mqtt.Client, _d: Any, _f: Any, reason: Any, _p: Any) -> None:
            listener.connected = not reason.is_failure
            if reason.is_failure or not filters:
                ready.put(str(reason) if reason.is_failure else "")
            else:
                client.subscribe([(each, SubscribeOptions(qos=1)) for each in filters])

        def on_disconnect(_c: Any, _d: Any, _f: Any, _reason: Any, _p: Any) -> None:
            listener.connected = False
            listener.drops += 1

        client.on_connect = on_connect
        client.on_disconnect = on_disconnect
        client.on_subscribe = lambda *_: ready.put("")
        client.on_message = lambda _c, _d, message: listener.messages.put(message)
        client.on_publish = lambda _c, _d, _mid, reason, _p: listener.acks.put(reason)
        expiry = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        expiry.SessionExpiryInterval = 0 if clean else 600
        client.connect("127.0.0.1", port, clean_start=clean, properties=expiry)
        client.loop_start()
        made.append(client)
        listener.refused = ready.get(timeout=DEADLINE_S)
        if listener.refused:
            client.disconnect()
            client.loop_stop()
        return listener

    yield open_one
    for client in made:
        client.disconnect()
        client.loop_stop()


@pytest.fixture
def mosquitto_path() -> str:
    try:
        return find_mosquitto()
    except BrokerError as exc:
        pytest.skip(str(exc))


PUBLISHER_PASSWORD = "publisher-for-tests"


@dataclass
class Broker:
    """A private broker and its accounts, known to the test."""

    files: BrokerFiles
    child: PrivateBroker
    port: int
    run_dir: Path

    @property
    def address(self) -> BrokerAddress:
        pid = self.child.process.pid if self.child.process else 0
        return BrokerAddress("127.0.0.1", self.port, "publisher", PUBLISHER_PASSWORD, pid=pid)

    def restart(self, accounts: list[Account]) -> None:
        """A new Mosquitto with an empty memory on the same port."""
        self.child.stop()
        (self.files.folder / "mosquitto.db").unlink(missing_ok=True)
        self.child.start([publisher_account(), *accounts])


def publisher_account() -> Account:
    return Account("publisher", passwords.hashed(PUBLISHER_PASSWORD), publisher=True)


@pytest.fixture
def broker(mosquitto_path: str, home: Home) -> Iterator[Broker]:
    """A running Mosquitto that knows the publisher alone."""
    owner = broker_owner()
    files = BrokerFiles(home.broker, owner)
    child = PrivateBroker(files, owner)
    child.start([publisher_account()])
    home.run.mkdir(exist_ok=True)
    yield Broker(files, child, child.port, home.run)
    child.stop()


class Speaker:
    """A studio that notes what it is asked for, and makes nothing by itself."""

    def __init__(self) -> None:
        self.asked: list[Said] = []

    def ask(self, wanted: Iterable[Said]) -> None:
        self.asked += wanted

    def close(self) -> None:
        """Nothing runs."""


@dataclass
class Station:
    """The broadcast as the test turns it, with what it stands on."""

    broadcast: Broadcast
    events: queue.SimpleQueue[Event]
    signer: Signer
    store: ContentStore
    clock: list[datetime]
    speaker: Speaker

    def turn_until(self, condition: Callable[[], Any]) -> Any:
        """Let it handle events until `condition` holds."""
        return eventually(condition, act=self.broadcast.turn)

    def work(self) -> None:
        """Let it look at the outbox once."""
        self.events.put(Rung())
        self.broadcast.turn()

    def pointer(self, envelope: bytes) -> Pointer:
        return wire.decode(seal.unseal("desired", envelope, self._keys()), Pointer)

    def alert(self, envelope: bytes) -> Alert:
        return wire.decode(seal.unseal("alert", envelope, self._keys()), Alert)

    def playlist(self, envelope: bytes) -> Playlist:
        """The playlist a pointer leads to, its hash checked."""
        pointer = self.pointer(envelope)
        path = self.store.find(pointer.sha256)
        assert path is not None
        assert path.stat().st_size == pointer.size
        return wire.decode(path.read_bytes(), Playlist)

    def _keys(self) -> tuple[str, ...]:
        return (seal.public_hex(self.signer.private),)


@pytest.fixture
def build_station(home: Home, keys: KeyStore) -> Iterator[Callable[..., Station]]:
    """Make a broadcast on a broker (its clock stands at NOON and is moved by the test), not yet started."""
    stations: list[Station] = []

    def build(broker: Broker, expire: Callable[[datetime], list[str]] = lambda _now: []) -> Station:
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        store = ContentStore(home.content)
        clock = [NOON + timedelta(hours=1)]
        speaker = Speaker()
        station = Station(
            Broadcast(
                link=Link(broker.address, events.put),
                events=events,
                keys=keys,
                lists=Playlists(store, OnAirReader()),
                housekeeping=Housekeeping(store, expire),
                access=BrokerAccounts(broker.files, broker.address),
                central=Central(speaker, home.content),
                clock=lambda: clock[0],
                ready=lambda: None,
            ),
            events,
            keys.load(),
            store,
            clock,
            speaker,
        )
        stations.append(station)
        return station

    yield build
    for station in stations:
        station.broadcast.stop()


@pytest.fixture
def station(broker: Broker, build_station: Callable[..., Station]) -> Station:
    """A broadcast on the running broker."""
    return build_station(broker)
