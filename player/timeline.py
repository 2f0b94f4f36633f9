"""What shows when: a function of the playlist, the alerts, the quality of the clock and the instant.

Rules, most urgent first; the first that has something to show wins:
 1. stopped: blank, whatever else holds.
 2. emergencies on air take turns, the newest first, from the newest one's own beginning.
 3. power off, or outside the opening hours: blank.
 4. a bulletin making its debut has the panel at once and for one dwell; the newest wins, and an
    older one that is not through goes on where it would be by then.
 5. a showing promised to an item that is to be seen so many times a day (see `showings`).
 6. the loop: all priority items by rank before every three routine ones, each routine item in its turn.
    Where it stands follows from the playlist and the instant alone (see `day`), so that screens agree
    without talking. It waits while 3, 4 or 5 have the panel, and goes on beneath an emergency.
 7. the always-items, in a loop anchored at unix time.
 8. the built-in slate.

What is on air depends on the clock; `airtime` says how. Without a trusted clock there are no hours, no
debuts and no promises, and an alert stays until it had run out at the floor. The issue of a signed
object that was accepted proves that it is at least that late, so it lifts the floor. An alert has no
planned start: it is on air from when it is here, so that a slow clock cannot hold it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from player.model import Alert, Clock, ClockQuality, Desired, Item, Playlist, alert_item
from player.schedule import day, spans
from player.schedule.airtime import SECOND_US, Airtime, in_windows, instant, micros
from player.schedule.day import Day, Stretch
from player.schedule.hours import DAY_S, Hours, zone_named
from player.schedule.rotation import Cast, Row, dwell_us
from player.schedule.spans import FAR, Spans

__all__ = ["Kind", "Programme", "Slot", "at", "dwell_s", "effective", "in_windows", "lifted_floor", "live_alerts"]

HOME_ZONE: Final = "Asia/Ho_Chi_Minh"
IDLE_US: Final = 3600 * SECOND_US  # the slate and the blank panel are cut at the full hour, to have an end
FLOOR_HOLDS_S: Final = 72 * 3600.0
SKEW: Final = timedelta(minutes=5)  # how far the publisher's clock may run ahead of a screen's


class Kind(StrEnum):
    ALERT = "alert"
    DEBUT = "debut"
    ITEM = "item"
    ALWAYS = "always"
    SLATE = "slate"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Slot:
    """One stretch, start <= t < end, in which one thing shows. The same for every instant in it.

    `offset_s` is how much of the item's dwell had passed at `start`: more than 0 only where
    something cut off its beginning.
    """

    kind: Kind
    item: Item | None
    start: datetime
    end: datetime
    offset_s: float = 0.0

    def position_s(self, now: datetime) -> float:
        """Seconds into the item's dwell at `now`."""
        return self.offset_s + (now - self.start).total_seconds()


def dwell_s(item: Item) -> float:
    """How long one turn of `item` lasts."""
    return dwell_us(item) / SECOND_US


def at(
    playlist: Playlist | None, alerts: Iterable[Alert], clock: Clock, now: datetime, *, stopped: bool = False
) -> Slot:
    """What shows at `now` (aware). For many instants make one `Programme` and ask that."""
    return Programme(playlist, alerts, clock, stopped=stopped).at(now)


def upcoming(
    playlist: Playlist | None,
    alerts: Iterable[Alert],
    clock: Clock,
    now: datetime,
    count: int,
    *,
    stopped: bool = False,
) -> tuple[Slot, ...]:
    """The slot at `now` and the ones after it, `count` in all."""
    return Programme(playlist, alerts, clock, stopped=stopped).upcoming(now, count)


def lifted_floor(playlist: Playlist | None, alerts: Iterable[Alert], clock: Clock) -> datetime | None:
    """The earliest it can be: the clock's own floor, or the issue of a later object that was accepted."""
    known = [alert.issued for alert in alerts]
    known += [playlist.issued] if playlist is not None else []
    known += [clock.floor] if clock.floor is not None else []
    return max(known, default=None)


def effective(clock: Clock, floor: datetime | None, now: datetime, running_s: float) -> Clock:
    """The clock as it may be believed at `now`, `running_s` seconds after the machine was started.

    A wall clock that stands before `floor` is wrong whatever was said of it, and a floor that
    nobody replaced by the time is worth something for 72 hours.
    """
    behind = floor is not None and now < floor - SKEW
    stale = clock.quality is ClockQuality.FLOOR and running_s > FLOOR_HOLDS_S
    return Clock(ClockQuality.UNKNOWN, clock.floor) if behind or stale else clock


