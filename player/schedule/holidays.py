"""The public holidays of Vietnam: Labour Code 45/2019/QH14, article 112, and Resolution 80-NQ/TW of 7 January 2026.

New Year's Day, five days of Tết, the anniversary of the Hùng kings (10th of the third lunar month),
30 April, 1 May, two days of National Day, and from 2026 on Vietnamese Culture Day, 24 November. Which days
around Tết, and whether the day before or after 2 September, is decided each year (article 112, paragraph 3);
here it is told by the weekday, as it was decided in each year from 2021 to 2026. Days off in lieu of a
weekend (article 111) and exchanged working days are days of rest, not holidays.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from player.schedule.lunar import lunar_day

TET_DAYS: Final = 5
CULTURE_SINCE: Final = 2026
MON, TUE, THU, SUN = 0, 1, 3, 6
DAY: Final = timedelta(days=1)


class Name(StrEnum):
    NEW_YEAR = "new-year"
    TET = "tet"
    HUNG_KINGS = "hung-kings"
    REUNIFICATION = "reunification"
    LABOUR = "labour"
    NATIONAL = "national"
    CULTURE = "culture"


def holiday(day: date) -> Name | None:
    """Which public holiday that day is, if any. None, too, where the lunar calendar is not known (1900 to 2100)."""
    return _holidays(day.year).get(day)


@lru_cache(maxsize=16)
def _holidays(year: int) -> dict[date, Name]:
    national = date(year, 9, 2)
    found = {
        date(year, 1, 1): Name.NEW_YEAR,
        date(year, 4, 30): Name.REUNIFICATION,
        date(year, 5, 1): Name.LABOUR,
        national: Name.NATIONAL,
        _beside(national): Name.NATIONAL,
    }
    if year >= CULTURE_SINCE:
        found[date(year, 11, 24)] = Name.CULTURE
    tet, kings = _lunar(year, 1, 1), _lunar(year, 10, 3)
    if kings is not None:
        found.setdefault(kings, Name.HUNG_KINGS)
    if tet is not None:
        first = tet - _days_before(tet) * DAY
        found.update((first + n * DAY, Name.TET) for n in range(TET_DAYS))
    return found


def _beside(national: date) -> date:
    """The second day of National Day: the one that joins it to a weekend, or the day before where both would."""
    return national + DAY if national.weekday() in {MON, THU, SUN} else national - DAY


def _days_before(tet: date) -> int:
    """How many of the five days lie before Tết: two, but one where that makes them a whole working week."""
    return 1 if tet.weekday() == TUE else 2


def _lunar(year: int, day: int, month: int) -> date | None:
    """That day of the plain lunar month in the lunar year, for the first months of it."""
    days = (date(year, 1, 20) + n * DAY for n in range(150))  # Tết lies between 21 January and 20 February
    try:
        return next((solar for solar in days if lunar_day(solar) == (day, month, year, False)), None)
    except ValueError:
        return None
