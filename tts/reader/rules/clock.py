"""Hours and minutes: 7h30, 8h0, 7g45, 13:30, 16h30', 24/24, 15'."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import Place, Rule, Said
from tts.reader.rules.parts import NOT_LETTER, before_is, rx

_HOUR = r"(?:[01]?\d|2[0-4])"


def spoken_time(place: Place, hour: str, minute: str | None) -> str:
    """Full hours without minutes."""
    numbers = place.house.numbers
    words = f"{numbers.cardinal(hour)} giờ"
    if not minute or int(minute) == 0:
        return words
    return f"{words} {numbers.cardinal(minute)} phút"


def _written(match: re.Match[str], place: Place) -> Said | None:
    hour, mark, minute = match.group(1, 2, 3)
    if mark == "g" and not minute and not _hour_is_meant(place, match):
        return None
    return Said(spoken_time(place, hour, minute), match.end())


def _hour_is_meant(place: Place, match: re.Match[str]) -> bool:
    """8g is an hour beside words of time, else eight grams."""
    if int(match[1]) > 24:
        return False
    if re.match(r"\s?-\s?\d{1,2}\s?(?:g|h)(?![^\W\d_])", place.text[match.end() : match.end() + 6]):
        return True
    words = ("lúc", "từ", "đến", "trước", "sau", "khoảng", "sáng", "chiều", "tối", "trưa", "vào", "hồi", "tới")
    if place.prev in words or place.follows("clock", "range", within=3):
        return True
    return re.match(r"\s?(?:sáng|chiều|tối|trưa|ngày|đêm)", place.text[match.end() : match.end() + 6]) is not None


def _colon(match: re.Match[str], place: Place) -> Said | None:
    if place.prev2 in ("tỷ lệ", "tỉ lệ") or (place.prev in _MIXED and match[1] == "1"):
        return None
    return Said(spoken_time(place, match[1], match[2]), match.end())


_MIXED: Final = frozenset(("pha", "loãng", "trộn", "thuốc", "nước"))  # pha 1:50


def _full_hour(match: re.Match[str], place: Place) -> str:
    return spoken_time(place, match[1], None)


def _half_of_day(match: re.Match[str], place: Place) -> str | None:
    """8AM, 5:30 PM."""
    hour = int(match[1])
    if not 1 <= hour <= _NOON:
        return None
    if match[3] in ("AM", "am"):
        part = "đêm" if hour == _NOON else "sáng"
    else:
        part = "trưa" if hour == _NOON else "chiều" if hour < _EVENING else "tối"
    return f"{spoken_time(place, match[1], match[2])} {part}"


_NOON: Final = 12
_EVENING: Final = 6


def _minutes(match: re.Match[str], place: Place) -> str:
    return f"{place.house.numbers.counted(match[1])} phút"


def _seconds(match: re.Match[str], place: Place) -> str:
    """5'12" and 11"85 of a race."""
    numbers = place.house.numbers
    minutes = f"{numbers.cardinal(match[1])} phút " if match[1] else ""
    hundredths = f" {numbers.serial(match[3])}" if match[3] else ""
    return f"{minutes}{numbers.cardinal(match[2])} giây{hundredths}"


def _lone_seconds(match: re.Match[str], place: Place) -> str | None:
    """Mỗi hồi 10": no closing quotation mark."""
    if place.prev not in _LASTING or place.window.count('"') % 2:
        return None
    return f"{place.house.numbers.counted(match[1])} giây"


_LASTING: Final = frozenset(("hồi", "trong", "sau", "khoảng", "dài", "giữ", "mỗi", "cách", "đủ", "còi", "mất", "hết"))


def _hours(match: re.Match[str], place: Place) -> str:
    """1h05'30" of a long race."""
    hours, minutes, seconds = map(place.house.numbers.cardinal, match.group(1, 2, 3))
    return f"{hours} giờ {minutes} phút {seconds} giây"


def _round_the_clock(match: re.Match[str], place: Place) -> str | None:
    if match[2] == "7" and (before_is(place, "date_before") or before_is(place, "date_weak")):
        return None  # the 24th of July
    numbers = place.house.numbers
    first, second = (" giờ" if mark else "" for mark in match.group(1, 3))
    if match[2] == "24":
        second = " giờ"
    return f"{numbers.cardinal('24')}{first} trên {numbers.cardinal(match[2])}{second}"


_TAIL = r"(?:[ ]?(?:phút|p(?![a-z])|'))?"

DIGIT_RULES: Final = (
    Rule(
        "clock", rx(rf"(\d{{1,2}})(?:[:h]([0-5]\d))?[ ]?(AM|PM|am|pm){NOT_LETTER}(?!\d)"), _half_of_day, follow=":hAaPp"
    ),
    Rule(
        "clock",
        rx(r"24(h)?/(24|7)([ ]?(?:h00|h|g|giờ)(?![^\W_]))?(?![\d/])"),
        _round_the_clock,
        follow="/h",
        first="2",
        least=2,
    ),
    Rule("seconds", rx(r"(\d{1,2})[ ]?[hg][ ]?(\d{1,2})'(\d{1,2})(?:\"|'')"), _hours, follow="hg"),
    Rule(
        "clock",
        rx(rf"({_HOUR})[ ]?(h|g|giờ|H)[ ']?([0-5]?\d){_TAIL}(?!\d)(?![.,]\d|/\d(?!\d?[ ]?(?:[hgH]|:\d)|\d?/\d))"),
        _written,
        follow="hHg",
    ),
    Rule("clock", rx(rf"(\d{{1,3}})[ ]?(h|H|g){NOT_LETTER}()(?!\d)"), _written, follow="hHg"),
    Rule("clock", rx(rf"(\d{{2,3}})h00{NOT_LETTER}(?!\d)"), _full_hour, follow="h", least=2),
    Rule("clock", rx(r"(\d{1,2})[ ]giờ[ ]0{1,2}(?:[ ]phút)?(?!\d)"), _full_hour, follow="g"),
    Rule("clock", rx(rf"({_HOUR}):([0-5]\d)(?::[0-5]\d)?{_TAIL}(?!\d|[:.]\d)"), _colon, follow=":"),
    Rule("seconds", rx(rf"(\d{{1,3}})'(\d{{1,2}})(?:\"|'')(\d{{1,2}})?(?!\d){NOT_LETTER}"), _seconds, follow="'"),
    Rule("seconds", rx(rf"()(\d{{1,2}})\"(\d{{1,2}})(?!\d){NOT_LETTER}"), _seconds, follow='"'),
    Rule("seconds", rx(r"(\d{1,3})[ ]?\"(?![\w\"])"), _lone_seconds, follow='"'),
    Rule("minutes", rx(r"(\d{1,3})(?:'|[ ]'(?![^\W\d_]))(?!['\d])"), _minutes, follow="'"),
)
