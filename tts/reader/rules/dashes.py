"""Dashes: a range, two opponents, the parts of a name, or only a pause; what stands on both sides tells."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LETTER, Place, Rule
from tts.reader.rules.amounts import unit_at
from tts.reader.rules.parts import before_is, noun_after, rx
from tts.reader.rules.signs import COUNTED, PAUSE


def _dash(match: re.Match[str], place: Place) -> str | None:
    end = match.end()
    if place.line_start:
        return ""
    if not place.prev or place.follows("hotline", within=1):
        return PAUSE
    if place.follows("coordinate", within=1) and _same_side(place, end):
        return "đến"
    if place.last.end >= 0 and _adjoins(place) and _COUNTABLE.match(place.text, end):
        return _between_numbers(match, place)
    return _between_words(match, place)


def _between_numbers(match: re.Match[str], place: Place) -> str:
    end = match.end()
    if place.last.rule in _RANGED:
        if _of_a_line(match, place) and place.last.rule not in ("abbreviation", "lettered"):
            return "" if match[0] == "-" and _tight(match, place) else PAUSE
        apart = _its_day(place, end) or _in_row(place, end) or _VOLTAGES.match(place.text, end) or _ratings(place, end)
        return PAUSE if apart or _JOINING.search(place.window) else "đến"
    if _numbered_on(match, place):
        return "đến"
    of_a_name = place.last.rule in ("abbreviation", "capitals", "lettered") and _tight(match, place)
    return "" if of_a_name else PAUSE


def _between_words(match: re.Match[str], place: Place) -> str:
    name = _tight(match, place) and place.follows("lettered", within=0)  # RON95-III
    if _same_label(match, place) or _sizes(match, place) or _moons(match, place) or (_from(place) and not name):
        return "đến"
    joined = before_is(place, "joined_left") and noun_after(place, match.end(), "joined_right")
    return "" if joined or _tight(match, place) else PAUSE


def _numbered_on(match: re.Match[str], place: Place) -> bool:
    """KP1-5: the places of one name; LK1-01 is a name of its own."""
    one, two = _GLUED.search(place.window), _COUNT.match(place.text, match.end())
    if one is None or two is None or one[1] not in place.house.lexicon.words["place"]:
        return False
    return int(one[2]) < int(two[1])


_GLUED: Final = re.compile(r"(?<![^\W\d_])([^\W\d_]+)(\d{1,2})$")


def _of_a_line(match: re.Match[str], place: Place) -> bool:
    """Tuyến 62-6 is a name; ấp 1 - 312 hộ - 98% is a line of a table: behind the label stands one number."""
    found = _LABEL_OF.search(place.window)
    other = _COUNT.match(place.text, match.end())
    if found is None or other is None or found[1] not in place.house.lexicon.words["listed"]:
        return False
    if found[1] in ("ngày", "tháng", "thứ") or _EACH.search(place.window) or _from(place):
        return False
    if _tight(match, place):
        return found[1] in ("tuyến", "mốc", "số") and int(found[2]) > int(other[1])
    spaced = place.text[place.pos - 1 : place.pos] == " " and match[0].endswith(" ")
    noun = noun_after(place, other.end(), "counted")
    return spaced and noun > 0 and _LINE_GOES_ON.match(place.text, noun) is not None


_EACH: Final = re.compile(r"(?<![^\W\d_])(?:mỗi|một|từng|các|\d) [^\W\d_]+ \d+ ?$")  # mỗi tổ 3 - 5 người
_LINE_GOES_ON: Final = rx(r"\s*(?:[-;,.(/]|\Z|\n)(?!\d)")
_LABEL_OF: Final = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[ .]?(\d{1,3}) ?$")
_COUNT: Final = rx(r"[ ]?(\d{1,5})(?!\d|[.,/]\d)")
_JOINING: Final = re.compile(r"liên (?:ấp|thôn|xã|tổ|khu phố|kp|xóm|sóc) \d+ ?$")  # đường liên ấp 4 - 5
_MOON: Final = re.compile(r"\d (?:tháng (?:chạp|giêng|\d+)|chạp|giêng|tết|âm lịch|al|âl) ?$")
_NEW_MOON: Final = rx(r"(?:ngày )?(?:[Mm][ùồ]ng \d|[Rr]ằm )")


def _moons(match: re.Match[str], place: Place) -> bool:
    """25 tháng Chạp - mùng 8 tháng Giêng."""
    return _NEW_MOON.match(place.text, match.end()) is not None and _MOON.search(place.window) is not None


_DAYTIMES: Final = frozenset(("sáng", "trưa", "chiều", "tối", "đêm", "khuya"))
_OF_TIME: Final = frozenset(("clock", "weekday", "ordinal", "date"))


def _adjoins(place: Place) -> bool:
    """The stretch said last ends here, or with the word or bracket of its time: 7h sáng -, 05/6 (thứ 6) -."""
    between = place.text[place.last.end : place.pos].strip()
    return not between or (place.last.rule in _OF_TIME and (between == ")" or between in _DAYTIMES))


def _from(place: Place) -> bool:
    """A "từ" before still waits for its "đến"."""
    if "từ " not in place.window:
        return False
    clause = place.clause()
    return " từ " in f" {clause}" and "đến" not in clause


def _tight(match: re.Match[str], place: Place) -> bool:
    """No space on either side: COVID-19, RON 92-II."""
    return place.text[place.pos - 1 : place.pos].isalnum() and match[0][-1] != " "


_RANGED: Final = (
    *COUNTED,
    "date",
    "month",
    "years",
    "digits",
    "list",
    "coupled",
    "roman",
    "weekday",
    "ordinal",
    "range",
    "post",
)


_ROW: Final = rx(r"[ ]?(?:T\d|\d[\d.,]*[%T])[ ]?-[ ]?[T\d]")
_ROW_BEFORE: Final = re.compile(r"(?:t\d\s?-\s?t\d|([%t])\s?-\s?\d[\d.,]*\1)\s?$")


def _in_row(place: Place, end: int) -> bool:
    """T3-T5-T7, 30% - 25% - 10%, 10T-15T-18T: three in a row are a list."""
    return bool(_ROW.match(place.text, end) or _ROW_BEFORE.search(place.window))


def _its_day(place: Place, end: int) -> bool:
    """16h30 - 30/12, thứ 6 - 18/12: an hour or a weekday, and its day."""
    if place.last.rule not in ("clock", "weekday", "ordinal") or _from(place):
        return False
    return place.follows(place.last.rule) and _DAY_OF_MONTH.match(place.text, end) is not None


_DAY_OF_MONTH: Final = rx(r"[ ]?(?:ngày )?\d{1,2}/\d{1,2}(?!\d)")


def _ratings(place: Place, end: int) -> bool:
    """12V-5A, 220V-50Hz: what a machine needs, not from one to the other."""
    one, two = _RATED.search(place.window), _RATING.match(place.text, end)
    return one is not None and two is not None and one[1] != two[1].lower()


_RATED: Final = re.compile(r"\d ?[km]?(v|a|ah|w|hz|va|wh) ?-? ?$")
_RATING: Final = rx(r"[ ]?\d[\d.,]*[ ]?[kKmM]?(V|A|Ah|W|Hz|VA|Wh|v|a|w|hz)(?![^\W\d_])")


def _same_side(place: Place, end: int) -> bool:
    """12,0N-18,0N is a stretch of latitudes; 16,7N-109,3E is one point."""
    side = _SIDE.match(place.text, end)
    return side is not None and side[1].lower() == place.window.rstrip(" -")[-1:]


_SIDE: Final = rx(r"[ ]?\d{1,3}[.,]\d{1,2}[ ]?(?:°|độ)?[ ]?([NBEĐSW])(?![^\W\d_])")
_VOLTAGES: Final = rx(r"\d{1,3}(?:,\d)?/\d(?:,\d{1,2})?[ ]?kV")  # 250kVA-22/0,4kV


_COUNTABLE: Final = rx(rf"[ ]?(?:(?:(?:hết )?[Nn]gày )?\d|T\d|[Kk]m[ ]?\d|CN(?![{LETTER}]))")


_NUMBERED: Final = frozenset("0123456789ivx")
_LABELLED: Final = re.compile(r"([^\W\d_]+)[ .]?[\divx]+ ?$")
_MATCHED: Final = rx(r"[^:;,.\n(]{1,24}(?:: ?| \()\d{1,2}[ ]?[-:][ ]?\d{1,2}(?!\d)")  # Ấp 1 - Ấp 3: 2-0


def _same_label(match: re.Match[str], place: Place) -> bool:
    """ấp 1 - ấp 6."""
    found = _LABELLED.search(place.window) if place.window.rstrip()[-1:] in _NUMBERED else None
    if found is None or place.text[match.end() : match.end() + len(found[1])].lower() != found[1]:
        return False
    result = _MATCHED.match(place.text, match.end())
    if (result and not unit_at(place, result.end())) or _GROUP.search(place.window):
        return False
    return _PLAYING.search(place.clause()) is None


_GROUP: Final = re.compile(r"bảng [a-h] ?: ?[^;\n]*\d ?$")  # bảng A: KP.1 - KP.3, KP.2 - KP.4
_PLAYING: Final = re.compile(
    r"(?:trận|cặp đấu|cặp|gặp|bán kết|chung kết)(?: [^\d]{0,12})?: ?[^\W\d_]+[ .]?\d+ ?$|"
    r"(?:trận|cặp đấu) [^\W\d_]+[ .]?\d+ ?$"
)


_WEEKDAY: Final = r"(?:thứ [2-7]|(?:thứ )?(?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)"
_DAY_BEFORE: Final = re.compile(r"thứ (?:[2-7]|hai|ba|tư|năm|sáu|bảy) ?$")
_DAY_AFTER: Final = re.compile(rf"{_WEEKDAY}(?![^\W\d_])", re.IGNORECASE)
_SIZE_OF: Final = re.compile(r"\d ([^\W\d_]+)(?: ([^\W\d_]+))? ?$")
_ANOTHER: Final = rx(r"\d[\d.,]* ?([^\W\d_]+)")


def _sizes(match: re.Match[str], place: Place) -> bool:
    """12 tháng - 18 tháng, 30 phút - 3h, thứ Hai - thứ Sáu."""
    if _DAY_BEFORE.search(place.window) and _DAY_AFTER.match(place.text, match.end()):
        return True
    one, two = _SIZE_OF.search(place.window), _ANOTHER.match(place.text, match.end())
    if one is None or two is None:
        return False
    size = place.house.lexicon.words["size"]
    both = (one[2] or one[1]) in size and (two[1] in size or two[1] in place.house.lexicon.units)
    return both or one[1] == two[1].lower()


def _arrow(match: re.Match[str], place: Place) -> str:
    """7h30 -> 11h30, T2->T6, LK1-01 → LK1-12; between other words a pause."""
    ranged = place.follows("date", "month", "weekday", "post", *COUNTED, within=1) and _COUNTABLE.match(
        place.text, match.end()
    )
    return "đến" if ranged or _same_letters(place, match.end()) or _sizes(match, place) else PAUSE


def _same_letters(place: Place, end: int) -> bool:
    """Names that differ in their number alone stand on both sides."""
    one, two = _NAME_BEFORE.search(place.window), _NAME_AFTER.match(place.text, end)
    return one is not None and two is not None and one[1] == two[1].lower()


_NAME_BEFORE: Final = re.compile(r"([^\W\d_]+)[ .]?\d[\d-]* ?$")
_NAME_AFTER: Final = rx(rf"[ ]?([{LETTER}]+)[ .]?\d")

SIGN_RULES: Final = (
    Rule("range", rx(r"-{1,3}(?!>)[ ]?"), _dash, follow="-"),
    Rule("link", rx(r"-+>|→|⇒|=>"), _arrow, follow="-=→⇒"),
)
