"""The contract of a panel that takes films as they were decoded, whatever puts its picture together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from drivers import panel
from drivers.film import Coding
from drivers.panel import Overlay, Panel, PanelError, Rect
from drivers.surfaces import new_surface
from tests.drivers.planes import plain

WIDTH, HEIGHT = 64, 32
BLUE: Final = (0, 0, 250)
BOX: Final = Rect(10, 8, 40, 20)
UNSEEN: Final = {"mode": "window", "video_driver": "offscreen"}
WAYS: Final[dict[str, dict[str, Any]]] = {
    "software": {"mode": "headless", "renderer": "software"},
    "opengl": UNSEEN | {"renderer": "opengl"},
    "opengles2": UNSEEN | {"renderer": "opengles2"},
}


@pytest.fixture(params=WAYS)
def shown(request: pytest.FixtureRequest, own_environment: None) -> Iterator[Panel]:
    made = panel.create("sdl", WIDTH, HEIGHT, WAYS[request.param])
    try:
        made.open()
    except PanelError as exc:
        pytest.skip(f"this machine has no {request.param}: {exc}")
    made.surface.fill(BLUE)
    made.present()
    yield made
    made.close()


@pytest.fixture
def overlay(shown: Panel) -> Overlay:
    assert shown.overlay is not None
    return shown.overlay


def pixel(shown: Panel, x: int = 30, y: int = 18) -> tuple[int, ...]:
    frame = shown.capture()
    at = 3 * (y * frame.w + x)
    return tuple(frame.data[at : at + 3])


def near(found: tuple[int, ...], wanted: tuple[int, ...], by: int = 3) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def test_a_frame_is_seen_from_the_next_present_on_in_its_box_alone(shown: Panel, overlay: Overlay) -> None:
    overlay.show(plain(), BOX)
    assert pixel(shown) == BLUE
    shown.present([])
    assert near(pixel(shown), (128, 128, 128))
    assert near(pixel(shown, BOX.x, BOX.y), (128, 128, 128))
    assert near(pixel(shown, BOX.x + BOX.w - 1, BOX.y + BOX.h - 1), (128, 128, 128))
    outside = [(BOX.x - 1, 18), (BOX.x + BOX.w, 18), (30, BOX.y - 1), (30, BOX.y + BOX.h)]
    assert [pixel(shown, *place) for place in outside] == [BLUE] * 4
    assert shown.capture().presented == 2


@pytest.mark.parametrize(
    ("coding", "yuv", "colour"),
    [  # by the formulas of ITU-R BT.601 and BT.709, and BT.601 at full range as in JPEG
        (Coding.BT601, (81, 90, 240), (255, 0, 0)),
        (Coding.BT601, (145, 54, 34), (0, 255, 0)),
        (Coding.BT601, (41, 240, 110), (0, 0, 255)),
        (Coding.BT709, (63, 102, 240), (255, 0, 0)),
        (Coding.BT709, (173, 42, 26), (0, 255, 0)),
        (Coding.BT709, (32, 240, 118), (0, 0, 255)),
        (Coding.BT601_FULL, (76, 85, 255), (255, 0, 0)),
        (Coding.BT601_FULL, (150, 44, 21), (0, 255, 0)),
        (Coding.BT601_FULL, (29, 255, 107), (0, 0, 255)),
        (Coding.BT601, (16, 128, 128), (0, 0, 0)),
        (Coding.BT709, (235, 128, 128), (255, 255, 255)),
        (Coding.BT601_FULL, (16, 128, 128), (16, 16, 16)),
    ],
)
def test_colours_are_made_by_the_rule_of_the_film(
    shown: Panel, overlay: Overlay, coding: Coding, yuv: tuple[int, int, int], colour: tuple[int, ...]
) -> None:
    overlay.show(plain(yuv=yuv, coding=coding), BOX)
    shown.present([])
    assert near(pixel(shown), colour, by=4)


def test_one_film_after_another_may_have_other_rules_and_sizes(shown: Panel, overlay: Overlay) -> None:
    seen: tuple[int, ...] | None = None
    for size in ((32, 16), (80, 40), (31, 15)):
        for coding in (Coding.BT601, Coding.BT709, Coding.BT709, Coding.BT601):
            yuv = {Coding.BT601: (81, 90, 240), Coding.BT709: (63, 102, 240)}[coding]
            overlay.show(plain(size, yuv, coding), BOX)
            assert seen is None or near(pixel(shown), seen, by=1)  # the one before, by its own rule
            shown.present([])
            seen = pixel(shown)
            assert near(seen, (255, 0, 0), by=4)


@pytest.mark.parametrize(
    ("turn", "dark"), [(0, (0, 2)), (90, (0, 1)), (180, (1, 3)), (270, (2, 3))]
)  # top left, top right, bottom left, bottom right
def test_a_frame_is_turned_clockwise_and_fills_its_box_then(
    shown: Panel, overlay: Overlay, turn: int, dark: tuple[int, int]
) -> None:
    wide, high = (BOX.h, BOX.w) if turn in (90, 270) else (BOX.w, BOX.h)
    planes = plain((wide, high))
    for row in range(high):
        planes.y[row * wide : row * wide + wide // 2] = bytes([16]) * (wide // 2)  # its left half
    overlay.show(planes._replace(turn=turn), BOX)
    shown.present([])
    right, bottom = BOX.x + BOX.w - 1, BOX.y + BOX.h - 1
    corners = [(BOX.x, BOX.y), (right, BOX.y), (BOX.x, bottom), (right, bottom)]
    assert [number for number, place in enumerate(corners) if near(pixel(shown, *place), (0, 0, 0))] == list(dark)
    outside = [(BOX.x - 1, 18), (right + 1, 18), (30, BOX.y - 1), (30, bottom + 1)]
    assert [pixel(shown, *place) for place in outside] == [BLUE] * 4


def test_what_lies_at_the_end_of_each_row_is_not_seen(shown: Panel, overlay: Overlay) -> None:
    overlay.show(plain(spare_b=32), BOX)
    shown.present([])
    assert {near(pixel(shown, x), (128, 128, 128)) for x in range(BOX.x, BOX.x + BOX.w)} == {True}


def test_the_last_frame_brought_before_a_present_is_the_one_that_shows(shown: Panel, overlay: Overlay) -> None:
    for y in (16, 235, 126):
        overlay.show(plain(yuv=(y, 128, 128)), BOX)
    shown.present([])
    assert near(pixel(shown), (128, 128, 128))
    for y in (16, 235):
        overlay.show(plain(yuv=(y, 128, 128)), BOX)
        assert near(pixel(shown), (128, 128, 128))


def test_it_stays_while_the_page_below_it_changes(shown: Panel, overlay: Overlay) -> None:
    overlay.show(plain(), BOX)
    shown.present([])
    shown.surface.fill((200, 100, 50))
    shown.present()
    assert near(pixel(shown), (128, 128, 128))
    assert pixel(shown, 0, 0) == (200, 100, 50)


def test_taken_off_it_is_gone_with_the_next_present_and_the_page_is_there(shown: Panel, overlay: Overlay) -> None:
    overlay.show(plain(), BOX)
    shown.present([])
    overlay.clear()
    assert near(pixel(shown), (128, 128, 128))
    shown.present([])
    assert pixel(shown) == BLUE


def test_a_frame_is_dimmed_as_pictures_baked_at_that_time_are(shown: Panel, overlay: Overlay) -> None:
    overlay.show(plain(), BOX)
    shown.present([])
    shown.set_brightness(50)
    assert near(pixel(shown), (128, 128, 128))
    overlay.show(plain(), BOX)
    shown.present([])
    baked = new_surface(1, 1)
    baked.fill((128, 128, 128))
    shown.bake(baked)
    assert near(pixel(shown), tuple(baked.get_at((0, 0)))[:3])


def test_settled_it_is_a_part_of_the_page_and_may_be_taken_off_unseen(shown: Panel, overlay: Overlay) -> None:
    overlay.show(plain(), BOX)
    shown.present([])
    overlay.settle()
    overlay.clear()
    assert near(tuple(shown.surface.get_at((30, 18)))[:3], (128, 128, 128))
    assert tuple(shown.surface.get_at((BOX.x - 1, 18)))[:3] == BLUE
    shown.present([Rect(0, 0, 4, 4)])
    assert near(pixel(shown), (128, 128, 128))


def test_with_nothing_above_the_page_settling_and_taking_off_change_nothing(shown: Panel, overlay: Overlay) -> None:
    overlay.settle()
    overlay.clear()
    shown.present([])
    assert pixel(shown) == BLUE


def test_a_panel_that_has_gone_takes_no_frame_and_is_told_so(shown: Panel, overlay: Overlay) -> None:
    for _ in range(2):
        overlay.show(plain(), BOX)
        shown.present([])
    shown.close()
    overlay.clear()
    with pytest.raises(PanelError, match="sdl: "):
        overlay.show(plain(), BOX)
    shown.open()
    assert shown.overlay is not overlay
    assert pixel(shown) == (0, 0, 0)


def test_a_plane_shorter_than_it_says_is_refused_and_what_showed_stays(shown: Panel, overlay: Overlay) -> None:
    overlay.show(plain(), BOX)
    shown.present([])
    whole = plain(yuv=(235, 128, 128))
    with pytest.raises(ValueError, match="bytes a row"):
        overlay.show(whole._replace(v=whole.v[:-1]), BOX)
    shown.present([])
    assert near(pixel(shown), (128, 128, 128))
