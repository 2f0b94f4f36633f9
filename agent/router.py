"""Takes each message that comes in to the part it concerns, and acknowledges it when that part is done with it.

A message that makes this program stumble is set aside with an alarm: it is retained at the broker
and would otherwise come back after every restart.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

from agent import trust
from agent.alerts import Alerts, parse_topic
from agent.commands import Commands
from agent.desk import Desk
from agent.events import Message
from agent.playlists import Playlists
from player.wire import screen_down

log = logging.getLogger(__name__)


class Router:
    """`acknowledge(message)` lets the broker forget; `keys_changed()` asks it for everything retained again."""

    def __init__(
        self,
        desk: Desk,
        playlists: Playlists,
        alerts: Alerts,
        commands: Commands,
        *,
        acknowledge: Callable[[Message], None],
        keys_changed: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._playlists = playlists
        self._alerts = alerts
        self._commands = commands
        self._acknowledge = acknowledge
        self._keys_changed = keys_changed
        self._by_topic: dict[str, Callable[[Message], None]] = {
            screen_down(desk.screen, "desired"): self._desired,
            screen_down(desk.screen, "command"): self._command,
            screen_down(desk.screen, "keys"): self._key_set,
        }

    def take(self, message: Message) -> None:
        """Deal with one message."""
        try:
            self._by_topic.get(message.topic, self._other)(message)
        except (sqlite3.Error, OSError):
            raise  # the disk, not the message: the process ends, and the broker repeats it to the next
        except Exception as exc:
            log.exception("message on %s made the agent stumble", message.topic)
            self._desk.refusals.note(trust.Refusal("message", "internal", f"{message.topic}: {exc!r}", alarm=True))
            self._acknowledge(message)

    def _desired(self, message: Message) -> None:
        if not message.payload:  # a cleared topic takes nothing back
            self._acknowledge(message)
            return
        self._playlists.announce(message.payload, message.received, settled=lambda: self._acknowledge(message))

    def _command(self, message: Message) -> None:
        if message.payload:
            self._commands.take(message.payload)
        self._acknowledge(message)

    def _key_set(self, message: Message) -> None:
        changed = bool(message.payload) and self._desk.judged(lambda: self._desk.take_keys(message.payload))
        self._acknowledge(message)
        if changed:
            self._keys_changed()

    def _other(self, message: Message) -> None:
        topic = parse_topic(message.topic)
        if topic is None:
            self._desk.refusals.note(trust.Refusal("message", "topic", f"nothing is expected on {message.topic}"))
        else:
            self._alerts.take(topic, message.payload, message.received, self._playlists.groups)
        self._acknowledge(message)
