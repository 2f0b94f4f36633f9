"""Whose turn it is in a loop, found from the position alone: no list of turns is ever written out.

Times are whole microseconds, so that turns meet exactly and two screens never round apart.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from player.model import Item

SECOND_US: Final = 1_000_000
SHORTEST_US: Final = SECOND_US  # a slot below a second could make the panel flicker
GROUP: Final = 3  # the priority items come round before every third routine item


def dwell_us(item: Item) -> int:
    """How long one turn of `item` lasts: its `dwell_s`, never under a second."""
    return max(SHORTEST_US, round(item.dwell_s * SECOND_US))


class Turn(NamedTuple):
    item: Item
    start_us: int  # within the cycle
    end_us: int


class Row:
    """Items one after another, round and round."""

    def __init__(self, items: Sequence[Item], lengths_us: Sequence[int] | None = None) -> None:
        """`lengths_us` are the dwells of the items, where they are known already."""
        self.items = items
        self._ends = (0, *accumulate(map(dwell_us, items) if lengths_us is None else lengths_us))
        self.length_us = self._ends[-1]

    def __bool__(self) -> bool:
        return self.length_us > 0

    def index(self, position_us: int) -> int:
        """Which item has its turn at `position_us`, 0 <= position_us < length_us."""
        return bisect_right(self._ends, position_us) - 1

    def turn(self, position_us: int) -> Turn:
        index = self.index(position_us)
        return Turn(self.items[index], self._ends[index], self._ends[index + 1])

    def start_us(self, index: int) -> int:
        """Where the turn of the item at `index` begins; counted on over further rounds for an index beyond the last."""
        rounds, within = divmod(index, len(self.items))
        return rounds * self.length_us + self._ends[within]


class Place(NamedTuple):
    """Where a loop stands, in words that hold for whatever items are on air.

    `turn` is the number (in the playlist) of the item whose turn it is, `passed_us` how much of it is over;
    None before the first turn. `first` tells whether it is a turn of the priority items. `pointer` is the
    number of the routine item from which the next routine turn is sought, and `done` how many routine
    turns lie between the last turns of the priority items and that one.
    """

    pointer: int = 0
    done: int = 0
    turn: int | None = None
    first: bool = False
    passed_us: int = 0

    def anew(self) -> Place:
        """The same turn from its beginning: nobody saw it end."""
        return self._replace(passed_us=0)


class Cast:
    """The items of a playlist by their numbers, with the length of each one's turn worked out once."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self._lengths_us = tuple(map(dwell_us, items))

    def row(self, numbers: Sequence[int]) -> Row:
        return Row([self.items[number] for number in numbers], [self._lengths_us[number] for number in numbers])


class Loop:
    """The turns of the items now on air: all of `first` in their order, then a group of `routine`, and so on.

    The routine items come round in the order of the playlist, whatever else comes or goes: who comes on
    air waits until the loop comes to its place, and who goes off is passed over. Hence, of two routine
    items on air all through a stretch of loop time, neither has two turns more than the other.

    Both are given as numbers in the playlist, `routine` in ascending order. A group has three turns, or
    as many as there are routine items if they are fewer. Positions are counted from the beginning of the
    group at `_origin`; the turns repeat after as many groups as there are routine items.
    """

    def __init__(self, cast: Cast, routine: Sequence[int], first: Sequence[int], place: Place) -> None:
        self._items, self._routine, self._first = cast.items, routine, first
        self._row, self._block = cast.row(routine), cast.row(first)
        self._group = min(GROUP, len(routine))
        self._place = place
        self._origin = 0
        self.start_us = self._locate(place) if self else 0  # the position in which it takes up `place`

    def __bool__(self) -> bool:
        return bool(self._row or self._block)

    def turn(self, position_us: int) -> Turn:
        """The turn at a position from `start_us` on, in the same count; only for a loop that is not empty."""
        lap, within = divmod(position_us, self._length_us)
        group = self._group_at(within)
        base = lap * self._length_us + self._group_start(group)
        inside = position_us - base
        if inside < self._block.length_us:
            turn = self._block.turn(inside)
            return Turn(turn.item, base + turn.start_us, base + turn.end_us)
        index, start, end = self._routine_turn(group, inside - self._block.length_us)
        base += self._block.length_us
        return Turn(self._row.items[index % len(self._routine)], base + start, base + end)

    def place(self, position_us: int) -> Place:
        """Where the loop stands at that position; an empty loop at the beginning of the turn where it was."""
        if not self:
            return self._place.anew()
        within = position_us % self._length_us
        group = self._group_at(within)
        inside = within - self._group_start(group)
        origin = self._origin + group * self._group
        if inside < self._block.length_us:
            index = self._block.index(inside)
            pointer = self._routine[origin % len(self._routine)] if self._routine else self._place.pointer
            return Place(pointer, 0, self._first[index], True, inside - self._block.start_us(index))
        index, start, _ = self._routine_turn(group, inside - self._block.length_us)
        number = self._routine[index % len(self._routine)]
        return Place(number, index - origin, number, False, inside - self._block.length_us - start)

    @property
    def _length_us(self) -> int:
        return self._group * self._row.length_us + max(1, len(self._routine)) * self._block.length_us

    def _group_start(self, group: int) -> int:
        return group * self._block.length_us + self._routine_us(self._origin + group * self._group)

    def _group_at(self, within_us: int) -> int:
        if not self._routine:
            return 0
        groups = range(len(self._routine))
        return bisect_right(groups, within_us, key=self._group_start) - 1

    def _routine_us(self, index: int) -> int:
        """How much routine time lies between the origin and the turn at `index`, counted on over rounds."""
        return self._row.start_us(index) - self._row.start_us(self._origin) if self._routine else 0

    def _routine_turn(self, group: int, inside_us: int) -> tuple[int, int, int]:
        """The routine turn so far into a group: its index, its start and its end within the group's routine part."""
        begin = self._origin + group * self._group
        base = self._routine_us(begin)
        turns = range(self._group)
        nth = bisect_right(turns, inside_us, key=lambda n: self._routine_us(begin + n) - base) - 1
        start, end = (self._routine_us(begin + n) - base for n in (nth, nth + 1))
        return begin + nth, start, end

    # --- taking up a place --------------------------------------------------------------------------------------------

    def _locate(self, place: Place) -> int:
        """Sets the origin so that the loop goes on from `place`, and says in which position it then stands."""
        seat = bisect_left(self._routine, place.pointer) % len(self._routine) if self._routine else 0
        if place.turn is None or place.first or not self._routine:
            self._origin = seat
            return self._in_block(place)
        done = min(place.done, self._group - 1)
        self._origin = (seat - done) % len(self._routine)
        passed_us = place.passed_us if self._routine[seat] == place.turn else 0
        return self._block.length_us + self._routine_us(self._origin + done) + passed_us

    def _in_block(self, place: Place) -> int:
        """Within the priority items: where it was, or at the one that follows an item which is gone."""
        if place.turn is None or not place.first:
            return 0
        ranks = [self._items[number].rank for number in self._first]
        seat = bisect_left(list(zip(ranks, self._first, strict=True)), (self._items[place.turn].rank, place.turn))
        if seat == len(self._first):
            return self._block.length_us
        stays = self._first[seat] == place.turn
        return self._block.start_us(seat) + (place.passed_us if stays else 0)
