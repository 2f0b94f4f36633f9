"""Whose turn it is in a loop, found from the position alone: no list of turns is ever written out.

Times are whole microseconds, so that turns meet exactly and two screens never round apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from player.model import Item

SECOND_US: Final = 1_000_000
SHORTEST_US: Final = SECOND_US  # a slot below a second could make the panel flicker
GROUP: Final = 3  # the priority items come round before every third routine item


class Turn(NamedTuple):
    item: Item
    start_us: int  # within the cycle
    end_us: int


def dwell_us(item: Item) -> int:
    """How long one turn of `item` lasts: its `dwell_s`, never under a second."""
    return max(SHORTEST_US, round(item.dwell_s * SECOND_US))


class Row:
    """Items one after another."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)
        self._ends = tuple(accumulate(dwell_us(item) for item in self.items))
        self.length_us = self._ends[-1] if self._ends else 0

    def turn(self, position_us: int) -> Turn:
        index = bisect_right(self._ends, position_us)
        start = self._ends[index - 1] if index else 0
        return Turn(self.items[index], start, self._ends[index])

    def start_us(self, index: int) -> int:
        return self._ends[index - 1] if index else 0


class Rotation:
    """A cycle of `routine` items in threes, with all of `first` before each three."""

    def __init__(self, routine: Sequence[Item], first: Sequence[Item] = ()) -> None:
        self._row, self._block = Row(routine), Row(first)
        self._group_starts = tuple(
            number * self._block.length_us + self._row.start_us(index)
            for number, index in enumerate(range(0, len(routine), GROUP))
        ) or (0,)
        self.length_us = self._row.length_us + len(self._group_starts) * self._block.length_us

    def __bool__(self) -> bool:
        return self.length_us > 0

    def turn(self, position_us: int) -> Turn:
        """The turn at `position_us`, 0 <= position_us < length_us."""
        group = bisect_right(self._group_starts, position_us) - 1
        start = self._group_starts[group]
        within = position_us - start
        if within < self._block.length_us:
            return _moved(self._block.turn(within), start)
        shift = (group + 1) * self._block.length_us
        return _moved(self._row.turn(position_us - shift), shift)


def _moved(turn: Turn, by_us: int) -> Turn:
    return Turn(turn.item, turn.start_us + by_us, turn.end_us + by_us)
