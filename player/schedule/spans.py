"""Stretches of time, start <= t < end, as pairs of whole numbers: sorted, disjoint, and never touching.

The unit is the caller's; every function wants and gives stretches in that form, but `union`, which makes it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

Span = tuple[int, int]
Spans = tuple[Span, ...]
FAR: Final = 2**62  # later than any instant


def union(spans: Iterable[Span]) -> Spans:
    """Any stretches, in any order, as one set of them; empty ones are left out."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def clip(spans: Spans, start: int, end: int) -> Spans:
    """What of them lies in start..end."""
    if not spans or (spans[0][0] >= start and spans[-1][1] <= end):
        return spans
    return tuple((max(a, start), min(b, end)) for a, b in spans if a < end and b > start and start < end)


def intersect(one: Spans, two: Spans) -> Spans:
    """What lies in both."""
    return tuple(_common(one, two))


def _common(one: Spans, two: Spans) -> Iterator[Span]:
    i = j = 0
    while i < len(one) and j < len(two):
        start, end = max(one[i][0], two[j][0]), min(one[i][1], two[j][1])
        if start < end:
            yield start, end
        if one[i][1] < two[j][1]:
            i += 1
        else:
            j += 1


def subtract(spans: Spans, gone: Spans) -> Spans:
    """What of `spans` lies in none of `gone`."""
    if not spans or not gone:
        return spans
    return intersect(spans, gaps(gone))


def gaps(spans: Spans) -> Spans:
    """All time that lies in none of them."""
    edges = [-FAR, *(edge for span in spans for edge in span), FAR]
    return tuple((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def holds(spans: Spans, moment: int) -> bool:
    """Whether `moment` lies in one of them."""
    if len(spans) == 1:  # by far the commonest
        return spans[0][0] <= moment < spans[0][1]
    index = bisect_right(spans, moment, key=lambda span: span[0]) - 1
    return index >= 0 and moment < spans[index][1]


def total(spans: Spans) -> int:
    """How much time they are together."""
    return sum(end - start for start, end in spans)


class Taken:
    """Time given away bit by bit; each bit is given once."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> Spans:
        """Gives away what of start..end was free, and says what that is."""
        low, high = bisect_left(self._ends, start), bisect_right(self._starts, end)
        busy = [*zip(self._starts[low:high], self._ends[low:high], strict=True)]
        if start < end:
            whole = union([(start, end), *busy])
            self._starts[low:high], self._ends[low:high] = [span[0] for span in whole], [span[1] for span in whole]
        return subtract(union([(start, end)]), tuple(busy))

    def room(self, spans: Spans, start: int, length: int) -> int | None:
        """The first instant from `start` on from which `length` lies free and within one of `spans`."""
        for low, high in spans:
            begin = max(low, start)
            while begin + length <= high:
                index = bisect_right(self._ends, begin)
                if index == len(self._starts) or self._starts[index] >= begin + length:
                    return begin
                begin = self._ends[index]
        return None
