"""The public holidays, against what was decided in each year since the present Labour Code is in force."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from player.schedule.holidays import Name, holiday
from player.schedule.lunar import lunar_day


def found(year: int) -> dict[date, Name]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return {day: name for day in days if day.year == year and (name := holiday(day)) is not None}


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), Name.NEW_YEAR),
        (date(2021, 2, 10), date(2021, 2, 14), Name.TET),  # two days before Tết, three from it on
        (date(2022, 1, 31), date(2022, 2, 4), Name.TET),  # one and four: Monday to Friday
        (date(2023, 1, 20), date(2023, 1, 24), Name.TET),
        (date(2024, 2, 8), date(2024, 2, 12), Name.TET),
        (date(2025, 1, 27), date(2025, 1, 31), Name.TET),
        (date(2026, 2, 16), date(2026, 2, 20), Name.TET),
        (date(2026, 4, 26), date(2026, 4, 26), Name.HUNG_KINGS),
        (date(2026, 4, 30), date(2026, 4, 30), Name.REUNIFICATION),
        (date(2026, 5, 1), date(2026, 5, 1), Name.LABOUR),
        (date(2021, 9, 2), date(2021, 9, 3), Name.NATIONAL),
        (date(2022, 9, 1), date(2022, 9, 2), Name.NATIONAL),
        (date(2023, 9, 1), date(2023, 9, 2), Name.NATIONAL),
        (date(2024, 9, 2), date(2024, 9, 3), Name.NATIONAL),
        (date(2025, 9, 1), date(2025, 9, 2), Name.NATIONAL),
        (date(2026, 9, 1), date(2026, 9, 2), Name.NATIONAL),
        (date(2026, 11, 24), date(2026, 11, 24), Name.CULTURE),
    ],
)
def test_a_holiday_is_as_it_was_decided(first: date, last: date, name: Name) -> None:
    assert [day for day, kind in found(first.year).items() if kind is name] == [
        first + timedelta(days=n) for n in range((last - first).days + 1)
    ]


def test_culture_day_is_a_holiday_since_2026_only() -> None:
    assert holiday(date(2025, 11, 24)) is None
    assert holiday(date(2027, 11, 24)) is Name.CULTURE


@pytest.mark.parametrize("year", range(2020, 2036))
def test_there_are_twelve_holidays_a_year_and_eleven_before_2026(year: int) -> None:
    clash = lunar_day(date(year, 4, 30)) == (10, 3, year, False)  # a day that is two holidays
    assert len(found(year)) == (12 if year >= 2026 else 11) - clash
