"""A desk with everything on it real, and a clock that a test may set."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.clockwatch import ClockWatch
from agent.desk import Desk
from agent.keys import Keys
from agent.outbox import Outbox
from agent.refusals import Refusals
from agent.store import Store
from player import wire
from player.model import Event, Reply
from tests.agent.signer import SCREEN, Signer


@dataclass
class Bench:
    """The desk, who signs for it, and what it has sent and refused."""

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
