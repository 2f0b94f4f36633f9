"""Heads of lines: numbered headings, lettered points."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LOWER, UPPER, Place, Rule, Said
from tts.reader.rules.parts import rx


def _numbered(match: re.Match[str], place: Place) -> Said | None:
    spaced = match[0][-1] in "/)" and place.text[match.end() : match.end() + 1] == " "
    inline = spaced and (place.window.rstrip()[-1:] in (".", ";", ":") or place.sentence_start)
    section = place.sentence_start and "." in match[1] and match[0][-1] == "."
    if not (place.line_start or inline or section):
        return None
    said = " chấm ".join(place.house.numbers.counted(part) for part in match[1].split("."))
    return Said(f"{said}.", match.end())


def _lettered(match: re.Match[str], place: Place) -> str | None:
    if match[2] == "." and not place.line_start:
        return None
    if match[2] == "/" and not (place.line_start or place.sentence_start or place.window.endswith("; ")):
        return None
    return (place.house.lexicon.spell(match[1]) or match[1]) + ("." if match[2] == "." else ",")


def _unit(match: re.Match[str], place: Place) -> str:
    """đơn giá theo m2: a unit with no number before it."""
    return place.house.lexicon.units[match[0]].spoken


def _letter(match: re.Match[str], place: Place) -> str | None:
    text, end = place.text, match.end()
    alone = text[place.pos - 1 : place.pos] == text[end : end + 1] == " "
    if match[0] == "x" and (alone or text[end : end + 1].isdigit()):
        return "nhân"
    return place.house.lexicon.spell(match[0]) or None


_NUMBER: Final = r"(\d{1,2}(?:\.\d{1,2}){0,4})"
_CLOSED: Final = rf"[.)]{{1,2}}(?=\s|[{UPPER}])|/\.?(?=\s)"
_SET_OFF: Final = rf"[ ]?[-:][ ](?=[{UPPER}])|(?<=\.\d)[ ](?=[{UPPER}])"

DIGIT_RULES: Final = (Rule("heading", rx(rf"{_NUMBER}(?:{_CLOSED}|{_SET_OFF})"), _numbered, follow=".)/-:"),)
WORD_RULES: Final = (
    Rule("unit", rx(r"[kc]?m[23](?!\w)|(?<=\d\))[ck]?m(?!\w)"), _unit, follow="kcm"),
    Rule("point", rx(r"([A-Za-zđĐ])([)./])(?=\s)"), _lettered),
    Rule("letter", rx(r"[a-zđ](?![^\W\d_])"), _letter, follow=LOWER),
)