def live_alerts(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """The newest object of each alert, ended ones left out, newest first. One alert may have come by several groups."""
    newest: dict[str, Alert] = {}
    for alert in alerts:
        if alert.id not in newest or alert.seq > newest[alert.id].seq:
            newest[alert.id] = alert
    live = (alert for alert in newest.values() if not alert.ended and alert.versions)
    return tuple(sorted(live, key=lambda alert: (alert.issued, alert.seq, alert.id), reverse=True))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch in which one thing shows, in microseconds; its turn began, or would have, at `since_us`."""

    kind: Kind
    item: Item | None
    start_us: int
    end_us: int
    since_us: int

    def goes_on(self, later: _Piece) -> bool:
        """Whether `later` is the same turn of the same item: what changed between them did not concern it."""
        same = self.kind is later.kind and self.item is later.item and self.since_us == later.since_us
        return same and self.end_us == later.start_us

    def and_then(self, later: _Piece) -> _Piece:
        return _Piece(self.kind, self.item, self.start_us, later.end_us, self.since_us)

    def slot(self) -> Slot:
        offset_s = (self.start_us - self.since_us) / SECOND_US if self.item is not None else 0.0
        return Slot(self.kind, self.item, instant(self.start_us), instant(self.end_us), offset_s)


class _Scene:
    """What there is to show in one stretch of the day; `start_us` and `end_us` are further cut by the alerts."""

    def __init__(self, stretch: Stretch, items: Sequence[Item], alerts: Sequence[Alert], issued_us: int) -> None:
        self._stretch, self._items = stretch, items
        self._emergencies = Row([*map(alert_item, alerts), *(items[number] for number in stretch.emergencies)])
        self._anchor_us = micros(alerts[0].issued) if alerts else issued_us
        self._always = Row([items[number] for number in stretch.always])

    def piece(self, us: int) -> _Piece:
        """The piece that holds the instant, not yet cut to the stretch."""
        stretch = self._stretch
        if self._emergencies:
            return _turn(Kind.ALERT, self._emergencies, us, self._anchor_us)
        if not stretch.opened:
            return _idle(Kind.BLANK, us)
        if (showing := stretch.showing) is not None:
            kind = Kind.DEBUT if showing.debut else Kind.ITEM
            return _Piece(kind, self._items[showing.number], showing.start_us, showing.end_us, showing.since_us)
        if stretch.loop:
            return self._loop(us)
        if self._always:
            return _turn(Kind.ALWAYS, self._always, us, 0)
        return _idle(Kind.SLATE, us)

    def _loop(self, us: int) -> _Piece:
        loop = self._stretch.loop
        shift = self._stretch.start_us - loop.start_us
        turn = loop.turn(us - shift)
        return _Piece(Kind.ITEM, turn.item, turn.start_us + shift, turn.end_us + shift, turn.start_us + shift)


def _turn(kind: Kind, row: Row, us: int, anchor_us: int) -> _Piece:
    position = (us - anchor_us) % row.length_us
    turn = row.turn(position)
    start = us - position + turn.start_us
    return _Piece(kind, turn.item, start, us - position + turn.end_us, start)


def _idle(kind: Kind, us: int) -> _Piece:
    hour = us - us % IDLE_US
    return _Piece(kind, None, hour, hour + IDLE_US, hour)


class Programme:
    """The time line of one playlist and one set of alerts, worked out as far as no instant is needed.

    What it answers never changes; within a slot `at` costs a microsecond, and between two changes of
    what is on air a few.
    """

    def __init__(
        self,
        playlist: Playlist | None,
        alerts: Iterable[Alert] = (),
        clock: Clock | None = None,
        *,
        stopped: bool = False,
    ) -> None:
        self._stopped = stopped
        self._items = playlist.items if playlist is not None else ()
        self._cast = Cast(self._items)
        self._issued_us = micros(playlist.issued) if playlist is not None else 0
        clock = clock or Clock(ClockQuality.TRUSTED)
        self._trusted = clock.quality is ClockQuality.TRUSTED
        alerts = tuple(alerts)
        self._floor = lifted_floor(playlist, alerts, clock)
        self._live = live_alerts(alerts)
        self._zone = zone_named(playlist.unit.zone if playlist is not None else HOME_ZONE)
        self._airtime = Airtime(self._items, self._zone, clock, self._floor)
        self._desired = playlist.desired if playlist is not None else Desired()
        self._day: Day | None = None
        self._scene: tuple[int, int, _Scene] | None = None
        self._slot: Slot | None = None

    def at(self, now: datetime) -> Slot:
        """The slot that holds `now`, an aware instant."""
        if self._slot is None or not self._slot.start <= now < self._slot.end:
            self._slot = self._whole(self._piece_at(micros(now))).slot()
        return self._slot

    def upcoming(self, now: datetime, count: int) -> tuple[Slot, ...]:
        """The slot at `now` and the ones after it, `count` in all; they meet without a gap."""
        return tuple(slot for slot, _ in zip(self.slots(now), range(count), strict=False))

    def slots(self, start: datetime) -> Iterator[Slot]:
        """The slot at `start` and every one after it, for ever."""
        while True:
            slot = self.at(start)
            yield slot
            start = slot.end

    def on_air(self, now: datetime) -> tuple[Item, ...]:
        """All that may show at `now`, whosever turn it is: emergencies first, then in the playlist's order."""
        us = micros(now)
        second_us = us - us % SECOND_US
        air = self._airtime.spans(second_us, second_us + SECOND_US)
        items = (item for item, on in zip(self._items, air, strict=True) if spans.holds(on, us))
        return (*map(alert_item, self._alerts_at(us)[0]), *items)

    # --- pieces -----------------------------------------------------------------------------------------------------

    def _whole(self, piece: _Piece) -> _Piece:
        """`piece` together with those before and after it in which its turn goes on."""
        item = piece.item
        if item is None:
            return piece
        while piece.start_us > piece.since_us and (before := self._piece_at(piece.start_us - 1)).goes_on(piece):
            piece = before.and_then(piece)
        end_us = piece.since_us + dwell_us(item)
        while piece.end_us < end_us and piece.goes_on(after := self._piece_at(piece.end_us)):
            piece = piece.and_then(after)
        return piece

    def _piece_at(self, us: int) -> _Piece:
        if self._stopped:
            return _idle(Kind.BLANK, us)
        start_us, end_us, scene = self._scene_at(us)
        piece = scene.piece(us)
        start, end = max(start_us, piece.start_us), min(end_us, piece.end_us)
        return _Piece(piece.kind, piece.item, start, end, piece.since_us)

    def _scene_at(self, us: int) -> tuple[int, int, _Scene]:
        if self._scene is None or not self._scene[0] <= us < self._scene[1]:
            stretch = self._day_at(us).stretch(us)
            alerts, start_us, end_us = self._alerts_at(us)
            scene = _Scene(stretch, self._items, alerts, self._issued_us)
            self._scene = max(stretch.start_us, start_us), min(stretch.end_us, end_us), scene
        return self._scene

    def _day_at(self, us: int) -> Day:
        if self._day is None or not self._day.holds(us):
            self._day = None  # goes before the next one is made
            opening = self._opening(us)
            self._day = day.plan(
                self._cast, self._airtime, opening, zone=self._zone, us=us, trusted=self._trusted
            )  # fmt: skip
        return self._day

    def _opening(self, us: int) -> Spans:
        """When the panel is open, in the days around the instant."""
        if not self._desired.power:
            return ()
        if not (self._trusted and self._desired.opening):
            return ((-FAR, FAR),)
        second = us // SECOND_US
        open_s = Hours(self._desired.opening, self._zone).spans(second - 2 * DAY_S, second + 2 * DAY_S)
        return tuple((start * SECOND_US, end * SECOND_US) for start, end in open_s)

    def _alerts_at(self, us: int) -> tuple[tuple[Alert, ...], int, int]:
        """The alerts on air, and the stretch in which they are the same."""
        moment = us if self._trusted else micros(self._floor) if self._floor is not None else -FAR
        on = tuple(alert for alert in self._live if moment < micros(alert.expires))
        if not self._trusted:
            return on, -FAR, FAR
        edges = [micros(alert.expires) for alert in self._live]
        return (
            on,
            max((edge for edge in edges if edge <= us), default=-FAR),
            min((edge for edge in edges if edge > us), default=FAR),
        )
