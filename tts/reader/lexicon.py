"""Abbreviations, units and letter names as values, and the choice among several meanings by the words around.

Nothing is loaded here: `tts.lexicon` reads the tables from disk and builds these values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

CODE: Final = "@mã"  # matches inside a document number such as 77/KH-UBND
LINE_EDGE: Final = "^"
NUMBER: Final = "#"
SHORT_NUMBER: Final = "#ngắn"  # a number of up to three digits with no colon before it
CAPITAL: Final = "@hoa"
SPELL: Final = "*"  # as the spoken form: say the letters one by one, and do not doubt it


class Entry(NamedTuple):
    """One meaning. `before`/`after` are word sequences in lower case or one of the signs above; empty = anywhere.

    `guess` marks a meaning taken for want of a better one: the reader then reports a doubt.
    """

    spoken: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    guess: bool = False


class Unit(NamedTuple):
    """A unit of measure or money.

    `kind` is measure; money, which has no decimals (12,500đ is thousands); or tight, valid only where it touches
    the number.
    """

    spoken: str
    kind: str = "measure"


@dataclass(frozen=True)
class Neighbours:
    """The text around an abbreviation, as far as meanings look: both in lower case, `right` also as written."""

    left: str
    right: str
    in_code: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Everything the reader knows by heart."""

    entries: Mapping[str, tuple[Entry, ...]]
    units: Mapping[str, Unit]
    letters: Mapping[str, str]
    words: Mapping[str, frozenset[str]]

    def extended(self, rows: Iterable[tuple[str, Entry]]) -> Lexicon:
        """A lexicon in which the rows' abbreviations replace what was known of them. Order of rows = order of trial."""
        fresh: dict[str, tuple[Entry, ...]] = {}
        for key, entry in rows:
            fresh[key] = (*fresh.get(key, ()), entry)
        return Lexicon({**self.entries, **fresh}, self.units, self.letters, self.words)

    def numbered(self, key: str, around: Neighbours) -> Entry | None:
        """As `choose`, for letters that touch a number (QL13, PN1): only meanings that expect one, or spelling."""
        for entry in self.entries.get(key, ()):
            expects = NUMBER in entry.after or SHORT_NUMBER in entry.after or entry.spoken == SPELL
            if expects and _left_fits(entry.before, around) and _right_fits(entry.after, around):
                return entry
        return None

    def choose(self, key: str, around: Neighbours) -> Entry | None:
        """The first meaning whose neighbours fit, or None when the abbreviation is unknown or none fits."""
        for entry in self.entries.get(key, ()):
            if _left_fits(entry.before, around) and _right_fits(entry.after, around):
                return entry
        return None

    def spell(self, word: str) -> str:
        """Letter by letter with Vietnamese names; a character without a name is left out."""
        return " ".join(self.letters[char] for char in word.upper() if char in self.letters)


def _left_fits(wanted: tuple[str, ...], around: Neighbours) -> bool:
    if not wanted:
        return True
    for item in wanted:
        if item == CODE:
            fits = around.in_code
        elif item == LINE_EDGE:
            fits = not around.left.strip(" -+*•(\"'")
        elif item == NUMBER:
            fits = around.left.rstrip()[-1:].isdigit()
        else:
            fits = _ends_with_word(around.left, item)
        if fits:
            return True
    return False


def _ends_with_word(left: str, word: str) -> bool:
    left = left.rstrip(" ,.:-(\"'")
    if not left.endswith(word):
        return False
    rest = left[: -len(word)]
    return not rest or not rest[-1].isalnum()


_SHORT: Final = re.compile(r"[ .]{0,2}(?:[1-9]\d{0,2}|0\d)(?!\d)")
_HEAD: Final = re.compile(r"[ .:]{0,3}")


def _right_fits(wanted: tuple[str, ...], around: Neighbours) -> bool:
    if not wanted:
        return True
    skipped = _HEAD.match(around.right)
    right = around.right[skipped.end() :] if skipped else around.right
    for item in wanted:
        if item == LINE_EDGE:
            fits = not right.strip(" .;,:/")
        elif item == NUMBER:
            fits = right[:1].isdigit()
        elif item == SHORT_NUMBER:
            fits = _SHORT.match(around.right) is not None
        elif item == CAPITAL:
            fits = right[:1].isupper() and right[1:2].islower()
        else:
            fits = right.lower().startswith(item) and not right[len(item) : len(item) + 1].isalnum()
        if fits:
            return True
    return False
