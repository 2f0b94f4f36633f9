"""Pixels: what is drawn is where the scene says, turned as the panel is, and readable."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from drivers.surfaces import MASKS, new_surface
from player import render, scene, text
from player.layout.boxes import Band, ClockPlan, Label, ScenePage
from player.layout.fonts import BOLD, REGULAR, FontBook, Type
from player.layout.theme import Colour
from player.show import Box, PanelShape, Show

MakeShow = Callable[..., Show]
WHITE, BLACK, RED = Colour(255, 255, 255), Colour(0, 0, 0), Colour(200, 0, 0)
KIND = Type(REGULAR, 40)
HDMI = PanelShape(1920, 1080)


def lit(surface: pygame.Surface, ground: Colour) -> pygame.Rect:
    """The smallest box round everything that is not ground."""
    copy = surface.copy()
    copy.set_colorkey(ground)
    return copy.get_bounding_rect()


def drawn(words: str, book: FontBook, kind: Type = KIND) -> bytes:
    page = ScenePage(BLACK, labels=(Label(10, 10, words, kind, WHITE),))
    return pygame.image.tobytes(render.page(PanelShape(640, 100), page, book), "RGB")


def test_the_surface_is_what_a_panel_takes() -> None:
    surface = new_surface(33, 7)
    assert surface.get_bitsize() == 32
    assert surface.get_masks() == MASKS
    assert surface.get_pitch() == 33 * 4
    assert not surface.get_flags() & pygame.SRCALPHA


def test_decomposed_and_composed_text_have_the_same_pixels(book: FontBook) -> None:
    words = "Ế Ộ ẵ Ữ thông báo"
    assert drawn(text.clean(unicodedata.normalize("NFD", words)), book) == drawn(words, book)


def test_letters_without_a_glyph_leave_no_box(book: FontBook) -> None:
    assert drawn("a😀b", book) == drawn("ab", book)
    assert drawn("😀", book) == drawn("", book)


def test_every_uncovered_letter_would_have_been_a_box(book: FontBook) -> None:
    """The negative control: the font itself does draw one."""
    ink = book.font(KIND).render("😀", True, WHITE)
    assert ink.get_bounding_rect().w > 0


def test_a_word_is_as_wide_as_it_was_measured(book: FontBook) -> None:
    for words in ("Thông báo", "ជូនដំណឹង", "Xã ជូន 12"):
        page = ScenePage(BLACK, labels=(Label(0, 0, words, KIND, WHITE),))
        right = lit(render.page(PanelShape(1000, 100), page, book), BLACK).right
        assert abs(right - text.width(words, KIND, book)) <= 6


@pytest.mark.parametrize("size", [12, 14, 16, 20, 56, 70])
def test_stacked_marks_are_whole_at_the_top_of_a_line(size: int, book: FontBook) -> None:
    """Drawn with room above, nothing is higher than the line box itself."""
    kind = Type(BOLD, size)
    page = ScenePage(BLACK, labels=(Label(4, 50, "ẾỘẴỮỔẨ", kind, WHITE),))
    box = lit(render.page(PanelShape(900, 300), page, book), BLACK)
    assert box.top >= 50
    assert box.bottom <= 50 + book.height(kind)


def test_runs_share_one_baseline(book: FontBook) -> None:
    """Latin beside Khmer stands exactly where it stands alone."""
    alone = ScenePage(BLACK, labels=(Label(0, 20, "xxx", KIND, WHITE),))
    mixed = ScenePage(BLACK, labels=(Label(0, 20, "xxx ក", KIND, WHITE),))
    width = text.width("xxx", KIND, book)
    parts = [render.page(PanelShape(400, 120), page, book).subsurface((0, 0, width, 120)) for page in (alone, mixed)]
    assert pygame.image.tobytes(parts[0], "RGB") == pygame.image.tobytes(parts[1], "RGB")


def corner_page() -> ScenePage:
    return ScenePage(BLACK, labels=(), picture=Box(0, 0, 8, 4))


@pytest.mark.parametrize(
    ("rotation", "size", "spot"), [(0, (100, 40), (0, 0)), (90, (40, 100), (36, 0)), (180, (100, 40), (92, 36)),
                                   (270, (40, 100), (0, 92))],
)  # fmt: skip
def test_turning_moves_pixels_and_boxes_alike(
    rotation: int, size: tuple[int, int], spot: tuple[int, int], book: FontBook
) -> None:
    shape = PanelShape(100, 40, rotation=rotation)
    picture = pygame.Surface((8, 4))
    picture.fill(RED)
    turned = render.turn(render.page(shape, corner_page(), book, picture), rotation)
    box = render.turn_box(Box(0, 0, 8, 4), shape)
    assert turned.get_size() == size
    assert (box.x, box.y) == spot
    assert lit(turned, BLACK) == pygame.Rect(render.tuple_of(box))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("vertical", [False, True])
def test_a_turned_strip_says_which_end_comes_first(rotation: int, vertical: bool, book: FontBook) -> None:
    """The first window of the band, turned, is where `runs_backwards` says it is."""
    band = Band(Box(0, 0, 20, 20), 100, BLACK, (), 60.0, vertical)
    surface = render.strip(band, book)
    surface.fill(RED, (0, 0, 20, 20))
    turned = render.turn(surface, rotation)
    assert turned.get_bitsize() == 32
    near = lit(turned, BLACK).topleft == (0, 0)
    assert near is not render.runs_backwards(vertical, rotation)


def test_clock_figures_are_of_one_width_and_opaque(book: FontBook) -> None:
    figures = render.figures(ClockPlan(Box(0, 0, 200, 60), KIND, WHITE, RED), book)
    assert len(figures) == 11
    assert len({figure.get_width() for figure in figures[:10]}) == 1
    assert {figure.get_height() for figure in figures} == {60}
    assert all(tuple(figure.get_at((0, 0)))[:3] == RED for figure in figures)
    assert len({pygame.image.tobytes(figure, "RGB") for figure in figures}) == 11


def test_pages_are_never_empty(make_show: MakeShow, book: FontBook) -> None:
    for shape in (HDMI, PanelShape(192, 96, "led"), PanelShape(64, 32, "led")):
        for page in scene.compose(Show(make_show("", "x").unit, shape), book).pages:
            surface = render.strip(page.band, book) if page.band else render.page(shape, page, book)
            assert lit(surface, page.ground).w > 0


def test_real_notices_are_covered_by_the_fonts(book: FontBook) -> None:
    path = Path(__file__).resolve().parents[3] / "shared" / "data" / "dev_tts.tsv"
    if not path.exists():
        pytest.skip(f"the sentences are not here: {path}")
    with path.open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            for cell in row:
                assert text.uncovered(cell, book) == (), cell
