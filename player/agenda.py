"""What is owed to be read aloud: by the schedule, at a debut, and an emergency from when it is here.

Each is owed once, however often the agent commits and whenever this process was started; a clock that was set
makes nothing up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from player import announce
from player.announce import Announcement, Occasion
from player.model import Alert, Clock, ClockQuality
from player.store import ClipKey, Snapshot
from player.timeline import live_alerts

AHEAD: Final = timedelta(seconds=60)
JUMP: Final = timedelta(minutes=2)  # a wall clock that moved further was set
DEBUT_WAITS: Final = timedelta(minutes=10)  # how long the clip of a debut may be late


@dataclass(frozen=True, slots=True)
class Reading:
    """One text in one language, and why it is read."""

    key: ClipKey
    occasion: Occasion
    due: datetime

    @property
    def what(self) -> tuple[str, int]:
        """Item and revision, in whichever language."""
        return self.key[:2]

    @property
    def urgent(self) -> bool:
        return self.occasion is Occasion.ALERT


class Agenda:
    """`queue` has what is due and was not read yet, the longest due first.

    `spoken` is what an earlier run read in the past day. `sounding` is everywhere what is being read, which is
    not owed beside that.
    """

    def __init__(self, spoken: Iterable[tuple[str, int]]) -> None:
        self.queue: deque[Reading] = deque()
        self.mark: datetime | None = None  # the latest instant that was looked at; None before the first
        self._sounded = set(spoken)  # (id, revision) whose first sounding is owed no more
        self._planned_until: datetime | None = None
        self._planned: deque[Announcement] = deque()
        self._snapshot = Snapshot()
        self._clock = Clock(ClockQuality.UNKNOWN)
        self._known: set[tuple[str, int]] | None = None
        self._fresh: set[str] = set()  # alerts that came in this run

    def take(self, snapshot: Snapshot, clock: Clock, now: datetime, sounding: ClipKey | None) -> None:
        """The agent committed something: what is due is worked out anew."""
        self._snapshot, self._clock = snapshot, clock
        marks = {(alert.id, alert.seq) for alert in snapshot.alerts}
        if self._known is not None:
            self._fresh |= {name for name, _ in marks - self._known}
        self._known = (self._known or set()) | marks
        self._planned_until = None
        self._owe_emergencies(now)
        self._owe_debuts(now, sounding)

    def tick(self, now: datetime, sounding: ClipKey | None) -> bool:
        """Queues what has come due; True if the clock was set since the last time, or there was none."""
        mark = self.mark
        if mark is None or abs(now - mark) > JUMP:
            mark, self._planned_until = now, None
        was_set, self.mark = mark != self.mark, mark
        if self._planned_until is None or now >= self._planned_until:
            self._plan(mark, now)
        while self._planned and self._planned[0].at <= now:
            self._enqueue(self._planned.popleft(), sounding)
        self.mark = max(mark, now)
        return was_set

    def next_s(self, now: datetime) -> float:
        """Seconds until `tick` has something to queue."""
        due = self._planned[0].at if self._planned else now + AHEAD
        return max(0.0, (due - now).total_seconds())

    def owe(self, reading: Reading) -> None:
        """Beside what is queued already, if it is not."""
        if all(queued.key != reading.key for queued in self.queue):
            self.queue.append(reading)

    def on_air(self, now: datetime) -> tuple[Alert, ...]:
        """The emergencies that may be heard at `now`."""
        live = live_alerts(self._snapshot.alerts)
        return tuple(alert for alert in live if not self._trusted or now < alert.expires)

    def held(self, now: datetime) -> set[tuple[str, int]]:
        """All that may be read by now: what is on air or in the playlist."""
        playlist = self._snapshot.playlist
        held = {(alert.id, alert.revision) for alert in self.on_air(now)}
        return held | ({(item.id, item.revision) for item in playlist.items} if playlist is not None else set())

    def keep(self, held: Collection[tuple[str, int]]) -> None:
        """Nothing else is owed any more."""
        self.queue = deque(reading for reading in self.queue if reading.what in held)

    @property
    def _trusted(self) -> bool:
        return self._clock.quality is ClockQuality.TRUSTED

    def _plan(self, after: datetime, now: datetime) -> None:
        snapshot = self._snapshot
        self._planned_until = now + AHEAD
        self._planned = deque(
            announce.due(
                snapshot.playlist, snapshot.alerts, self._clock, after, self._planned_until,
                stopped=snapshot.stopped, fresh=self._fresh,
            )
        )  # fmt: skip

    def _enqueue(self, due: Announcement, sounding: ClipKey | None) -> None:
        if due.kind is Occasion.ALERT and due.nth == 1:
            return  # the first sounding is owed from when the alert is here, see _owe_emergencies
        if due.kind is Occasion.DEBUT:
            if (due.item, due.revision) in self._sounded:
                return
            self._sounded.add((due.item, due.revision))
        for lang in due.langs:
            reading = Reading((due.item, due.revision, lang), due.kind, due.at)
            if reading.key != sounding:
                self.owe(reading)

    def _owe_emergencies(self, now: datetime) -> None:
        for alert in self.on_air(now):
            heard = (alert.id, alert.revision) in self._sounded
            if heard or self._snapshot.stopped or (not self._trusted and alert.id not in self._fresh):
                continue
            self._sounded.add((alert.id, alert.revision))
            for lang in announce.spoken_langs(alert.versions):
                self.queue.append(Reading((alert.id, alert.revision, lang), Occasion.ALERT, now))

    def _owe_debuts(self, now: datetime, sounding: ClipKey | None) -> None:
        """A debut is the instant of approval, so it has always passed by the time its playlist is here."""
        for due in announce.due(
            self._snapshot.playlist, (), self._clock, now - DEBUT_WAITS, now, stopped=self._snapshot.stopped
        ):
            if due.kind is Occasion.DEBUT:
                self._enqueue(due, sounding)
