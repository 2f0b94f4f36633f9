"""One picture giving way to the next: by the instant alone, around what runs on, and never before an emergency."""

from __future__ import annotations

import weakref
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

from drivers.panel import Rect
from player.bench.frames import counted_surfaces
from player.show import Box, Strip
from player.transition import FADE_S, TURN_S, Fade, Passage, Transitions, transitions

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

NOON = datetime(1970, 1, 3, tzinfo=UTC)
W, H = 64, 32
TICKER = Strip("strip", Box(0, 24, W, 8), 200, 60.0)


@pytest.fixture
def fading(house: House) -> House:
    """Two bulletins of ten seconds that fade into each other, a tenth of a second before the change."""
    house.restart(transitions("fade", "hdmi"))
    house.commit(playlist=house.playlist(house.item("a"), house.item("zz")))
    house.turn()
    house.go(9.9)
    assert house.shows("a")
    return house


def frames_of(house: House, seconds: float) -> int:
    """Sixty turns a second for that long; the frames that were presented."""
    before = len(house.panel.frames)
    for _ in range(round(seconds * 60)):
        house.clock.advance(1 / 60)
        house.stage.turn()
    return len(house.panel.frames) - before


def test_a_fade_goes_from_one_colour_to_the_other_and_then_rests(fading: House) -> None:
    begun = len(fading.panel.frames)
    drawn = frames_of(fading, 1.0)
    assert fading.shows("zz")
    reds = [frame.data[0] for frame in fading.panel.frames[begun:]]
    a, b = fading.colour("a.0")[0], fading.colour("zz.0")[0]
    assert reds == sorted(reds, reverse=a > b)
    assert reds[-1] == b
    assert 10 <= drawn <= FADE_S * 30 + 3
    assert frames_of(fading, 5.0) == 0


class Kept(Fade):
    """A fade whose copies of old pictures can be looked for."""

    def __init__(self) -> None:
        self.copies: list[weakref.ref[Passage]] = []

    def begin(self, target: pygame.Surface) -> Passage:
        passage = super().begin(target)
        self.copies.append(weakref.ref(passage))
        return passage


def test_the_copy_of_the_old_picture_is_kept_no_longer_than_the_fade(house: House) -> None:
    fade = Kept()
    house.restart(Transitions(fade, fade))
    house.commit(playlist=house.playlist(house.item("a"), house.item("zz")))
    house.turn()
    house.go(9.9)
    frames_of(house, 0.3)
    assert [copy() is None for copy in fade.copies] == [False]
    frames_of(house, 1.0)
    assert [copy() is None for copy in fade.copies] == [True]


def test_what_is_seen_of_a_fade_follows_from_the_instant_alone(fading: House, tmp_path: Path) -> None:
    frames_of(fading, 0.4)
    (tmp_path / "other").mkdir()
    other = type(fading)(tmp_path / "other", ExitStack())
    with other.stack:
        other.restart(transitions("fade", "hdmi"))
        other.commit(playlist=other.playlist(other.item("a"), other.item("zz")))
        other.turn()
        other.clock.advance((fading.clock.now() - other.clock.now()).total_seconds())
        other.turn()
        assert fading.panel.capture().data == other.panel.capture().data
        assert not other.shows("zz")


def test_an_emergency_stands_there_at_once_in_the_middle_of_a_fade(fading: House) -> None:
    fading.go(0.3)
    assert not fading.shows("a")
    assert not fading.shows("zz")
    fading.commit(alerts=(fading.alert(),))
    fading.stage.turn()  # asks for it
    fading.stage.turn()
    assert fading.shows("storm")


def test_after_an_emergency_the_loop_stands_where_the_instant_says(fading: House) -> None:
    fading.commit(alerts=(fading.alert(),))
    fading.go(0.3)
    fading.commit(alerts=())
    fading.go(0.5)
    assert fading.shows("zz")


def test_a_picture_that_comes_late_fades_no_more(fading: House) -> None:
    fading.workshop.torn = {"zz.0"}
    fading.go(3)
    fading.workshop.torn = set()
    fading.go(0.1)
    assert fading.shows("zz")


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_jumps_ends_a_fade(fading: House, days: int) -> None:
    fading.go(0.3)
    fading.clock.advance(-10.2 + 5)  # in the middle of another slot
    for _ in range(3):
        fading.clock.set(fading.clock.now().replace(day=fading.clock.now().day + days))
        fading.turn()
        assert fading.shows("a") or fading.shows("zz") or fading.shows("slate")
        days = -days


def test_a_bulletin_of_two_pages_turns_them_and_then_rests(house: House) -> None:
    house.restart(transitions("auto", "hdmi"))
    house.workshop.pages = 2
    house.commit(playlist=house.playlist(house.item("a")))
    house.turn()
    house.go(5 + TURN_S / 2)
    shown = house.panel.capture().data
    first, second = bytes(house.colour("a.0")), bytes(house.colour("a.1"))
    assert (shown[:3], shown[(W - 1) * 3 : W * 3]) == (first, second)
    assert house.panel.dirty[-1] == [Rect(W // 2, 0, W // 2, H)]
    frames_of(house, TURN_S)
    assert house.shows("a", 1)
    assert frames_of(house, 3.0) == 0


def test_a_ticker_runs_on_through_a_fade(house: House) -> None:
    house.workshop.ticker = TICKER
    house.restart(transitions("fade", "hdmi"))
    house.commit(playlist=house.playlist(house.item("a"), house.item("zz"), ticker=("chạy",)))
    house.turn()
    house.go(9.99)
    begun = len(house.panel.frames)
    frames_of(house, 0.5)
    seen = [frame.data[24 * W * 3] for frame in house.panel.frames[begun:]]
    assert len(seen) == 30
    assert {(later - this) % 200 for this, later in pairwise(seen)} == {1}
    assert not house.shows("a")
    assert not house.shows("zz")


def test_a_fade_makes_no_surface_once_it_has_begun(fading: House) -> None:
    fading.go(0.15)
    with counted_surfaces() as count:
        looked_at = frames_of(fading, 0.3)
        assert looked_at > 5
        assert count() == looked_at  # the test's own copies


def test_looking_ahead_makes_no_surface_in_each_turn(house: House) -> None:
    house.workshop.ticker = TICKER
    house.commit(playlist=house.playlist(house.item("a"), house.item("zz"), ticker=("chạy",)))
    house.turn()
    house.go(9)
    with counted_surfaces() as count:
        looked_at = frames_of(house, 0.5)
        assert looked_at > 5
        assert count() == looked_at  # the test's own copies


def test_a_brightness_that_changes_is_no_reason_to_turn_a_page(house: House) -> None:
    house.restart(transitions("turn", "hdmi"))
    house.commit(playlist=house.playlist(house.item("a", 60)))
    house.turn()
    house.commit(playlist=house.playlist(house.item("a", 60), brightness_pct=50, seq=2))
    house.go(0.1)
    assert house.pixel[0] == pytest.approx(house.colour("a.0")[0] / 2, abs=1)
