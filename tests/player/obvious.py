"""The time line as anyone would write it who had all day: minute by minute, every list written out, nothing kept.

Only for playlists whose times are all whole minutes. Shares nothing with the time line but the vocabulary,
the names of the lunar days and the reading of a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from player.model import Alert, Clock, ClockQuality, DateRule, DayPart, Holiday, Item, LunarDate, Playlist, Priority
from player.schedule.holidays import holiday
from player.schedule.lunar import lunar_day

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHORT = {"MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6, "SU": 7}


def wall_of(now: datetime, zone: str) -> datetime:
    return now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def part_open(part: DayPart, wall: datetime) -> bool:
    minute, today, yesterday = wall.hour * 60 + wall.minute, wall.isoweekday(), (wall - timedelta(days=1)).isoweekday()
    if part.start_min < part.end_min:
        return part.start_min <= minute < part.end_min and today in part.weekdays
    return (minute >= part.start_min and today in part.weekdays) or (
        minute < part.end_min and yesterday in part.weekdays
    )


@cache
def lunar_open(rule: LunarDate, day: date) -> bool:
    for ahead in range(-(rule.days - 1), rule.lead_days + 1):
        moon, after = lunar_day(day + timedelta(days=ahead)), lunar_day(day + timedelta(days=ahead + 1))
        right_day = moon.day == rule.day or (rule.day == 30 and after.day == 1)
        right_month = rule.month == 0 or (moon.month == rule.month and not moon.leap)
        if right_day and right_month:
            return True
    return False


def recurs_on(rule: str, first: date, day: date) -> bool:
    """FREQ=DAILY;INTERVAL=n or FREQ=WEEKLY;BYDAY=..., the only ones these tests use here."""
    parts = dict(part.split("=") for part in rule.split(";"))
    if day < first:
        return False
    if parts["FREQ"] == "DAILY":
        return (day - first).days % int(parts["INTERVAL"]) == 0
    return day.isoweekday() in [SHORT[name] for name in parts["BYDAY"].split(",")]


def rule_open(rule: DateRule, now: datetime, zone: str) -> bool:
    if isinstance(rule, Holiday):
        return holiday(wall_of(now, zone).date()) is not None
    if isinstance(rule, LunarDate):
        return lunar_open(rule, wall_of(now, zone).date())
    start = datetime.fromisoformat(rule.start)
    for back in range(10):
        day = wall_of(now, zone).date() - timedelta(days=back - 1)
        if recurs_on(rule.rule, start.date(), day):
            begin = datetime.combine(day, start.time(), ZoneInfo(zone)).astimezone(UTC)
            if begin <= now < begin + timedelta(minutes=rule.duration_min):
                return True
    return False


def in_window(item: Item, now: datetime) -> bool:
    return not item.windows or any(
        (w.start is None or w.start <= now) and (w.end is None or now < w.end) for w in item.windows
    )


def whole_day(now: datetime, zone: str) -> list[datetime]:
    """All minutes of the local day of `now`."""
    day = wall_of(now, zone).date()
    found = [now + n * MINUTE for n in range(-1600, 1600)]
    return [moment.replace(second=0, microsecond=0) for moment in found if wall_of(moment, zone).date() == day]


def on_air(item: Item, now: datetime, clock: Clock, floor: datetime | None, zone: str) -> bool:
    def dated(moment: datetime) -> bool:
        right = not item.dates or any(rule_open(rule, moment, zone) for rule in item.dates)
        return right and not any(rule_open(rule, moment, zone) for rule in item.exdates)

    if clock.quality is ClockQuality.TRUSTED:
        wall = wall_of(now, zone)
        in_hours = not item.dayparts or any(part_open(part, wall) for part in item.dayparts)
        out = item.debut is None or item.debut <= now
        return out and in_hours and in_window(item, now) and dated(now)
    if clock.quality is ClockQuality.FLOOR and floor is not None:
        return in_window(item, floor) and any(dated(moment) for moment in whole_day(floor, zone))
    return not item.windows and not item.dates and not item.exdates


@dataclass
class Loop:
    """Who has the turn: a priority item or a routine one, for how many minutes, and who comes after."""

    items: list[Item]
    pointer: int = 0
    done: int = 0
    turn: int | None = None
    first: bool = False
    passed: int = 0

    def settle(self, routine: list[int], first: list[int]) -> int | None:
        """Whose turn it is among those now on air."""
        if not routine and not first:
            self.passed = 0
            return None
        if self.turn is None or (not self.first and not routine):
            self._begin_group(routine, first)
        elif self.first:
            after = [n for n in first if self._place(n) >= self._place(self.turn)]
            if not after:
                self._enter_routine(routine, first)
            elif after[0] != self.turn:
                self.turn, self.passed = after[0], 0
        else:
            self.done = min(self.done, min(3, len(routine)) - 1)
            seat = self._seat(routine, self.pointer)
            if seat != self.turn:
                self.turn, self.pointer, self.passed = seat, seat, 0
        return self.turn

    def minute_over(self, routine: list[int], first: list[int]) -> None:
        assert self.turn is not None
        if self.first and routine:
            self.pointer = self._seat(routine, self.pointer)
        self.passed += 1
        if self.passed * 60 < self.items[self.turn].dwell_s:
            return
        self.passed = 0
        if self.first:
            after = [n for n in first if self._place(n) > self._place(self.turn)]
            if after:
                self.turn = after[0]
            else:
                self._enter_routine(routine, first)
            return
        self.done += 1
        self.pointer = self._seat(routine, self.turn + 1)
        if self.done == min(3, len(routine)):
            self._begin_group(routine, first)
        else:
            self.turn = self.pointer

    def _begin_group(self, routine: list[int], first: list[int]) -> None:
        self.passed = 0
        if first:
            self.turn, self.first = first[0], True
        else:
            self._enter_routine(routine, first)

    def _enter_routine(self, routine: list[int], first: list[int]) -> None:
        self.done, self.passed = 0, 0
        if routine:
            self.turn = self.pointer = self._seat(routine, self.pointer)
            self.first = False
        else:
            self.turn, self.first = first[0], True

    def next_routine(self, routine: list[int]) -> int:
        """Who has the first routine turn after the priority items, as far as anyone is on air."""
        return self._seat(routine, self.pointer) if routine else self.pointer

    def _seat(self, routine: list[int], number: int) -> int:
        return min([n for n in routine if n >= number] or routine)

    def _place(self, number: int) -> tuple[int, int]:
        return self.items[number].rank, number


@dataclass(frozen=True)
class Minute:
    kind: str
    item: Item | None
    passed_s: float


class ObviousDay:
    """One broadcast day, 03:00 to 03:00: what shows in each of its minutes."""

    def __init__(self, shown: Playlist, alerts: tuple[Alert, ...], clock: Clock, now: datetime) -> None:
        self.shown, self.clock, self.zone = shown, clock, shown.unit.zone
        self.items = list(shown.items)
        self.trusted = clock.quality is ClockQuality.TRUSTED
        floors = [x for x in [clock.floor, shown.issued, *(a.issued for a in alerts)] if x]
        self.floor = max(floors)
        self.live = newest(alerts)
        zone = ZoneInfo(self.zone)
        begin = datetime.combine(wall_of(now, self.zone).date(), datetime.min.time(), zone) + timedelta(hours=3)
        begin -= timedelta(days=1) if now < begin.astimezone(UTC) else timedelta(0)
        self.number = (begin.date() - date(1970, 1, 1)).days
        start, end = begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC)
        self.minutes = [start + n * MINUTE for n in range((end - start) // MINUTE)]
        asked = self.minutes if self.trusted else self.minutes[:1]  # nothing comes or goes by a clock nobody believes
        self.on = [[n for n, i in enumerate(self.items) if on_air(i, t, clock, self.floor, self.zone)] for t in asked]
        self.on *= len(self.minutes) // len(self.on)
        self.opened = [self._opened(t) for t in self.minutes]
        self.showings = self._showings() if self.trusted else {}

    def timeline(self) -> list[Minute]:
        """What shows in each minute."""
        loop, found = self._beginning(), []
        for index, now in enumerate(self.minutes):
            routine, first = self._loop_items(self.on[index])
            shown = self._shown(index, now, loop, routine, first)
            found.append(shown)
            if not self.opened[index]:
                loop.passed = 0
            elif index not in self.showings and loop.settle(routine, first) is not None:
                loop.minute_over(routine, first)
        return found

    def _shown(self, index: int, now: datetime, loop: Loop, routine: list[int], first: list[int]) -> Minute:
        on = [self.items[n] for n in self.on[index]]
        urgent = [i for i in on if i.priority is Priority.EMERGENCY]
        moment = now if self.trusted else self.floor
        alerts = [a for a in self.live if moment < a.expires]
        rows = [(Item(a.id, 1, Priority.EMERGENCY, a.versions, a.dwell_s), a.id) for a in alerts]
        if rows or urgent:
            anchor = alerts[0].issued if alerts else self.shown.issued
            return round_robin("alert", [item for item, _ in rows] + urgent, now - anchor)
        if not self.opened[index]:
            return Minute("blank", None, 0)
        if index in self.showings:
            kind, number, since = self.showings[index]
            return Minute(kind, self.items[number], (now - since).total_seconds())
        turn = loop.settle(routine, first)
        if turn is not None:
            return Minute("item", self.items[turn], loop.passed * 60.0)
        always = [i for i in on if i.always and i.priority is not Priority.EMERGENCY]
        return round_robin("always", always, now - EPOCH) if always else Minute("slate", None, 0)

    def _loop_items(self, on: list[int]) -> tuple[list[int], list[int]]:
        plain = [n for n in on if not self.items[n].always]
        first = [n for n in plain if self.items[n].priority is Priority.PRIORITY]
        first.sort(key=lambda n: (self.items[n].rank, n))
        return [n for n in plain if self.items[n].priority is Priority.ROUTINE], first

    def _opened(self, now: datetime) -> bool:
        if not self.shown.desired.power:
            return False
        opening = self.shown.desired.opening
        wall = wall_of(now, self.zone)
        return not opening or not self.trusted or any(part_open(part, wall) for part in opening)

    # --- debuts and promises ------------------------------------------------------------------------------------------

    def _showings(self) -> dict[int, tuple[str, int, datetime]]:
        """By minute of the day: what has the panel before the loop."""
        found: dict[int, tuple[str, int, datetime]] = {}
        waiting = [n for n, i in enumerate(self.items) if self._debuts(i)]
        waiting.sort(key=lambda n: (self.items[n].priority is not Priority.PRIORITY, self.items[n].rank, n))
        waiting.sort(key=lambda n: self.items[n].debut or EPOCH, reverse=True)
        for index, now in enumerate(self.minutes):
            for number in waiting:
                debut = self.items[number].debut
                assert debut is not None
                running = debut <= now < debut + timedelta(seconds=self.items[number].dwell_s)
                if running and number in self.on[index]:
                    found[index] = ("debut", number, debut)
                    break
        for due, _, _, number in sorted(self._dues()):
            self._keep(due, number, found)
        return found

    def _debuts(self, item: Item) -> bool:
        return item.debut is not None and not item.always and item.priority is not Priority.EMERGENCY

    def _keep(self, due: int, number: int, found: dict[int, tuple[str, int, datetime]]) -> None:
        length = round(self.items[number].dwell_s) // 60
        starts = self._starts(number, length)
        for start in [s for s in starts if s >= due] + starts:
            if not any(minute in found for minute in range(start, start + length)):
                found.update((m, ("item", number, self.minutes[start])) for m in range(start, start + length))
                return

    def _starts(self, number: int, length: int) -> list[int]:
        """The minutes from which a whole turn of the item has room within its hours."""
        free = [number in on and opened for on, opened in zip(self.on, self.opened, strict=True)]
        return [s for s in range(len(free) - length + 1) if all(free[s : s + length])]

    def _dues(self) -> list[tuple[int, bool, int, int]]:
        dues = []
        for number, item in enumerate(self.items):
            starts = self._starts(number, round(item.dwell_s) // 60)
            if item.times_a_day and starts and item.priority is not Priority.EMERGENCY:
                later = item.priority is not Priority.PRIORITY
                dues += [(due, later, item.rank, number) for due in spread(starts, item.times_a_day)]
        return dues

    # --- the beginning of the day -------------------------------------------------------------------------------------

    def _beginning(self) -> Loop:
        """Where days like this, one after another since 1970, would have left the loop."""
        begin = self.minutes[0]
        known = {n for on in self.on for n in on if not self.trusted or self._older(n, begin)}
        routine, first = self._loop_items(sorted(known))
        loop = Loop(self.items)
        if not routine and not first:
            return loop
        busy = {*routine, *first}
        idle = sum(not (busy & {*on} and opened) for on, opened in zip(self.on, self.opened, strict=True))
        lap = sum(round(self.items[n].dwell_s) for n in routine) // 60 * min(3, len(routine))
        lap += sum(round(self.items[n].dwell_s) for n in first) // 60 * max(1, len(routine))
        for _ in range(((begin - EPOCH) // MINUTE - self.number * idle) % lap):
            loop.settle(routine, first)
            loop.minute_over(routine, first)
        loop.settle(routine, first)
        loop.pointer = loop.next_routine(routine) if loop.first else loop.pointer
        return loop

    def _older(self, number: int, begin: datetime) -> bool:
        debut = self.items[number].debut
        return debut is None or debut <= begin


def spread(starts: list[int], times: int) -> list[int]:
    """`times` of these minutes, even over the time between the first and the last of each unbroken row of them."""
    rows: list[list[int]] = []
    for start in starts:
        if rows and rows[-1][-1] == start - 1:
            rows[-1].append(start)
        else:
            rows.append([start])
    whole = sum(len(row) - 1 for row in rows)
    found = []
    for k in range(times):
        ahead = whole * 60_000_000 * (2 * k + 1) // (2 * times)  # in microseconds
        for row in rows:
            if ahead <= (len(row) - 1) * 60_000_000:
                found.append(row[0] + ahead // 60_000_000)
                break
            ahead -= (len(row) - 1) * 60_000_000
    return found


def newest(alerts: tuple[Alert, ...]) -> list[Alert]:
    found = []
    for name in {a.id for a in alerts}:
        same = [a for a in alerts if a.id == name]
        found.append(next(a for a in same if a.seq == max(b.seq for b in same)))
    live = [a for a in found if not a.ended]
    return sorted(live, key=lambda a: (a.issued, a.seq, a.id), reverse=True)


def round_robin(kind: str, items: list[Item], since: timedelta) -> Minute:
    left = since.total_seconds() % sum(item.dwell_s for item in items)
    for item in items:
        if left < item.dwell_s:
            return Minute(kind, item, left)
        left -= item.dwell_s
    raise AssertionError("the loop is shorter than itself")
