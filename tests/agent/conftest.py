"""A small publisher for the agent's tests: real keys, a real Mosquitto and a real HTTP server, all on loopback."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar, cast

import paho.mqtt.client as mqtt
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from paho.mqtt.enums import CallbackAPIVersion

from agent.clockwatch import ClockWatch
from agent.desk import Desk
from agent.identity import Identity, save
from agent.keys import Keys
from agent.outbox import Outbox
from agent.refusals import Refusals
from agent.store import Store
from agent.trust import Instant, KeyRing, digest
from drivers.process import die_with_parent
from player import claimcode, seal, wire
from player.model import (
    Alert,
    ClaimAnswer,
    Command,
    Event,
    Health,
    Item,
    KeySet,
    Media,
    MqttAccess,
    Playlist,
    Pointer,
    Priority,
    Reply,
    SigningKey,
    State,
    Unit,
    Value,
    Verb,
    Version,
)

SCREEN = "s-test01"
GROUP = "25357"
DEADLINE_S = 10.0
V = TypeVar("V", bound=Value)
T = TypeVar("T")


def eventually(condition: Callable[[], T], what: str = "it", deadline_s: float = DEADLINE_S) -> T:
    """The first true value of `condition`, looked at until the deadline."""
    end = time.monotonic() + deadline_s
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {deadline_s} s")
        pause.wait(0.005)


@pytest.fixture(name="eventually")
def eventually_fixture() -> Callable[..., Any]:
    return eventually


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- signing --------------------------------------------------------------------------------------------------------


@dataclass
class Signer:
    """Keys and sequences as a publisher has them; each method gives the value and its envelope."""

    root: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    seq: int = 1000

    @property
    def root_hex(self) -> str:
        return seal.public_hex(self.root)

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def keys(self, *privates: Ed25519PrivateKey, **changes: Any) -> KeySet:
        signing = tuple(
            SigningKey(seal.public_hex(private), ("desired", "alert", "command")) for private in privates or (self.key,)
        )
        return replace(KeySet(1, self.next_seq(), self.now, self.now + timedelta(days=365), signing), **changes)

    def key_envelope(self, keys: KeySet | None = None, by: Ed25519PrivateKey | None = None) -> bytes:
        return seal.seal("keys", wire.encode(keys or self.keys()), by or self.root)

    def ring(self) -> KeyRing:
        return KeyRing(self.root_hex, self.keys())

    def item(self, title: str = "Thông báo", **changes: Any) -> Item:
        versions = (Version("vi", title=title, body="Nội dung"),)
        return replace(Item(digest(title.encode())[:12], 1, Priority.ROUTINE, versions, 10.0), **changes)

    def playlist(self, *items: Item, **changes: Any) -> Playlist:
        expires, unit = self.now + timedelta(days=7), Unit(GROUP, "Xã Tân Khai")
        made = Playlist(1, SCREEN, self.next_seq(), self.now, expires, unit, items, (GROUP,))
        return replace(made, **changes)

    def pointer(self, playlist: Playlist, body: bytes | None = None, **changes: Any) -> Pointer:
        body = wire.encode(playlist) if body is None else body
        made = Pointer(
            1, playlist.screen, playlist.seq, digest(body), len(body), f"/content/{digest(body)}",
            playlist.issued, playlist.expires,
        )  # fmt: skip
        return replace(made, **changes)

    def alert(self, **changes: Any) -> Alert:
        versions = (Version("vi", title="BÃO KHẨN CẤP", body="Sơ tán ngay"),)
        expires = self.now + timedelta(hours=6)
        return replace(Alert(1, "bao-so-3", GROUP, self.next_seq(), 1, self.now, expires, versions), **changes)

    def command(self, verb: Verb, **changes: Any) -> Command:
        seq, expires = self.next_seq(), self.now + timedelta(minutes=5)
        return replace(Command(1, f"c{seq}", SCREEN, seq, verb, self.now, expires), **changes)

    def seal(self, value: Value, by: Ed25519PrivateKey | None = None, kind: str = "") -> bytes:
        kinds = {Pointer: "desired", Alert: "alert", Command: "command", KeySet: "keys"}
        return seal.seal(kind or kinds[type(value)], wire.encode(value), by or self.key)


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def instant(signer: Signer) -> Instant:
    return Instant(signer.now, trusted=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "state")
    yield store
    store.close()


@dataclass
class Bench:
    """A desk with everything on it real, and a clock that a test may set."""

    desk: Desk
    signer: Signer
    time: list[datetime]

    def set(self, now: datetime) -> None:
        self.time[0] = now
        self.desk.clock.look()

    def sent(self) -> list[Event | Reply]:
        """What the outbox holds, as values."""
        rows = self.desk.outbox.waiting(0, 1000)
        return [
            wire.decode(row.payload, Event) if row.topic.endswith("event") else wire.decode(row.payload, Reply)
            for row in rows
        ]

    def refused(self) -> list[tuple[str, str]]:
        events = [event for event in self.sent() if isinstance(event, Event)]
        return [(event.refused.kind, event.refused.reason) for event in events if event.refused]

    def applied(self) -> list[int]:
        events = [event for event in self.sent() if isinstance(event, Event)]
        return [event.applied.seq for event in events if event.applied]


def make_desk(state_dir: Path, signer: Signer, now: Callable[[], datetime], synchronised: bool = True) -> Desk:
    store = Store(state_dir)
    ids = itertools.count(1)
    outbox = Outbox(state_dir, SCREEN, lambda: f"e{next(ids)}", now)
    clock = ClockWatch(state_dir, declared=False, synchronised=lambda: synchronised, now=now)
    keys = Keys(store, signer.root_hex, signer.key_envelope())
    clock.saw(keys.ring.keys.issued)
    return Desk(SCREEN, store, outbox, keys, clock, Refusals(outbox, now), now)


@pytest.fixture
def bench(tmp_path: Path, signer: Signer) -> Iterator[Bench]:
    time_ = [signer.now]
    desk = make_desk(tmp_path / "state", signer, lambda: time_[0])
    yield Bench(desk, signer, time_)
    desk.outbox.close()
    desk.store.close()


# --- HTTP -----------------------------------------------------------------------------------------------------------

Answer = Callable[[BaseHTTPRequestHandler], None]


class Web:
    """A real server. `files` are served with ranges; `answers` replace that for a path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.leaving = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def put(self, data: bytes, mime: str = "application/octet-stream") -> Media:
        """Serve `data` under its hash."""
        media = Media(digest(data), len(data), mime)
        self.files[f"/content/{media.sha256}"] = data
        return media

    def close(self) -> None:
        self.leaving.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(web) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                web.connections += 1
                super().setup()

            def log_message(self, *args: Any) -> None:
                """Quiet."""

            def answer(self) -> None:
                web.seen.append((self.command, self.path, dict(self.headers)))
                length = int(self.headers.get("Content-Length", 0))
                web.bodies.append(self.rfile.read(length))
                if self.path in web.answers:
                    web.answers[self.path](self)
                else:
                    self.serve(web.files.get(self.path))

            do_GET = do_POST = do_PUT = answer  # noqa: N815

            def serve(self, data: bytes | None) -> None:
                start = 0
                if data is not None and "Range" in self.headers:
                    start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
                self.send_response(404 if data is None else 206 if start else 200)
                rest = (data or b"")[start:]
                self.send_header("Content-Length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest)

        return Handler


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


# --- MQTT -----------------------------------------------------------------------------------------------------------


class Broker:
    """A real Mosquitto with the access rules of production: everyone only at their own topics."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        folder.mkdir(parents=True)
        (folder / "acl").write_text(
            "user publisher\ntopic readwrite bangtin/v1/#\n\n"
            f"user {SCREEN}\ntopic read bangtin/v1/group/+/down/alert/+\n\n"
            "pattern read bangtin/v1/screen/%u/down/#\npattern write bangtin/v1/screen/%u/up/+\n"
        )
        users = {"publisher": "p", SCREEN: "geheim", "s-other1": "o"}
        (folder / "passwd").write_text("")
        for user, password in users.items():
            subprocess.run(["mosquitto_passwd", "-b", str(folder / "passwd"), user, password], check=True)
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\nuse_username_as_clientid true\n"
            "acl_file acl\npassword_file passwd\npersistence false\nlog_dest stderr\nset_tcp_nodelay true\n"
            + ("user root\n" if os.geteuid() == 0 else "")
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        path = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        parent = os.getpid()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(path), "-c", "mosquitto.conf"], cwd=self.folder, stderr=log,
                preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509 - the child only sets a flag
            )  # fmt: skip
        eventually(self._listens, "the broker's start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        except OSError:
            return False
        return True


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    if shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
        pytest.skip("mosquitto is not installed")
    broker = Broker(tmp_path / "broker")
    yield broker
    broker.kill()


class Office:
    """The publisher's own connection: publishes, and keeps what screens sent up."""

    def __init__(self, port: int) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self._ready = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.username_pw_set("publisher", "p")
        self._client.reconnect_delay_set(1, 1)
        self._client.on_socket_open = lambda client, data, sock: cast(socket.socket, sock).setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )
        self._client.on_connect = lambda client, *_: client.subscribe(wire.UP_FILTER, 1)
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = lambda client, data, message: self.messages.append(
            (message.topic, bytes(message.payload))
        )
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._ready.wait(DEADLINE_S)

    def publish(self, topic: str, payload: bytes, retain: bool = True) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(DEADLINE_S)

    def up(self, leaf: str, kind: type[V]) -> list[V]:
        topic = wire.screen_up(SCREEN, leaf)
        return [wire.decode(payload, kind) for found, payload in list(self.messages) if found == topic]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def office(broker: Broker) -> Iterator[Office]:
    office = Office(broker.port)
    yield office
    office.close()


