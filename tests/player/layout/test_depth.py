"""Khmer subscripts that reach below the line box: no line draws into the next, and none is cut off."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pygame
import pytest

from drivers.surfaces import new_surface
from player import render, scene, text
from player.layout.boxes import Label
from player.layout.fonts import BOLD, REGULAR, FontBook, Type
from player.layout.theme import Colour
from player.model import Media, Version
from player.show import PanelShape, Show

MakeShow = Callable[..., Show]
DEEP = "ខ្ញុំ"  # a second subscript below the first: the commonest word there is
BODY = " ".join([DEEP, "ប៉័ប្ញុ"] * 12)
HDMI = PanelShape(1280, 720)
ROOM_PX = 200  # round the line that is looked at


def inked(label: Label, book: FontBook) -> tuple[int, int]:
    """The rows of the panel that the label's ink takes, half-open."""
    surface = new_surface(label.x + text.width(label.text, label.kind, book) + 50, label.y + ROOM_PX)
    render.draw_label(surface, label, book)
    lit = pygame.mask.from_threshold(surface, (255, 255, 255), (200, 200, 200, 255)).get_bounding_rects()
    return min(rect.top for rect in lit), max(rect.bottom for rect in lit)


@pytest.mark.parametrize("em_px", [12, 16, 23, 40])
def test_the_depth_of_a_line_is_what_its_ink_takes_below_the_box(em_px: int, book: FontBook) -> None:
    kind = Type(REGULAR, em_px)
    _, bottom = inked(Label(10, 10, DEEP, kind, Colour(255, 255, 255)), book)
    over = bottom - (10 + book.height(kind))
    assert over > 0
    assert over <= text.depth(DEEP, kind, book) <= over + 1


@pytest.mark.parametrize("line", ["Chủ nhật nghỉ", "ê\u0306 Ê\u0306", "ក", "ꪶꪀ", ""])
def test_most_lines_stay_within_their_box(line: str, book: FontBook) -> None:
    assert text.depth(line, Type(BOLD, 40), book) == 0


@pytest.mark.parametrize(
    "shape", [PanelShape(192, 96, "led"), PanelShape(320, 160, "led"), HDMI, PanelShape(720, 1280)],
    ids=lambda shape: f"{shape.width_px}x{shape.height_px}",
)  # fmt: skip
def test_no_line_of_a_page_draws_into_the_next_or_beyond_its_end(
    shape: PanelShape, make_show: MakeShow, book: FontBook
) -> None:
    show = make_show("", "", shape, versions=(Version("km", DEEP, BODY),), ticker=("Gọi 113",))
    found = scene.compose(show, book)
    assert found.ticker
    for page in found.pages:
        body = [label for label in page.labels[page.furniture :] if text.stacks(label.text)]
        body += page.band.labels if page.band else ()
        inks = sorted(inked(label, book) for label in body)
        assert inks
        assert not [(one, other) for one, other in itertools.pairwise(inks) if one[1] > other[0]]
        assert inks[-1][1] <= (page.band.length_px if page.band else found.ticker.box.y)


def test_the_title_of_later_pages_does_not_draw_into_their_text(make_show: MakeShow, book: FontBook) -> None:
    found = scene.compose(make_show("", "", HDMI, versions=(Version("km", DEEP, f"{BODY} " * 12),)), book)
    assert len(found.pages) > 1
    for page in found.pages[1:]:
        *_, first = sorted((label for label in page.labels if label.text.startswith(DEEP[0])), key=lambda one: -one.y)
        inks = sorted(inked(label, book) for label in page.labels[page.furniture :] if text.stacks(label.text))
        assert first.text == DEEP, "the title is the highest"
        assert inks[0][1] <= inks[1][0]


def test_a_caption_lies_within_its_bar(make_show: MakeShow, book: FontBook) -> None:
    versions = (Version("km", f"{DEEP} " * 30, ""),)
    show = make_show("", "", HDMI, versions=versions, picture=Media("ab" * 32, 1, "image/jpeg"), picture_path="p.jpg")
    (page,) = scene.compose(show, book).pages
    (bar,) = page.fills
    inks = sorted(inked(label, book) for label in page.labels)
    assert len(inks) == 2
    assert bar.box.y <= inks[0][0]
    assert inks[0][1] <= inks[1][0]
    assert inks[1][1] <= bar.box.y + bar.box.h


@pytest.mark.parametrize("shape", [PanelShape(64, 32, "led"), PanelShape(512, 32, "led")],
                         ids=lambda shape: f"{shape.width_px}x{shape.height_px}")  # fmt: skip
def test_a_line_that_passes_by_is_as_large_as_its_subscripts_allow(
    shape: PanelShape, make_show: MakeShow, book: FontBook
) -> None:
    found = scene.compose(make_show("", "", shape, versions=(Version("km", "", f"{BODY} {BODY} {BODY}"),)), book)
    (page,) = found.pages
    assert page.band
    sizes = {label.kind.size_px for label in page.band.labels}
    assert len(sizes) == 1
    deepest = max(inked(label, book)[1] for label in page.band.labels)
    assert deepest <= shape.height_px
