"""What shows when: a function of the playlist, the alerts, the quality of the clock and the instant.

Rules, most urgent first; the first that has something to show wins:
 1. stopped: blank, whatever else holds.
 2. emergencies on air take turns, the newest first, from the newest one's own beginning.
 3. power off, or outside the opening hours: blank.
 4. a bulletin making its debut has the panel at once and for one dwell; the newest wins, and an
    older one that is not through goes on where it would be by then.
 5. the loop: position = unix time modulo its length, so that screens agree without talking.
 6. the always-items, in a loop of their own.
 7. the built-in slate.

What is on air depends on the clock. `trusted`: windows and parts of the day by `now`. `floor`: what
was on air at the floor, parts of the day ignored. `unknown`: undated items, and alerts that had
not run out at the floor. The issue of a signed object that was accepted proves that it is at
least that late, so it lifts the floor. An alert has no planned start: it is on air from when it is
here, so that a slow clock cannot hold it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from player.hours import Hours, neighbours, zone_named
from player.model import Alert, Clock, ClockQuality, Desired, Item, Playlist, Priority, alert_item
from player.rotation import SECOND_US, Rotation, dwell_us

HOME_ZONE: Final = "Asia/Ho_Chi_Minh"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
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


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def instant(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


@dataclass(frozen=True, slots=True)
class _Epoch:
    """A stretch in which nothing comes on or goes off air. Open sides are None."""

    start_us: int | None
    end_us: int | None
    emergencies: Rotation
    anchor_us: int  # where the turns of the emergencies are counted from
    closed: bool
    debut: Item | None
    debut_us: int
    loop: Rotation
    always: Rotation

    def holds(self, us: int) -> bool:
        return (self.start_us is None or self.start_us <= us) and (self.end_us is None or us < self.end_us)

    def slot(self, us: int) -> Slot:
        if self.emergencies:
            return self._turn(Kind.ALERT, self.emergencies, us, self.anchor_us)
        if self.closed:
            return self._idle(Kind.BLANK, us)
        if self.debut is not None:
            return self._cut(Kind.DEBUT, self.debut, self.debut_us, self.debut_us + dwell_us(self.debut))
        if self.loop:
            return self._turn(Kind.ITEM, self.loop, us, 0)
        if self.always:
            return self._turn(Kind.ALWAYS, self.always, us, 0)
        return self._idle(Kind.SLATE, us)

    def _turn(self, kind: Kind, rotation: Rotation, us: int, anchor_us: int) -> Slot:
        position = (us - anchor_us) % rotation.length_us
        turn = rotation.turn(position)
        lap = us - position
        return self._cut(kind, turn.item, lap + turn.start_us, lap + turn.end_us)

    def _idle(self, kind: Kind, us: int) -> Slot:
        hour = us - us % IDLE_US
        return self._cut(kind, None, hour, hour + IDLE_US)

    def _cut(self, kind: Kind, item: Item | None, start_us: int, end_us: int) -> Slot:
        start = start_us if self.start_us is None else max(start_us, self.start_us)
        end = end_us if self.end_us is None else min(end_us, self.end_us)
        offset_s = (start - start_us) / SECOND_US if item is not None else 0.0
        return Slot(kind, item, instant(start), instant(end), offset_s)


@dataclass(frozen=True, slots=True)
class _Debut:
    item: Item
    start_us: int
    end_us: int


class Programme:
    """The time line of one playlist and one set of alerts, worked out as far as no instant is needed.

    It never changes; between two changes of what is on air `at` costs a few microseconds.
    """

    def __init__(
        self,
        playlist: Playlist | None,
        alerts: Iterable[Alert] = (),
        clock: Clock | None = None,
        *,
        stopped: bool = False,
    ) -> None:
        self._clock = clock or Clock(ClockQuality.TRUSTED)
        self._stopped = stopped
        self._items = playlist.items if playlist is not None else ()
        self._desired = playlist.desired if playlist is not None else Desired()
        self._alerts = tuple(alerts)
        self._issued_us = micros(playlist.issued) if playlist is not None else 0
        zone = zone_named(playlist.unit.zone if playlist is not None else HOME_ZONE)
        self._trusted = self._clock.quality is ClockQuality.TRUSTED
        self._floor = lifted_floor(playlist, self._alerts, self._clock)
        parts = (part for item in self._items for part in item.dayparts) if self._trusted else ()
        self._opening = Hours(self._desired.opening if self._trusted else (), zone)
        self._hours = Hours(parts, zone)
        self._live = live_alerts(self._alerts)
        self._debuts = self._newest_debuts() if self._trusted else ()
        self._edges = self._fixed_edges() if self._trusted else ()
        self._epoch: _Epoch | None = None

    def at(self, now: datetime) -> Slot:
        """The slot that holds `now`, an aware instant."""
        us = micros(now)
        if self._epoch is None or not self._epoch.holds(us):
            self._epoch = self._epoch_at(us)
        return self._epoch.slot(us)

    def upcoming(self, now: datetime, count: int) -> tuple[Slot, ...]:
        """The slot at `now` and the ones after it, `count` in all; they meet without a gap."""
        return tuple(slot for slot, _ in zip(self.slots(now), range(count), strict=False))

    def slots(self, start: datetime) -> Iterator[Slot]:
        """The slot at `start` and every one after it, for ever."""
        while True:
            slot = self.at(start)
            yield slot
            start = slot.end

    def on_air(self, item: Item, now: datetime) -> bool:
        """Whether `item` may show at `now`, as far as the clock lets anyone say."""
        us = micros(now)
        return self._on_air(item, now, self._hours.open_parts(us // SECOND_US))

    # --- what is on air ---------------------------------------------------------------------------------------------

    def _on_air(self, item: Item, now: datetime, open_parts: frozenset[object]) -> bool:
        quality = self._clock.quality
        if quality is ClockQuality.UNKNOWN or (quality is ClockQuality.FLOOR and self._floor is None):
            return not item.windows
        if quality is ClockQuality.FLOOR:
            return self._floor is not None and in_windows(item, self._floor)
        return in_windows(item, now) and (not item.dayparts or not open_parts.isdisjoint(item.dayparts))

    def _alert_on(self, alert: Alert, now: datetime) -> bool:
        moment = now if self._trusted else self._floor
        return moment is None or moment < alert.expires

    def _fixed_edges(self) -> tuple[int, ...]:
        instants = {alert.expires for alert in self._live}
        for item in self._items:
            for window in item.windows:
                instants.update(side for side in (window.start, window.end) if side is not None)
        edges = {micros(moment) for moment in instants}
        edges.update(edge for debut in self._debuts for edge in (debut.start_us, debut.end_us))
        return tuple(sorted(edges))

    def _newest_debuts(self) -> tuple[_Debut, ...]:
        """The newest first; of those of one instant the priority ones in their order."""
        debuts = [
            (-micros(item.debut), item.priority is not Priority.PRIORITY, item.rank, index, item)
            for index, item in enumerate(self._items)
            if item.debut is not None and not item.always and item.priority is not Priority.EMERGENCY
        ]
        return tuple(
            _Debut(item, -due, dwell_us(item) - due) for due, *_, item in sorted(debuts, key=lambda entry: entry[:4])
        )

    # --- epochs -----------------------------------------------------------------------------------------------------

    def _epoch_at(self, us: int) -> _Epoch:
        now = instant(us)
        open_parts = self._hours.open_parts(us // SECOND_US)
        active = [item for item in self._items if self._on_air(item, now, open_parts)]
        start_us, end_us = self._bounds(us)
        emergencies, anchor_us = self._emergencies(active, now)
        debut = self._debut_at(us, active)
        plain = [item for item in active if not item.always and item.priority is not Priority.EMERGENCY]
        first = [item for item in plain if item.priority is Priority.PRIORITY]
        return _Epoch(
            start_us,
            end_us,
            Rotation(emergencies),
            anchor_us,
            self._closed(us),
            debut.item if debut is not None else None,
            debut.start_us if debut is not None else 0,
            Rotation(
                [item for item in plain if item.priority is not Priority.PRIORITY],
                sorted(first, key=lambda item: item.rank),
            ),
            Rotation([item for item in active if item.always and item.priority is not Priority.EMERGENCY]),
        )

    def _bounds(self, us: int) -> tuple[int | None, int | None]:
        if self._stopped or not self._trusted:
            return None, None
        fixed = neighbours(self._edges, us)
        spans = [self._hours.span(us // SECOND_US), self._opening.span(us // SECOND_US)]
        starts = [fixed[0], *(None if span[0] is None else span[0] * SECOND_US for span in spans)]
        ends = [fixed[1], *(None if span[1] is None else span[1] * SECOND_US for span in spans)]
        return (
            max((start for start in starts if start is not None), default=None),
            min((end for end in ends if end is not None), default=None),
        )

    def _emergencies(self, active: Sequence[Item], now: datetime) -> tuple[list[Item], int]:
        if self._stopped:
            return [], 0
        live = [alert for alert in self._live if self._alert_on(alert, now)]
        items = [alert_item(alert) for alert in live]
        items += [item for item in active if item.priority is Priority.EMERGENCY]
        return items, micros(live[0].issued) if live else self._issued_us

    def _debut_at(self, us: int, active: Sequence[Item]) -> _Debut | None:
        now_on = {id(item) for item in active}
        running = (debut for debut in self._debuts if debut.start_us <= us < debut.end_us and id(debut.item) in now_on)
        return next(running, None)

    def _closed(self, us: int) -> bool:
        if self._stopped or not self._desired.power:
            return True
        return bool(self._opening.parts) and not self._opening.open_parts(us // SECOND_US)


def in_windows(item: Item, moment: datetime) -> bool:
    """Whether `moment` lies in a window of `item`; an item without windows is always in."""
    return not item.windows or any(
        (window.start is None or window.start <= moment) and (window.end is None or moment < window.end)
        for window in item.windows
    )
