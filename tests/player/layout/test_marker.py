"""The marks of what is read aloud: put on, moved, taken off without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from player import scene
from player import show as shows
from player.layout.fonts import FontBook
from player.layout.marker import Marker
from player.motion import Said
from player.prepare import frames
from player.prepare.cache import FrameCache
from player.prepare.workshop import Workshop
from player.show import PanelShape, Prepared, Show

MakeShow = Callable[..., Show]
BODY = "Mời bà con đến nhà văn hóa ấp 3 họp lúc 19 giờ.\nĐi đông đủ!\nMang theo sổ hộ khẩu."
SHAPES = [PanelShape(1920, 1080), PanelShape(1080, 1920), PanelShape(640, 360, rotation=90), PanelShape(3840, 600)]


@pytest.fixture
def prepare(book: FontBook, tmp_path: Path) -> Callable[[Show], tuple[Prepared, pygame.Surface]]:
    cache = FrameCache(tmp_path / "cache")

    def prepared(show: Show) -> tuple[Prepared, pygame.Surface]:
        (made,) = [one for one in Workshop(cache, book).make(shows.key(show), show) if one]
        return made, frames.load(cache.folder / made.pages[0].frame)

    return prepared


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: f"{s.width_px}x{s.height_px}r{s.rotation}")
def test_marks_come_and_go_without_a_trace(
    shape: PanelShape, make_show: MakeShow, prepare: Callable[[Show], tuple[Prepared, pygame.Surface]]
) -> None:
    prepared, page = prepare(make_show("HỌP DÂN", BODY, shape))
    marker, bare = Marker(prepared, 0, page), pixels(page)
    looks = set()
    for index in range(4):
        assert marker.move(Said("vi", index, 4))
        looks.add(pixels(page))
        assert marker.move(Said("vi", index, 4)) == []
    assert len(looks) == 4
    assert bare not in looks
    assert marker.move(None)
    assert pixels(page) == bare


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: f"{s.width_px}x{s.height_px}r{s.rotation}")
def test_no_mark_covers_a_letter(
    shape: PanelShape, make_show: MakeShow, book: FontBook,
    prepare: Callable[[Show], tuple[Prepared, pygame.Surface]],
) -> None:  # fmt: skip
    prepared, page = prepare(make_show("HỌP DÂN", BODY, shape))
    ground = scene.compose(make_show("HỌP DÂN", BODY, shape), book).pages[0].ground
    assert prepared.pages[0].marks
    for mark in prepared.pages[0].marks:
        covered = page.subsurface((mark.box.x, mark.box.y, mark.box.w, mark.box.h))
        assert {tuple(covered.get_at((x, y)))[:3] for x in range(mark.box.w) for y in range(mark.box.h)} == {
            tuple(ground)
        }


def test_another_language_marks_none_of_these_lines(
    make_show: MakeShow, prepare: Callable[[Show], tuple[Prepared, pygame.Surface]]
) -> None:
    prepared, page = prepare(make_show("HỌP DÂN", BODY))
    loudspeaker = Marker(prepared, 0, page).move(Said("km", 0, 4))
    assert len(loudspeaker) == len(prepared.voice) == 4


def test_a_recording_shows_the_loudspeaker_alone(
    make_show: MakeShow, prepare: Callable[[Show], tuple[Prepared, pygame.Surface]]
) -> None:
    prepared, page = prepare(make_show("HỌP DÂN", BODY))
    assert len(Marker(prepared, 0, page).move(Said("vi", None, 1))) == len(prepared.voice)


@pytest.mark.parametrize("size", [(128, 64), (192, 96), (320, 160)])
def test_lamps_show_a_loudspeaker_beside_the_clock(
    size: tuple[int, int], make_show: MakeShow, prepare: Callable[[Show], tuple[Prepared, pygame.Surface]]
) -> None:
    prepared, page = prepare(make_show("HỌP DÂN", BODY, PanelShape(*size, "led")))
    bare = pixels(page)
    assert prepared.pages[0].marks == ()
    assert prepared.clock
    assert all(box.x + box.w <= prepared.clock.box.x for box in prepared.voice)
    assert Marker(prepared, 0, page).move(Said("vi", 0, 4))
    assert pixels(page) != bare


def test_it_goes_on_where_it_is_laid(
    make_show: MakeShow, prepare: Callable[[Show], tuple[Prepared, pygame.Surface]]
) -> None:
    prepared, page = prepare(make_show("HỌP DÂN", BODY))
    bare = pixels(page)
    marker = Marker(prepared, 0, page)
    marker.move(Said("vi", 0, 4))
    panel = page.copy()
    marker.lie_on(panel)
    marker.move(None)
    assert pixels(panel) == bare
    assert pixels(page) != bare
