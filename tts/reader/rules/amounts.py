"""Amounts with their units: counts, measures, money, percentages, multiplied sizes."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LETTER, LOWER, NEAR, UPPER, Place, Rule, Said
from tts.reader.numbers import digits
from tts.reader.rules.parts import NOT_LETTER, NUM, before_is, mentions, noun_after, rx

_AMOUNT: Final = rx(NUM)
_LIST: Final = rx(r"\d{1,3}(?:,\d{1,3}){1,12}(?!\d)(?![.,/]\d)")
_SPACED: Final = rx(r"\d{1,3}(?: \d{3}){1,5}(?![\d.,])")
_TAIL_NUM: Final = rx(rf"[ ]?-[ ]?({NUM})")
_POINTS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d\d?)?[ ]?đ\Z")
_NAME: Final = rx(rf"[.]?[ ][{UPPER}][{LOWER}]")
_CAPITAL: Final = rx(rf"[ ][{UPPER}][{LOWER}]")
_TWO: Final = rx(
    r"(\d{1,3})(m(?!\d{3})|tr|tỷ|tỉ)(\d{1,3})((?<=\d{3})(?:k|[ ]?nghìn|[ ]?ngàn))?"
    rf"{NOT_LETTER}(?!\d)(?<!m2)(?<!m3)"
)
_DAYTIMES: Final = frozenset(("sáng", "trưa", "chiều", "tối", "đêm", "thứ"))
_WEEKDAYS: Final = re.compile(r"[2-7](?:[ ]?-[ ]?[2-7]){2,5}\Z")
_HEIGHT: Final = rx(r"(\d{1,2})(m)([23])(?!\w)")
_BY: Final = rx(r"[ ]?[xX×*][ ]?\d{1,2}m\d")
_BY_BEFORE: Final = re.compile(r"\dm\d{1,2} ?[xX×*] ?\Z")
_FORMULA: Final = rx(
    r"\d{1,3}(?:-\d{1,3}){2,5}(?!\d|/\d)|[2-7](?:[ ]-[ ][2-7]){2,5}(?!\d|[.,/]\d)|"
    r"(?<=(?:DAP|NPK) )\d\d(?:[ ]?-[ ]?\d\d?){1,2}(?!\d|/\d)"
)
_TIMES: Final = rx(r"[ ]?[xX×][ ]?(?=\d|\(\d)")
_WARMTH: Final = re.compile(r"°|độ|oC")
_WHOLE_WORD: Final = rx(r"[ ]?(?:đồng|đ|VNĐ|VND|vnđ|₫)(?![^\W\d_])")


def unit_at(place: Place, end: int) -> tuple[str, int] | None:
    """The unit that stands at `end` (with at most one space): its words and where it stops."""
    head = end + 1 if place.text[end : end + 1] == " " else end
    if place.text[head : head + 1] not in place.house.unit_heads:
        return None
    found = place.house.units.match(place.text, end)
    if found is None:
        return None
    unit = place.house.lexicon.units[found[1]]
    if found[1] == "Đ" and _NAME.match(place.text, found.end()):  # 15 Đ. Lê Lợi
        return None
    if unit.kind not in ("measure", "money") and not _holds(place, unit.kind, found):
        return None
    if (
        found[1] == "đ"
        and _POINTS.search(place.text, max(0, end - 8), found.end())
        and not _is_price(place, found.end())
    ):
        return "điểm", found.end()
    return _otherwise(place, found[1]) or unit.spoken, found.end()


_OTHERWISE: Final = {  # nam 18-25t, vay 36T, mạch 80 l/p
    "t": ("aged", "tuổi"),
    "T": ("term", "tháng"),
    "l/p": ("pulse", "lần trên phút"),
    "l/phút": ("pulse", "lần trên phút"),
}


def _otherwise(place: Place, symbol: str) -> str:
    """What a letter that mostly means a weight stands for beside people and loans."""
    table, words = _OTHERWISE.get(symbol, ("", ""))
    if symbol == "t" and _is_age(place):
        return words
    if not table or not mentions(place, table):
        return ""
    return "" if place.house.lexicon.words["vehicle"].intersection(place.words[-_NEAR:]) else words


def _is_age(place: Place) -> bool:
    """Người ≥ 50t; người trên 60t; cụ Ba (62t)."""
    words = place.words
    if len(words) > 1 and words[-1] in _LIMITING and words[-2] in place.house.lexicon.words["people"]:
        return True
    return before_is(place, "people") or _OF_NAMED.search(place.text[max(0, place.pos - NEAR) : place.pos]) is not None


_LIMITING: Final = frozenset(("trên", "dưới", "từ", "đủ", "hơn", "quá"))
_OF_NAMED: Final = re.compile(  # cụ Ba (62t), cháu N. (8t), bà L.T.H, 45t
    rf"(?:[{UPPER}][{LOWER}]+|[{UPPER}]\.?) ?\($|(?:[{UPPER}]\.){{1,3}}[{UPPER}]?, $"
)
_NEAR: Final = 3  # words: a lorry named further back is not what is weighed


def _holds(place: Place, kind: str, found: re.Match[str]) -> bool:
    """A single letter is a unit only where it touches its number, names no house (128A Trần Hưng Đạo) nor board, and
    where the words before are of its kind (10A of a fuse, 50K of a price)."""
    if found[0][0] == " " or before_is(place, "label") or _CAPITAL.match(place.text, found.end()):
        return False
    return kind == "tight" or mentions(place, kind)


def _is_price(place: Place, end: int) -> bool:
    """Per something, or where nobody gives points; no price has a part of a đồng."""
    if place.text[end : end + 1] == "/":
        return True
    return "," not in place.text[max(place.pos, end - 8) : end] and not mentions(place, "points")


def amount_at(place: Place, pos: int) -> tuple[str, int, bool] | None:
    """The amount at `pos` with its unit: words, where it stops, whether a unit was there."""
    found = _AMOUNT.match(place.text, pos)
    if found is None:
        return None
    may_be_two = place.text[found.end() : found.end() + 1] in ("m", "t")
    if may_be_two and (two := _TWO.match(place.text, pos) or _tall(place, pos)) is not None:
        return _two_units(two, place), two.end(), True
    unit = unit_at(place, found.end())
    whole = not found[0].isdecimal() and _is_whole(place, found)
    words = place.house.numbers.amount(found[0], whole=whole)
    if unit is None:
        return words, found.end(), False
    return f"{words} {unit[0]}", unit[1], True


def _is_whole(place: Place, number: re.Match[str]) -> bool:
    """The marks of the number can only be those of thousands: money, and people counted with a comma."""
    counted = "," in number[0] and noun_after(place, number.end(), "counted") > 0
    return counted or _is_money(place, number.end())


def _tall(place: Place, pos: int) -> re.Match[str] | None:
    """Trẻ em dưới 1m2, tấm 1m2 x 2m4: beside heights and other sides no area."""
    found = _HEIGHT.match(place.text, pos)
    if found is None:
        return None
    side = _BY.match(place.text, found.end()) or _BY_BEFORE.search(place.text, max(0, pos - NEAR), pos)
    return found if side or (found[1] == "1" and mentions(place, "tall")) else None


def _is_money(place: Place, end: int) -> bool:
    """Đồng follows, at once or after the second number of a range."""
    second = _TAIL_NUM.match(place.text, end)
    return _WHOLE_WORD.match(place.text, second.end() if second else end) is not None


def _amount(match: re.Match[str], place: Place) -> Said | None:
    found = amount_at(place, match.start())
    if found is None:
        return None
    words, end, has_unit = found
    times = _TIMES.match(place.text, end)
    if times:
        return Said(f"{words} nhân", times.end())
    if place.text[end : end + 1] in LETTER and end < len(place.text) and not has_unit:
        return None
    return Said(words, end)


def _formula(match: re.Match[str], place: Place) -> str:
    """NPK 16-16-8: three and more numbers in a row are no range. Tối 2-4-6: days of the week."""
    if place.prev in _DAYTIMES and _WEEKDAYS.match(match[0]):
        return ", ".join(
            "tư" if part == "4" else place.house.numbers.counted(part) for part in _PARTS.findall(match[0])
        )
    return " ".join(place.house.numbers.counted(part) for part in _PARTS.findall(match[0]))


_PARTS: Final = re.compile(r"\d+")


def _spaced_amount(match: re.Match[str], place: Place) -> Said | None:
    """1 500 000 đồng: groups split by spaces are one amount only before money, or where every gap is 000."""
    if _WHOLE_WORD.match(place.text, match.end()) is None and not re.search(r"( 000){2}$", match[0]):
        return None
    words = place.house.numbers.cardinal(match[0].replace(" ", ""))
    unit = unit_at(place, match.end())
    return Said(f"{words} {unit[0]}", unit[1]) if unit else Said(words, match.end())


def _number_list(match: re.Match[str], place: Place) -> str | None:
    """ấp 3,4 và 5: after a label a comma between small numbers splits a list."""
    parts = match[0].split(",")
    if len(parts) == 2:
        named = before_is(place, "listed") or _NUMBER_OF.search(place.window) is not None
        labelled = (named or _rises(match, place)) and parts[0] != "0" and place.window.rstrip(" ")[-1:] not in ":;,("
        end = match.end()
        measured = unit_at(place, end) or place.text.startswith((" triệu", " tỷ", " tỉ", " nghìn", " ngàn"), end)
        if not labelled or measured or place.prev2 in ("vĩ tuyến", "kinh tuyến") or _SIZED.match(place.text, end):
            return None
    elif all(len(part) == 3 for part in parts[1:]) and not before_is(place, "listed"):
        return None
    fourth = "tư" if place.prev in ("thứ", "tháng") else "bốn"
    said = [fourth if part == "4" else place.house.numbers.counted(part) for part in parts]
    return ", ".join(said)


def _rises(match: re.Match[str], place: Place) -> bool:
    """Đường số 2,4 và 6: whole numbers that go up; tăng 2,4 và 6 lần is a decimal and a number."""
    last = _AND_LAST.match(place.text, match.end())
    if last is None:
        return False
    one, two, three = (*map(int, match[0].split(",")), int(last[1]))
    in_row = (two, three) == (one + 1, one + 2)
    return in_row or (one < two < three and not unit_at(place, last.end()) and not _SCALE.match(place.text, last.end()))


_AND_LAST: Final = rx(r"[ ](?:và|hoặc|&)[ ](\d{1,3})(?!\d|[.,/]\d)")
_SCALE: Final = rx(r"[ ](?:triệu|tỷ|tỉ|nghìn|ngàn|lần|điểm|độ|phần|điểm)(?![^\W\d_])")
_NUMBER_OF: Final = re.compile(  # đường số 2,4
    r"(?<![^\W\d_])(?:đường|tiêu chí|tc|thửa|tờ|ấp|tổ|cầu|cống|nhà|lô|xe|tuyến|trạm|hẻm|chốt|điểm|lộ|chỉ tiêu) số $"
)
_SIZED: Final = rx(  # nhiệm kỳ 2,5 năm, khu vực 11,5-13,0 độ; quý 3,4 năm 2027 stays a list
    r"[ ](?:năm|giờ|độ)(?![^\W\d_])(?![ ](?:\d|nay|sau|trước|tới|ngoái|qua|học))|[ ]?-[ ]?\d{1,3},\d"
)


def _two_units(match: re.Match[str], place: Place) -> str:
    """1m65, 1m05, 2tr5, 3m50, 2tr500, 1tr250k."""
    numbers = place.house.numbers
    unit = {"m": "mét", "tr": "triệu", "tỷ": "tỷ", "tỉ": "tỷ"}[match[2]]
    thousands = f" {place.house.options.thousand}" if len(match[3]) == _THOUSANDS and match[4] else ""
    return f"{numbers.cardinal(match[1])} {unit} {numbers.serial(match[3])}{thousands}"


_THOUSANDS: Final = 3  # digits behind the millions: 1tr250


def _section(match: re.Match[str], place: Place) -> str | None:
    """Tiêu chí 17.8, phiên bản 2.1.5: parts of a numbering, no decimals."""
    listed = place.follows("section", within=4) and place.text[place.last.end : place.pos] in _AND_MORE
    if not listed and not before_is(place, "section"):
        return None
    if unit_at(place, match.end()) or noun_after(place, match.end(), "measured"):
        return None
    return " chấm ".join(place.house.numbers.counted(part) for part in match[0].split("."))


_AND_MORE: Final = frozenset((",", ", ", " và "))  # tiêu chí 17.8, 18.3


def _nights(match: re.Match[str], place: Place) -> str:
    """3N2Đ of a journey."""
    numbers = place.house.numbers
    return f"{numbers.cardinal(match[1])} ngày {numbers.cardinal(match[2])} đêm"


def _signed(match: re.Match[str], place: Place) -> str | None:
    """-2°C, từ -5 đến 3°C, cao trình +65m, (+0,98%): a sign of the number, where degrees or a percentage follow soon
    or levels are spoken of."""
    if place.text[place.pos - 1 : place.pos] not in ("", " ", "("):
        return None
    if (change := _change(match, place)) is not None:
        return change
    if _WARMTH.search(place.text, match.end(), match.end() + 14) is None and not mentions(place, "level"):
        return None
    return "âm" if match[0] == "-" else "cộng"


def _change(match: re.Match[str], place: Place) -> str | None:
    """20.350đ (-210đ), dầu tăng +500đ, 118.500 (+1.500), +0,98%: money went up or down, a percentage has a sign."""
    more = match[0] == "+"
    told = _TOLD.search(place.window) is not None
    if _PERCENT.match(place.text, match.end()) and not place.window.rstrip()[-1:].isdigit():
        return "" if told else ("cộng" if more else "âm")
    beside = place.follows("amount", "number", within=2) or place.follows("per", within=NEAR)
    closed = beside and _BY_SO_MUCH.match(place.text, match.end())
    if not closed and not (_MONEY.match(place.text, match.end()) and _moving(place)):
        return None
    return "" if told else ("tăng" if more else "giảm")


def _moving(place: Place) -> bool:
    """In brackets, or where a change of prices is spoken of."""
    return place.text[place.pos - 1 : place.pos] == "(" or _MOVING.search(place.clause()) is not None


_PERCENT: Final = rx(r"\d{1,3}(?:[.,]\d{1,3})?[ ]?%(?![ ]?-)")
_MONEY: Final = rx(r"\d{1,3}(?:[.,]\d{3}){0,3}[ ]?(?:đ|đồng|k|tr|nghìn|ngàn|triệu)(?![^\W\d_])")
_BY_SO_MUCH: Final = rx(r"\d{1,3}(?:[.,]\d{1,3}){0,3}\)")
_TOLD: Final = re.compile(r"(?:tăng|giảm|cộng|trừ) $")
_MOVING: Final = re.compile(r"(?<![^\W\d_])(?:tăng|giảm|so với|biến động|điều chỉnh|thay đổi|xăng|dầu|ron)(?![^\W\d_])")


def _unit_of_both(match: re.Match[str], place: Place) -> str | None:
    """12 x 25 (m): the unit in brackets belongs to the number before them."""
    unit = place.house.lexicon.units.get(match[1])
    return unit.spoken if unit and place.text[place.pos - 2 : place.pos].strip().isdigit() else None


_PAPER_NUMBER: Final = rx(r"\s*(?:[-.,;:!?()/\n]|\Z)|[ ](?:ngày|về|năm(?=[ ]\d)|nay|vào|cấp|quốc gia)(?![^\W\d_])")


def _zeroed(match: re.Match[str], place: Place) -> str | None:
    """ĐH.07, đề án 06, Nghị quyết 05 của …: a road's and a paper's number keeps its zero; what is counted (kế hoạch 03
    năm) does not."""
    papers = place.house.lexicon.words["paper"]
    words = [word for word in place.words if word != "số"]
    if before_is(place, "road"):
        return place.house.numbers.serial(match[0])
    if not words or (words[-1] not in papers and " ".join(words[-2:]) not in papers):
        return None
    return place.house.numbers.serial(match[0]) if _goes_on(place, match.end()) else None


def _goes_on(place: Place, end: int) -> bool:
    word = _NEXT.match(place.text, end)
    return bool(_PAPER_NUMBER.match(place.text, end) or (word and word[1] in place.house.lexicon.words["goes_on"]))


_NEXT: Final = rx(rf"[ ]([{LOWER}]+)")


def _coupled(match: re.Match[str], place: Place) -> Said:
    """6A, 4G, B-less grades: a number that touches a capital letter or two."""
    lexicon = place.house.lexicon
    return Said(f"{place.house.numbers.counted(match[1])} {lexicon.spell(match[2])}", match.end())


def _plain(match: re.Match[str], place: Place) -> str:
    """Whatever digits are left: a count if it is short, singly if no listener could hold it."""
    text = match[0]
    return digits(text) if len(text) > 18 else place.house.numbers.counted(text)


def _fineness(match: re.Match[str], place: Place) -> str | None:
    """Vàng nhẫn 9999: so many nines, as traders say it."""
    if "vàng" not in place.words[-_NEAR:] or unit_at(place, match.end()) or _SIZE.match(place.text, match.end()):
        return None
    return f"{place.house.numbers.cardinal(str(len(match[0])))} số chín"


_SIZE: Final = rx(r"[ ](?:nghìn|ngàn|triệu|tỷ|lượng|chỉ|cây)")

DIGIT_RULES: Final = (
    Rule("fineness", rx(r"9{3,4}(?!\d|[.,]\d)"), _fineness, first="9", least=3),
    Rule("nights", rx(rf"(\d{{1,2}})N(\d{{1,2}})Đ{NOT_LETTER}"), _nights, follow="N"),
    Rule("list", _LIST, _number_list, follow=","),
    Rule("section", rx(r"\d{1,2}(?:\.\d{1,2}){1,4}(?!\d|[.,/]\d)"), _section, follow="."),
    Rule("formula", _FORMULA, _formula, follow="-"),
    Rule("serial", rx(r"0\d{1,2}(?![\d.,/]\d|\d)"), _zeroed, first="0", least=2),
    Rule("amount", _SPACED, _spaced_amount, follow="0123456789"),
    Rule("amount", _TWO, _two_units, follow="mt"),
    Rule("amount", _AMOUNT, _amount),
    Rule("coupled", rx(rf"(\d{{1,4}})([A-ZĐ]{{1,3}}){NOT_LETTER}"), _coupled, follow=UPPER),
    Rule("number", _AMOUNT, lambda match, place: place.house.numbers.amount(match[0])),
    Rule("digits", rx(r"\d+"), _plain),
)
SIGN_RULES: Final = (
    Rule("amount", rx(r"[+-](?=\d)"), _signed, follow="+-"),
    Rule("unit", rx(r"\(([^\s()]{1,6})\)"), _unit_of_both, follow="("),
)
