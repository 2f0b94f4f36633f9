"""Two numbers with "/" or ":" between them that are not a date: shares, counted parts, scales, scores."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.commas import PARTING
from tts.reader.engine import LOOK_BACK, Place, Rule, Said
from tts.reader.rules.amounts import unit_at
from tts.reader.rules.parts import DEADLINE, NUM, before_is, mentions, noun_after, rx, since

_LARGEST_SHARE: Final = 10  # "2/3 số hộ" is a share; nobody says "mười bảy phần hai mươi ba"


def _words(match: re.Match[str], place: Place, middle: str) -> str:
    numbers = place.house.numbers
    first = "tư" if match[1] in ("4", "04") and place.prev == "thứ" else numbers.amount(match[1])
    return f"{first} {middle} {numbers.amount(match[2])}"


def _ratio(match: re.Match[str], place: Place) -> Said | str | None:
    """Shares and counted parts; declines what may still be a date."""
    if place.follows("clock", "weekday", "ordinal", within=3) or before_is(place, "date_before"):
        return None
    if (share := share_of(match, place)) is not None:
        return share
    if _compared(place):
        return _any(match, place)
    if _same_whole(match, place) or _CLASSES.search(place.window):
        return _words(match, place, "trên")
    weak_date = before_is(place, "date_weak") and noun_after(place, match.end(), "street")
    weak_date = weak_date or since(place, match.end())
    if noun_after(place, match.end(), "counted") and not weak_date and not _is_day(match, place):
        return _words(match, place, "trên")
    return _any(match, place) if before_is(place, "ratio_before") else None


def _is_day(match: re.Match[str], place: Place) -> bool:
    """20/11 trường mở hội: nothing has more parts than it has, unless a ratio is spoken of."""
    if not (match[1].isdigit() and match[2].isdigit()) or before_is(place, "ratio_before"):
        return False
    day, month = int(match[1]), int(match[2])
    return month < day <= _LAST_DAY and month <= _LAST_MONTH


_LAST_DAY: Final = 31
_LAST_MONTH: Final = 12


def _same_whole(match: re.Match[str], place: Place) -> bool:
    """Hạng 1/4, 2/4 và 3/4: the ratios of a list have one denominator."""
    before = _LISTED.search(place.text, place.last.end - LOOK_BACK if place.last.end > LOOK_BACK else 0, place.pos)
    return place.last.rule == "ratio" and before is not None and before[1] == match[2]


_CLASSES: Final = re.compile(r"lớp (?:\d{1,2}(?:/\d{1,2}|[a-z]\d?)(?:, ?| và )){1,8}$")  # lớp 9/1, 9/2 và 9/3
_LISTED: Final = re.compile(rf"/[ ]?(\d+)(?:[,{PARTING}] ?| và | hoặc )\Z")


def share_of(match: re.Match[str], place: Place) -> str | None:
    """2/3 số hộ: the words of a share, None for anything else. `match` is one of PAIR."""
    if not _is_share(match, place):
        return None
    words = _words(match, place, "phần")
    return f"{words.removesuffix('bốn')}tư" if match[2] == "4" else words


def _is_share(match: re.Match[str], place: Place) -> bool:
    if not (match[1].isdigit() and match[2].isdigit()):
        return False
    part, whole = int(match[1]), int(match[2])
    if part == 1 and place.prev in ("vòng", "trận"):  # vòng 1/8 of a cup
        return True
    if not 0 < part < whole or whole > _LARGEST_SHARE or place.prev in _SCALED:
        return False
    limit = place.text.startswith(" trở lên", match.end()) or place.prev in ("quá", "chiếm", "hơn")
    limit = limit or (place.prev in _BY and _ENDS.match(place.text, match.end()) is not None)
    if limit or (_compared(place) and not noun_after(place, match.end(), "counted")):
        return True
    of_whole, counted = noun_after(place, match.end(), "share"), noun_after(place, match.end(), "counted")
    if (of_whole and of_whole >= counted) or (whole == 2 and counted):
        return True
    return before_is(place, "about") and not before_is(place, "date_weak") and counted > 0


_BY: Final = frozenset(("giảm", "tăng", "còn", "bằng", "mất", "bớt"))  # giảm 1/2.


def _compared(place: Place) -> bool:
    """< 1/2, ≥ 2/3: behind a sign of comparison, or at one that takes its limit whole."""
    before = place.text[max(0, place.pos - 2) : place.pos + 1].rstrip("0123456789 ")[-1:]
    return before != "" and before in "<>≤≥"


_SCALED: Final = frozenset(("lệ", "lực", "điểm", "áp", "mắt"))  # tỷ lệ, thị lực, huyết áp: so much on a scale


def _any(match: re.Match[str], place: Place) -> Said:
    words = _words(match, place, "trên")
    unit = unit_at(place, match.end())
    return Said(f"{words} {unit[0]}", unit[1]) if unit else Said(words, match.end())


def _score(match: re.Match[str], place: Place) -> str | None:
    """Thắng 3-1: the two numbers, nothing between."""
    end = match.end()
    if place.follows("date", within=4) and "-" in match[0]:  # 20-10, 8-3: feasts in a row
        return None
    if before_is(place, "date_before") or DEADLINE.search(place.window):
        return None
    if _between_opponents(match, place):
        return _words(match, place, "").replace("  ", " ")
    if unit_at(place, end) or noun_after(place, end, "measured") or noun_after(place, end, "counted"):
        return None
    played = match[1] == match[2] or mentions(place, "score") or _falls(match, place)
    if not played and not before_is(place, "label"):
        played = bool(_OPPONENTS.search(place.window) and _ENDS.match(place.text, end))
    return _words(match, place, "").replace("  ", " ") if played else None


_OPPONENT: Final = re.compile(r"([^\W\d_]+)[ .]?\d{1,2} $")


def _between_opponents(match: re.Match[str], place: Place) -> bool:
    """Ấp 1 0-0 ấp 9, Tân Khai 2-1 Minh Đức: the same kind of name on both sides."""
    one, after = _OPPONENT.search(place.window), place.text[match.end() : match.end() + 12].lstrip()
    if one is not None:
        return after.lower().startswith(one[1]) and after[len(one[1]) :].lstrip(" .")[:1].isdigit()
    left = place.text[max(0, place.pos - LOOK_BACK) : place.pos].split()[-2:]
    named = len(left) == 2 and left[1].istitle() and after[:1].isupper() and after[1:2].islower()
    return named and (left[0].istitle() or mentions(place, "sport")) and not before_is(place, "date_before")


def _falls(match: re.Match[str], place: Place) -> bool:
    """22-20 and nothing behind it: a range goes up, and this is no day of a month."""
    if int(match[1]) <= int(match[2]) or "-" not in match[0] or not _ENDS.match(place.text, match.end()):
        return False
    is_day = 12 < int(match[1]) <= 31 and int(match[2]) <= 12
    return not (is_day or before_is(place, "date_before") or before_is(place, "label") or mentions(place, "call"))


_OPPONENTS: Final = re.compile(r"[^\W_] - [^\W\d_][^:;,.\n]{0,24}(?:: ?|(?<=[^\W\d_]) | \()$")  # Ấp 1 - Ấp 3: 2-0
_ENDS: Final = rx(r"\s*(?:[\".;,)]|$)")
PAIR: Final = rx(rf"({NUM})[ ]?/[ ]?({NUM})(?![/\d])(?![.,]\d)")

BEFORE_DATES: Final = (
    Rule("score", rx(r"(\d{1,2})(?:[ ]?-[ ]?|:)(\d{1,2})(?![\d/%]|[ ]?[-:][ ]?\d)(?![.,]\d)"), _score, follow="-:"),
    Rule("ratio", PAIR, _ratio, follow="/.,"),
)
AFTER_DATES: Final = (
    Rule("ratio", PAIR, _any, follow="/.,"),
    Rule(
        "ratio",
        rx(r"(\d{1,6}(?:,\d{1,2})?)(?::|[ ]:[ ])(\d{1,3}(?:\.\d{3}){1,2}|\d{1,6}(?:,\d{1,2})?)(?!\d)"),
        _any,
        follow=":, ",
    ),
)
