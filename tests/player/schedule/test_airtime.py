from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from player.model import (
    Clock,
    ClockQuality,
    DayPart,
    Holiday,
    Item,
    LunarDate,
    Priority,
    Recurrence,
    Version,
    Window,
)
from player.schedule.airtime import Airtime, micros, on_date

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FULL_MOON = datetime(2026, 11, 23, 12, 0, tzinfo=HANOI)
DAY = timedelta(days=1)


def item(**parts: object) -> Item:
    return Item("x", 1, Priority.ROUTINE, (Version("vi", "x"),), dwell_s=5, **parts)  # type: ignore[arg-type]


def hours(thing: Item, clock: Clock = Clock(ClockQuality.TRUSTED), floor: datetime | None = None) -> list[str]:  # noqa: B008
    """Its air time from the day before the full moon to the end of that day, by the wall clock."""
    begin = FULL_MOON.replace(hour=0) - DAY
    (found,) = Airtime([thing], HANOI, clock, floor).spans(micros(begin), micros(begin + 2 * DAY))
    words = [[begin + timedelta(microseconds=edge - micros(begin)) for edge in span] for span in found]
    return [f"{start:%d %H:%M} – {end:%d %H:%M}" for start, end in words]


def test_all_rules_must_hold() -> None:
    morning = DayPart(6 * 60, 9 * 60)
    until_eight = Window(None, FULL_MOON.replace(hour=8))
    assert hours(item(dayparts=(morning,), dates=(LunarDate(15),), windows=(until_eight,))) == ["23 06:00 – 23 08:00"]
    assert hours(item(dayparts=(morning,), exdates=(LunarDate(15),))) == ["22 06:00 – 22 09:00"]
    assert hours(item(debut=FULL_MOON, dayparts=(DayPart(11 * 60, 14 * 60),))) == ["23 12:00 – 23 14:00"]


def test_one_of_several_dates_is_enough() -> None:
    rules = (Holiday(), LunarDate(14), Recurrence("FREQ=DAILY", "2026-11-23T07:00", 30))
    assert hours(item(dates=rules)) == ["22 00:00 – 23 00:00", "23 07:00 – 23 07:30"]


def test_a_recurrence_that_is_not_taken_never_shows() -> None:
    assert hours(item(dates=(Recurrence("FREQ=SECONDLY", "2026-11-23T07:00", 30),))) == []


WHOLE = ["22 00:00 – 24 00:00"]


@pytest.mark.parametrize(
    ("parts", "at_floor", "unknown"),
    [
        ({}, True, True),
        ({"dayparts": (DayPart(0, 1),)}, True, True),
        ({"debut": FULL_MOON + 9 * DAY}, True, True),
        ({"windows": (Window(FULL_MOON - DAY, FULL_MOON + DAY),)}, True, False),
        ({"windows": (Window(FULL_MOON + DAY, None),)}, False, False),
        ({"dates": (LunarDate(15),)}, True, False),
        ({"dates": (LunarDate(1),)}, False, False),
        ({"dates": (Recurrence("FREQ=DAILY", "2026-11-01T04:00", 1),)}, True, False),
        ({"exdates": (LunarDate(15),)}, False, False),
        ({"exdates": (LunarDate(1),)}, True, False),
    ],
)
def test_without_a_trusted_clock_hours_are_ignored_and_dates_are_those_of_the_floor(
    parts: dict[str, object], at_floor: bool, unknown: bool
) -> None:
    floor = Clock(ClockQuality.FLOOR, FULL_MOON)
    assert hours(item(**parts), floor, FULL_MOON) == (WHOLE if at_floor else [])
    assert hours(item(**parts), Clock(ClockQuality.UNKNOWN), FULL_MOON) == (WHOLE if unknown else [])
    assert hours(item(**parts), Clock(ClockQuality.FLOOR), None) == (WHOLE if unknown else [])


def test_a_dated_bulletin_is_read_on_its_days_at_whatever_hour() -> None:
    evening = item(dates=(Recurrence("FREQ=WEEKLY", "2026-11-23T19:00", 60),))
    assert on_date(evening, FULL_MOON, HANOI)
    assert not on_date(evening, FULL_MOON + DAY, HANOI)
    assert on_date(item(), FULL_MOON, HANOI)
