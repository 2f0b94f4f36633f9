"""T2 … T7, CN and the months T5/2026, T10."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import Place, Rule, Said
from tts.reader.rules.dates import month_word
from tts.reader.rules.parts import NOT_LETTER, before_is, rx

_WEEKDAYS: Final = {"2": "hai", "3": "ba", "4": "tư", "5": "năm", "6": "sáu", "7": "bảy"}


def _month(match: re.Match[str], place: Place) -> str | None:
    if not match[2] and before_is(place, "not_day"):
        return None
    words = month_word(place, match[1]) if place.prev == "tháng" else f"tháng {month_word(place, match[1])}"
    return f"{words} năm {place.house.numbers.cardinal(match[2])}" if match[2] else words


def _weekday(match: re.Match[str], place: Place) -> Said | None:
    if before_is(place, "not_day") and place.window.rstrip()[-1:] not in (";", ":", ","):
        return None
    dated = _ITS_DATE.match(place.text, match.end())
    if before_is(place, "month_before") and (dated is None or dated[1] == match[1]):
        return Said(f"tháng {month_word(place, match[1])}", match.end())
    if _TO_MONTH.match(place.text, match.end()):
        return Said(f"tháng {month_word(place, match[1])}", match.end())
    if len(match[2]) == 2 and match[2][0] == "-":
        return Said(f"thứ {_WEEKDAYS[match[1]]} đến thứ {_WEEKDAYS[match[2][1]]}", match.end())
    rest = [_WEEKDAYS[day] for day in re.findall(r"[2-7]", match[2])]
    return Said(", ".join([f"thứ {_WEEKDAYS[match[1]]}", *rest]), match.end())


_ITS_DATE: Final = rx(r",?\s?\(?(?:ngày )?\d{1,2}/0?(\d{1,2})(?:/\d{2,4})?(?![\d/])")  # hết T7 (24/10); hết T7 (31/7)
_TO_MONTH: Final = rx(r"\s?(?:->?|→|đến)\s?T(?:\d{1,2}/\d{4}|(?:1[0-2]|[189])(?!\d|/\d))")  # T7-T9, T3-T5/2026


def _slashed_days(match: re.Match[str], place: Place) -> str | None:
    """Các ngày 2/4/6, thứ 3/5/7: days of the week."""
    days = match[0].split("/")
    if place.prev2 not in ("các ngày", "các thứ", "vào thứ", "những ngày") or days != sorted(set(days)):
        return None
    return ", ".join(_WEEKDAYS[day] if day != "4" or place.prev == "thứ" else "bốn" for day in days)


_DAYS: Final = r"T[ .]?([2-7])((?:[,-][2-7](?!\d)){0,5})"

DIGIT_RULES: Final = (Rule("ordinal", rx(r"[2-7](?:/[2-7]){2,5}(?![/\d])"), _slashed_days, follow="/"),)
WORD_RULES: Final = (
    Rule(
        "month", rx(rf"T[ .]?(0?[1-9]|1[0-2])[/-]((?:19|20)\d\d)(?!\d){NOT_LETTER}"), _month, follow="T", numbered=True
    ),
    Rule("weekday", rx(rf"{_DAYS}(?!\d){NOT_LETTER}(?![/.]\d)"), _weekday, follow="T", numbered=True),
    Rule("month", rx(rf"T[.]?(0?[189]|1[0-2])()(?!\d){NOT_LETTER}(?![/.,]\d)"), _month, follow="T", numbered=True),
)
