"""The lunar calendar at UTC+7: leap months, the years in which Tết is not China's, the names of the years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.schedule.lunar import LunarDay, lunar_day, year_name


@pytest.mark.parametrize(
    ("solar", "lunar"),
    [
        (date(2007, 2, 17), LunarDay(1, 1, 2007)),  # a day before China's
        (date(2030, 2, 2), LunarDay(1, 1, 2030)),  # a day before China's
        (date(1985, 1, 21), LunarDay(1, 1, 1985)),  # a month before China's
        (date(2025, 1, 29), LunarDay(1, 1, 2025)),
        (date(2026, 2, 17), LunarDay(1, 1, 2026)),
        (date(2026, 4, 26), LunarDay(10, 3, 2026)),  # the Hùng kings
        (date(2026, 11, 23), LunarDay(15, 10, 2026)),
        (date(2026, 2, 16), LunarDay(29, 12, 2025)),  # there was no thirtieth
    ],
)
def test_known_days(solar: date, lunar: LunarDay) -> None:
    assert lunar_day(solar) == lunar


@pytest.mark.parametrize(("year", "month"), [(2017, 6), (2020, 4), (2023, 2), (2025, 6), (2028, 5), (2031, 3)])
def test_leap_months(year: int, month: int) -> None:
    days = [lunar_day(date(year, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert {found.month for found in days if found.leap} == {month}


@pytest.mark.parametrize("year", [2018, 2019, 2021, 2022, 2024, 2026, 2027])
def test_years_without_a_leap_month(year: int) -> None:
    assert not any(lunar_day(date(year, 1, 1) + timedelta(days=n)).leap for n in range(365))


@given(st.dates(date(1900, 2, 1), date(2100, 12, 30)))
def test_days_follow_one_another(solar: date) -> None:
    today, tomorrow = lunar_day(solar), lunar_day(solar + timedelta(days=1))
    if tomorrow.day != 1:
        assert tomorrow == today._replace(day=today.day + 1)
    else:
        assert today.day in {29, 30}
        assert tomorrow.month == (today.month if tomorrow.leap else today.month % 12 + 1)
        assert tomorrow.year == today.year + (tomorrow.month == 1 and not tomorrow.leap)


def test_a_day_beyond_the_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="2101"):
        lunar_day(date(2101, 1, 1))


@pytest.mark.parametrize(
    ("year", "name"),
    [
        (1984, "Giáp Tý"),
        (1985, "Ất Sửu"),
        (2007, "Đinh Hợi"),
        (2023, "Quý Mão"),
        (2025, "Ất Tỵ"),
        (2026, "Bính Ngọ"),
        (2030, "Canh Tuất"),
    ],
)
def test_years_have_their_names(year: int, name: str) -> None:
    assert year_name(year) == name
