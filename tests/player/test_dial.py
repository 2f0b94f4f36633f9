"""Clock and dates on a page: drawn when their words change and not otherwise, on a panel turned any way."""

from __future__ import annotations

from datetime import date

import pygame
import pytest

from drivers.surfaces import new_surface
from player import dial, render
from player.dial import Dial
from player.layout import daywords
from player.show import Box, ClockFace

DIGITS = tuple("0123456789:")
GROUND, INK = (10, 20, 30), (250, 250, 250)
BOX = Box(40, 5, 50, 8)


def face_of(form: str = "", rotation: int = 0, align_pct: int = 100) -> ClockFace:
    words = daywords.words(form) if form else DIGITS
    box = Box(5, 40, 8, 50) if rotation in (90, 270) else BOX
    return ClockFace(box, words, tuple(4 for _ in words), rotation, words, form, align_pct)


def made(face: ClockFace) -> tuple[Dial, pygame.Surface]:
    page = new_surface(120, 120)
    page.fill(GROUND)
    size = (8, 4) if face.rotation in (90, 270) else (4, 8)
    inks = {}
    for name in face.glyphs:
        inks[name] = new_surface(*size)
        inks[name].fill(INK)
    return Dial(face, page, inks), page


def lit(page: pygame.Surface) -> pygame.Rect:
    copy = page.copy()
    copy.set_colorkey(GROUND)
    return copy.get_bounding_rect()


def test_the_time_stands_at_the_far_end_of_its_box() -> None:
    clock, page = made(face_of())
    assert clock.move("07:30", None) == (40, 5, 50, 8)
    assert lit(page) == pygame.Rect(70, 5, 20, 8)


@pytest.mark.parametrize(("align_pct", "x"), [(0, 40), (50, 55), (100, 70)])
def test_a_row_stands_where_it_is_told(align_pct: int, x: int) -> None:
    assert dial.placed(face_of(align_pct=align_pct), "07:30")[0].x == x


def test_nothing_is_drawn_twice() -> None:
    clock, _ = made(face_of())
    assert clock.move("07:30", None)
    assert clock.move("07:30", date(2026, 11, 23)) is None
    assert clock.move("07:31", None)


def test_a_date_changes_at_midnight_and_leaves_nothing_behind() -> None:
    shown, page = made(face_of(daywords.SHORT))
    long, short = date(2026, 11, 23), date(2026, 9, 5)
    assert shown.move("23:59", long)
    before = lit(page).w
    assert shown.move("00:00", long) is None
    assert shown.move("00:00", short)
    assert lit(page).w < before


def test_an_untrusted_clock_tells_neither_time_nor_day() -> None:
    for form in ("", daywords.SOLAR, daywords.LUNAR, daywords.SHORT):
        shown, page = made(face_of(form))
        assert shown.move("07:30", date(2026, 11, 23))
        assert shown.move("", None)
        assert lit(page).w == 0
        assert shown.move("", None) is None


def test_a_year_the_moon_is_not_known_for_leaves_the_lunar_date_out() -> None:
    shown, page = made(face_of(daywords.LUNAR))
    assert shown.move("07:30", date(2150, 1, 1)) is None
    assert lit(page).w == 0


def test_it_goes_on_where_it_is_laid() -> None:
    clock, page = made(face_of())
    clock.move("07:30", None)
    panel = page.copy()
    clock.lie_on(panel)
    assert clock.move("07:30", None) is None
    clock.move("", None)
    assert lit(panel).w == 0
    assert lit(page).w == 20


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_rows_run_the_turned_way(rotation: int) -> None:
    """The first word lies furthest from the end at which the row is set."""
    face = face_of(rotation=rotation)
    first, *_, last = dial.placed(face, "07:30")
    along = {90: first.y < last.y, 180: first.x > last.x, 270: first.y > last.y}
    assert along[rotation]
    clock, page = made(face)
    clock.move("07:30", None)
    assert pygame.Rect(render.tuple_of(face.box)).contains(lit(page))


FRAMES = tuple(f"g{n}" for n in range(11))
ADVANCE = (10,) * 10 + (4,)


@pytest.mark.parametrize(
    ("rotation", "box", "first", "last"),
    [
        (0, Box(100, 5, 50, 20), (106, 5), (140, 5)),
        (180, Box(100, 5, 50, 20), (134, 5), (100, 5)),
        (90, Box(5, 100, 20, 50), (5, 106), (5, 140)),
        (270, Box(5, 100, 20, 50), (5, 134), (5, 100)),
    ],
)
def test_clock_figures_end_at_the_far_edge_whatever_way_they_run(
    rotation: int, box: Box, first: tuple[int, int], last: tuple[int, int]
) -> None:
    placed = dial.placed(ClockFace(box, FRAMES, ADVANCE, rotation), "07:35")
    assert [glyph.frame for glyph in placed] == ["g0", "g7", "g10", "g3", "g5"]
    assert (placed[0].x, placed[0].y) == first
    assert (placed[-1].x, placed[-1].y) == last
