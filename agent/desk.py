"""What every part needs that judges signed objects and accepts them: one value instead of six arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.clockwatch import ClockWatch
from agent.keys import Keys
from agent.outbox import Outbox
from agent.refusals import Refusals
from agent.store import Store


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

    def take_keys(self, envelope: bytes) -> bool:
        """Put a newer key set in force, by whichever way it came; whether one was. Raises trust.Refusal."""
        changed = self.keys.take(envelope, self.clock.instant())
        if changed is None:
            return False
        self.clock.saw(changed.issued)
        self.refusals.accepted("keys")
        return True
