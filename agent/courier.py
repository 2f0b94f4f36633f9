"""Carries the outbox to the broker: a few rows at a time, each until the broker has it in safe hands.

A broker that lost its memory has also lost the publisher's session, and throws away what nobody
subscribes to, but it says so: such a row is kept and tried again. What it lost without knowing is
sent again at the next connection (see `outbox`).
"""

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
        self._resting = False

    def carry(self) -> None:
        """Send what waits, as far as there is room."""
        room = IN_FLIGHT - len(self._on_the_way)
        if room <= 0 or self._resting or not self._link.connected:
            return
        under_way = set(self._on_the_way.values())
        for row in self._outbox.waiting(self._last, room + len(under_way)):
            if row.id in under_way:
                continue
            mid = self._link.publish("", row.payload, topic=row.topic)
            if mid is None:
                return
            self._on_the_way[mid] = row.id
            self._last = max(self._last, row.id)
            if len(self._on_the_way) >= IN_FLIGHT:
                return

    def sent(self, mid: int, taken: bool) -> None:
        """The broker answered; rows are not forgotten before somebody has taken them."""
        row_id = self._on_the_way.pop(mid, None)
        if row_id is None:
            return
        if taken:
            self._outbox.delivered(row_id)
        else:
            self._last = min(self._last, row_id - 1)
            self._resting = True
        self.carry()

    def connected(self) -> None:
        """The broker is there again, though perhaps not with all that it had taken."""
        self._outbox.recall()
        self._last = 0
        self.again()

    def again(self) -> None:
        """Try once more what nobody took."""
        self._resting = False
        self.carry()
