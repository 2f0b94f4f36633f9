"""A film on a panel that takes planes: when it is given them, and what stands there when its page comes and goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pygame
import pytest

from drivers.film import Planes
from drivers.panel import PanelError, Rect, create
from drivers.surfaces import new_surface
from player.film.process import FilmProcess, Picture
from player.film.projector import Projector, Screening
from player.show import Box, Live
from tests.drivers.planes import plain

FILM = Live("a" * 64, Box(4, 2, 32, 16), 4.0)
AREA = Rect(4, 2, 32, 16)


class Reel:
    """A film process by the test's word."""

    trouble = ""

    def __init__(self) -> None:
        self.found: Picture | None = None
        self.welcome: list[bool] = []
        self.position_s, self.jumps, self.skipped = 0.0, 0, 0

    def want(self, position_s: float) -> None:
        self.position_s = position_s

    def picture(self) -> Picture | None:
        return self.found

    def take_planes(self, welcome: bool) -> None:
        self.welcome.append(welcome)

    def close(self) -> None: ...


class Chip:
    """An overlay that writes down what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.refusing = False

    def show(self, planes: Planes, area: Rect) -> None:
        if self.refusing:
            raise PanelError("sdl: out of memory")
        self.asked.append((planes.y[0], area))

    def clear(self) -> None:
        self.asked.append("clear")

    def settle(self) -> None:
        self.asked.append("settle")


@pytest.fixture
def reel() -> Reel:
    return Reel()


@pytest.fixture
def chip() -> Chip:
    return Chip()


@pytest.fixture
def screening(reel: Reel, chip: Chip) -> Screening:
    return Screening(FILM, cast("FilmProcess", reel), lambda _: None, chip)


def pixels(number: int) -> Picture:
    surface = new_surface(32, 16)
    surface.fill((number, number, number))
    return Picture(number, surface)


def planes(number: int) -> Picture:
    return Picture(number, plain(yuv=(number, 128, 128)))


def page() -> pygame.Surface:
    return new_surface(64, 32)


def test_planes_are_asked_for_only_once_the_page_lies_on_the_panel(screening: Screening, reel: Reel) -> None:
    assert reel.welcome == [False]
    screening.lie()
    assert reel.welcome == [False, True]


def test_until_then_pixels_are_drawn_and_planes_left_alone(screening: Screening, reel: Reel, chip: Chip) -> None:
    target = page()
    reel.found = planes(1)
    assert screening.draw(target, 0.0) is None
    reel.found = pixels(2)
    assert screening.draw(target, 0.1) == AREA
    assert target.get_at((4, 2))[:3] == (2, 2, 2)
    assert [one for one in chip.asked if one != "clear"] == []


def test_from_then_on_the_panel_has_each_new_frame_and_the_page_is_not_touched(
    screening: Screening, reel: Reel, chip: Chip
) -> None:
    target = page()
    screening.lie()
    reel.found = planes(7)
    touched = screening.draw(target, 0.0)
    assert touched is not None
    assert touched[2:] == (0, 0)
    assert screening.draw(target, 0.01) is None
    reel.found = planes(8)
    assert screening.draw(target, 0.1) is not None
    assert chip.asked == [(7, AREA), (8, AREA)]
    assert target.get_at((4, 2))[:3] == (0, 0, 0)


def test_a_page_laid_anew_has_the_frame_at_once_so_that_its_first_one_does_not_flash(
    screening: Screening, reel: Reel, chip: Chip
) -> None:
    reel.found = planes(7)
    screening.lie()
    assert chip.asked == [(7, AREA)]


def test_pixels_after_planes_take_the_planes_off(screening: Screening, reel: Reel, chip: Chip) -> None:
    screening.lie()
    reel.found = planes(7)
    screening.draw(page(), 0.0)
    reel.found = pixels(8)
    assert screening.draw(page(), 0.1) == AREA
    assert chip.asked == [(7, AREA), "clear"]


@pytest.mark.parametrize(("kept", "asked"), [(True, ["settle", "clear"]), (False, ["clear"])])
def test_it_leaves_its_last_frame_behind_where_that_is_to_fade(
    screening: Screening, chip: Chip, kept: bool, asked: list[str]
) -> None:
    screening.lie()
    screening.leave(kept=kept)
    assert chip.asked == asked


def test_a_page_that_never_lay_there_leaves_nothing(screening: Screening, chip: Chip) -> None:
    screening.leave(kept=True)
    assert chip.asked == []


def test_a_chip_that_refuses_leaves_the_panel_and_the_film_goes_on_in_pixels(
    screening: Screening, reel: Reel, chip: Chip, caplog: pytest.LogCaptureFixture
) -> None:
    screening.lie()
    chip.refusing = True
    reel.found = planes(7)
    assert screening.draw(page(), 0.0) is None
    assert screening.draw(page(), 0.1) is None
    assert reel.welcome[-1] is False
    assert caplog.text.count("out of memory") == 1
    reel.found = pixels(8)
    assert screening.draw(page(), 0.2) == AREA


def test_on_a_panel_that_takes_pixels_alone_the_film_is_asked_for_nothing_else(reel: Reel) -> None:
    screening = Screening(FILM, cast("FilmProcess", reel), lambda _: None)
    screening.lie()
    reel.found = pixels(3)
    assert screening.draw(page(), 0.0) == AREA
    screening.leave(kept=True)
    assert reel.welcome == []


def test_the_panel_is_asked_for_its_overlay_each_time_a_film_comes_up(reel: Reel) -> None:
    panel: Any = create("memory", 64, 32, {})
    films = Projector(Path(), panel, lambda *_: cast("FilmProcess", reel))
    assert films.screen(FILM)._overlay is None
    panel.overlay = Chip()  # another one is there after the panel was lost and opened again
    assert films.screen(FILM)._overlay is panel.overlay
