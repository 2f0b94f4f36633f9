from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.model import Item, Priority, Version
from player.rotation import SECOND_US, Rotation, dwell_us


def item(name: str, dwell_s: float) -> Item:
    return Item(name, 1, Priority.ROUTINE, (Version("vi", name),), dwell_s=dwell_s)


def written_out(routine: list[Item], first: list[Item]) -> list[Item]:
    turns = [turn for n in range(0, len(routine), 3) for turn in (*first, *routine[n : n + 3])]
    return turns or first


dwells = st.floats(0.001, 30)
rows = st.lists(st.builds(lambda n, d: item(f"i{n}", d), st.integers(0, 99), dwells), max_size=10)


@settings(max_examples=300)
@given(rows, rows, st.floats(0, 1, exclude_max=True))
def test_a_turn_is_the_one_of_the_list_written_out(routine: list[Item], first: list[Item], part: float) -> None:
    rotation, turns = Rotation(routine, first), written_out(routine, first)
    assert rotation.length_us == sum(map(dwell_us, turns))
    if not rotation:
        return
    position = int(part * rotation.length_us)
    begin = 0
    for expected in turns:
        if position < begin + dwell_us(expected):
            break
        begin += dwell_us(expected)
    turn = rotation.turn(position)
    assert (turn.item, turn.start_us, turn.end_us) == (expected, begin, begin + dwell_us(expected))


def test_turns_meet_exactly_all_the_way_round() -> None:
    rotation = Rotation([item(f"r{n}", 0.1 * n + 1.0000004) for n in range(7)], [item("p", 3.3333333)])
    marks = [0]
    while marks[-1] < rotation.length_us:
        turn = rotation.turn(marks[-1])
        assert turn.start_us == marks[-1]
        marks.append(turn.end_us)
    assert marks[-1] == rotation.length_us
    assert all(a < b for a, b in pairwise(marks))


@pytest.mark.parametrize("dwell_s", [1e-9, 0.5])
def test_no_turn_is_shorter_than_a_second(dwell_s: float) -> None:
    assert dwell_us(item("a", dwell_s)) == SECOND_US


def test_thousands_of_both_kinds_are_not_written_out() -> None:
    rotation = Rotation([item(f"r{n}", 5) for n in range(2500)], [item(f"p{n}", 5) for n in range(2500)])
    assert rotation.length_us == (2500 + 834 * 2500) * 5 * SECOND_US
    assert rotation.turn(rotation.length_us - 1).item.id == "r2499"
