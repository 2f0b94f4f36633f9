"""Brightness on the panel: by the hours of the unit, step by step, and anew on a panel that came back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from player.model import Clock, ClockQuality, DayPart, Dimmed

MIDNIGHT = datetime(1970, 1, 3, tzinfo=UTC)
FROM_0001 = Dimmed(DayPart(start_min=1, end_min=60), 30)


def levels(house: Any, seconds: int) -> list[int]:
    """The panel's brightness at each second from now on."""
    found = []
    for _ in range(seconds):
        house.go(1.0)
        found.append(house.panel.brightness)
    return found


def test_at_its_hour_the_panel_dims_without_a_jump_and_the_picture_stays(house: Any) -> None:
    house.commit(playlist=house.playlist(house.item("a", 3600), dimmed=(FROM_0001,)))
    house.turn()
    full = house.pixel[0]
    assert set(levels(house, 59)) == {100}
    falling = levels(house, 45)
    assert falling == sorted(falling, reverse=True)
    assert max(a - b for a, b in zip([100, *falling], falling, strict=False)) <= 2
    assert falling[-1] == 30
    assert house.pixel[0] == pytest.approx(full * 0.3, abs=1)


def test_an_untrusted_clock_dims_nothing(house: Any) -> None:
    house.commit(
        playlist=house.playlist(house.item("a", 3600), dimmed=(FROM_0001,)),
        clock=Clock(ClockQuality.FLOOR, MIDNIGHT),
    )
    house.turn()
    assert set(levels(house, 70)) == {100}


def test_a_picture_that_gives_way_to_the_next_is_as_bright_as_it_should_be(house: Any) -> None:
    house.commit(playlist=house.playlist(house.item("a", 10), house.item("m", 10), brightness_pct=50))
    house.turn()
    first = house.pixel
    house.go(10.5)
    house.go(2.0)
    assert max(house.pixel) <= 128
    assert house.pixel != first
