"""The line to the broker: MQTT 5 by paho in a thread of its own, which only ever puts events on the queue.

The session outlives a lost connection (a day), the last will says "offline" after a delay, and
what comes in is acknowledged by hand once it is committed. A message that comes in is bound to
its connection: packet ids start anew with the next one, and an acknowledgement that comes late
must not hit another message.
"""

from __future__ import annotations

import logging
import random
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from agent.events import Connected, Disconnected, Message, Sent
from config.certificates import ClientTls
from player.enrolment import MqttAccess
from player.model import State
from player.wire import ENVELOPE_LIMIT_B, alert_filter, encode, screen_down, screen_up

log = logging.getLogger(__name__)

SESSION_EXPIRY_S: Final = 86_400
PACKET_LIMIT_B: Final = 2 * ENVELOPE_LIMIT_B  # an envelope and its topic, with room for properties
_TAKEN_OVER: Final = 0x8E
_NO_SUBSCRIBER: Final = 0x10  # MQTT 5, 3.4.2.1: accepted, and thrown away because nobody listens
_REFUSED: Final = frozenset({0x80, 0x85, 0x86, 0x87, 0x8A})  # MQTT 5, 3.2.2.2: who we are is the problem


@dataclass(frozen=True, slots=True)
class LinkTimes:
    """Seconds. The pause before a new attempt doubles from `first_pause_s` and is drawn at random below that."""

    keepalive_s: int = 60
    will_delay_s: int = 30
    connect_limit_s: float = 10.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0