# --- a whole screen -------------------------------------------------------------------------------------------------


class Screen:
    """A claimed screen whose agent is a process of its own, and the publisher it belongs to."""

    def __init__(self, folder: Path, signer: Signer, web: Web, broker: Broker, office: Office) -> None:
        self.signer = signer
        self.web = web
        self.broker = broker
        self.office = office
        self.state_dir = folder / "screen" / "state"
        self.run_dir = folder / "screen" / "run"
        self.config = folder / "screen" / "screen.yaml"
        self.log = folder / "screen" / "agent.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.state_dir.mkdir(parents=True)
        self.configure()
        answer = ClaimAnswer(
            screen=SCREEN, root=signer.root_hex, keys=signer.key_envelope().decode(), token="t0ken",
            mqtt=MqttAccess("127.0.0.1", broker.port, SCREEN, "geheim"), unit=Unit(GROUP, "Xã Tân Khai"),
            groups=(GROUP,),
        )  # fmt: skip
        save(self.state_dir, Identity(web.url, answer))

    def configure(self, **changes: Any) -> None:
        settings = {
            "publisher": {"url": self.web.url}, "state_dir": str(self.state_dir), "run_dir": str(self.run_dir),
            "clock": "trusted", "panel": {"driver": "memory"}, "speaker": {"driver": "silent"},
            "voice": {"engine": "espeak"}, "health_interval_s": 10,
        }  # fmt: skip
        fresh = self.config.with_suffix(".new")
        fresh.write_text(yaml.safe_dump(settings | changes))
        fresh.rename(self.config)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agent", "--config", str(self.config), "--die-with-parent"],
                stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(DEADLINE_S)

    def announce(self, playlist: Playlist, **pointer: Any) -> None:
        body = wire.encode(playlist)
        self.web.put(body)
        envelope = self.signer.seal(self.signer.pointer(playlist, body, **pointer))
        self.office.publish(wire.screen_down(SCREEN, "desired"), envelope)

    def raise_alert(self, alert: Alert) -> None:
        self.office.publish(wire.alert_topic(alert.group, alert.id), self.signer.seal(alert))

    def order(self, command: Command) -> None:
        self.office.publish(wire.screen_down(SCREEN, "command"), self.signer.seal(command), retain=False)

    def events(self) -> list[Event]:
        return self.office.up("event", Event)

    def applied(self, seq: int) -> bool:
        return any(event.applied and event.applied.seq == seq for event in self.events())

    def refusals(self) -> list[str]:
        return [event.refused.reason for event in self.events() if event.refused]

    def online(self) -> bool:
        return any(state.online for state in self.office.up("state", State))

    def health(self) -> list[Health]:
        return self.office.up("health", Health)

    def replies(self) -> list[Reply]:
        return self.office.up("reply", Reply)


@pytest.fixture
def screen(tmp_path: Path, signer: Signer, web: Web, broker: Broker, office: Office) -> Iterator[Screen]:
    screen = Screen(tmp_path, signer, web, broker, office)
    yield screen
    screen.kill()


@pytest.fixture
def code(signer: Signer) -> str:
    return claimcode.compose(b"0123456789", signer.root_hex)
