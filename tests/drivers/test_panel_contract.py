"""The contract every panel driver keeps, whatever stands behind it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pygame
import pytest

from drivers import panel
from drivers.options import OptionError
from drivers.panel import Panel, PanelError, Power, Rect
from drivers.surfaces import new_surface

WIDTH, HEIGHT = 64, 32
RED, BLUE, BLACK = (200, 100, 50), (0, 0, 250), (0, 0, 0)
LINKED: dict[str, Any] = {"gamma": 1.0, "helper": "child"}
OPTIONS: dict[str, dict[str, Any]] = {
    "memory": {"export": "frame.bin"},
    "sdl": {"mode": "headless"},
    "emulator": {"adapter": "raw"},
    "png": {"folder": "frames"},
    "hub75": LINKED | {"procfs": "pi"},
    "piomatter": LINKED | {"device": "pi/pio0"},
    "ddp": LINKED | {"host": "127.0.0.1", "port": 9},
    "e131": LINKED | {"host": "127.0.0.1", "port": 9},
    "artnet": LINKED | {"host": "127.0.0.1", "port": 9},
    "colorlight": LINKED | {"interface": "lo"},
}
# Ways of a driver that are as good as drivers of their own.
WAYS: dict[str, tuple[str, dict[str, Any]]] = {name: (name, OPTIONS[name]) for name in panel.DRIVERS} | {
    "sdl-by-chip": ("sdl", {"mode": "headless", "renderer": "software"}),
}


def raw_ethernet_allowed() -> bool:
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except OSError:
        return False
    return True


@pytest.fixture
def pins(own_environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a Pi's pins and the libraries for them, as far as their drivers can tell."""
    (tmp_path / "pi/device-tree").mkdir(parents=True)
    (tmp_path / "pi/device-tree/model").write_text("Raspberry Pi 5 Model B")
    (tmp_path / "pi/pio0").touch()
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "standins"))
    monkeypatch.setenv("STANDIN_FRAME", str(tmp_path / "leds"))


# Bare Ethernet has no ports: beside the tests that listen on the loopback interface it would be heard.
ALONE = {"colorlight": pytest.mark.xdist_group("ethernet-on-loopback")}


@pytest.fixture(params=[pytest.param(name, marks=ALONE.get(name, ())) for name in WAYS])
def driver(request: pytest.FixtureRequest, pins: None) -> Iterator[Panel]:
    name, options = WAYS[request.param]
    made = panel.create(name, WIDTH, HEIGHT, options)
    if name == "colorlight" and not raw_ethernet_allowed():
        pytest.skip("this user may not send bare Ethernet frames (CAP_NET_RAW)")
    made.open()
    yield made
    made.close()


def pixel(shown: Panel, x: int, y: int) -> tuple[int, ...]:
    frame = shown.capture()
    at = 3 * (y * frame.w + x)
    return tuple(frame.data[at : at + 3])


def test_has_the_size_it_was_asked_for_and_32_bits_bgrx(driver: Panel) -> None:
    assert driver.size == (WIDTH, HEIGHT)
    assert driver.surface.get_size() == (WIDTH, HEIGHT)
    assert driver.surface.get_bitsize() == 32
    driver.surface.fill((1, 2, 3))
    assert driver.surface.get_view("0").raw[:3] == bytes((3, 2, 1))
    assert driver.refresh_hz > 0


def test_shows_nothing_before_the_first_present(driver: Panel) -> None:
    driver.surface.fill(RED)

    frame = driver.capture()

    assert frame.presented == 0
    assert frame.data == bytes(3 * WIDTH * HEIGHT)


def test_captures_exactly_what_was_presented(driver: Panel) -> None:
    for y in range(HEIGHT):
        for x in range(WIDTH):
            driver.surface.set_at((x, y), (x, y, (x * y) % 256))

    driver.present()

    frame = driver.capture()
    expected = bytes(value for y in range(HEIGHT) for x in range(WIDTH) for value in (x, y, (x * y) % 256))
    assert (frame.w, frame.h, frame.presented) == (WIDTH, HEIGHT, 1)
    assert frame.data == expected


def test_drawing_alone_does_not_reach_the_panel(driver: Panel) -> None:
    driver.surface.fill(RED)
    driver.present()
    driver.surface.fill(BLUE)

    assert pixel(driver, 5, 5) == RED


def test_counts_every_present(driver: Panel) -> None:
    for _ in range(3):
        driver.present()
    assert driver.capture().presented == 3
    assert driver.health()["presented"] == 3


def test_presents_only_the_dirty_parts(driver: Panel) -> None:
    driver.surface.fill(RED)
    driver.present()
    driver.surface.fill(BLUE)

    driver.present([Rect(10, 10, 8, 4)])

    assert pixel(driver, 10, 10) == BLUE
    assert pixel(driver, 17, 13) == BLUE
    assert pixel(driver, 18, 13) == RED
    assert pixel(driver, 9, 10) == RED
    assert driver.capture().presented == 2


