"""What the screen would not obey: told to the publisher without letting an attacker fill the disk or the line.

Every refusal counts in health; the first of each kind and reason goes up as an event, and again
at most every ten minutes while it goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from agent.outbox import Outbox
from agent.trust import Refusal
from player.model import Refused

log = logging.getLogger(__name__)

QUIET: Final = timedelta(minutes=10)


class Refusals:
    """Counts refusals and reports them through `outbox`."""

    def __init__(self, outbox: Outbox, now: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._now = now
        self._told: dict[tuple[str, str], datetime] = {}
        self._total = 0
        self._last = ""
        self._alarms: dict[str, datetime] = {}

    def note(self, refusal: Refusal) -> None:
        """One object was refused."""
        now = self._now()
        self._total += 1
        self._last = str(refusal)
        if refusal.alarm:
            self._alarms[f"{refusal.kind}-{refusal.reason}"] = now
        key = (refusal.kind, refusal.reason)
        if key not in self._told or abs(now - self._told[key]) >= QUIET:
            self._told[key] = now
            log.warning("refused %s", refusal)
            self._outbox.put_event(now, Refused(refusal.kind, refusal.reason, refusal.detail[:500]))

    def accepted(self, kind: str) -> None:
        """An object of `kind` was accepted: the next refusal is news again."""
        for key in [key for key in self._told if key[0] == kind]:
            del self._told[key]

    def figures(self) -> dict[str, Any]:
        return {"refused": self._total, "refused_last": self._last}

    def alarms(self) -> list[str]:
        """The kinds of foul play seen in the last day."""
        limit = self._now() - timedelta(days=1)
        return sorted(name for name, at in self._alarms.items() if at >= limit)
