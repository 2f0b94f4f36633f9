"""How a film's frames are counted: what is late, what is passed by, and what says nothing of either."""

from __future__ import annotations

import pytest

from player.film.tally import Tally

FRAME_S = 1 / 60


def shown(at_s: list[float], late_s: dict[int, float] | None = None, jumps: int = 0) -> Tally:
    """A film whose frames came up at their stamps, those by number in `late_s` so much after them."""
    tally = Tally(FRAME_S)
    for number, stamp_s in enumerate(at_s):
        tally.show(round(stamp_s * 1e6), stamp_s + (late_s or {}).get(number, 0.001), jumps, 0)
    return tally


def test_frames_that_come_up_at_their_stamps_are_not_late() -> None:
    tally = shown([n / 30 for n in range(30)])
    assert tally.health() == {"shown": 30, "late": 0, "pace": "even"}


def test_a_frame_that_comes_up_more_than_a_panel_s_frame_after_its_stamp_is_late() -> None:
    tally = shown([n / 30 for n in range(30)], {7: FRAME_S + 0.001, 9: FRAME_S - 0.001, 20: 0.5})
    assert (tally.shown, tally.late) == (30, 2)


def test_the_frame_a_film_is_entered_with_is_never_late() -> None:
    """Entered in its middle, it shows the frame that has been due for a while."""
    assert shown([10.0, 10.5], {0: 0.4}).late == 0


def test_nor_is_the_first_one_after_a_jump() -> None:
    tally = shown([0.0, 0.5])
    tally.show(7_000_000, 7.4, 1, 0)
    assert tally.late == 0
    tally.show(7_500_000, 7.9, 1, 0)
    assert tally.late == 1


def test_a_frame_drawn_once_more_is_one_frame() -> None:
    tally = shown([0.0, 0.5])
    tally.show(500_000, 0.8, 0, 0)
    assert (tally.shown, tally.late) == (2, 0)


@pytest.mark.parametrize(
    ("at_s", "pace"),
    [
        ([], ""), ([0.0], ""), ([0, 0.033, 0.067, 0.1], "even"), ([0, 0.1, 1.4, 1.44], "varying"),
        ([0, 0.0417, 0.0833, 0.125], "even"),
    ],
)  # fmt: skip
def test_the_pace_is_that_of_the_stamps(at_s: list[float], pace: str) -> None:
    assert shown(at_s).pace == pace


def test_frames_left_out_do_not_make_a_film_uneven() -> None:
    tally = shown([0.0, 1 / 30, 2 / 30])
    tally.show(400_000, 0.4, 0, 9)
    assert tally.pace == "even"
    tally.show(500_000, 0.5, 0, 9)
    assert tally.pace == "varying", "a step in which nothing is missing tells"