class Link:
    """One screen's connection. `post` takes events from any thread; every other method may be called from any."""

    def __init__(
        self,
        access: MqttAccess,
        screen: str,
        post: Callable[[object], None],
        now: Callable[[], datetime],
        *,
        tls: ClientTls | None = None,
        times: LinkTimes = LinkTimes(),
    ) -> None:
        self._access = access
        self._screen = screen
        self._post = post
        self._now = now
        self._times = times
        self._leaving = threading.Event()
        self._tls = tls
        self._connection = 0
        self._answered = False
        self._taken_in = False
        self._told_connection = 0
        self._groups: frozenset[str] = frozenset()
        self._lock = threading.Lock()
        self._client = self._make_client()

    @property
    def connected(self) -> bool:
        return self._taken_in

    def run(self) -> None:
        """Keep the connection until `leave`: the body of the link's thread."""
        pause_s = self._times.first_pause_s
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        properties.MaximumPacketSize = PACKET_LIMIT_B
        self._client.connect_async(
            self._access.host, self._access.port, self._times.keepalive_s, clean_start=False, properties=properties
        )
        while not self._leaving.is_set():
            connections = self._connection
            self._once()
            pause_s = self._times.first_pause_s if self._connection > connections else pause_s * 2
            pause_s = min(pause_s, self._times.longest_pause_s)
            self._leaving.wait(pause_s * random.uniform(0.5, 1.0))

    def leave(self) -> None:
        """Say a clean goodbye: the broker keeps the session and sends no will."""
        self._leaving.set()
        self._client.disconnect()

    def publish(self, leaf: str, payload: bytes, retain: bool = False, topic: str = "") -> int | None:
        """Hand one message (QoS 1) to the broker; its id, or None while there is no connection."""
        if not self._taken_in:
            return None
        info = self._client.publish(topic or screen_up(self._screen, leaf), payload, qos=1, retain=retain)
        return info.mid if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def acknowledge(self, message: Message) -> None:
        """Let the broker forget the message, unless it came over an earlier connection."""
        with self._lock:
            if message.connection == self._connection and self._taken_in:
                self._client.ack(message.mid, message.qos)

    def join(self, groups: Collection[str]) -> None:
        """Listen to the alerts of exactly these groups from now on."""
        wanted = frozenset(groups)
        gone, came, self._groups = self._groups - wanted, wanted - self._groups, wanted
        if self._taken_in and gone:
            self._client.unsubscribe([alert_filter(group) for group in sorted(gone)])
        if self._taken_in and came:
            self._subscribe()

    def refresh(self) -> None:
        """Have the broker send all that it retains for this screen once more."""
        if self._taken_in:
            self._subscribe()

    # --- in the link's thread: nothing here may raise, block or touch a store -------------------------------------

    def _once(self) -> None:
        self._answered = False
        try:
            self._client.reconnect()
        except (OSError, ValueError) as exc:
            self._lost(f"cannot reach the broker at {self._broker}: {self._why() or exc}")
            return
        self._client.loop_forever()  # returns when the connection is lost: reconnecting is ours

    @property
    def _broker(self) -> str:
        return f"{self._access.host}:{self._access.port}"

    def _why(self, *, ended: bool = False) -> str:
        return self._tls.why(self._now(), ended=ended) if self._tls is not None else ""

    def _make_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._access.username,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.username_pw_set(self._access.username, self._access.password)
        if self._tls is not None:
            client.tls_set_context(self._tls.context)
        client.connect_timeout = self._times.connect_limit_s
        will = Properties(PacketTypes.WILLMESSAGE)  # type: ignore[no-untyped-call]
        will.WillDelayInterval = self._times.will_delay_s
        offline = encode(State(screen=self._screen, online=False))
        client.will_set(screen_up(self._screen, "state"), offline, qos=1, retain=True, properties=will)
        client.on_socket_open = _send_at_once
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        return client

    def _subscribe(self) -> None:
        options = SubscribeOptions(qos=1)  # retained messages come with every subscription: they are the state
        filters = [screen_down(self._screen, "#"), *(alert_filter(group) for group in sorted(self._groups))]
        self._client.subscribe([(topic, options) for topic in filters])

    def _on_connect(self, client: Client, data: Any, flags: Any, code: ReasonCode, properties: Any) -> None:
        self._answered = True
        if code.is_failure:
            who = "the broker does not accept this screen's credentials" if code.value in _REFUSED else "the broker"
            self._lost(f"{who}: {code}")
            return
        misnamed = self._tls.misnamed() if self._tls is not None else ""
        if misnamed:  # a broker that goes by the certificate takes every subscription, and sends nothing
            log.warning("the broker may know this screen by another name: %s", misnamed)
        with self._lock:
            self._connection += 1
            self._taken_in = True
        self._subscribe()

    def _on_subscribe(self, client: Client, data: Any, mid: int, codes: list[ReasonCode], properties: Any) -> None:
        for code in codes:
            if code.is_failure:
                log.warning("the broker refused a subscription: %s", code)
        if self._told_connection != self._connection:
            self._told_connection = self._connection
            self._post(Connected())

    def _on_disconnect(self, client: Client, data: Any, flags: Any, code: ReasonCode, properties: Any) -> None:
        if self._taken_in:
            stolen = code.value == _TAKEN_OVER
            self._lost("another device connects with this screen's name" if stolen else "")
        elif not self._answered and not self._leaving.is_set():
            why = self._why(ended=True)
            self._lost(f"the broker at {self._broker} took nobody in{f': {why}' if why else ''}")

    def _on_message(self, client: Client, data: Any, message: MQTTMessage) -> None:
        self._post(
            Message(message.topic, bytes(message.payload), self._now(), self._connection, message.mid, message.qos)
        )

    def _on_publish(self, client: Client, data: Any, mid: int, code: ReasonCode, properties: Any) -> None:
        self._post(Sent(mid, taken=not code.is_failure and code.value != _NO_SUBSCRIBER))

    def _lost(self, problem: str) -> None:
        with self._lock:
            self._taken_in = False
        self._post(Disconnected(problem))


def _send_at_once(client: Client, data: Any, connection: Any) -> None:
    """Small packets must not wait 40 ms for the acknowledgement of the ones before (Nagle's algorithm)."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
