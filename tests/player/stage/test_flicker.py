"""That the judge of flashes sees those that are forbidden, and no others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.player.stage.flicker import Pixels, Seen, areas_of, flashes

W, H = 64, 32
Draw = Callable[[bool], Pixels]


def field(grey: int) -> Pixels:
    return np.full((H, W, 3), grey, np.uint8)


def blinking(draw: Draw, hz: float, seconds: float = 3.0) -> list[Seen]:
    """Light and dark in turn, `hz` pairs a second."""
    return [Seen(number / (2 * hz), areas_of(draw(number % 2 == 1))) for number in range(round(seconds * 2 * hz))]


def whole(on: bool) -> Pixels:
    return field(255 if on else 0)


def corner(on: bool, share: float = 0.5) -> Pixels:
    """A part of the width and the height, at the lower right."""
    drawn = field(0)
    drawn[H - round(H * share) :, W - round(W * share) :] = 255 if on else 0
    return drawn


def middle(on: bool) -> Pixels:
    """A quarter of the panel that is none of its four."""
    drawn = field(0)
    drawn[H // 4 : H * 3 // 4, W // 4 : W * 3 // 4] = 255 if on else 0
    return drawn


def dim(on: bool) -> Pixels:
    """Less than a tenth of the light between them."""
    return field(80 if on else 0)


def bright(on: bool) -> Pixels:
    """Neither is below 0.8 of the light."""
    return field(255 if on else 232)


def red(on: bool) -> Pixels:
    """A saturated red that changes the luminance by less than a tenth."""
    drawn = field(0)
    drawn[..., 0] = 160 if on else 0
    return drawn


@pytest.mark.parametrize("draw", [whole, corner, middle, red])
def test_four_flashes_a_second_are_more_than_three(draw: Draw) -> None:
    assert flashes(blinking(draw, 4)) == 4
    assert flashes(blinking(draw, 3)) == 3
    assert flashes(blinking(draw, 0.5)) <= 1


@pytest.mark.parametrize("draw", [dim, bright, lambda on: corner(on, 0.15)], ids=["dim", "bright", "small"])
def test_what_is_too_faint_or_too_small_is_no_flash(draw: Draw) -> None:
    assert flashes(blinking(draw, 10)) == 0


def test_a_change_by_and_by_is_one() -> None:
    fade = [Seen(step / 60, areas_of(field(step * 4))) for step in range(60)]
    assert flashes(fade) == 0
    assert flashes(fade + [Seen(1 + each.at_s, each.areas) for each in reversed(fade)]) <= 1


def test_it_is_the_worst_second_that_counts() -> None:
    calm = [Seen(float(second), areas_of(whole(second % 2 == 1))) for second in range(10)]
    burst = [Seen(10 + each.at_s, each.areas) for each in blinking(whole, 8, 1.0)]
    assert flashes(calm) <= 1
    assert flashes(calm + burst) == 8


def test_nothing_seen_is_no_flash() -> None:
    assert flashes([]) == 0


def test_light_is_measured_as_the_eye_takes_it() -> None:
    """Middle grey of sRGB sends out a fifth of the light of white."""
    assert areas_of(field(255)) == pytest.approx(np.ones((10, 3)))
    assert areas_of(field(128)) == pytest.approx(np.full((10, 3), 0.2158), abs=0.001)
