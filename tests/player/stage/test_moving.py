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


def test_turns_that_come_late_leave_no_frame_out_and_lateness_never_adds_up(house: House) -> None:
    hz, rest_s = at_a_pixel_a_frame(house)
    begun, before = house.clock.now(), len(house.panel.frames)
    for turn in range(600):
        late_frames = (0.0, 0.9, 0.3, 0.6, 0.05)[turn % 5]
        house.clock.advance(rest_s + late_frames / hz)
        rest_s = house.stage.turn()
    passed_s = (house.clock.now() - begun).total_seconds()
    assert len(house.panel.frames) - before == pytest.approx(passed_s * hz, abs=1.01)


def test_a_turn_late_by_frames_shows_the_one_that_is_due_and_the_next_at_its_time(house: House) -> None:
    hz, rest_s = at_a_pixel_a_frame(house)
    first = shown_px(house)
    before = len(house.panel.frames)
    house.clock.advance(rest_s + 3.5 / hz)
    rest_s = house.stage.turn()
    assert len(house.panel.frames) - before == 1
    assert (shown_px(house) - first) % 200 == 4
    assert rest_s == pytest.approx(0.5 / hz, abs=0.0001)


def at_a_pixel_a_frame(house: House) -> tuple[float, float]:
    """Puts up a ticker that stands elsewhere in every frame; the panel's rate, and how long until the next."""
    hz = house.panel.refresh_hz
    house.workshop.ticker = Strip("strip", Box(0, 24, W, 8), 200, hz)
    house.commit(playlist=house.playlist(house.item("a", 3600), ticker=("chạy",)))
    return hz, house.turn()


def shown_px(house: House) -> int:
    """The strip's pixel at the near edge of its box: its red says which it is."""
    return house.panel.capture().data[24 * W * 3]


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
