"""The date on a board: which words it is made of, and which of them stand there on a day.

A date is drawn from prepared words, as the clock is from prepared figures: nothing is prepared anew
at midnight. Days and months are written as Decree 30/2020/NĐ-CP writes them: a 0 before days below
10 and before January and February.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from player.schedule import lunar

SOLAR: Final = "solar"  # Thứ Hai, 23/11/2026
LUNAR: Final = "lunar"  # Âm lịch 15/10 Bính Ngọ
SHORT: Final = "short"  # 23/11 · 15/10 ÂL

_FIGURES: Final = tuple("0123456789")
_WEEKDAYS: Final = tuple(
    f"{day}, " for day in ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
)
_PRE: Final = "Âm lịch "
_LEAP: Final = " nhuận"
_DOT: Final = " · "
_LEAP_SIGN: Final = "n"
_POST: Final = " ÂL"
_TWO: Final = (_FIGURES, _FIGURES)
_DAY_MONTH: Final = (*_TWO, ("/",), *_TWO)
_STEMS: Final = tuple(f" {lunar.year_name(year).split()[0]}" for year in range(2000, 2010))
_BRANCHES: Final = tuple(f" {lunar.year_name(year).split()[1]}" for year in range(2000, 2012))
_PLACES: Final = {  # what may stand in each place of the longest date
    SOLAR: (_WEEKDAYS, *_DAY_MONTH, ("/",), *_TWO, *_TWO),
    LUNAR: ((_PRE,), *_DAY_MONTH, (_LEAP,), _STEMS, _BRANCHES),
    SHORT: (*_DAY_MONTH, (_DOT,), *_DAY_MONTH, (_LEAP_SIGN,), (_POST,)),
}


def places(form: str) -> tuple[tuple[str, ...], ...]:
    """For each place of a date of this form the words of which one may stand there."""
    return _PLACES[form]


def words(form: str) -> tuple[str, ...]:
    """Every word a date of this form may need, each once."""
    return tuple(dict.fromkeys(word for place in _PLACES[form] for word in place))


def line(form: str, day: date) -> tuple[str, ...]:
    """The words of `day` in reading order. Raises ValueError outside of the years 1900 to 2100."""
    if form == SOLAR:
        return (_WEEKDAYS[day.weekday()], *_solar(day), "/", *f"{day.year:04}")
    moon = lunar.lunar_day(day)
    numbers = tuple(f"{moon.day}/{moon.month}")
    if form == SHORT:
        return (*_solar(day), _DOT, *numbers, *(_LEAP_SIGN * moon.leap), _POST)
    stem, branch = lunar.year_name(moon.year).split()
    return (_PRE, *numbers, *((_LEAP,) if moon.leap else ()), f" {stem}", f" {branch}")


def _solar(day: date) -> tuple[str, ...]:
    return tuple(f"{day.day:02}/{day.month:02}" if day.month < 3 else f"{day.day:02}/{day.month}")
