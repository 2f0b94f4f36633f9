"""Brightness by the hour and by the light around: what it should be, and that it gets there without a jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.dimming import CALM_S, STEP_PCT, STEP_S, Curve, Dimmer, scheduled_pct
from player.model import DayPart, Desired, Dimmed

ZONE = timezone(timedelta(hours=7))
NIGHT = Dimmed(DayPart(21 * 60, 5 * 60), 30)
LATE = Dimmed(DayPart(23 * 60, 60), 10)
SUNDAY = Dimmed(DayPart(0, 1440, (7,)), 60)


def at(hour: int, minute: int = 0, day: int = 5) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "pct"),
    [(at(12), 90), (at(20, 59), 90), (at(21), 30), (at(23), 10), (at(0, 59), 10), (at(1), 30), (at(5), 90),
     (at(12, day=4), 60), (at(22, day=4), 30), (None, 90)],
)  # fmt: skip
def test_the_schedule_says_how_bright_and_the_darkest_part_rules(now: datetime | None, pct: int) -> None:
    desired = Desired(brightness_pct=90, dimmed=(NIGHT, LATE, SUNDAY))
    assert scheduled_pct(desired, ZONE, now) == pct


def test_without_parts_one_brightness_holds_at_all_hours() -> None:
    assert scheduled_pct(Desired(brightness_pct=70), ZONE, at(3)) == 70


def test_it_begins_at_once_and_then_goes_in_small_steps() -> None:
    dimmer = Dimmer()
    assert dimmer.level(100, 0.0) == 100
    levels = [dimmer.level(30, second * STEP_S) for second in range(1, 60)]
    steps = [before - after for before, after in zip([100, *levels], levels, strict=False)]
    assert max(steps) == STEP_PCT
    assert min(steps) == 0
    assert levels[-1] == 30
    assert levels.index(30) == 70 // STEP_PCT - 1


def test_turns_between_two_steps_change_nothing() -> None:
    dimmer = Dimmer()
    dimmer.level(100, 0.0)
    assert {dimmer.level(50, 1.0 + turn / 1000) for turn in range(900)} == {100 - STEP_PCT}


def test_a_new_panel_or_a_wish_of_staff_is_met_at_once() -> None:
    dimmer = Dimmer()
    dimmer.level(100, 0.0)
    dimmer.forget()
    assert dimmer.level(40, 0.1) == 40
    assert dimmer.health() == {"brightness_pct": 40}


@settings(deadline=None)
@given(st.floats(0, 200_000), st.floats(0, 200_000))
def test_more_light_is_never_a_darker_panel(one: float, other: float) -> None:
    curve = Curve()
    low, high = sorted((one, other))
    assert 0.2 <= curve.share(low) <= curve.share(high) <= 1.0


def test_the_curve_meets_its_ends_and_goes_by_powers_between() -> None:
    curve = Curve(10, 1000, 40)
    assert [curve.share(lux) for lux in (0, 10, 100, 1000, 9e4)] == pytest.approx([0.4, 0.4, 0.7, 1.0, 1.0])


def settle(dimmer: Dimmer, scheduled: int, start_s: float) -> int:
    return [dimmer.level(scheduled, start_s + second) for second in range(300)][-1]


def test_in_the_dark_the_panel_keeps_its_floor_of_the_schedule() -> None:
    lux: list[float | None] = [20_000.0]
    dimmer = Dimmer(lambda: lux[0])
    assert dimmer.level(80, 0.0) == 80
    lux[0] = 1.0
    assert settle(dimmer, 80, 1.0) == 16
    lux[0] = 20_000.0
    assert settle(dimmer, 80, 400.0) == 80


def test_a_short_shadow_is_not_followed() -> None:
    lux: list[float | None] = [20_000.0]
    dimmer = Dimmer(lambda: lux[0])
    dimmer.level(100, 0.0)
    lux[0] = 4000.0
    assert {dimmer.level(100, CALM_S * step / 100) for step in range(10)} == {100}


def test_without_an_answer_of_the_sensor_the_schedule_decides_alone() -> None:
    lux: list[float | None] = [1.0]
    dimmer = Dimmer(lambda: lux[0])
    assert dimmer.level(50, 0.0) == 10
    lux[0] = None
    assert settle(dimmer, 50, 1.0) == 50


@pytest.mark.parametrize(("scheduled", "least"), [(1, 1), (3, 1), (0, 0)])
def test_what_is_on_at_all_never_goes_out(scheduled: int, least: int) -> None:
    assert Dimmer(lambda: 0.0).level(scheduled, 0.0) == least
