"""Carries the outbox to the broker: a few rows at a time, each until the broker has it."""

from __future__ import annotations

from typing import Final, Protocol

from agent.outbox import Outbox

IN_FLIGHT: Final = 20


class Line(Protocol):
    """What the courier needs of the link."""

    @property
    def connected(self) -> bool: ...

    def publish(self, leaf: str, payload: bytes, retain: bool = False, topic: str = "") -> int | None: ...


class Courier:
    """Knows which rows are on their way. paho repeats those by itself after a reconnection."""

    def __init__(self, outbox: Outbox, link: Line) -> None:
        self._outbox = outbox
        self._link = link
        self._on_the_way: dict[int, int] = {}  # mid → row
        self._last = 0

    def carry(self) -> None:
        """Send what waits, as far as there is room."""
        room = IN_FLIGHT - len(self._on_the_way)
        if room <= 0 or not self._link.connected:
            return
        for row in self._outbox.waiting(self._last, room):
            mid = self._link.publish("", row.payload, topic=row.topic)
            if mid is None:
                return
            self._on_the_way[mid] = row.id
            self._last = row.id

    def sent(self, mid: int) -> None:
        """The broker has a message; rows are not forgotten before this."""
        row_id = self._on_the_way.pop(mid, None)
        if row_id is not None:
            self._outbox.delivered(row_id)
            self.carry()
