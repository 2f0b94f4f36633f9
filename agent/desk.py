"""What every part needs that judges signed objects and accepts them: one value instead of six arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from agent.clockwatch import ClockWatch
from agent.keys import Keys
from agent.outbox import Outbox
from agent.refusals import Refusals
from agent.store import Store
from agent.trust import Refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """This screen's id and stores, its keys, and the clock it judges by. All of it belongs to the main loop."""

    screen: str
    store: Store
    outbox: Outbox
    keys: Keys
    clock: ClockWatch
    refusals: Refusals
    now: Callable[[], datetime]

    def judged(self, judge: Callable[[], T | None]) -> T | None:
        """What `judge` believes; None if that is here already, or if it refuses, which is noted."""
        try:
            return judge()
        except Refusal as exc:
            self.refusals.note(exc)
            return None

    def accepted(self, kind: str, issued: datetime) -> None:
        """A signed object was put in force: it cannot be earlier than that, and the next refusal is news again."""
        self.clock.saw(issued)
        self.refusals.accepted(kind)

    def take_keys(self, envelope: bytes) -> bool:
        """Put a newer key set in force, by whichever way it came; whether one was. Raises trust.Refusal."""
        changed = self.keys.take(envelope, self.clock.instant())
        if changed is not None:
            self.accepted("keys", changed.issued)
        return changed is not None
