"""The public holidays of Vietnam: Labour Code 45/2019/QH14, article 112.

Eleven days: New Year's Day, five days of Tết, the anniversary of the Hùng kings (10th of the third lunar
month), 30 April, 1 May, and two days of National Day. Which days around Tết, and whether the day before
or after 2 September, is decided each year (article 112, paragraph 3); a year for which no decision is
known here follows the commonest one: two days before Tết and three from it on, and 1 September. Days
off in lieu of a weekend (article 111) are days of rest, not holidays.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from player.schedule.lunar import lunar_day

TET_DAYS: Final = 5
DAY: Final = timedelta(days=1)


class Name(StrEnum):
    NEW_YEAR = "new-year"
    TET = "tet"
    HUNG_KINGS = "hung-kings"
    REUNIFICATION = "reunification"
    LABOUR = "labour"
    NATIONAL = "national"


class Decision(NamedTuple):
    """What is decided for a year: how many of the days of Tết lie before it, and the second day of National Day."""

    before_tet: int = 2
    second_national_day: int = 1  # of September


DECISIONS: Final = {
    2021: Decision(second_national_day=3),
    2022: Decision(before_tet=1),
    2024: Decision(second_national_day=3),
    2026: Decision(before_tet=1),
}


def holiday(day: date) -> Name | None:
    """Which public holiday that day is, if any. None, too, where the lunar calendar is not known (1900 to 2100)."""
    return _holidays(day.year).get(day)


@lru_cache(maxsize=16)
def _holidays(year: int) -> dict[date, Name]:
    decided = DECISIONS.get(year, Decision())
    found = {
        date(year, 1, 1): Name.NEW_YEAR,
        date(year, 4, 30): Name.REUNIFICATION,
        date(year, 5, 1): Name.LABOUR,
        date(year, 9, 2): Name.NATIONAL,
        date(year, 9, decided.second_national_day): Name.NATIONAL,
    }
    tet, kings = _lunar(year, 1, 1), _lunar(year, 10, 3)
    if kings is not None:
        found.setdefault(kings, Name.HUNG_KINGS)
    if tet is not None:
        first = tet - decided.before_tet * DAY
        found.update((first + n * DAY, Name.TET) for n in range(TET_DAYS))
    return found


def _lunar(year: int, day: int, month: int) -> date | None:
    """That day of the plain lunar month in the lunar year, for the first months of it."""
    days = (date(year, 1, 20) + n * DAY for n in range(150))  # Tết lies between 21 January and 20 February
    try:
        return next((solar for solar in days if lunar_day(solar) == (day, month, year, False)), None)
    except ValueError:
        return None
