"""Hours of the week in a unit's zone: whether an instant falls in them, and when that next changes.

Zone rules are applied at each instant, never frozen: a part of the day follows the wall clock
of its unit through every change of offset. Instants are whole seconds since 1970 (unix time).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from player.model import DayPart

DAY_S = 86_400
WEEK_AND_A_DAY = 8  # parts repeat weekly: no change in this many days is no change at all


def zone_named(name: str) -> tzinfo:
    """The zone, or Vietnam's +07:00 if this system does not know it: a sign must show something at any hour."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone(timedelta(hours=7))


def offset_s(zone: tzinfo, unix_s: int) -> int:
    """Seconds to add to UTC for the wall clock of `zone` at that instant."""
    offset = datetime.fromtimestamp(unix_s, UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def covers(part: DayPart, local_s: int) -> bool:
    """Whether wall-clock second `local_s` (seconds since 1970 by the wall) lies in `part`.

    A part whose end is not after its start runs on into the next day, and counts for the weekday it began on.
    """
    day, second = divmod(local_s, DAY_S)
    minute = second // 60
    if part.start_min < part.end_min:
        return part.start_min <= minute < part.end_min and _weekday(day) in part.weekdays
    if minute >= part.start_min and _weekday(day) in part.weekdays:
        return True
    return minute < part.end_min and _weekday(day - 1) in part.weekdays


def _weekday(day: int) -> int:
    return (day + 3) % 7 + 1  # 1970-01-01 was a Thursday, ISO weekday 4


class Hours:
    """Some parts of the day in one zone. Immutable; the changes of a day are worked out once, when first asked."""

    def __init__(self, parts: Iterable[DayPart], zone: tzinfo) -> None:
        self.parts = tuple(dict.fromkeys(parts))
        self._zone = zone
        self._edges: dict[int, tuple[int, ...]] = {}

    def open_parts(self, unix_s: int) -> frozenset[DayPart]:
        """Those parts in which the instant lies."""
        local_s = unix_s + offset_s(self._zone, unix_s)
        return frozenset(part for part in self.parts if covers(part, local_s))

    def span(self, unix_s: int) -> tuple[int | None, int | None]:
        """The last change at or before the instant and the first one after it; None where nothing ever changes."""
        day = unix_s // DAY_S
        before = (edge for d in range(day, day - WEEK_AND_A_DAY, -1) for edge in reversed(self._day(d)))
        after = (edge for d in range(day, day + WEEK_AND_A_DAY) for edge in self._day(d))
        return (
            next((edge for edge in before if edge <= unix_s), None),
            next((edge for edge in after if edge > unix_s), None),
        )

    def _day(self, day: int) -> tuple[int, ...]:
        if day not in self._edges:
            if len(self._edges) > 4 * WEEK_AND_A_DAY:  # a sign runs for years
                self._edges.clear()
            self._edges[day] = tuple(sorted(self._find_edges(day)))
        return self._edges[day]

    def _find_edges(self, day: int) -> set[int]:
        """The instants of one UTC day at which some part opens or closes."""
        found = set()
        for start, end, offset in segments(self._zone, day):
            before = offset_s(self._zone, start - 1)
            for part in self.parts:
                for edge in _candidates(part, start, end, offset):
                    earlier = edge - 1 + (before if edge == start else offset)
                    if covers(part, earlier) != covers(part, edge + offset):
                        found.add(edge)
        return found


def _candidates(part: DayPart, start: int, end: int, offset: int) -> Iterator[int]:
    yield start  # the offset may just have changed
    first, last = (start + offset) // DAY_S, (end - 1 + offset) // DAY_S
    for local_day in range(first, last + 1):
        for minute in (0, part.start_min, part.end_min):
            edge = local_day * DAY_S + minute * 60 - offset
            if start < edge < end:
                yield edge


def segments(zone: tzinfo, day: int) -> list[tuple[int, int, int]]:
    """One UTC day cut where the zone's offset changes: (start, end, offset in seconds) of each piece."""
    start, end = day * DAY_S, (day + 1) * DAY_S
    first, last = offset_s(zone, start), offset_s(zone, end - 1)
    if first == last:
        return [(start, end, first)]
    turn = bisect_left(range(start, end), 1, key=lambda s: int(offset_s(zone, s) != first)) + start
    return [(start, turn, first), (turn, end, last)]


def occurrences(part: DayPart, zone: tzinfo, after_s: int, until_s: int) -> Iterator[tuple[int, int]]:
    """Each time `part` comes round and touches after_s..until_s: (start, end), whole, in order."""
    first = (after_s + offset_s(zone, after_s)) // DAY_S - 1
    last = (until_s + offset_s(zone, until_s)) // DAY_S
    for day in range(first, last + 1):
        if _weekday(day) in part.weekdays:
            start = _instant(zone, day, part.start_min)
            end = _instant(zone, day + (part.end_min <= part.start_min), part.end_min)
            if start <= until_s and end > after_s and start < end:
                yield start, end


def _instant(zone: tzinfo, day: int, minute: int) -> int:
    """When the wall clock shows that minute of that day (days since 1970); the first time, if it shows it twice."""
    wall = datetime.fromtimestamp(day * DAY_S + minute * 60, UTC).replace(tzinfo=zone)
    return int(wall.timestamp())


def neighbours(edges: Sequence[int], moment: int) -> tuple[int | None, int | None]:
    """The last of the sorted `edges` at or before `moment` and the first one after it."""
    index = bisect_right(edges, moment)
    return (edges[index - 1] if index else None), (edges[index] if index < len(edges) else None)
