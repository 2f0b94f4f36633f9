"""When the graphics chip puts the picture together, and what happens on a machine where it cannot."""

from __future__ import annotations

import ctypes.util
import logging
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pygame
import pytest

from drivers import panel
from drivers.panel import PanelError, Rect
from drivers.panels import sdl, sdl_library
from drivers.panels.sdl_library import SdlError, load
from tests.drivers.planes import plain

FakeTree = Callable[[Mapping[str, str]], Path]
GREY = bytes((128, 128, 128))


def sdl_panel(width: int = 64, height: int = 32, **options: Any) -> panel.Panel:
    return panel.create("sdl", width, height, {"mode": "headless", **options})


def whole_screen(tree: FakeTree, **options: Any) -> panel.Panel:
    """A board's own screen, as large as SDL's screen that is none."""
    sysfs = tree({"class/drm/card1-HDMI-A-1/status": "connected\n"})
    kept = {"mode": "fullscreen", "video_driver": "dummy", "sysfs": str(sysfs), "power": "black"}
    return panel.create("sdl", 1024, 768, kept | options)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The renderers that the panel asked for, of which the first chip there is ("") is played by SDL's software."""
    asked: list[str] = []

    class Stub(sdl_library.Renderer):
        def __init__(self, library: Any, window: sdl_library.Window, name: str) -> None:
            asked.append(name)
            super().__init__(library, window, name or "software")

    monkeypatch.setattr(sdl, "Renderer", Stub)
    return asked


def test_a_whole_screen_is_drawn_by_the_chip_there_is(tree: FakeTree, found: list[str]) -> None:
    shown = whole_screen(tree)
    shown.open()
    assert found == [""]
    assert shown.overlay is not None
    assert shown.health()["renderer"] == "software"
    assert shown.refresh_hz > 0
    shown.close()


@pytest.mark.parametrize("options", [{"mode": "headless"}, {"mode": "window", "video_driver": "dummy"}])
def test_a_window_and_no_screen_at_all_are_drawn_by_copies(options: dict[str, str], found: list[str]) -> None:
    shown = panel.create("sdl", 64, 32, options)
    shown.open()
    assert found == []
    assert shown.overlay is None
    assert shown.health()["renderer"] == "surface"
    shown.close()


def test_the_settings_may_forbid_the_chip(tree: FakeTree, found: list[str]) -> None:
    shown = whole_screen(tree, renderer="none")
    shown.open()
    assert found == []
    assert shown.overlay is None
    shown.close()


def test_a_whole_screen_without_a_chip_is_drawn_by_copies_and_the_log_says_why(
    tree: FakeTree, caplog: pytest.LogCaptureFixture
) -> None:
    shown = whole_screen(tree)
    with caplog.at_level(logging.WARNING):
        shown.open()
    assert shown.overlay is None
    shown.surface.fill((1, 2, 3))
    shown.present()
    assert shown.capture().data[:3] == bytes((1, 2, 3))
    assert "no graphics chip does it: sdl: Couldn't find matching render driver" in caplog.text
    shown.close()


def test_a_pygame_with_sdl_inside_it_has_no_chip(
    tree: FakeTree, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sdl, "load", lambda: load(ctypes.util.find_library("c") or "libc.so.6"))
    shown = whole_screen(tree)
    shown.open()
    assert shown.overlay is None
    assert "its functions are not found" in caplog.text
    shown.close()


def test_a_library_that_is_none_is_told_by_name() -> None:
    with pytest.raises(SdlError, match=r"its functions are not found: .*nowhere\.so"):
        load("/nowhere.so")


def test_a_chip_asked_for_by_name_must_be_there() -> None:
    with pytest.raises(PanelError, match="sdl: OpenGL"):
        sdl_panel(renderer="opengl").open()
    assert not pygame.display.get_init()
    with pytest.raises(PanelError, match="sdl: OpenGL"):
        sdl_panel(renderer="opengles2").open()


def test_a_renderer_that_sdl_was_built_without_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = sdl.Driver(64, 32, mode="headless", renderer="metal")
    with pytest.raises(PanelError, match="no renderer 'metal' in this SDL"):
        shown.open()


def test_a_screen_of_another_size_is_told_with_both_and_nothing_stays_open(tree: FakeTree, found: list[str]) -> None:
    sysfs = tree({"class/drm/card1-HDMI-A-1/status": "connected\n"})
    shown = panel.create(
        "sdl", 64, 32, {"mode": "fullscreen", "video_driver": "dummy", "power": "black", "sysfs": str(sysfs)}
    )
    with pytest.raises(PanelError, match=r"the screen gives 1024×768, not 64×32: set panel.width_px"):
        shown.open()
    assert found == [""]
    assert not pygame.display.get_init()


def test_in_a_viewport_page_and_film_stand_side_by_side_and_the_rest_is_black() -> None:
    shown = sdl_panel(output=[200, 100], viewport="100,50,64,32", renderer="software")
    shown.open()
    shown.surface.fill((250, 0, 0))
    assert shown.overlay is not None
    shown.overlay.show(plain(), Rect(32, 0, 32, 32))
    shown.present()
    frame = shown.capture()
    assert [frame.data[at * 3 : at * 3 + 3] for at in (0, 31, 32, 63)] == [bytes((250, 0, 0))] * 2 + [GREY] * 2
    assert output_at(shown, (100, 50), (132, 81)) == [(250, 0, 0), (128, 128, 128)]
    assert output_at(shown, (99, 60), (164, 60), (120, 49)) == [(0, 0, 0)] * 3
    shown.close()


def output_at(shown: Any, *places: tuple[int, int]) -> list[tuple[int, ...]]:
    """Pixels of the window around the panel, as SDL drew them last."""
    seen = pygame.Surface((200, 100), 0, 32, (0xFF0000, 0xFF00, 0xFF, 0))
    shown.capture()
    shown._screen._renderer.read(Rect(0, 0, 200, 100), seen._pixels_address, seen.get_pitch())
    return [tuple(seen.get_at(place))[:3] for place in places]


def test_what_a_desktop_lost_is_drawn_again_and_counts_no_frame() -> None:
    shown = sdl_panel(renderer="software")
    shown.open()
    shown.surface.fill((250, 0, 0))
    shown.present()
    shown.surface.fill((0, 250, 0))
    pygame.event.post(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert shown.pump() is True
    assert shown.capture().data[:3] == bytes((250, 0, 0))
    assert shown.capture().presented == 1
    shown.close()


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")
def test_a_window_of_the_chips_shows_every_pixel_and_a_film(desktop: None) -> None:
    shown = panel.create("sdl", 320, 180, {"renderer": "software"})
    shown.open()
    assert shown.health()["video_driver"] == "x11"
    shown.surface.fill((200, 100, 50))
    assert shown.overlay is not None
    shown.overlay.show(plain(), Rect(0, 0, 320, 179))
    shown.present()
    assert shown.capture().data == GREY * (320 * 179) + bytes((200, 100, 50)) * 320
    assert shown.pump() is True
    shown.close()


def test_memory_of_films_that_were_taken_off_is_given_back() -> None:
    shown: Any = sdl_panel(renderer="software")
    shown.open()
    for turn in range(5):
        for _ in range(3):
            shown.overlay.show(plain((32, 16 + 2 * turn)), Rect(0, 0, 32, 16))
            shown.present([])
        shown.overlay.clear()
        shown.present([])
    alive = [texture for texture in shown._screen._renderer._textures if texture.handle is not None]
    assert [texture.size for texture in alive] == [(64, 32)]
    shown.close()
    assert alive[0].handle is None  # SDL's own memory of it has gone with the window
