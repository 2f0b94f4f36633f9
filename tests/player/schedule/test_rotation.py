from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.model import Item, Priority, Version
from player.schedule.rotation import SECOND_US, Cast, Loop, Place, Row, dwell_us


def item(name: str, dwell_s: float, rank: int = 0) -> Item:
    return Item(name, 1, Priority.ROUTINE, (Version("vi", name),), dwell_s=dwell_s, rank=rank)


def written_out(items: list[Item], routine: list[int], first: list[int], count: int) -> list[Item]:
    """`count` turns from the beginning, one by one."""
    turns: list[Item] = []
    nth = 0
    while len(turns) < count:
        turns += [items[n] for n in first]
        for _ in range(min(3, len(routine))):
            turns.append(items[routine[nth % len(routine)]])
            nth += 1
    return turns[:count]


dwells = st.integers(1000, 30_000).map(lambda ms: ms / 1000)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Item], list[int], list[int]]:
    items = [item(f"i{n}", draw(dwells), draw(st.integers(-1, 1))) for n in range(draw(st.integers(1, 9)))]
    numbers = draw(st.permutations(range(len(items))))
    cut = draw(st.integers(0, len(items)))
    return items, sorted(numbers[:cut]), sorted(numbers[cut:], key=lambda n: (items[n].rank, n))


@settings(max_examples=200)
@given(worlds(), st.integers(1, 80))
def test_the_turns_are_those_of_the_list_written_out(world: tuple[list[Item], list[int], list[int]], n: int) -> None:
    items, routine, first = world
    loop = Loop(Cast(items), routine, first, Place())
    position = loop.start_us
    for expected in written_out(items, routine, first, n):
        turn = loop.turn(position)
        assert (turn.item, turn.start_us, turn.end_us) == (expected, position, position + dwell_us(expected))
        assert loop.turn(turn.end_us - 1) == turn
        position = turn.end_us


@settings(max_examples=200)
@given(worlds(), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_place_is_taken_up_where_it_was_left(
    world: tuple[list[Item], list[int], list[int]], before_us: int, after_us: int
) -> None:
    items, routine, first = world
    loop = Loop(Cast(items), routine, first, Place())
    again = Loop(Cast(items), routine, first, loop.place(before_us))
    left, taken = loop.turn(before_us + after_us), again.turn(again.start_us + after_us)
    assert taken.item is left.item
    assert again.start_us + after_us - taken.start_us == before_us + after_us - left.start_us


def test_of_two_routine_items_the_priority_ones_come_before_both() -> None:
    items = [item("a", 1), item("b", 1), item("p", 1)]
    loop = Loop(Cast(items), [0, 1], [2], Place())
    assert [loop.turn(n * SECOND_US).item.id for n in range(7)] == ["p", "a", "b", "p", "a", "b", "p"]


def test_who_comes_on_air_waits_for_its_place_and_who_goes_is_passed_over() -> None:
    items = [item(name, 10) for name in "abcd"]
    place = Loop(Cast(items), [0, 2, 3], [], Place()).place(14 * SECOND_US)  # four seconds into c
    joined = Loop(Cast(items), [0, 1, 2, 3], [], place)
    assert [joined.turn(joined.start_us + n * 10 * SECOND_US).item.id for n in range(5)] == ["c", "d", "a", "b", "c"]
    assert joined.turn(joined.start_us).start_us == joined.start_us - 4 * SECOND_US
    gone = Loop(Cast(items), [0, 3], [], place)
    assert gone.turn(gone.start_us).item.id == "d"
    assert gone.turn(gone.start_us).start_us == gone.start_us


def test_a_priority_item_that_goes_off_is_followed_by_the_next_of_its_order() -> None:
    items = [item("p", 10, 2), item("q", 10, 1), item("s", 10, 3), item("r", 10)]
    place = Loop(Cast(items), [3], [1, 0, 2], Place()).place(15 * SECOND_US)  # five seconds into p, the second by rank
    after_p = Loop(Cast(items), [3], [1, 2], place)
    assert [after_p.turn(after_p.start_us + n * 10 * SECOND_US).item.id for n in range(4)] == ["s", "r", "q", "s"]
    only_q = Loop(Cast(items), [3], [1], place)
    assert only_q.turn(only_q.start_us).item.id == "r"


def test_an_empty_loop_keeps_the_place_but_begins_the_turn_anew() -> None:
    place = Place(3, 1, 3, False, 77)
    loop = Loop(Cast([]), [], [], place)
    assert not loop
    assert loop.place(10**9) == Place(3, 1, 3, False, 0)


def test_turns_of_a_row_meet_exactly_all_the_way_round() -> None:
    row = Row([item(f"r{n}", 0.1 * n + 1.0000004) for n in range(7)])
    marks = [0]
    while marks[-1] < row.length_us:
        turn = row.turn(marks[-1])
        assert turn.start_us == marks[-1]
        marks.append(turn.end_us)
    assert marks[-1] == row.length_us
    assert all(a < b for a, b in pairwise(marks))


@pytest.mark.parametrize("dwell_s", [1e-9, 0.5])
def test_no_turn_is_shorter_than_a_second(dwell_s: float) -> None:
    assert dwell_us(item("a", dwell_s)) == SECOND_US


def test_thousands_of_both_kinds_are_not_written_out() -> None:
    items = [item(f"i{n}", 5) for n in range(5000)]
    loop = Loop(Cast(items), range(2500), range(2500, 5000), Place())
    length_us = (3 * 2500 + 2500 * 2500) * 5 * SECOND_US
    assert loop.turn(length_us - 1).item.id == "i2499"
    assert loop.turn(length_us).item.id == "i2500"
