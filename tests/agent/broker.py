"""A real Mosquitto on loopback, and the publisher's own connection to it."""

from __future__ import annotations

import socket
import subprocess
import threading
from pathlib import Path
from typing import TypeVar, cast

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from player import wire
from player.model import Value
from tests.agent.signer import SCREEN
from tests.mosquitto import Mosquitto
from tests.waiting import DEADLINE_S

V = TypeVar("V", bound=Value)


class Broker(Mosquitto):
    """A real Mosquitto with the access rules of production: everyone only at their own topics. It has begun."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "acl_file acl\npassword_file passwd\n")
        (folder / "acl").write_text(
            "user publisher\ntopic readwrite bangtin/v1/#\n\n"
            f"user {SCREEN}\ntopic read bangtin/v1/group/+/down/alert/+\n\n"
            "pattern read bangtin/v1/screen/%u/down/#\npattern write bangtin/v1/screen/%u/up/+\n"
        )
        users = {"publisher": "p", SCREEN: "geheim", "s-other1": "o"}
        (folder / "passwd").write_text("")
        for user, password in users.items():
            subprocess.run(["mosquitto_passwd", "-b", str(folder / "passwd"), user, password], check=True)
        self.start()


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
