"""Signs between and beside words: slashes, brackets, comparison signs, bullets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tts.reader.commas import PARTING
from tts.reader.engine import LETTER, LOWER, UPPER, Place, Rule, Said
from tts.reader.rules.amounts import amount_at, unit_at
from tts.reader.rules.parts import before_is, noun_after, rx
from tts.reader.rules.ratios import PAIR, share_of
from tts.reader.rules.words import expanded
from tts.reader.syllables import is_syllable

PAUSE: Final = ","
COUNTED: Final = ("amount", "formula", "per", "number", "clock", "minutes")


def _per(match: re.Match[str], place: Place) -> Said | str | None:
    """đồng/hộ/tháng: one of the second thing."""
    if not place.prev:  # of nothing
        return None
    if match[0][-1] == " " and _POINT.search(place.window):
        return PAUSE
    end = match.end()
    if _either(place, end) or (place.follows("clock", within=0) and place.text[end : end + 1].isdigit()):
        return ""  # ấp/sóc, ngày/đêm; 7h/12/9 is an hour and its day
    counted = place.follows(*COUNTED) or before_is(place, "per_left") or _chained(place)
    counted = counted or _COUNT_BEFORE.search(place.window) is not None or _of_each(place, end)
    if place.text[end : end + 1].isdigit():
        return _over(place, end) if counted or place.follows("abbreviation", "code") else None
    if _BARE.search(place.window):
        return "trên"
    return _one(place, end) if counted else None


def _over(place: Place, end: int) -> str:
    """The slash between a thing and a number: 3 ca/24 giờ, but so much rain falls within an hour."""
    return "trong" if _RAIN.search(place.window) and _ONE_HOUR.match(place.text, end) else "trên"


def _one(place: Place, end: int) -> Said | str:
    """One of what stands at `end`, behind the slash."""
    if (spot := noun_after(place, end, "place")) and _NUMBERED.match(place.text, spot):
        return PAUSE  # 2 hộ/ấp 3
    unit = unit_at(place, end)
    if place.text[place.pos - 1 : place.pos] == "%" and not unit and not noun_after(place, end, "size"):
        return "trên"  # 100%/kế hoạch
    return Said(f"một {unit[0]}", unit[1]) if unit else "một"


_ONE_HOUR: Final = rx(r"0?1[ ]?(?:h|giờ|phút|ngày|đêm|tuần|tháng)(?![^\W\d_])")  # mưa 20mm/1h
_RAIN: Final = re.compile(r"\d ?[mc]m ?$")
_NUMBERED: Final = rx(r"[ .]?\d")
_POINT: Final = re.compile(r"(?:^|[;:] )[a-zđ]$")  # a/ Đối với ấp …; b/ Đối với trường …


def _either(place: Place, end: int) -> bool:
    """Two names of one kind of thing."""
    return before_is(place, "either") and noun_after(place, end, "either") > 0 and not place.prev.isdigit()


def _of_each(place: Place, end: int) -> bool:
    """5 kg rơm khô/con/ngày: an amount of something with a longer name; behind the slash stands what has its share."""
    found = _AMOUNT_BEFORE.search(place.window)
    tables = place.house.lexicon.words
    if found is None or found[1] in tables["label"]:
        return False
    if noun_after(place, end, "each"):
        return True
    return place.text[end : end + 1] in LOWER and tables["turns"].isdisjoint(found[2].split())


_AMOUNT_BEFORE: Final = re.compile(r"(?:([^\W\d_]+) ?)?(?<![\d.,])\d[\d.,]*[^\W\d_]{0,3}[23]?((?: [^\W\d_]+){2,7})\s?$")
_COUNT_BEFORE: Final = re.compile(r"\d[\d.,]*[^\W\d_]{0,3}[23]? [^\W\d_]+(?: [^\W\d_]+)?\s?$")
_BARE: Final = re.compile(r"(?:^|[\s(])\d{1,3}$")  # tổ 3/KP.2: a small bare number counts nothing


def _chained(place: Place) -> bool:
    """đồng/năm/người: one word since the slash before."""
    if place.before_last.rule == "per" and place.follows("abbreviation", within=0):
        return True
    between = place.text[place.last.end : place.pos]
    return place.last.rule == "per" and len(between) < 14 and between.replace(" ", "").replace("-", "").isalpha()


def _slash(match: re.Match[str], place: Place) -> str:
    left, right = place.text[place.pos - 1 : place.pos], place.text[match.end() : match.end() + 1]
    if place.follows("phone", "hotline", within=2):
        return PAUSE
    return "trên" if left.isdigit() and right.isdigit() else ""


_EACH: Final = rx(rf"([ ]?/[ ]?)([{LOWER}]{{1,12}})")


def _at_least(match: re.Match[str], place: Place) -> Said:
    found = _size_at(place, match.end())
    if found is None:
        return Said("lớn hơn hoặc bằng", match.end())
    words, end, has_unit = found
    noun_end = end if has_unit else _thing_end(place, end)
    if noun_end > end:
        words += expanded(place, end, noun_end)
        end = noun_end
    while (each := _EACH.match(place.text, end)) is not None:
        unit = unit_at(place, each.end(1))
        end = unit[1] if unit else _share_end(place, each)
        words += f" một {unit[0] if unit else place.text[each.start(2) : end]}"
    start = "" if place.prev == "từ" else "từ "
    tail = "" if place.text[end : end + 10].lstrip().startswith("trở lên") else " trở lên"
    return Said(f"{start}{words}{tail}", end)


def _share_end(place: Place, each: re.Match[str]) -> int:
    """Where the name of what has its share stops: /thai kỳ, /hộ gia đình, else one word."""
    at = each.start(2)
    return noun_after(place, at, "each") or noun_after(place, at, "size") or each.end()


def _size_at(place: Place, pos: int) -> tuple[str, int, bool] | None:
    """An amount with all that belongs to it: 140/90, 3-5 ngày, 4x6m, 1 triệu kWh. Words, end, whether with a unit."""
    pair = PAIR.match(place.text, pos)
    if pair and (share := share_of(pair, place)) is not None:
        return share, pair.end(), False
    found = amount_at(place, pos)
    if found is None:
        return None
    words, end, has_unit = found
    joint = _JOINT.match(place.text, end)
    second = amount_at(place, joint.end()) if joint else None
    if joint and second:
        words = f"{words} {_JOINTS[joint[1]]} {second[0]}"
        end, has_unit = second[1], second[2]
    if (scale := _SCALE.match(place.text, end)) is not None and not has_unit:
        unit = unit_at(place, scale.end())
        words = f"{words} {scale[1]} {unit[0]}" if unit else f"{words} {scale[1]}"
        end, has_unit = unit[1] if unit else scale.end(), unit is not None
    return words, end, has_unit


_JOINTS: Final = {"/": "trên", "-": "đến", "x": "nhân", "X": "nhân", "×": "nhân"}
_JOINT: Final = rx(r"[ ]?([-/xX×])[ ]?(?=\d)")
_SCALE: Final = rx(rf"[ ](trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ|trăm triệu|nghìn tỷ)(?![{LETTER}])")
_NEXT: Final = rx(rf"[ ]([{LOWER}]{{2,}})")
_SHORT_NAME: Final = rx(rf"[ ]([{UPPER}]{{2,6}})(?![{LETTER}\d/.&-])")
_STOPS: Final = rx(r"\s*(?:[.,;:)(/\n-]|\Z)")
_LONGEST_THING: Final = 3  # words


def _thing_end(place: Place, end: int) -> int:
    """Where the name of what is counted stops: before a mark or a word that goes on ("≥ 300 con heo | phải …")."""
    at = named = _short_name_end(place, end)
    for _ in range(_LONGEST_THING + 1 if named == end else 2):
        word = _NEXT.match(place.text, at)
        if _STOPS.match(place.text, at) or (word and word[1] in place.house.lexicon.words["goes_on"]):
            return at
        if word is None:
            break
        at = word.end()
    return noun_after(place, end, "measured") or noun_after(place, end, "counted") or named


def _short_name_end(place: Place, end: int) -> int:
    """Where an abbreviation that names what is counted stops: ≥ 2 NKT | hỗ trợ thêm."""
    short = _SHORT_NAME.match(place.text, end)
    return short.end() if short and short[1] in place.house.lexicon.entries and not is_syllable(short[1]) else end


def _compare(match: re.Match[str], place: Place) -> str:
    if match[1] in "~≈" and (place.prev == "khoảng" or place.text[place.pos - 1 : place.pos].isdigit()):
        return "" if place.prev == "khoảng" else "đến"
    return _BOUNDS[match[1]]


_BOUNDS: Final = {"≤": "không quá", "<=": "không quá", ">": "trên", "<": "dưới", "~": "khoảng", "≈": "khoảng"}
_RANKS: Final = r"(cấp|hạng|loại|mức|bậc|lớp|khối|nhóm|vùng|tầng|giải|độ|level)"


def _compare_rank(match: re.Match[str], place: Place) -> str:
    """gió ≥ cấp 6, > hạng 3: a rank that has its word before the number."""
    sign, rank, number = match.group(1, 2, 3)
    words = f"{rank} {place.house.numbers.cardinal(number)}"
    if sign in ("≥", ">="):
        return f"từ {words} trở lên"
    return f"{_BOUNDS[sign]} {words}"


def _compare_words(match: re.Match[str], place: Place) -> str:
    if match[1] == ">" and _OPENED.search(place.window):
        return PAUSE
    return {"≤": "nhỏ hơn hoặc bằng", "<=": "nhỏ hơn hoặc bằng", ">": "lớn hơn", "<": "nhỏ hơn"}.get(match[1], "")


_OPENED: Final = re.compile(r"<[^\W\d_][^<>\n]{0,40}$")  # soạn <họ tên> gửi 8079: what to put there


def _word(words: str) -> Callable[[re.Match[str], Place], str]:
    return lambda match, place: words


def _ellipsis(match: re.Match[str], place: Place) -> str:
    following = place.text[match.end() : match.end() + 2].strip()
    if following[:1] == "/":  # Số: .../TB-UBND
        return ""
    return "," if following[:1].islower() else "."


def _times(match: re.Match[str], place: Place) -> str:
    return "nhân" if re.search(r"[\d][^\n]{0,12}$", place.window) else ""


def _stars(match: re.Match[str], place: Place) -> str | None:
    """OCOP 4*, khách sạn 3*."""
    return "sao" if _STARRED.search(place.window) else None


_STARRED: Final = re.compile(r"(?<![\d.,])[1-5]$")


def _letters_between(match: re.Match[str], place: Place) -> str | None:
    """The apostrophe of S'tiêng stays."""
    left, right = place.text[place.pos - 1 : place.pos], place.text[match.end() : match.end() + 1]
    return None if left.isalpha() and right.isalpha() else ""


