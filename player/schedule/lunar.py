"""The Vietnamese lunar calendar, by the new moons and the sun as seen at UTC+7.

The rule is that of Hồ Ngọc Đức's tables, in force since Decision 121/CP of 8 August 1967; it differs
now and then from the Chinese one: Tết 2007 and Tết 2030 fell a day earlier here.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

import lunar_vn

_STEMS: Final = ("Canh", "Tân", "Nhâm", "Quý", "Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ")
_BRANCHES: Final = ("Thân", "Dậu", "Tuất", "Hợi", "Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi")


class LunarDay(NamedTuple):
    """A day of the lunar calendar: day 1-30, month 1-12, the year whose Tết began it, `leap` in a leap month."""

    day: int
    month: int
    year: int
    leap: bool = False


def lunar_day(day: date) -> LunarDay:
    """The lunar name of a solar day, 1900 to 2100. Raises ValueError outside of these years."""
    found = lunar_vn.solar_to_lunar(date(day.year, day.month, day.day))
    return LunarDay(found.day, found.month, found.year, found.leap)


def year_name(year: int) -> str:
    """The name of a lunar year by stem and branch, "Bính Ngọ" for 2026."""
    return f"{_STEMS[year % 10]} {_BRANCHES[year % 12]}"
