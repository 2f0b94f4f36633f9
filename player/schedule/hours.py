"""The wall clock of a zone: what it shows at an instant, when it shows a time, and which hours of the week are open.

Zone rules are applied at each instant, never frozen: a part of the day follows the wall clock
of its unit through every change of offset. Instants are whole seconds since 1970 (unix time),
days are counted from 1970-01-01 by the wall clock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from player.schedule import spans
from player.schedule.spans import Span, Spans
from player.when import DayPart

DAY_S: Final = 86_400
FIRST_DAY: Final = date(1970, 1, 1).toordinal()


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


def local_day(zone: tzinfo, unix_s: int) -> int:
    """The day the wall clock of `zone` shows at that instant."""
    return (unix_s + offset_s(zone, unix_s)) // DAY_S


def date_of(day: int) -> date:
    """That day as a date."""
    return date.fromordinal(FIRST_DAY + day)


def instant_of(zone: tzinfo, day: int, minute: int) -> int:
    """When the wall clock shows that minute of that day; the first time, if it shows it twice."""
    wall = datetime.fromtimestamp(day * DAY_S + minute * 60, UTC).replace(tzinfo=zone)
    return int(wall.timestamp())


def segments(zone: tzinfo, start_s: int, end_s: int) -> list[tuple[int, int, int]]:
    """A stretch of at most a few days cut where the zone's offset changes: (start, end, offset in seconds)."""
    found = []
    while start_s < end_s:
        offset, until_s = offset_s(zone, start_s), min(end_s, start_s + DAY_S)
        if offset_s(zone, until_s - 1) != offset:
            turn = bisect_left(range(start_s, until_s), 1, key=lambda s: int(offset_s(zone, s) != offset))
            until_s = start_s + turn
        found.append((start_s, until_s, offset))
        start_s = until_s
    return found


def wall_spans(by_day: Callable[[int], Iterable[Span]], zone: tzinfo, start_s: int, end_s: int) -> Spans:
    """When the wall clock of `zone` stands in the stretches `by_day` gives for a day, between two instants.

    `by_day` names seconds since midnight, 0 to 86400. An hour that the clock shows twice counts twice,
    one that it leaves out not at all.
    """
    found: list[Span] = []
    for start, end, offset in segments(zone, start_s, end_s):
        for day in range((start + offset) // DAY_S, (end - 1 + offset) // DAY_S + 1):
            shift = day * DAY_S - offset
            found += ((max(start, a + shift), min(end, b + shift)) for a, b in by_day(day))
    return spans.union(found)


def part_of_day(part: DayPart, day: int) -> tuple[Span, ...]:
    """The seconds of that day in which `part` is open.

    A part whose end is not after its start runs on into the next day, and counts for the weekday it began on.
    """
    start, end = part.start_min * 60, part.end_min * 60
    today = _weekday(day) in part.weekdays
    if start < end:
        return ((start, end),) if today else ()
    since_yesterday = ((0, end),) if _weekday(day - 1) in part.weekdays else ()
    return (*since_yesterday, (start, DAY_S)) if today else since_yesterday


def _weekday(day: int) -> int:
    return (day + 3) % 7 + 1  # 1970-01-01 was a Thursday, ISO weekday 4


class Hours:
    """Some parts of the day in one zone."""

    def __init__(self, parts: Iterable[DayPart], zone: tzinfo) -> None:
        self.parts = tuple(dict.fromkeys(parts))
        self._zone = zone

    def open_parts(self, unix_s: int) -> frozenset[DayPart]:
        """Those parts in which the instant lies."""
        day, second = divmod(unix_s + offset_s(self._zone, unix_s), DAY_S)
        return frozenset(part for part in self.parts if any(a <= second < b for a, b in part_of_day(part, day)))

    def spans(self, start_s: int, end_s: int) -> Spans:
        """When any of them is open between two instants."""
        return wall_spans(
            lambda day: (span for part in self.parts for span in part_of_day(part, day)), self._zone, start_s, end_s
        )


def occurrences(part: DayPart, zone: tzinfo, after_s: int, until_s: int) -> Iterator[tuple[int, int]]:
    """Each time `part` comes round and touches after_s..until_s: (start, end), whole, in order."""
    for day in range(local_day(zone, after_s) - 1, local_day(zone, until_s) + 1):
        if _weekday(day) in part.weekdays:
            start = instant_of(zone, day, part.start_min)
            end = instant_of(zone, day + (part.end_min <= part.start_min), part.end_min)
            if start <= until_s and end > after_s and start < end:
                yield start, end
