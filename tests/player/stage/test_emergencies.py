"""Emergencies, the stop, power and brightness."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

NOON = datetime(1970, 1, 3, tzinfo=UTC)


def test_an_emergency_interrupts_at_once_and_the_loop_resumes_where_the_clock_stands(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    house.commit(alerts=(house.alert(),))
    house.go(3)
    assert house.shows("storm")
    assert ("storm", True) in house.workshop.asked
    house.commit(alerts=())
    house.go(10)
    assert house.shows("b")
    assert house.played() == [("item", "a", "cut"), ("alert", "storm", "cut"), ("item", "b", "")]


def test_stopped_is_blank_and_released_is_not(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 60)))
    house.turn()
    house.commit(stopped=True, alerts=(house.alert(),))
    house.turn()
    assert house.pixel == (0, 0, 0)
    house.commit(stopped=False, alerts=())
    house.turn()
    assert house.shows("a")
    assert house.panel.powers == [True, False, True]


def test_power_off_blanks_and_an_emergency_switches_on_again(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 60), power=False))
    house.turn()
    assert (house.pixel, house.panel.powers) == ((0, 0, 0), [False])
    house.commit(alerts=(house.alert(),))
    house.turn()
    assert house.shows("storm")
    assert house.panel.powers == [False, True]


def test_brightness_follows_the_playlist_and_is_seen_at_once(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 60), brightness_pct=100))
    house.turn()
    full = house.pixel[0]
    house.commit(playlist=house.playlist(house.item("a", 60), brightness_pct=50, seq=2))
    house.turn()
    assert house.panel.brightness == 50
    assert house.pixel[0] == pytest.approx(full / 2, abs=1)
