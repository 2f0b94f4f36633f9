"""One broadcast day of a playlist: what is on air when, who has the panel, and where the loop stands.

A broadcast day runs from 03:00 to 03:00 by the wall clock of the unit, an hour at which nobody looks.
Loop time is the time in which the panel is open and no debut and no promised showing has it. In it
the loop goes on without a jump all day, whatever comes on or goes off air. It begins the day where it
would stand if every day since 1970 had been like this one: a loop that nothing disturbs stands at unix
time modulo its length and has no seam between days, and where a day is too short for all, the next goes
on with the others. An item that makes its debut in the day does not change where the loop stood before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple, TypeVar

from player import showings, spans
from player.airtime import SECOND_US, Airtime, micros
from player.hours import instant_of, local_day
from player.model import Item, Priority
from player.rotation import Loop, Place
from player.showings import Showing
from player.spans import Spans

BEGINS_MIN: Final = 180  # 03:00
Entry = TypeVar("Entry", int, tuple[int, int])


class Stretch(NamedTuple):
    """A part of the day in which nothing comes on or goes off air. `active` are numbers in the playlist.

    The loop stands in position `loop.start_us` at `start_us`, and goes on from there if it is `running`.
    """

    start_us: int
    end_us: int
    active: tuple[int, ...]
    opened: bool
    showing: Showing | None
    loop: Loop

    @property
    def running(self) -> bool:
        return self.opened and self.showing is None


def bounds(zone: tzinfo, unix_s: int) -> tuple[int, int, int]:
    """The broadcast day that holds the instant: its number, its first second, and the one after its last."""
    day = local_day(zone, unix_s)
    day -= unix_s < instant_of(zone, day, BEGINS_MIN)
    return day, instant_of(zone, day, BEGINS_MIN), instant_of(zone, day + 1, BEGINS_MIN)


class Day:
    """The day numbered `number`, from `start_us` to `end_us`. What is asked of it twice is worked out once."""

    def __init__(
        self, number: int, start_us: int, end_us: int, *, items: Sequence[Item], air: Sequence[Spans],
        opening: Spans, shown_first: Sequence[Showing], newcomers: Collection[int],
    ) -> None:  # fmt: skip
        self.start_us, self.end_us = start_us, end_us
        self._items, self._air, self._opening = items, air, opening
        self._showings = shown_first
        self._flips = self._turning_points()
        self._edges = tuple(sorted(self._flips))
        self._routine: list[int] = []  # on air after the last stretch walked through
        self._first: list[tuple[int, int]] = []
        known = [n for n, spans_on in enumerate(air) if spans_on and n not in newcomers]
        self._places = [self._beginning(number, known)]

    def holds(self, us: int) -> bool:
        return self.start_us <= us < self.end_us

    def stretch(self, us: int) -> Stretch:
        """The stretch that holds the instant, which must lie in the day."""
        index = bisect_right(self._edges, us) - 1
        while len(self._places) <= index:
            self._walk()
        start = self._edges[index]
        end = self._edges[index + 1] if index + 1 < len(self._edges) else self.end_us
        active = tuple(number for number, air in enumerate(self._air) if air and spans.holds(air, start))
        routine = [number for number in active if _routine(self._items[number])]
        first = sorted((self._items[n].rank, n) for n in active if _first(self._items[n]))
        loop = Loop(self._items, routine, [number for _, number in first], self._places[index])
        return Stretch(start, end, active, spans.holds(self._opening, start), self._showing(start), loop)

    # --- walking through the day --------------------------------------------------------------------------------------

    def _walk(self) -> None:
        """One stretch further: where the loop stands at its end."""
        index = len(self._places) - 1
        start, end = self._edges[index], self._edges[index + 1]
        for number in self._flips[start]:
            self._flip(number)
        place = self._places[index]
        if not spans.holds(self._opening, start):
            place = place.anew()
        elif self._showing(start) is None:
            loop = Loop(self._items, self._routine, [number for _, number in self._first], place)
            place = loop.place(loop.start_us + end - start)
        self._places.append(place)

    def _flip(self, number: int) -> None:
        if _routine(self._items[number]):
            _toggle(self._routine, number)
        elif _first(self._items[number]):
            _toggle(self._first, (self._items[number].rank, number))

    def _showing(self, us: int) -> Showing | None:
        index = bisect_right(self._showings, us, key=lambda showing: showing.start_us) - 1
        found = self._showings[index] if index >= 0 else None
        return found if found is not None and us < found.end_us else None

    def _turning_points(self) -> dict[int, list[int]]:
        """The instants at which something changes, and the items that come on or go off air there."""
        found: dict[int, list[int]] = defaultdict(list)
        found[self.start_us] = []
        for number, air in enumerate(self._air):
            for edge in (edge for span in air for edge in span):
                if edge < self.end_us:
                    found[edge].append(number)
        others = [edge for span in self._opening for edge in span]
        others += [edge for showing in self._showings for edge in (showing.start_us, showing.end_us)]
        for edge in others:
            if self.start_us <= edge < self.end_us:
                found[edge] += ()
        return dict(found)

    def _beginning(self, number: int, known: Sequence[int]) -> Place:
        """Where the loop stands when the day begins: there where days like this one, end to end, would leave it."""
        routine = [n for n in known if _routine(self._items[n])]
        first = sorted((self._items[n].rank, n) for n in known if _first(self._items[n]))
        loop = Loop(self._items, routine, [n for _, n in first], Place())
        on_air = spans.union(span for n in (*routine, *(n for _, n in first)) for span in self._air[n])
        going_us = spans.total(spans.intersect(on_air, self._opening))
        idle_us = self.end_us - self.start_us - going_us
        return loop.place(self.start_us - number * idle_us)


def plan(items: Sequence[Item], airtime: Airtime, opening: Spans, *, zone: tzinfo, us: int, trusted: bool) -> Day:
    """The broadcast day that holds the instant `us`; `opening` says when the panel is open, without an end to time.

    Debuts and promises need a clock that is `trusted`.
    """
    number, start_s, end_s = bounds(zone, us // SECOND_US)
    start_us, end_us = start_s * SECOND_US, end_s * SECOND_US
    air = airtime.spans(start_us, end_us)
    shown_first = showings.planned(items, air, opening) if trusted else ()
    newcomers = _newcomers(items, start_us) if trusted else frozenset()
    return Day(
        number, start_us, end_us, items=items, air=air, opening=opening, shown_first=shown_first, newcomers=newcomers
    )


def _newcomers(items: Sequence[Item], start_us: int) -> frozenset[int]:
    return frozenset(n for n, item in enumerate(items) if item.debut is not None and micros(item.debut) > start_us)


def _routine(item: Item) -> bool:
    return item.priority is Priority.ROUTINE and not item.always


def _first(item: Item) -> bool:
    return item.priority is Priority.PRIORITY and not item.always


def _toggle(row: list[Entry], entry: Entry) -> None:
    index = bisect_left(row, entry)
    if index < len(row) and row[index] == entry:
        del row[index]
    else:
        insort(row, entry)
