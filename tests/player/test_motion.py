"""Motion as a function of the instant."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import motion
from player.show import Box, Page, Prepared, Strip

BOX = Box(0, 0, 100, 20)


def strip(length_px: int = 1000, speed: float = 60.0, *, wraps: bool = False, vertical: bool = False) -> Strip:
    return Strip("s", BOX, length_px, speed, vertical, wraps)


def prepared(*shares: float) -> Prepared:
    return Prepared("k", tuple(Page(f"p{n}", share) for n, share in enumerate(shares)), 10.0)


def test_pages_divide_the_slot_by_their_shares() -> None:
    show = prepared(0.25, 0.5, 0.25)
    assert [motion.page_at(show, 20.0, at).index for at in (0.0, 4.99, 5.0, 14.9, 15.0, 19.9)] == [0, 0, 1, 1, 2, 2]
    place = motion.page_at(show, 20.0, 7.5)
    assert (place.offset_s, place.span_s) == (2.5, 10.0)


def test_the_last_page_stays_when_the_slot_is_over() -> None:
    assert motion.page_at(prepared(0.5, 0.5), 10.0, 1e9).index == 1


def test_no_page_turns_faster_than_it_may_however_short_the_slot() -> None:
    show = prepared(*[0.1] * 10)
    assert [motion.page_at(show, 1.0, at).index for at in (0.0, 0.49, 0.5, 0.99)] == [0, 0, 1, 1]
    assert motion.page_at(show, 1.0, 0.75) == motion.PagePlace(1, 0.25, motion.LEAST_PAGE_S)
    assert motion.next_page_s(show, 1.0, 0.3) == pytest.approx(0.2)


def test_no_pages_is_told() -> None:
    with pytest.raises(ValueError, match="no page"):
        motion.page_at(prepared(), 10.0, 0.0)


def test_when_the_page_turns_next() -> None:
    show = prepared(0.5, 0.5)
    assert motion.next_page_s(show, 10.0, 1.0) == 4.0
    assert motion.next_page_s(show, 10.0, 6.0) is None


@given(st.floats(0, 100), st.floats(1, 3600))
def test_every_instant_has_a_page(offset_s: float, dwell_s: float) -> None:
    place = motion.page_at(prepared(0.1, 0.2, 0.3, 0.4), dwell_s, offset_s)
    assert 0 <= place.index <= 3
    assert place.offset_s >= 0


def test_a_ticker_moves_whole_pixels_anchored_to_the_wall_clock() -> None:
    number = 1_790_000_000 * 60
    offsets = [motion.Run.of(strip(wraps=True), 60.0).offset(number + frame) for frame in range(5)]
    assert {(b - a) % 1000 for a, b in itertools.pairwise(offsets)} == {1}
    assert motion.Run.of(strip(wraps=True), 60.0).offset(number + 1000) == offsets[0]


def test_a_body_strip_holds_passes_once_and_holds() -> None:
    body = strip()
    assert motion.strip_offset(body, 0.0, 30.0) == 0
    assert motion.strip_offset(body, motion.HOLD_S - 0.01, 30.0) == 0
    assert motion.strip_offset(body, 15.0, 30.0) == 450
    assert motion.strip_offset(body, 30.0 - motion.HOLD_S + 0.01, 30.0) == 900
    assert motion.strip_offset(body, 1e6, 30.0) == 900


def test_a_strip_no_longer_than_its_box_stands_still() -> None:
    assert {motion.strip_offset(strip(100), at, 10.0) for at in (0.0, 3.0, 7.0, 10.0)} == {0}


def test_vertical_strips_use_the_height_of_their_box() -> None:
    assert motion.strip_offset(strip(220, vertical=True), 1e6, 10.0) == 200


def stands(one: Strip, at_s: float) -> int:
    """Where a strip of either kind stands at an instant."""
    if one.wraps:
        return motion.Run.of(one, 60.0).offset(motion.frame_number(at_s, 60.0))
    return motion.strip_offset(one, at_s, 60.0)


@given(st.floats(0, 60), st.booleans(), st.booleans())
def test_a_turned_strip_shows_the_mirrored_window(at: float, wraps: bool, vertical: bool) -> None:
    """The far end comes first: the window from the other side holds the same pixels."""
    there = strip(wraps=wraps, vertical=vertical)
    back = strip(speed=-60.0, wraps=wraps, vertical=vertical)
    window = BOX.h if vertical else BOX.w
    a, b = stands(there, at), stands(back, at)
    assert (a + b + window) % 1000 == 0
    assert 0 <= b < 1000


@given(st.floats(0, 59), st.floats(0.01, 1))
def test_a_body_strip_never_goes_back(at: float, later: float) -> None:
    assert motion.strip_offset(strip(), at + later, 60.0) >= motion.strip_offset(strip(), at, 60.0)


@pytest.mark.parametrize(("since", "alpha"), [(-1.0, 0), (0.0, 0), (0.5, 127), (1.0, 255), (9.0, 255)])
def test_fade(since: float, alpha: int) -> None:
    assert motion.fade_alpha(since, 1.0) == alpha


def test_a_fade_of_no_length_is_a_cut() -> None:
    assert motion.fade_alpha(0.0, 0.0) == 255


@given(st.integers(0, 2**31), st.sampled_from([30.0, 59.94, 60.0]), st.sampled_from([-180.0, -60.0, 10.0, 60.0, 100.0]))
def test_a_run_stands_frame_by_frame_where_the_instant_says(begin_s: int, hz: float, speed: float) -> None:
    run = motion.Run.of(strip(speed=speed, wraps=True), hz)
    number = motion.frame_number(begin_s, hz)
    gone = math.floor(number / hz * abs(speed) + 0.001)
    assert run.offset(number) == (gone % 1000 if speed > 0 else (-gone - BOX.w) % 1000)


@given(st.integers(0, 2**31), st.sampled_from([60.0, 120.0, 180.0]))
def test_whole_pixels_a_frame_are_the_same_every_frame(begin_s: int, speed: float) -> None:
    """Whatever the century: the product of two large floats falls short of a whole now and then."""
    run = motion.Run.of(strip(speed=speed, wraps=True), 60.0)
    numbers = range(begin_s * 60, begin_s * 60 + 200)
    steps = {(run.offset(number + 1) - run.offset(number)) % 1000 for number in numbers}
    assert steps == {int(speed / 60)}


@given(st.integers(0, 2**37), st.sampled_from([1.0, 10.0, 45.0, 60.0, 100.0]))
def test_a_run_stands_still_until_its_next_frame_and_elsewhere_then(number: int, speed: float) -> None:
    run = motion.Run.of(strip(speed=speed, wraps=True), 60.0)
    later = run.next_frame(number)
    assert later is not None
    assert run.offset(later) != run.offset(number)
    assert run.offset(later - 1) == run.offset(number)


def test_a_strip_without_speed_has_no_next_frame() -> None:
    assert motion.Run.of(strip(speed=0.0, wraps=True), 60.0).next_frame(5) is None


@given(st.integers(0, 2**37))
def test_a_loop_that_wakes_a_little_early_has_woken_for_the_frame_that_is_due(number: int) -> None:
    due_s = number / 60
    assert motion.frame_number(due_s, 60.0) == number
    assert motion.frame_number(due_s - 0.0004, 60.0) == number
    assert motion.frame_number(due_s - 0.002, 60.0) == number - 1


def test_until_a_frame_is_never_less_than_nothing() -> None:
    assert motion.until_frame_s(120, 1.5, 60.0) == pytest.approx(0.5)
    assert motion.until_frame_s(120, 2.5, 60.0) == 0.0
