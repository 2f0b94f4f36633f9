"""Who has the panel before the loop: debuts, and the showings promised for each broadcast day.

A debut takes the panel for one dwell, and the newest wins. A promise of n showings is kept by n whole
turns spread evenly over the time of that day in which the item is on air and the panel open; where
several fall due together they follow one another, priority items first. A debut is not interrupted.
Promises are kept as far as the day has room; what an emergency covers is not made up for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from player.model import Item, Priority
from player.schedule import spans
from player.schedule.airtime import SECOND_US, micros
from player.schedule.rotation import dwell_us
from player.schedule.spans import Spans, Taken

MINUTE_US: Final = 60 * SECOND_US


class Showing(NamedTuple):
    """A stretch that one item (by its number in the playlist) has to itself; its turn began at `since_us`."""

    start_us: int
    end_us: int
    number: int
    since_us: int
    debut: bool


def planned(items: Sequence[Item], air: Sequence[Spans], opening: Spans) -> tuple[Showing, ...]:
    """All of one broadcast day in order, none touching another's time; `air` says when each item is on air."""
    taken = Taken()
    found = list(_debuts(items, air, taken))
    found += _promised(items, air, opening, taken)
    return tuple(sorted(found))


def _debuts(items: Sequence[Item], air: Sequence[Spans], taken: Taken) -> Iterable[Showing]:
    """The newest take their time first; of those of one instant the priority ones in their order."""
    waiting = [
        (-micros(item.debut), item.priority is not Priority.PRIORITY, item.rank, number, item)
        for number, item in enumerate(items)
        if item.debut is not None and air[number] and not item.always and item.priority is not Priority.EMERGENCY
    ]
    for due, _later, _rank, number, item in sorted(waiting, key=lambda entry: entry[:4]):
        for start, end in spans.clip(air[number], -due, dwell_us(item) - due):
            for low, high in taken.take(start, end):
                yield Showing(low, high, number, -due, True)


def _promised(items: Sequence[Item], air: Sequence[Spans], opening: Spans, taken: Taken) -> Iterable[Showing]:
    wishes = []
    for number, item in enumerate(items):
        if item.times_a_day and air[number] and item.priority is not Priority.EMERGENCY:
            free, length = spans.intersect(air[number], opening), dwell_us(item)
            later = item.priority is not Priority.PRIORITY
            wishes += [(due, later, item.rank, number, length, free) for due in _dues(free, length, item.times_a_day)]
    for due, _later, _rank, number, length, free in sorted(wishes):
        start = taken.room(free, due, length)
        start = taken.room(free, free[0][0], length) if start is None else start
        if start is not None:
            taken.take(start, start + length)
            yield Showing(start, start + length, number, start, False)


def _dues(free: Spans, length: int, times: int) -> list[int]:
    """`times` instants spread evenly over those from which a turn of that length has room."""
    starts = [(low, high - length) for low, high in free if high - low >= length]
    whole = sum(high - low for low, high in starts)
    return [_nth(starts, whole * (2 * k + 1) // (2 * times)) for k in range(times)] if starts else []


def _nth(starts: Sequence[tuple[int, int]], position: int) -> int:
    for low, high in starts:
        if position <= high - low:
            return low + position // MINUTE_US * MINUTE_US
        position -= high - low
    return starts[-1][1]
