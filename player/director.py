"""Says what should stand on the panel at an instant: by the time line, by command, or instead of what is broken."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from player import timeline
from player.aim import Aim, Aimer, unit_of
from player.dimming import scheduled_pct
from player.model import Clock, ClockQuality
from player.schedule.hours import zone_named
from player.show import Show
from player.store import Snapshot
from player.timeline import Kind, Programme, Slot

Broken = Callable[[Show, float], bool]
UNSET: Final = Clock(ClockQuality.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Override:
    """A picture by command, until the steady clock says so."""

    layout: str
    until_s: float


class Director:
    """`broken(show, monotonic_s)` says that a show failed to be prepared and is to be passed over.

    `declared` says that the settings vouch for this machine's clock, so that nobody else need do so.
    """

    def __init__(self, aimer: Aimer, broken: Broken, *, declared: bool = False) -> None:
        self._aimer = aimer
        self._broken = broken
        self._declared = declared
        self._floor: datetime | None = None
        self._snapshot = Snapshot()
        self._programme = Programme(None, (), UNSET)
        self._zone = zone_named(unit_of(self._snapshot).zone)
        self._slot: Slot | None = None
        self._aim: Aim | None = None
        self._override: _Override | None = None
        self._commanded: Aim | None = None  # what the override shows in this slot
        self.clock = UNSET

    def take(self, snapshot: Snapshot, now: datetime, running_s: float) -> bool:
        """A new snapshot, or the same one under a clock that is to be believed more or less than before.

        True if another state of the screen is desired than until now.
        """
        before, self._snapshot = self._snapshot.playlist, snapshot
        self._floor = timeline.lifted_floor(snapshot.playlist, snapshot.alerts, snapshot.clock)
        self.clock = self._believed(now, running_s)
        self._programme = Programme(None)  # the old plan goes before the new one is made: a big playlist's is big
        self._programme = Programme(snapshot.playlist, snapshot.alerts, self.clock, stopped=snapshot.stopped)
        self._zone = zone_named(unit_of(snapshot).zone)
        self._slot = self._aim = self._commanded = None
        after = snapshot.playlist
        return (before.desired if before else None) != (after.desired if after else None)

    def brightness_pct(self, now: datetime) -> int | None:
        """What the unit's schedule asks for; None without a playlist."""
        playlist = self._snapshot.playlist
        if playlist is None:
            return None
        return scheduled_pct(playlist.desired, self._zone, now if self.believes() else None)

    def believes(self) -> bool:
        """Whether the wall clock is held to be right."""
        return self.clock.quality is ClockQuality.TRUSTED

    def outgrown(self, now: datetime, running_s: float) -> bool:
        """Whether the clock is to be believed otherwise than at `take`, though nobody committed anything."""
        return self._believed(now, running_s).quality is not self.clock.quality

    def command(self, layout: str, until_s: float) -> bool:
        """Shows "identify" or "test-pattern" until then; False while the emergency stop or an emergency holds."""
        if self._snapshot.stopped or (self._slot is not None and self._slot.kind is Kind.ALERT):
            return False
        self._override, self._commanded = _Override(layout, until_s), None
        return True

    def wanted(self, now: datetime, monotonic_s: float) -> Aim:
        """What should stand there; the same object as long as slot and picture are the same."""
        if self._slot is None or not self._slot.start <= now < self._slot.end:
            self._slot, self._aim, self._commanded = self._programme.at(now), None, None
        override = self._standing(self._slot, monotonic_s)
        if override is not None:
            self._commanded = self._commanded or self._aimer.command(self._snapshot, override.layout, self._slot)
            return self._commanded
        if self._aim is None:
            self._aim = self._aimer.aim(self._snapshot, self._slot)
        if self._aim.show is not None and self._broken(self._aim.show, monotonic_s):
            self._aim = self._stand_in(self._slot, monotonic_s)
        return self._aim

    def next_aims(self, now: datetime, count: int) -> tuple[Aim, ...]:
        """What the slots after this one ask for, as far as anyone can know now."""
        slots = self._programme.upcoming(now, count + 1)[1:]
        return tuple(self._aimer.aim(self._snapshot, slot) for slot in slots)

    def slate(self) -> Show:
        return self._aimer.slate(self._snapshot)

    def time_text(self, now: datetime) -> str:
        """The figures of the clock; none while the clock is not to be believed."""
        return now.astimezone(self._zone).strftime("%H:%M") if self.believes() else ""

    def day(self, now: datetime) -> date | None:
        """The day by the unit's wall clock; none while that is not to be believed."""
        return now.astimezone(self._zone).date() if self.believes() else None

    def health(self) -> dict[str, Any]:
        """The playlist that is shown: its number and how many items it has; 0 and none where there is none yet."""
        playlist = self._snapshot.playlist
        return {"seq": playlist.seq, "items": len(playlist.items)} if playlist is not None else {"seq": 0, "items": 0}

    def override_s(self, monotonic_s: float) -> float:
        """Seconds until the picture by command goes; infinity if there is none."""
        return math.inf if self._override is None else max(0.0, self._override.until_s - monotonic_s)

    def _believed(self, now: datetime, running_s: float) -> Clock:
        if self._declared:
            return Clock(ClockQuality.TRUSTED)
        return timeline.effective(self._snapshot.clock, self._floor, now, running_s)

    def _standing(self, slot: Slot, monotonic_s: float) -> _Override | None:
        """The picture by command, if there is one; an emergency and the emergency stop go before it, and end it."""
        override = self._override
        if override is not None and (
            monotonic_s >= override.until_s or slot.kind is Kind.ALERT or self._snapshot.stopped
        ):
            self._override = None
        return self._override

    def _stand_in(self, slot: Slot, monotonic_s: float) -> Aim:
        return self._aimer.stand_in(self._snapshot, self._programme, slot, lambda show: self._broken(show, monotonic_s))
