"""Where things are: kilometre posts, house numbers, coordinates."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LETTER, Place, Rule, Said
from tts.reader.rules.parts import DAY, MONTH, NOT_LETTER, NUM, before_is, noun_after, rx

_HEMISPHERE: Final = {"N": "vĩ Bắc", "B": "vĩ Bắc", "E": "kinh Đông", "Đ": "kinh Đông", "S": "vĩ Nam", "W": "kinh Tây"}


def _post(match: re.Match[str], place: Place) -> str | None:
    """Km 5+200; of a plant (giống mì KM94) it is a name."""
    if "giống" in place.words[-3:]:
        return None
    numbers = place.house.numbers
    words = f"ki-lô-mét {numbers.cardinal(match[1].replace('.', ''))}"
    return f"{words} cộng {numbers.cardinal(match[2])}" if match[2] else words


def _bare_post(match: re.Match[str], place: Place) -> str:
    numbers = place.house.numbers
    return f"{numbers.cardinal(match[1])} cộng {numbers.cardinal(match[2])}"


def _house(match: re.Match[str], place: Place) -> str | None:
    """Số nhà 12/3, hẻm 45/2A/7."""
    on_street = place.prev == "số" and noun_after(place, match.end(), "street")
    elsewhere = place.window.rstrip()[-1:] in (";", ",")  # the word before belongs to what is already said
    dated = _DATED.fullmatch(match[0]) is not None
    if dated and place.prev == "sn":  # born on that day
        return None
    deep = match[0].count("/") > 1 and not dated
    beside = elsewhere and _HOUSES.search(place.window) is not None
    if not on_street and not deep and not beside and (elsewhere or not before_is(place, "house")):
        return None
    return " trên ".join(_house_part(place, part) for part in match[0].split("/"))


_HOUSES: Final = re.compile(  # hẻm 12, 14/3, 27B: after the first of them a comma
    r"(?:hẻm|ngõ|ngách|kiệt|số nhà|nhà số)(?: số)? \d[\da-zđ/]*(?:, ?\d[\da-zđ/]*){0,8}, ?$"
)
_DATED: Final = re.compile(rf"{DAY}/{MONTH}/(?:\d\d|\d{{4}})")


def _house_part(place: Place, part: str) -> str:
    number = re.match(r"\d+", part)
    digits = number[0] if number else ""
    return f"{place.house.numbers.counted(digits)} {place.house.lexicon.spell(part[len(digits) :])}".strip()


def _coordinate(match: re.Match[str], place: Place) -> str | None:
    """16,7N · 14,0°N."""
    amount, degree, side = match.group(1, 2, 3)
    beside = place.before_last.rule == "coordinate" and place.pos - place.before_last.end <= _JOINT
    if not degree and (not (beside or _DECIMAL.fullmatch(amount)) or side in "SW"):
        return None  # 250.000Đ is money
    words = place.house.numbers.amount(amount)
    if place.prev2 in ("vĩ độ", "kinh độ"):
        return f"{words} {'độ ' if degree else ''}{_HEMISPHERE[side].split()[1]}"
    return f"{words} độ {_HEMISPHERE[side]}"


_JOINT: Final = 3  # characters: 12,3N - 110E
_DECIMAL: Final = re.compile(r"\d{1,3}[.,]\d{1,2}")


def _degrees(match: re.Match[str], place: Place) -> Said:
    """11°32'45"N."""
    numbers = place.house.numbers
    words = f"{numbers.cardinal(match[1])} độ {numbers.cardinal(match[2])} phút"
    if match[3]:
        words += f" {numbers.amount(match[3])} giây"
    if match[4]:
        words += f" {_HEMISPHERE[match[4]]}"
    return Said(words, match.end())


_SECONDS: Final = r"(?:[ ]?(\d{1,2}(?:[.,]\d{1,6})?)(?:\"|''))?"
_SIDE: Final = rf"(?:[ ]?([NBEĐSW]){NOT_LETTER})?"

DIGIT_RULES: Final = (
    Rule("degrees", rx(rf"(\d{{1,3}})[ ]?°[ ]?(\d{{1,2}})[ ]?'{_SECONDS}{_SIDE}"), _degrees, follow="°"),
    Rule("coordinate", rx(rf"({NUM})[ ]?(°|độ)?[ ]?([NBEĐSW]){NOT_LETTER}"), _coordinate, follow=".,°đNBEĐSW"),
    Rule("post", rx(r"(\d{1,4})[ ]?\+[ ]?(\d{3})(?!\d)(?![.,]\d)"), _bare_post, follow="+"),
    Rule("house", rx(r"\d{1,5}[A-ZĐa-d]?(?:/\d{1,5}[A-ZĐa-d]?){1,5}(?![\w/])"), _house, follow="/" + LETTER),
)
_METRES: Final = r"(?:[ ]?\+[ ]?(\d{1,4}))?(?!\d)"
WORD_RULES: Final = (
    Rule("post", rx(rf"[Kk][Mm][ .]{{0,2}}(\d{{1,3}}\.\d{{3}}(?=[ ]?\+)|\d{{1,4}}){_METRES}"), _post, follow="Kk"),
)
