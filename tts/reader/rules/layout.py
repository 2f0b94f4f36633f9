"""Heads of lines: numbered headings, lettered points."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LOWER, UPPER, Place, Rule, Said
from tts.reader.rules.parts import rx


def _numbered(match: re.Match[str], place: Place) -> Said | None:
    if not place.line_start:
        return None
    said = " chấm ".join(place.house.numbers.counted(part) for part in match[1].split("."))
    return Said(f"{said}.", match.end())


def _lettered(match: re.Match[str], place: Place) -> str | None:
    if match[2] == "." and not place.line_start:
        return None
    return (place.house.lexicon.spell(match[1]) or match[1]) + ","


def _letter(match: re.Match[str], place: Place) -> str | None:
    if match[0] == "x" and place.text[match.end() : match.end() + 2].strip()[:1].isdigit():
        return "nhân"
    return place.house.lexicon.spell(match[0]) or None


DIGIT_RULES: Final = (
    Rule(
        "heading",
        rx(
            rf"(\d{{1,2}}(?:\.\d{{1,2}}){{0,4}})(?:[.)/]{{1,2}}(?=\s|[{UPPER}])|[ ]?[-:][ ](?=[{UPPER}])|(?<=\.\d)[ ](?=[{UPPER}]))"
        ),
        _numbered,
        follow=".)/-:",
    ),
)
WORD_RULES: Final = (
    Rule("point", rx(r"([A-Za-zđĐ])([).])(?=\s)"), _lettered),
    Rule("letter", rx(r"[a-zđ](?![^\W_])"), _letter, follow=LOWER),
)
