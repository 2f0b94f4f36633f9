"""Roman numerals, only where the words around ask for one."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LETTER, UPPER, Place, Rule, Said
from tts.reader.lexicon import SPELL, Neighbours
from tts.reader.rules.parts import before_is, rx
from tts.reader.rules.words import around
from tts.reader.syllables import is_syllable

_VALID: Final = re.compile(r"(?=.)X{0,3}(?:IX|IV|V?I{0,3})\Z")
_VALUES: Final = {"I": 1, "V": 5, "X": 10}


def value(numeral: str) -> int:
    """1 … 39, or 0 for what is no Roman numeral."""
    if not _VALID.match(numeral):
        return 0
    total = 0
    for char, following in zip(numeral, [*numeral[1:], ""], strict=True):
        amount = _VALUES[char]
        total += -amount if following and _VALUES[following] > amount else amount
    return total


def _numeral(match: re.Match[str], place: Place) -> Said | None:
    number = value(match[1])
    if not number:
        return None
    if _EQUALS.match(place.text, match.end()):  # tọa độ X=1234567
        return None
    known = before_is(place, "roman_after") or _continues(place)
    if not known and (len(match[1]) == 1 or is_syllable(match[1])):
        return None
    words = _ranked(place, number) or place.house.numbers.cardinal(str(number))
    if match[2] and value(match[2]):
        words += f" đến {place.house.numbers.cardinal(str(value(match[2])))}"
    if match[3]:
        words += f" năm {place.house.numbers.cardinal(match[3])}"
    return Said(words, match.end(), () if known else ("ambiguous",))


_EQUALS: Final = rx(r"[ ]?=")


def _lettered(match: re.Match[str], place: Place) -> str | None:
    """Nhóm IIA; behind the words that its own meaning asks for, cửa hàng XD, 12,4 độ VB, it is an abbreviation."""
    number = value(match[1])
    known = place.house.lexicon.choose(match[0], around(place, match.end()))
    if not number or (known and known.before) or not before_is(place, "roman_after"):
        return None
    return f"{place.house.numbers.cardinal(str(number))} {place.house.lexicon.spell(match[2])}"


def _ranked(place: Place, number: int) -> str:
    if place.prev == "thứ":
        return {1: "nhất", 4: "tư"}.get(number, "")
    return {1: "nhất", 2: "nhì"}.get(number, "") if place.prev == "giải" else ""


def _continues(place: Place) -> bool:
    """quý I, II và III: a numeral stood shortly before."""
    return place.follows("roman", within=5) or (
        place.before_last.rule == "roman" and place.pos - place.before_last.end <= 4
    )


def _touching(match: re.Match[str], place: Place) -> str | None:
    """BĐII, HKI: an abbreviation that expects a number, and its numeral."""
    entry = place.house.lexicon.numbered(match[1], Neighbours(place.window, "1"))
    if entry is None or entry.spoken == SPELL or match[0] in place.house.lexicon.entries:
        return None
    return f"{entry.spoken} {place.house.numbers.cardinal(str(value(match[2])))}"


def _section(match: re.Match[str], place: Place) -> str | None:
    """Mục III.2, II.1.a at the head of a line."""
    number = value(match[1])
    if ".0" in match[2] or not number or not (place.line_start or before_is(place, "roman_after")):
        return None
    numbers, spell = place.house.numbers, place.house.lexicon.spell
    rest = (numbers.counted(part) if part.isdigit() else spell(part) for part in match[2].split(".")[1:])
    parts = [numbers.cardinal(str(number)), *rest]
    return " chấm ".join(parts) + ("." if place.line_start else "")


def _heading(match: re.Match[str], place: Place) -> Said | None:
    number = value(match[1])
    titled = place.sentence_start and _TITLE.match(place.text, match.end()) is not None and match[0][-1] == "."
    if not number or not (place.line_start or titled):
        return None
    return Said(place.house.numbers.cardinal(str(number)) + ".", match.end())


_TITLE: Final = rx(rf"[ ][{UPPER}][^\W\d_]+[ ,:]")
_ROMAN: Final = r"([IVX]{1,7})"
_TO: Final = r"(?:[ ]?-[ ]?([IVX]{1,7}))?"
_IN_YEAR: Final = r"(?:[ ]?[/-][ ]?((?:19|20)\d\d)(?!\d))?"

WORD_RULES: Final = (
    Rule("roman", rx(rf"([A-ZĐ]{{2,4}}?)(I{{1,3}}|IV|VI{{0,3}})(?![{LETTER}\d])"), _touching, follow=UPPER),
    Rule("roman", rx(rf"([IVX]{{1,4}})([A-Ea-e])(?![{LETTER}\d])"), _lettered, follow="IVX"),
    Rule("heading", rx(rf"{_ROMAN}((?:\.\d{{1,2}})+(?:\.[a-zđ])?)\.?(?![{LETTER}\d])"), _section, follow="IVX"),
    Rule("heading", rx(rf"{_ROMAN}(?:[ ]?[.)/]|[ ]?-)(?=\s|$|[{LETTER}]{{2}})"), _heading, follow="IVX"),
    Rule("roman", rx(rf"{_ROMAN}{_TO}{_IN_YEAR}(?![{LETTER}\d])"), _numeral, follow="IVX"),
)
