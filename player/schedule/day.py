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
from enum import IntEnum
from typing import Final, NamedTuple

from player.model import Item, Priority
from player.schedule import showings, spans
from player.schedule.airtime import SECOND_US, Airtime, micros
from player.schedule.hours import instant_of, local_day
from player.schedule.rotation import Cast, Loop, Place
from player.schedule.showings import Showing
from player.schedule.spans import Spans

BEGINS_MIN: Final = 180  # 03:00
KEPT: Final = 4  # stretches: the eye goes to and fro at an edge


class Role(IntEnum):
    ROUTINE = 0
    FIRST = 1  # the priority items, before the routine ones
    ALWAYS = 2
    EMERGENCY = 3


class Stretch(NamedTuple):
    """A part of the day in which nothing comes on or goes off air.

    `emergencies` and `always` are the items of those roles on air, by their numbers in the playlist. The
    loop stands in position `loop.start_us` at `start_us`, and goes on from there if nothing else has the panel.
    """

    start_us: int
    end_us: int
    opened: bool
    showing: Showing | None
    loop: Loop
    emergencies: tuple[int, ...]
    always: tuple[int, ...]


def bounds(zone: tzinfo, unix_s: int) -> tuple[int, int, int]:
    """The broadcast day that holds the instant: its number, its first second, and the one after its last."""
    day = local_day(zone, unix_s)
    day -= unix_s < instant_of(zone, day, BEGINS_MIN)
    return day, instant_of(zone, day, BEGINS_MIN), instant_of(zone, day + 1, BEGINS_MIN)


class Day:
    """The day numbered `number`, from `start_us` to `end_us`. What is asked of it twice is worked out once."""

    def __init__(
        self, number: int, start_us: int, end_us: int, *, cast: Cast, air: Sequence[Spans], opening: Spans,
        shown_first: Sequence[Showing], newcomers: Collection[int],
    ) -> None:  # fmt: skip
        """`newcomers` are the items that make their debut in this day."""
        self.start_us, self.end_us = start_us, end_us
        self._cast, self._air, self._opening, self._showings = cast, air, opening, shown_first
        self._roles = [_role(item) for item in cast.items]
        self._flips = self._turning_points()
        self._edges = tuple(sorted(self._flips))
        self._bill = self._empty_bill()
        self._billed = -1  # the stretch of which `_bill` tells who is on air
        known = [n for n, spans_on in enumerate(air) if spans_on and n not in newcomers]
        self._places = [self._beginning(number, known)]
        self._known: dict[int, Stretch] = {}

    def holds(self, us: int) -> bool:
        return self.start_us <= us < self.end_us

    def stretch(self, us: int) -> Stretch:
        """The stretch that holds the instant, which must lie in the day."""
        index = bisect_right(self._edges, us) - 1
        if index not in self._known:
            if len(self._known) >= KEPT:
                del self._known[next(iter(self._known))]
            self._known[index] = self._worked_out(index)
        return self._known[index]

    def _worked_out(self, index: int) -> Stretch:
        while len(self._places) <= index:
            self._walk()
        start = self._edges[index]
        end = self._edges[index + 1] if index + 1 < len(self._edges) else self.end_us
        loop = self._loop(index, self._places[index])
        emergencies, always = (self._numbers(role) for role in (Role.EMERGENCY, Role.ALWAYS))
        return Stretch(start, end, spans.holds(self._opening, start), self._showing(start), loop, emergencies, always)

    # --- walking through the day --------------------------------------------------------------------------------------

    def _walk(self) -> None:
        """One stretch further: where the loop stands at its end."""
        index = len(self._places) - 1
        start, end = self._edges[index], self._edges[index + 1]
        place = self._places[index]
        if not spans.holds(self._opening, start):
            place = place.anew()
        elif self._showing(start) is None:
            loop = self._loop(index, place)
            place = loop.place(loop.start_us + end - start)
        self._places.append(place)

    def _loop(self, index: int, place: Place) -> Loop:
        """The loop of the items on air in a stretch."""
        if index < self._billed:
            self._bill, self._billed = self._empty_bill(), -1
        for edge in self._edges[self._billed + 1 : index + 1]:
            for number in self._flips[edge]:
                _toggle(self._bill[self._roles[number]], (self._rank(number), number))
        self._billed = index
        return Loop(self._cast, self._numbers(Role.ROUTINE), self._numbers(Role.FIRST), place)

    def _numbers(self, role: Role) -> tuple[int, ...]:
        return tuple(number for _, number in self._bill[role])

    def _empty_bill(self) -> dict[Role, list[tuple[int, int]]]:
        return {role: [] for role in Role}

    def _rank(self, number: int) -> int:
        """Only among the priority items does the unit's own order count."""
        return self._cast.items[number].rank if self._roles[number] is Role.FIRST else 0

    def _showing(self, us: int) -> Showing | None:
        index = bisect_right(self._showings, us, key=lambda showing: showing.start_us) - 1
        found = self._showings[index] if index >= 0 else None
        return found if found is not None and us < found.end_us else None

    def _turning_points(self) -> dict[int, list[int]]:
        """The instants at which something changes, and the items that come on or go off air there."""
        found: dict[int, list[int]] = defaultdict(list)
        found[self.start_us] = []
        for number, air in enumerate(self._air):
            for span in air:
                for edge in span:
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
        routine = [n for n in known if self._roles[n] is Role.ROUTINE]
        first = sorted((n for n in known if self._roles[n] is Role.FIRST), key=lambda n: (self._rank(n), n))
        loop = Loop(self._cast, routine, first, Place())
        on_air = spans.union({span for n in (*routine, *first) for span in self._air[n]})
        going_us = spans.total(spans.intersect(on_air, self._opening))
        idle_us = self.end_us - self.start_us - going_us
        return loop.place(self.start_us - number * idle_us)


def plan(cast: Cast, airtime: Airtime, opening: Spans, *, zone: tzinfo, us: int, trusted: bool) -> Day:
    """The broadcast day that holds the instant `us`; `opening` says when the panel is open, without an end to time.

    Debuts and promises need a clock that is `trusted`.
    """
    number, start_s, end_s = bounds(zone, us // SECOND_US)
    start_us, end_us = start_s * SECOND_US, end_s * SECOND_US
    air = airtime.spans(start_us, end_us)
    shown_first = showings.planned(cast.items, air, opening) if trusted else ()
    newcomers = _newcomers(cast.items, start_us) if trusted else frozenset()
    return Day(
        number, start_us, end_us, cast=cast, air=air, opening=opening, shown_first=shown_first, newcomers=newcomers
    )


def _newcomers(items: Sequence[Item], start_us: int) -> frozenset[int]:
    return frozenset(n for n, item in enumerate(items) if item.debut is not None and micros(item.debut) > start_us)


def _role(item: Item) -> Role:
    if item.priority is Priority.EMERGENCY:
        return Role.EMERGENCY
    if item.always:
        return Role.ALWAYS
    return Role.FIRST if item.priority is Priority.PRIORITY else Role.ROUTINE


def _toggle(row: list[tuple[int, int]], entry: tuple[int, int]) -> None:
    index = bisect_left(row, entry)
    if index < len(row) and row[index] == entry:
        del row[index]
    else:
        insort(row, entry)
