"""What moves on a picture, and the clock on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from drivers.panel import Rect
from player.model import Clock, ClockQuality
from player.show import Box, ClockFace, Strip

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

NOON = datetime(1970, 1, 3, tzinfo=UTC)
W, H = 64, 32

TICKER = Strip("strip", Box(0, 24, W, 8), 200, 10.0)
FACE = ClockFace(Box(44, 0, 20, 8), tuple(f"digit{n}" for n in range(11)), (4,) * 11)


def test_a_ticker_stands_where_the_instant_says_and_touches_only_its_band(house: House) -> None:
    house.workshop.ticker = TICKER
    house.commit(playlist=house.playlist(house.item("a", 3600), ticker=("chạy",)))
    house.turn()
    house.go(1.0)
    row = house.panel.capture().data[24 * W * 3 :]
    offset = int(house.clock.now().timestamp() * 10) % 200
    assert [row[x * 3] for x in range(W)] == [(offset + x) % 200 for x in range(W)]
    assert house.panel.dirty[-1] == [Rect(0, 24, W, 8)]
    assert house.shows("a")


def test_the_stage_wakes_for_each_pixel_of_a_ticker(house: House) -> None:
    house.workshop.ticker = TICKER
    house.commit(playlist=house.playlist(house.item("a", 3600), ticker=("chạy",)))
    assert house.turn() == pytest.approx(0.1, abs=0.001)


def test_the_clock_is_redrawn_each_minute_and_nothing_else(house: House) -> None:
    house.workshop.clock = FACE
    house.commit(playlist=house.playlist(house.item("a", 3600)))
    house.turn()
    before = len(house.panel.frames)
    house.go(59.9)
    assert len(house.panel.frames) == before
    house.go(0.1)
    assert house.panel.dirty[before:] == [[Rect(44, 0, 20, 8)]]
    last_digit = house.panel.capture().data[(W - 1) * 3 + 2]
    assert last_digit == 41  # 00:01


def test_a_clock_that_cannot_be_believed_is_not_drawn(house: House) -> None:
    house.workshop.clock = FACE
    house.commit(playlist=house.playlist(house.item("a", 3600)), clock=Clock(ClockQuality.FLOOR, NOON))
    house.turn()
    assert house.panel.capture().data[(W - 1) * 3 : W * 3] == bytes(house.colour("a.0"))


def test_a_wall_clock_behind_what_was_accepted_is_not_believed(house: House) -> None:
    house.workshop.clock = FACE
    house.clock.set(NOON - timedelta(days=365))
    house.commit(playlist=house.playlist(house.item("a", 3600)))
    house.turn()
    assert house.panel.capture().data[(W - 1) * 3 : W * 3] == bytes(house.colour("a.0"))
    house.clock.set(NOON)
    house.turn()
    assert house.panel.capture().data[(W - 1) * 3 : W * 3] != bytes(house.colour("a.0"))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_jumps_a_day_brings_the_picture_of_the_new_instant(house: House, days: int) -> None:
    shown = house.playlist(house.item("a", 7), house.item("b", 7))
    house.commit(playlist=shown, clock=Clock(ClockQuality.TRUSTED))
    house.clock.set(NOON + timedelta(days=2))
    house.turn()
    house.clock.set(house.clock.now() + timedelta(days=days, seconds=3))
    house.turn()
    position = house.clock.now().timestamp() % 14
    assert house.shows("a" if position < 7 else "b")
