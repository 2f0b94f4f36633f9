"""What is SDL's own: the environment it starts in, the card it shows on, the rectangle of a sending card."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pygame
import pytest

from drivers import panel
from drivers.options import OptionError
from drivers.panel import PanelError, Rect
from drivers.panels import sdl as panel_sdl

FakeTree = Callable[[Mapping[str, str]], Path]


def headless(width: int, height: int, **options: object) -> panel.Panel:
    made = panel.create("sdl", width, height, {"mode": "headless", **options})
    made.open()
    return made


def test_without_a_desktop_it_takes_the_card_with_a_screen(tree: FakeTree) -> None:
    sysfs = tree(
        {"class/drm/card0-HDMI-A-1/status": "disconnected\n", "class/drm/card1-HDMI-A-1/status": "connected\n"}
    )

    wanted = panel_sdl.environment("fullscreen", None, {}, sysfs)

    assert wanted["SDL_VIDEODRIVER"] == "kmsdrm"
    assert wanted["SDL_KMSDRM_DEVICE_INDEX"] == "1"
    assert "SDL_FRAMEBUFFER_ACCELERATION" not in wanted


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_on_a_desktop_sdl_chooses_and_draws_without_gl(tree: FakeTree, variable: str) -> None:
    wanted = panel_sdl.environment("window", None, {variable: ":0"}, tree({}))

    assert "SDL_VIDEODRIVER" not in wanted
    assert wanted["SDL_FRAMEBUFFER_ACCELERATION"] == "0"


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")
@pytest.mark.parametrize("size", [(320, 180), (1920, 1080)])
def test_a_window_shows_every_pixel_also_of_a_panel_larger_than_the_desktop(
    desktop: None, size: tuple[int, int]
) -> None:
    shown = panel.create("sdl", *size, {})
    shown.open()
    shown.surface.fill((200, 100, 50))
    shown.present()
    shown.surface.set_at((size[0] - 1, size[1] - 1), (1, 2, 3))
    shown.present([Rect(size[0] - 1, size[1] - 1, 1, 1)])

    assert shown.health()["video_driver"] == "x11"
    assert shown.capture().data == bytes((200, 100, 50)) * (size[0] * size[1] - 1) + bytes((1, 2, 3))
    assert shown.pump() is True
    shown.close()


def test_a_driver_named_by_hand_is_taken(tree: FakeTree) -> None:
    assert panel_sdl.environment("fullscreen", "wayland", {}, tree({}))["SDL_VIDEODRIVER"] == "wayland"


def test_a_board_without_a_card_is_told_what_to_look_at(tree: FakeTree) -> None:
    shown = panel_sdl.Driver(64, 32, sysfs=tree({}), environ={})
    with pytest.raises(PanelError, match=r"no graphics card.*groups video and render"):
        shown.open()


def test_a_window_without_a_desktop_says_how_to_do_without_one() -> None:
    shown = panel.create("sdl", 64, 32, {"mode": "window", "video_driver": "x11"})
    with pytest.raises(PanelError, match="mode: headless"):
        shown.open()


def test_a_viewport_lies_inside_a_black_output() -> None:
    shown = headless(64, 32, output=[200, 100], viewport="100,50,64,32")
    shown.surface.fill((255, 0, 0))
    shown.present([Rect(0, 0, 64, 32)])

    screen = pygame.display.get_surface()
    assert screen is not None

    assert screen.get_size() == (200, 100)
    assert screen.get_at((100, 50))[:3] == (255, 0, 0)
    assert screen.get_at((163, 81))[:3] == (255, 0, 0)
    assert screen.get_at((164, 81))[:3] == (0, 0, 0)
    assert screen.get_at((99, 50))[:3] == (0, 0, 0)
    assert shown.capture().data == bytes((255, 0, 0)) * (64 * 32)
    shown.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"viewport": "0,0,128,64"}, "as large as the panel, 64×32: no scaling"),
        ({"viewport": "10,0,64,32"}, "inside the output of 64×32"),
        ({"output": [32, 32]}, "inside the output of 32×32"),
        ({"output": "a,b"}, "output='a,b'"),
        ({"viewport": "-1,0,64,32"}, "4 whole numbers 0 to 16384"),
    ],
)
def test_refuses_a_viewport_that_would_scale_or_hang_over(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        panel.create("sdl", 64, 32, options)


def test_a_closed_window_ends_the_show() -> None:
    shown = headless(64, 32)
    pygame.event.post(pygame.event.Event(pygame.QUIT))

    assert shown.pump() is False
    assert shown.pump() is False
    shown.close()


def test_sigterm_stays_the_players(monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
    try:
        shown = headless(64, 32)
        signal.raise_signal(signal.SIGTERM)
        assert shown.pump() is True
        shown.close()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert came == [signal.SIGTERM]


def test_health_tells_what_hangs_on_each_socket_in_three_words(tree: FakeTree) -> None:
    sysfs = tree(
        {
            "class/drm/card1-HDMI-A-1/status": "connected\n",
            "class/drm/card1-HDMI-A-2/status": "disconnected\n",
            "class/drm/card0-DSI-1/status": "unknown\n",
        }
    )
    shown = headless(64, 32, sysfs=str(sysfs))

    assert shown.health()["connectors"] == {"card0-DSI-1": "unknown", "card1-HDMI-A-1": "yes", "card1-HDMI-A-2": "no"}
    assert shown.health()["video_driver"] == "dummy"
    shown.close()


def test_a_screen_unplugged_and_plugged_again_is_opened_again_with_nothing_on_it(tree: FakeTree) -> None:
    socket = "class/drm/card1-HDMI-A-1/status"
    sysfs = tree({socket: "connected\n"})
    options = {"mode": "fullscreen", "video_driver": "dummy", "sysfs": str(sysfs), "power": "black"}
    shown = panel.create("sdl", 1024, 768, options)  # the size of SDL's screen that is none
    shown.open()
    assert shown.pump() is True
    tree({socket: "disconnected\n"})
    shown._sockets._due_s = 0.0  # type: ignore[attr-defined]
    with pytest.raises(PanelError, match="sdl: card1-HDMI-A-1 was unplugged"):
        shown.pump()
    shown.close()
    with pytest.raises(PanelError, match="no screen is plugged in"):
        shown.open()
    assert shown.health()["connectors"] == {"card1-HDMI-A-1": "no"}
    tree({socket: "connected\n"})
    shown.open()
    assert shown.capture().presented == 0
    assert shown.pump() is True
    shown.close()


def test_a_screen_of_another_size_is_told_with_both() -> None:
    shown = panel.create("sdl", 64, 32, {"mode": "fullscreen", "video_driver": "dummy", "power": "black"})
    with pytest.raises(PanelError, match=r"the screen gives 1024×768, not 64×32: set panel.width_px"):
        shown.open()
