from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from player.model import DateRule, Holiday, LunarDate, Recurrence
from player.schedule.dates import any_spans, covers, spans
from player.schedule.lunar import lunar_day

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def days(rule: DateRule, year: int) -> list[date]:
    start = date(year, 1, 1)
    return [day for n in range(366) if (day := start + timedelta(days=n)).year == year and covers(rule, day)]


def unix(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=HANOI).timestamp())


@pytest.mark.parametrize(
    ("year", "tet", "kings"),
    [
        (2007, date(2007, 2, 17), date(2007, 4, 26)),  # Tết a day before China's
        (2025, date(2025, 1, 29), date(2025, 4, 7)),
        (2026, date(2026, 2, 17), date(2026, 4, 26)),
        (2027, date(2027, 2, 6), date(2027, 4, 16)),
        (2030, date(2030, 2, 2), date(2030, 4, 12)),  # and again
    ],
)
def test_tet_and_the_hung_kings(year: int, tet: date, kings: date) -> None:
    assert days(LunarDate(1, 1), year) == [tet]
    assert days(LunarDate(10, 3), year) == [kings]


@pytest.mark.parametrize(("year", "month"), [(2017, 6), (2020, 4), (2023, 2), (2025, 6), (2028, 5)])
def test_every_month_counts_the_leap_month_and_a_named_month_does_not(year: int, month: int) -> None:
    full = days(LunarDate(15), year)
    in_month = [day for day in full if lunar_day(day).month == month and lunar_day(day).year == year]
    assert [lunar_day(day).leap for day in in_month] == [False, True]
    assert days(LunarDate(15, month), year) == in_month[:1]


def test_the_thirtieth_is_the_last_day_of_any_month() -> None:
    assert days(LunarDate(30, 12), 2026) == [date(2026, 2, 16)]  # the 29th: the year of the snake had no thirtieth
    ends = days(LunarDate(30), 2026)
    assert all(lunar_day(day + timedelta(days=1)).day == 1 for day in ends)
    assert {lunar_day(day).day for day in ends} == {29, 30}


def test_days_ahead_and_days_on() -> None:
    rule = LunarDate(1, 1, lead_days=2, days=3)
    assert days(rule, 2026) == [date(2026, 2, 15) + timedelta(days=n) for n in range(5)]


def test_a_rule_of_days_is_open_from_midnight_to_midnight_of_the_unit() -> None:
    found = spans(LunarDate(15), HANOI, unix("2026-11-20"), unix("2026-11-30"))
    assert found == ((unix("2026-11-23"), unix("2026-11-24")),)
    paris = ZoneInfo("Europe/Paris")
    (span,) = spans(LunarDate(10, 9), paris, unix("2025-10-25"), unix("2025-11-10"))
    assert datetime.fromtimestamp(span[0], paris).hour == 0


def test_a_day_on_which_clocks_change_is_open_for_all_its_hours() -> None:
    paris = ZoneInfo("Europe/Paris")
    day = date(2025, 10, 26)
    moon = lunar_day(day)
    start = int(datetime(2025, 10, 25, tzinfo=paris).timestamp())
    ((begin, end),) = spans(LunarDate(moon.day, moon.month), paris, start, start + 4 * 86_400)
    assert end - begin == 25 * 3600


def test_beyond_the_known_moons_nothing_is_open() -> None:
    assert not covers(LunarDate(1), date(2101, 1, 1))
    assert not covers(LunarDate(1), date(1890, 1, 1))
    assert covers(Holiday(), date(2150, 9, 2))


def test_rules_of_all_kinds_join() -> None:
    rules = (LunarDate(15), Holiday(), Recurrence("FREQ=DAILY", "2026-11-25T07:00", 60))
    assert any_spans(rules, HANOI, unix("2026-11-22"), unix("2026-11-26")) == (
        (unix("2026-11-23"), unix("2026-11-25")),
        (unix("2026-11-25T07:00"), unix("2026-11-25T08:00")),
    )
