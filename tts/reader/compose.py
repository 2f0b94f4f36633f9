"""Joins plain words and said stretches into spoken text: one space between words, pauses tidied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from tts.reader.engine import UPPER, Spoken
from tts.reader.numbers import ONES

_UNSAID: Final = re.compile(r"[\d+*/%‰&@#=<>≥≤~°²³|_]")
_LOOSE: Final = re.compile(r"(?<![^\W\d_])[-']|[-'](?![^\W\d_])")
_SPACES: Final = re.compile(r"[^\S\n]+")
_BEFORE_MARK: Final = re.compile(r" +(?=[.,;:!?\n])")
_MARKS: Final = re.compile(r"(?:[.,;:!?] ?){2,}")
_AFTER_MARK: Final = re.compile(r"(?<=[,;:!?.])(?=[^\W_])")
_LINE_HEAD: Final = re.compile(r"(?m)^[ .,;:!?]+")
_SENTENCE_HEAD: Final = re.compile(rf"(?:^|(?<=\n)|(?<=[.!?] ))[^\W\d_](?![{UPPER}])")
_STRENGTH: Final = ",:;.!?"


def compose(text: str, spoken: Iterable[Spoken]) -> str:
    """The whole text in words. Idempotent on its own output."""
    pieces: list[str] = []
    pos = 0
    for piece in spoken:
        pieces += [text[pos : piece.start], " ", piece.words, " "]
        pos = piece.end
    pieces.append(text[pos:])
    return tidy(_UNSAID.sub(_named, "".join(pieces)))


def _named(found: re.Match[str]) -> str:
    """The last net: a digit that no rule took is said by its name, a sign is a space."""
    value = unicodedata.decimal(found[0], None)
    return " " if value is None else f" {ONES[value]} "


def tidy(text: str) -> str:
    """One space between words, none before a pause, of several pauses in a row the strongest."""
    text = _SPACES.sub(" ", _LOOSE.sub(" ", text))
    text = _BEFORE_MARK.sub("", text)
    text = _AFTER_MARK.sub(" ", text)
    text = _MARKS.sub(_strongest, text)
    text = _LINE_HEAD.sub("", text)
    text = _SENTENCE_HEAD.sub(lambda found: found[0].upper(), text)
    return "\n".join(line.strip(" ,") for line in text.split("\n"))


def _strongest(found: re.Match[str]) -> str:
    marks = found[0].replace(" ", "")
    return max(marks, key=_STRENGTH.index) + (" " if found[0].endswith(" ") else "")
