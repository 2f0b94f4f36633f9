"""The one MQTT connection of the publisher: paho in its own thread, whose callbacks only hand over events.

Incoming reports are acknowledged by hand, after the database has them.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import paho.mqtt.client as mqtt
from django.utils import timezone
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from config.certificates import ClientTls, TlsFiles
from drivers.disk import replace_file
from player import wire
from publisher.broadcast.broker import BrokerError
from publisher.speech.studio import Spoken

_SHAPES: Final[Mapping[str, type]] = {
    "host": str, "port": int, "username": str, "password": str, "ca_file": str, "cert_file": str, "key_file": str,
}  # fmt: skip
ADDRESS_FILE: Final = "broker.json"
KEEPALIVE_S: Final = 30
SESSION_EXPIRY_S: Final = 86_400

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BrokerAddress:
    """Where the broker is and how the publisher logs in. `pid` is 0 for a broker that is not our child.

    An empty `ca_file` means TLS with the system's authorities; without a password a certificate says who we are.
    """

    host: str
    port: int
    username: str
    password: str = ""
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    pid: int = 0

    @property
    def tls(self) -> bool:
        return self.ca_file is not None or self.cert_file is not None

    @property
    def files(self) -> TlsFiles:
        ca_file, cert_file, key_file = (Path(each) if each else None for each in self._named())
        return TlsFiles(ca_file, cert_file, key_file)

    @classmethod
    def of_existing(cls, given: Mapping[str, Any]) -> BrokerAddress:
        """An existing broker as publisher.yaml describes it. Raises BrokerError naming every wrong field."""
        needed = ("host", "port", "username", *(() if given.get("cert_file") else ("password",)))
        errors = [f"broker.{name}: unknown, known are {', '.join(_SHAPES)}" for name in given if name not in _SHAPES]
        errors += [f"broker.{name}: is missing" for name in needed if name not in given]
        for name, shape in _SHAPES.items():
            if name in given and not isinstance(given[name], shape):
                errors.append(f"broker.{name}: {given[name]!r}, needs {'a number' if shape is int else 'text'}")
        if errors:
            raise BrokerError("; ".join(errors))
        address = cls(**given)
        if faults := address.files.faults():
            raise BrokerError("; ".join(f"broker.{fault}" for fault in faults))
        return address

    def _named(self) -> tuple[str | None, ...]:
        return self.ca_file, self.cert_file, self.key_file

    def save(self, run_dir: Path) -> None:
        """Tell the other processes of the publisher; readable by its owner alone."""
        replace_file(run_dir / ADDRESS_FILE, json.dumps(self.__dict__).encode(), 0o600, durable=False)

    @classmethod
    def load(cls, run_dir: Path) -> BrokerAddress:
        """What `save` wrote. Raises FileNotFoundError when no supervisor runs."""
        return cls(**json.loads((run_dir / ADDRESS_FILE).read_text("utf-8")))


# --- the events: reading them is reading what the link can tell ---------------------------------------------------


@dataclass(frozen=True)
class Rung:
    """Somebody put something into the outbox."""


@dataclass(frozen=True)
class Connected:
    """The connection stands and is subscribed; the broker may have forgotten everything."""


@dataclass(frozen=True)
class Disconnected:
    reason: str


@dataclass(frozen=True)
class Arrived:
    """A report from a screen, to be acknowledged once it is stored: by `mid`, in the connection that brought it."""

    topic: str
    payload: bytes
    retained: bool
    qos: int
    mid: int
    connection: int


@dataclass(frozen=True)
class Acknowledged:
    """The broker has taken the message published as `mid`."""

    mid: int
    ok: bool


@dataclass(frozen=True)
class Stopping:
    """The process was asked to end."""


Event = Rung | Connected | Disconnected | Arrived | Acknowledged | Spoken | Stopping


class Link:
    """Publishes and receives; `tell` is called from the network thread for everything that happens."""

    def __init__(
        self, address: BrokerAddress, tell: Callable[[Event], None], clock: Callable[[], datetime] = timezone.now
    ) -> None:
        self._address = address
        self._tell = tell
        self._clock = clock
        self._tls = ClientTls(address.files, address.username) if address.tls else None
        self._answered = False
        self._connection = 0
        self._lock = Lock()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=address.username,
            protocol=mqtt.MQTTv5,
            manual_ack=True,
            reconnect_on_failure=True,
        )
        self._client.username_pw_set(address.username, address.password)
        if self._tls is not None:
            self._client.tls_set_context(self._tls.context)
        self._client.max_inflight_messages_set(1000)
        self._client.reconnect_delay_set(min_delay=1, max_delay=15)
        self._client.on_socket_open = _send_at_once
        self._client.on_pre_connect = self._on_pre_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.on_publish = self._on_publish

    def start(self) -> None:
        """Begin to connect; `Connected` tells when it stands. A broker that is not there is tried again."""
        self._client.connect_async(
            self._address.host,
            self._address.port,
            keepalive=KEEPALIVE_S,
            clean_start=False,
            properties=_properties(PacketTypes.CONNECT, SessionExpiryInterval=SESSION_EXPIRY_S),
        )
        self._client.loop_start()

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool, expiry_s: int | None = None, **extra: Any) -> int:
        """Hand a QoS 1 message to the network thread; the mid `Acknowledged` will name.

        `extra` are further MQTT 5 properties (ResponseTopic, CorrelationData).
        """
        if expiry_s is not None:
            extra["MessageExpiryInterval"] = max(1, expiry_s)
        properties = _properties(PacketTypes.PUBLISH, **extra) if extra else None
        return int(self._client.publish(topic, payload, qos=1, retain=retain, properties=properties).mid)

    def acknowledge(self, event: Arrived) -> None:
        """The report is stored: the broker may forget it.

        A broker that lost its memory numbers anew, and a late word would have it forget another report, not yet
        stored; what came over an earlier connection it brings again.
        """
        with self._lock:
            if event.qos and event.connection == self._connection:
                self._client.ack(event.mid, event.qos)

    def _on_pre_connect(self, _client: mqtt.Client, _data: Any) -> None:
        self._answered = False

    def _on_connect_fail(self, _client: mqtt.Client, _data: Any) -> None:
        why = self._why() or "it does not answer"
        self._tell(Disconnected(f"cannot reach {self._address.host}:{self._address.port}: {why}"))

    def _why(self, *, ended: bool = False) -> str:
        return self._tls.why(self._clock(), ended=ended) if self._tls is not None else ""

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any) -> None:
        self._answered = True
        with self._lock:
            self._connection += 1
        if reason.is_failure:
            self._tell(Disconnected(str(reason)))
            return
        misnamed = self._tls.misnamed() if self._tls is not None else ""
        if misnamed:  # a broker that goes by the certificate takes every subscription, and sends nothing
            log.warning("The broker may know the publisher by another name: %s", misnamed)
        client.subscribe(wire.UP_FILTER, options=SubscribeOptions(qos=1))

    def _on_subscribe(self, _client: mqtt.Client, _data: Any, _mid: int, reasons: list[ReasonCode], _p: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self._tell(Disconnected(f"the broker refuses {wire.UP_FILTER}"))
        else:
            self._tell(Connected())

    def _on_disconnect(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any) -> None:
        why = "" if self._answered else self._why(ended=True)
        self._tell(Disconnected(why or str(reason)))

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        payload, mid = bytes(message.payload), message.mid
        self._tell(Arrived(message.topic, payload, message.retain, message.qos, mid, self._connection))

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, reason: ReasonCode, _props: Any) -> None:
        self._tell(Acknowledged(mid, not reason.is_failure))


def _properties(packet: int, **values: Any) -> Properties:
    properties = Properties(packet)  # type: ignore[no-untyped-call]
    for name, value in values.items():
        setattr(properties, name, value)
    return properties


def _send_at_once(_client: mqtt.Client, _data: Any, connection: Any) -> None:
    """A pointer must not wait 40 ms for the acknowledgement of the packet before it (Nagle's algorithm)."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