def _plus(match: re.Match[str], place: Place) -> str:
    if place.line_start or (place.sentence_start and _ITEM.match(place.text, match.end())):
        return ""
    if place.follows(*COUNTED) and "=" in place.text[match.end() : match.end() + 12]:
        return "cộng"
    if _MARK.search(place.window) or (
        place.follows("lettered", within=0) and place.text[match.end() : match.end() + 1] == " "
    ):
        return "cộng"  # phút 90+3, BĐ3 + 0,35m, NH4+ 0,8mg/l
    if place.text[place.pos - 1 : place.pos].isalnum() and _CLOSES.match(place.text, match.end()):
        return "trở lên"  # cao 1,62m+, 18+
    return "và"


_MARK: Final = re.compile(r"(?:phút (?:thứ )?(?:45|90|105|120)|(?:báo động|bđ)[ .]?(?:[1-3]|i{1,3}) ?)$")
_ITEM: Final = rx(rf"[ ][{UPPER}]")
_CLOSES: Final = rx(r"\s*(?:[.,;)]|$)")

_TESTED: Final = re.compile(r"(?:mẫu|test|tét|kết quả|xét nghiệm|xn|hiv|ca|người|hộ|gà|heo|trẻ)[^.;:\n]{0,12}$")


def _tested(match: re.Match[str], place: Place) -> str | None:
    """2 mẫu (+), test nhanh (-)."""
    words = "dương tính" if match[1] == "+" else "âm tính"
    return words if _TESTED.search(place.window) else None


