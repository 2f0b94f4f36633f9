from __future__ import annotations

import pygame
import pytest

from drivers.panel import Rect
from player.transition import FADE_S, TURN_S, Cut, Fade, PageTurn, Transition, transitions, uncovered

SIZE = (40, 20)
OLD, NEW = (200, 0, 0), (0, 100, 50)


def surface(colour: tuple[int, int, int]) -> pygame.Surface:
    made = pygame.Surface(SIZE, 0, 32, (0xFF0000, 0xFF00, 0xFF, 0))
    made.fill(colour)
    return made


def drawn(how: Transition, since_s: float) -> tuple[pygame.Surface, list[Rect]]:
    target = surface(OLD)
    return target, how.begin(target).draw(target, surface(NEW), since_s)


def columns(target: pygame.Surface, colour: tuple[int, int, int]) -> list[int]:
    return [x for x in range(SIZE[0]) if target.get_at((x, 5))[:3] == colour]


def rows(target: pygame.Surface, colour: tuple[int, int, int]) -> list[int]:
    return [y for y in range(SIZE[1]) if target.get_at((5, y))[:3] == colour]


def test_a_cut_is_the_new_picture_at_once() -> None:
    target, touched = drawn(Cut(), 0.0)
    assert columns(target, NEW) == list(range(SIZE[0]))
    assert touched == [Rect(0, 0, *SIZE)]


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75])
def test_a_fade_mixes_both_pictures_by_the_time_that_passed(share: float) -> None:
    target, touched = drawn(Fade(), share * FADE_S + 0.001)
    mixed = target.get_at((7, 7))[:3]
    assert mixed == pytest.approx([o + (n - o) * share for o, n in zip(OLD, NEW, strict=True)], abs=8)
    assert touched == [Rect(0, 0, *SIZE)]


def test_a_fade_is_a_function_of_the_instant_whatever_was_drawn_before() -> None:
    a, b, page = surface(OLD), surface(OLD), surface(NEW)
    often, once = Fade().begin(a), Fade().begin(b)
    for frame in range(20):
        often.draw(a, page, frame / 60)
    once.draw(b, page, 19 / 60)
    assert a.get_at((3, 3)) == b.get_at((3, 3))


def test_a_fade_draws_nothing_where_no_step_is_due() -> None:
    target, page = surface(OLD), surface(NEW)
    fade = Fade().begin(target)
    assert fade.draw(target, page, 0.101)
    assert fade.draw(target, page, 0.105) == []


def test_after_a_fade_the_page_is_as_opaque_as_before() -> None:
    page, target = surface(NEW), surface(OLD)
    Fade().begin(target).draw(target, page, FADE_S / 2)
    target.blit(page, (0, 0))
    assert target.get_at((0, 0))[:3] == NEW


def test_a_page_is_turned_from_the_right() -> None:
    target, touched = drawn(PageTurn(), TURN_S / 4)
    assert columns(target, NEW) == list(range(30, 40))
    assert columns(target, OLD) == list(range(30))
    assert touched == [Rect(30, 0, 10, 20)]


def test_at_its_very_beginning_a_turned_page_touches_nothing() -> None:
    target, touched = drawn(PageTurn(), 0.0)
    assert (columns(target, OLD), touched) == (list(range(40)), [])


@pytest.mark.parametrize(
    ("rotation", "new_columns", "new_rows"),
    [(0, 20, 20), (180, 20, 20), (90, 40, 10), (270, 40, 10)],
)
def test_the_reader_s_right_turns_with_the_panel(rotation: int, new_columns: int, new_rows: int) -> None:
    area = uncovered(Rect(0, 0, *SIZE), 0.5, rotation)
    assert (area.w, area.h) == (new_columns, new_rows)
    begins_at_the_far_end = area.x + area.w == SIZE[0] and area.y + area.h == SIZE[1]
    assert begins_at_the_far_end is (rotation in (0, 90))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_all_of_it_is_uncovered_in_the_end_and_nothing_at_first(rotation: int) -> None:
    whole = Rect(0, 0, *SIZE)
    assert uncovered(whole, 1.0, rotation) == whole
    begin = uncovered(whole, 0.0, rotation)
    assert begin.w * begin.h == 0


def test_by_itself_an_hdmi_panel_fades_and_turns_and_an_led_panel_cuts() -> None:
    hdmi, led = transitions("auto", "hdmi"), transitions("auto", "led")
    assert (type(hdmi.items), type(hdmi.pages)) == (Fade, PageTurn)
    assert (type(led.items), type(led.pages)) == (Cut, Cut)


@pytest.mark.parametrize(("name", "kind"), [("cut", Cut), ("fade", Fade), ("turn", PageTurn)])
def test_a_named_one_holds_for_bulletins_and_pages(name: str, kind: type) -> None:
    found = transitions(name, "led")
    assert isinstance(found.items, kind)
    assert found.items is found.pages