@pytest.mark.parametrize("rect", [Rect(60, 30, 50, 50), Rect(-5, -5, 6, 6), Rect(500, 500, 5, 5), Rect(3, 3, 0, 9)])
def test_a_dirty_part_beyond_the_edge_is_cut_off(driver: Panel, rect: Rect) -> None:
    driver.present()
    driver.surface.fill(BLUE)

    driver.present([rect])

    inside = rect.w > 0 and rect.x < WIDTH
    at = (max(rect.x, 0), max(rect.y, 0)) if inside else (3, 3)
    assert pixel(driver, *at) == (BLUE if inside else BLACK)


def baked(shown: Panel, colour: tuple[int, int, int]) -> pygame.Surface:
    picture = new_surface(WIDTH, HEIGHT)
    picture.fill(colour)
    shown.bake(picture)
    return picture


@pytest.mark.parametrize(("pct", "expected"), [(100, RED), (50, (100, 50, 25)), (0, BLACK)])
def test_dims_what_is_baked_from_then_on(driver: Panel, pct: int, expected: tuple[int, ...]) -> None:
    driver.surface.blit(baked(driver, RED), (0, 0))
    driver.present()
    driver.set_brightness(pct)
    assert pixel(driver, 5, 5) == RED

    driver.surface.blit(baked(driver, RED), (0, 0))
    driver.present()

    for x, y in ((0, 0), (40, 20)):
        assert all(abs(a - b) <= 1 for a, b in zip(pixel(driver, x, y), expected, strict=True))


def test_a_frame_is_a_mere_copy_of_what_was_drawn(driver: Panel) -> None:
    driver.set_brightness(30)
    driver.surface.fill(RED)
    driver.present()
    driver.present()

    assert pixel(driver, 5, 5) == RED


@pytest.mark.parametrize("pct", [-1, 101])
def test_refuses_a_brightness_that_cannot_be(driver: Panel, pct: int) -> None:
    with pytest.raises(PanelError, match=f"{pct}.*0 to 100"):
        driver.set_brightness(pct)


def test_says_only_what_it_knows_about_its_power(driver: Panel) -> None:
    assert driver.set_power(False) in {Power.OFF, Power.UNKNOWN}
    assert driver.set_power(True) in {Power.ON, Power.UNKNOWN}


def test_goes_on_until_somebody_closes_it(driver: Panel) -> None:
    assert driver.pump() is True


def test_names_itself_in_its_health(driver: Panel) -> None:
    assert driver.health()["driver"] in panel.DRIVERS


def test_may_be_closed_twice_and_opened_again(driver: Panel) -> None:
    driver.surface.fill(RED)
    driver.present()
    driver.close()
    driver.close()

    driver.open()

    assert driver.capture().presented == 0
    driver.surface.fill(BLUE)
    driver.present()
    assert pixel(driver, 1, 1) == BLUE


def test_says_clearly_that_it_is_closed(driver: Panel) -> None:
    driver.close()
    with pytest.raises(PanelError, match="not open"):
        driver.present()


@pytest.mark.parametrize("name", panel.DRIVERS)
def test_refuses_an_unknown_option_by_name_and_lists_its_own(name: str) -> None:
    with pytest.raises(OptionError, match=f"{name}: no option 'colour'; there are .*{next(iter(OPTIONS[name]))}"):
        panel.create(name, WIDTH, HEIGHT, {"colour": 1})


@pytest.mark.parametrize("name", panel.DRIVERS)
def test_needs_no_option_but_those_it_has_defaults_for(name: str) -> None:
    assert panel.create(name, WIDTH, HEIGHT, {}).size == (WIDTH, HEIGHT)


def test_refuses_a_driver_there_is_not() -> None:
    with pytest.raises(PanelError, match="'vga'; there are memory, sdl"):
        panel.create("vga", WIDTH, HEIGHT, {})


def test_names_all_wrong_options_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        panel.create("sdl", WIDTH, HEIGHT, {"mode": "wnidow", "viewprot": "0,0,1,1", "display": -1})

    lines = str(caught.value).split("\n")
    assert len(lines) == 3
    assert "mode='wnidow': must be one of auto, window, fullscreen, headless" in lines[0]
    assert "did you mean 'viewport'?" in lines[1]
    assert "display=-1" in lines[2]


def test_leaves_nothing_in_the_working_directory(tmp_path: Path) -> None:
    for name in ("memory", "sdl", "emulator"):
        made = panel.create(name, WIDTH, HEIGHT, {} if name == "memory" else OPTIONS[name])
        made.open()
        made.present()
        made.close()
    assert list(tmp_path.iterdir()) == []