_TAG: Final = rx(  # <b>, </speak>, <a href="…">; <họ tên> is what a writer asks for
    r"</?[A-Za-z!][\w:-]{0,20}(?:\s[^<>\n]{0,120}=[^<>\n]{0,120}|\s?/?)>(?<![^\x00-\x7f]>)|<!--[^<>\n]{0,120}-->"
)

_BLANK: Final = r"[ ]?[.…_]{1,12}[ ]?"


def _blank_date(match: re.Match[str], place: Place) -> str | None:
    """Ngày …/…/2026: the day is not filled in yet."""
    if place.prev != "ngày":
        return None
    return f", tháng, năm {place.house.numbers.cardinal(match[1])}"


SIGN_RULES: Final = (
    Rule("dot", rx(r"\.(?=[a-z])"), _word("chấm"), follow="."),
    Rule("mark", rx(r"\./(?:\.|(?=\s|;|\Z))"), _word("."), follow="."),
    Rule("bracket", rx(PARTING), _word(PAUSE), follow=PARTING),
    Rule("blank", rx(rf"{_BLANK}/{_BLANK}/[ ]?((?:19|20)\d\d)(?!\d)"), _blank_date, follow=".…_"),
    Rule("pause", rx(r"\.{2,}|…"), _ellipsis, follow=".…"),
    Rule("markup", _TAG, _word(""), follow="<"),
    Rule("bracket", rx(r"<(?=[^\W\d_][^<>\n]{0,40}>)"), _word(PAUSE), follow="<"),
    Rule("tested", rx(r"\(([+-])\)"), _tested, follow="("),
    Rule("compare", rx(r"(?:≥|>=)[ ]?(?=\d)"), _at_least, follow="≥>"),
    Rule("compare", rx(r"(≤|<=|>|<|~|≈)[ ]?(?=\d)"), _compare, follow="≤<>~≈"),
    Rule("compare", rx(rf"(≥|>=|≤|<=|>|<)[ ]?{_RANKS}[ ](\d{{1,2}})(?!\d)"), _compare_rank, follow="≥≤<>"),
    Rule("compare", rx(r"(≥|>=)"), _word("lớn hơn hoặc bằng"), follow="≥>"),
    Rule("compare", rx(r"(≤|<=|>|<)(?=\s)"), _compare_words, follow="≤<>"),
    Rule("per", rx(r"/[ ]?"), _per, follow="/"),
    Rule("slash", rx(r"/"), _slash, follow="/"),
    Rule("pause", rx(r"[-_=*]{2,}"), _word(PAUSE), follow="-_=*"),
    Rule("plus", rx(r"\+"), _plus, follow="+"),
    Rule("plus", rx(r"&"), _word("và"), follow="&"),
    Rule("equals", rx(r"=(?=[ ]?\d|[ ])"), _word("bằng"), follow="="),
    Rule("stars", rx(r"\*(?=\s|[.,;:)]|\Z)"), _stars, follow="*"),
    Rule("times", rx(r"[×*](?=[ ]?\d)|×(?=[ ]?[^\W\d_])"), _times, follow="×*"),
    Rule("plusminus", rx(r"±"), _word("cộng trừ"), follow="±"),
    Rule("unit", rx(r"%"), _word("phần trăm"), follow="%"),
    Rule("unit", rx(r"‰"), _word("phần nghìn"), follow="‰"),
    Rule("unit", rx(r"°[ ]?C(?![^\W\d_])|℃"), _word("độ xê"), follow="°℃"),
    Rule("unit", rx(r"°"), _word("độ"), follow="°"),
    Rule("at", rx(r"@"), _word("a còng"), follow="@"),
    Rule("apostrophe", rx(r"'"), _letters_between, follow="'"),
    Rule("bracket", rx(r"[()\[\]{}|]"), _word(PAUSE)),
    Rule("sign", rx(r"[\s\S]"), _word("")),
)
