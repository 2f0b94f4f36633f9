"""Colours people can read, and measures for any panel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from player import scene
from player.layout.fonts import LED_FLOOR_PX, FontBook
from player.layout.theme import THEME, Colour, contrast, measures, palette
from player.model import Priority
from player.show import PanelShape, Show

MakeShow = Callable[..., Show]
HDMI, LED = PanelShape(1920, 1080), PanelShape(192, 96, "led")


def test_contrast_agrees_with_the_known_extremes() -> None:
    assert contrast(Colour(0, 0, 0), Colour(255, 255, 255)) == pytest.approx(21.0)
    assert contrast(Colour(119, 119, 119), Colour(255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("shape", [HDMI, LED], ids=["hdmi", "led"])
@pytest.mark.parametrize("priority", list(Priority))
@pytest.mark.parametrize("level", range(6))
def test_every_text_stands_out_seven_to_one(shape: PanelShape, priority: Priority, level: int) -> None:
    colours = palette(THEME, shape, priority, level)
    assert contrast(colours.ground, colours.text) >= 7
    assert contrast(colours.header, colours.header_text) >= 7
    assert contrast(colours.ground, colours.title) >= 7


def test_disaster_levels_have_the_colours_of_the_decision() -> None:
    hues = [palette(THEME, HDMI, Priority.EMERGENCY, level).ground for level in range(1, 6)]
    blue, yellow, orange, red, violet = hues
    assert blue.b > blue.g > blue.r > 128, "light blue"
    assert min(yellow.r, yellow.g) > 220 > yellow.b, "light yellow"
    assert orange.r > orange.g > 100 > orange.b, "orange"
    assert red.r > 4 * max(red.g, red.b), "red"
    assert violet.b > violet.r > violet.g, "violet"


def test_the_three_priorities_look_different() -> None:
    looks = {palette(THEME, HDMI, priority, 0) for priority in Priority}
    assert len(looks) == 3


@pytest.mark.parametrize("height_px", [16, 32, 48, 64, 96, 128, 160, 256, 512])
def test_no_led_size_lies_below_the_floor(height_px: int) -> None:
    m = measures(PanelShape(max(64, 2 * height_px), height_px, "led"))
    assert min(m.sizes) * m.pitch >= LED_FLOOR_PX
    assert m.header in {0} or m.header >= LED_FLOOR_PX


def test_a_floor_set_for_the_viewing_distance_is_kept() -> None:
    for shape in (PanelShape(1920, 1080, floor_px=120), PanelShape(320, 160, "led", floor_px=32)):
        m = measures(shape)
        assert min(m.sizes) * m.pitch >= shape.floor_px - 1


def test_sizes_rise() -> None:
    for shape in (HDMI, LED, PanelShape(3840, 2160), PanelShape(64, 32, "led")):
        assert list(measures(shape).sizes) == sorted(set(measures(shape).sizes))


@pytest.mark.parametrize("level", range(6))
def test_the_rule_below_an_emergencys_header_is_seen(level: int, make_show: MakeShow, book: FontBook) -> None:
    show = make_show("BÃO", "x", HDMI, priority=Priority.EMERGENCY, level=level)
    page = scene.compose(show, book).pages[0]
    rule = next(fill for fill in page.fills if fill.box.y == measures(HDMI).header)
    assert contrast(rule.colour, palette(THEME, HDMI, Priority.EMERGENCY, level).header) >= 3
