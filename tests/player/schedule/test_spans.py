from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from player.schedule.spans import Spans, Taken, clip, gaps, holds, intersect, subtract, total, union

raw = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)
SEEN = range(-2, 43)


def points(spans: Spans) -> set[int]:
    return {point for start, end in spans for point in range(start, end)}


@given(raw)
def test_a_union_is_sorted_disjoint_and_never_touching(spans: list[tuple[int, int]]) -> None:
    joined = union(spans)
    assert points(joined) == points(tuple(spans))
    edges = [edge for span in joined for edge in span]
    assert edges == sorted(set(edges))


@given(raw, raw)
def test_sets_of_time_are_sets_of_points(one: list[tuple[int, int]], two: list[tuple[int, int]]) -> None:
    a, b = union(one), union(two)
    assert points(intersect(a, b)) == points(a) & points(b)
    assert points(subtract(a, b)) == points(a) - points(b)
    assert {point for point in SEEN if holds(a, point)} == points(a)
    assert {point for point in SEEN if holds(gaps(a), point)} == set(SEEN) - points(a)
    assert total(a) == len(points(a))


@given(raw, st.integers(0, 40), st.integers(0, 40))
def test_a_clip_is_what_lies_within(spans: list[tuple[int, int]], start: int, end: int) -> None:
    if start < end:
        assert points(clip(union(spans), start, end)) == points(union(spans)) & set(range(start, end))


@given(raw)
def test_each_bit_is_given_away_once(spans: list[tuple[int, int]]) -> None:
    taken = Taken()
    given_away: set[int] = set()
    for start, end in spans:
        bit = points(taken.take(start, end))
        assert bit == set(range(start, end)) - given_away
        given_away |= bit


@given(raw, raw, st.integers(0, 40), st.integers(1, 6))
def test_room_is_the_first_place_that_is_free(
    free: list[tuple[int, int]], busy: list[tuple[int, int]], start: int, length: int
) -> None:
    taken = Taken()
    for span in busy:
        taken.take(*span)
    usable = points(union(free)) - points(union(busy))
    rows = union(free)
    whole = [
        first
        for first in range(start, 41)
        if set(range(first, first + length)) <= usable and any(a <= first and first + length <= b for a, b in rows)
    ]
    assert taken.room(rows, start, length) == (whole[0] if whole else None)
