"""How a day of the calendar is said, and whether there is one."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import Place
from tts.reader.rules.parts import before_is

_LONGEST_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_COUNT_OF_DAYS: Final = re.compile(r"\d ngày: ?$")  # nghỉ 02 ngày: 1/9 và 2/9


def exists(day: str, month: str, year: str | None = None) -> bool:
    """The day is on the calendar; without a year 29/2 is."""
    most = _LONGEST_MONTH[int(month) - 1]
    if year and int(month) == 2:
        number = int(year)
        most = 29 if number % 4 == 0 and (number % 100 or number % 400 == 0) else 28
    return int(day) <= most


def month_word(place: Place, month: str) -> str:
    return "tư" if int(month) == 4 else place.house.numbers.cardinal(month)


def spoken_date(place: Place, day: str, month: str, year: str | None = None) -> str:
    """Without the leading word "ngày"."""
    numbers = place.house.numbers
    words = f"{numbers.cardinal(day)} tháng {month_word(place, month)}"
    return f"{words} năm {numbers.cardinal(full_year(year))}" if year else words


def full_year(year: str) -> str:
    """Two digits are a year of this century up to 49, of the last one from 50."""
    if len(year) == 4:
        return year
    return ("20" if int(year) < 50 else "19") + year


def doubts(place: Place, day: str, month: str, year: str | None = None) -> tuple[str, ...]:
    return () if exists(day, month, full_year(year) if year else None) else ("no_such_day",)


def lead(place: Place) -> str:
    """The word "ngày" where the text has none and an announcer would add it."""
    if _COUNT_OF_DAYS.search(place.window):
        return "ngày "
    return "" if before_is(place, "no_day_word") else "ngày "
