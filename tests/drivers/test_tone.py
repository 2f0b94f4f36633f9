"""Gamma and dimming: what each value becomes, on the way to LEDs and back to the eye."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.surfaces import new_surface
from drivers.tone import LED_GAMMA, Tone, table


def test_a_panel_that_bends_by_itself_gets_what_was_drawn() -> None:
    assert table(1.0, 100) == bytes(range(256))


def test_half_the_light_for_the_eye_is_a_fifth_of_the_time_for_an_led() -> None:
    baked = table(LED_GAMMA, 100)
    assert (baked[0], baked[255]) == (0, 255)
    assert baked[128] / 255 == pytest.approx((128 / 255) ** 2.2, abs=0.003)


def test_dimming_takes_the_same_share_of_light_from_every_value() -> None:
    full, half = table(LED_GAMMA, 100), table(LED_GAMMA, 50)
    assert all(abs(full[value] / 2 - half[value]) <= 1 for value in range(256))


@settings(deadline=None)
@given(st.floats(0.5, 4.0), st.integers(0, 100))
def test_brighter_is_never_darker(gamma: float, pct: int) -> None:
    baked = table(gamma, pct)
    assert list(baked) == sorted(baked)
    assert baked[0] == 0
    assert baked[255] == round(255 * pct / 100)


def test_bakes_every_pixel_in_place_and_each_colour_by_itself() -> None:
    picture = new_surface(3, 2)
    picture.fill((255, 128, 10))
    Tone(2.0).bake(picture)
    assert picture.get_view("0").raw == bytes((0, 64, 255, 0)) * 6


@pytest.mark.parametrize("box", [(2, 1, 3, 2), (0, 0, 8, 2), (7, 3, 1, 1), (0, 0, 8, 4)])
def test_of_a_part_of_a_picture_only_that_part_is_baked(box: tuple[int, int, int, int]) -> None:
    picture = new_surface(8, 4)
    picture.fill((255, 128, 10))
    Tone(2.0).bake(picture.subsurface(box))
    x, y, width, height = box
    for column in range(8):
        for row in range(4):
            inside = x <= column < x + width and y <= row < y + height
            assert picture.get_at((column, row))[:3] == ((255, 64, 0) if inside else (255, 128, 10))


def test_what_the_eye_sees_is_the_picture_again_and_its_dimming() -> None:
    tone = Tone(LED_GAMMA)
    drawn = bytes(range(60, 256))
    assert all(abs(a - b) <= 4 for a, b in zip(tone.seen(drawn.translate(table(2.2, 100))), drawn, strict=True))
    dimmed = tone.seen(drawn.translate(table(2.2, 25)))
    assert all(value < before for value, before in zip(dimmed, drawn, strict=True))


@pytest.mark.parametrize("gamma", [0.4, 4.1])
def test_a_gamma_that_cannot_be_is_named(gamma: float) -> None:
    with pytest.raises(ValueError, match=f"{gamma:g}.*0.5 to 4"):
        Tone(gamma)
