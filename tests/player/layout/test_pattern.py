"""The test pattern: every pixel of the edge, every module by its number."""

from __future__ import annotations

import pygame
import pytest

from config.settings import PanelSettings
from drivers.surfaces import new_surface
from player import render, text
from player.app import modules_of
from player.layout.boxes import Scene
from player.layout.fonts import FontBook
from player.layout.pattern import test_pattern as pattern_of
from player.layout.theme import measures
from player.model import Unit
from player.show import Box, PanelShape, Show

UNIT = Unit("25357", "Phường Tân Khai")


def made(shape: PanelShape, book: FontBook, modules: tuple[Box, ...] = ()) -> Scene:
    return pattern_of(Show(UNIT, shape, layout="test-pattern", label="s-7k2m9xq4", modules=modules),
                      measures(shape), book)  # fmt: skip


@pytest.mark.parametrize("size", [(64, 32), (192, 96), (512, 32), (1920, 1080), (600, 3840)])
def test_the_edge_is_one_whole_line_of_pixels(size: tuple[int, int], book: FontBook) -> None:
    shape = PanelShape(*size, "led" if size[0] < 600 else "hdmi")
    surface = render.page(shape, made(shape, book).pages[0], book)
    w, h = size
    edge = [*((x, y) for x in range(w) for y in (0, h - 1)), *((x, y) for y in range(h) for x in (0, w - 1))]
    dark = [place for place in edge if sum(tuple(surface.get_at(place))[:3]) < 255]
    assert not dark


def test_the_corners_tell_left_from_right_and_top_from_bottom(book: FontBook) -> None:
    shape = PanelShape(320, 160, "led")
    surface = render.page(shape, made(shape, book).pages[0], book)
    corners = {tuple(surface.get_at(place))[:3] for place in ((5, 5), (314, 5), (5, 154), (314, 154))}
    assert len(corners) == 4


def test_the_ruler_counts_its_pixels(book: FontBook) -> None:
    labels = made(PanelShape(1920, 1080), book).pages[0].labels
    counted = {label.text: label.x - 3 for label in labels if label.text.isdigit()}
    assert counted["128"] == 128
    assert counted["1664"] == 1664


@pytest.mark.parametrize("size", [(64, 32), (32, 16), (16, 16)])
def test_every_module_bears_its_number(size: tuple[int, int], book: FontBook) -> None:
    w, h = size
    modules = tuple(Box(x * w, y * h, w, h) for y in range(2) for x in range(6))
    page = made(PanelShape(6 * w, 2 * h, "led"), book, modules).pages[0]
    assert [label.text for label in page.labels] == [str(number) for number in range(1, 13)]
    for label, module in zip(page.labels, modules, strict=True):
        assert module.x <= label.x
        assert label.x + text.width(label.text, label.kind, book) <= module.x + module.w
        assert module.y <= label.y


def settings(options: dict[str, str], rotation: int = 0) -> PanelSettings:
    return PanelSettings(
        driver="ddp", width_px=128, height_px=64, kind="led", rotation=rotation, transition="cut",
        floor_px=None, distance_m=None, options=options,
    )  # fmt: skip


def test_modules_follow_the_cables_of_the_settings() -> None:
    snake = modules_of(settings({"module": "64,32", "serpentine": "flip", "host": "x"}))
    assert len(snake) == 4
    assert snake[0] == Box(0, 0, 64, 32)
    assert modules_of(settings({})) == ()


def test_modules_of_a_turned_panel_are_numbered_as_a_reader_sees_them(book: FontBook) -> None:
    """The first of the cables lies at the panel's own top left corner."""
    first = modules_of(settings({"module": "64,32"}, rotation=90))[0]
    shape = PanelShape(64, 128, "led", rotation=90)
    assert render.turn_box(first, shape) == Box(0, 0, 64, 32)
    surface = new_surface(64, 128)
    surface.fill((255, 0, 0), render.tuple_of(first))
    turned = render.turn(surface, 90)
    assert tuple(turned.get_at((10, 10)))[:3] == (255, 0, 0)
    assert isinstance(turned, pygame.Surface)
