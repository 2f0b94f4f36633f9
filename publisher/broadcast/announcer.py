"""What goes out over the one connection, and when the broker took it.

Whatever is announced here is in the database first and is announced again at the next connection, so that what finds
no connection now is simply let go.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from publisher.broadcast import delivery
from publisher.broadcast.commands import CommandMessage
from publisher.broadcast.link import Acknowledged, Link
from publisher.broadcast.playlists import Message

log = logging.getLogger(__name__)


class Announcer:
    """Publishes through `link` while it is connected. For one thread; `clock` gives aware UTC."""

    def __init__(self, link: Link, clock: Callable[[], datetime]) -> None:
        self._link = link
        self._clock = clock
        self._connected = False
        self._on_way: dict[int, tuple[Message, datetime]] = {}  # by mid, and when it went out

    def connected(self) -> None:
        """A new connection numbers its messages anew."""
        self._connected = True
        self._on_way.clear()

    def disconnected(self) -> None:
        self._connected = False

    def announce(self, messages: Iterable[Message]) -> None:
        """Send retained messages, if there is a connection."""
        if not self._connected:
            return
        for message in messages:
            sent = self._clock()
            mid = self._link.publish(message.topic, message.payload, retain=True, expiry_s=message.expiry_s)
            if message.screen or message.expiry_s is not None:
                self._on_way[mid] = (message, sent)

    def command(self, message: CommandMessage) -> None:
        """Send a command, if there is a connection."""
        if self._connected:
            self._link.publish(
                message.topic,
                message.payload,
                retain=False,
                expiry_s=message.expiry_s,
                ResponseTopic=message.response_topic,
                CorrelationData=message.correlation,
            )

    def acknowledged(self, event: Acknowledged) -> None:
        """It was announced when it went out: a screen may have it before the broker's word is back here."""
        if event.mid not in self._on_way:
            return
        message, sent = self._on_way.pop(event.mid)
        if not event.ok:
            log.error("The broker refuses %s", message.topic)
        elif message.screen:
            delivery.note_announced(message.screen, message.seq, sent)
        else:
            delivery.note_alert_announced(message.topic.rpartition("/")[2], sent)
