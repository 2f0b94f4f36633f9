"""Abbreviations, units and letter names as values, and the choice among several meanings by the words around.

Nothing is loaded here: `tts.lexicon` reads the tables from disk and builds these values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from tts.reader.syllables import is_syllable

CODE: Final = "@mã"  # matches inside a document number such as 77/KH-UBND
LINE_EDGE: Final = "^"
NUMBER: Final = "#"
SHORT_NUMBER: Final = "#ngắn"  # a number of up to three digits with no colon before it
ROOM: Final = "#phòng"  # a number of three or four digits, as rooms have: P.102 is no ward
TOUCHING: Final = "#liền"  # a number right behind, with no space: CT07 is a form, CT 07 a directive
WEIGHT: Final = "#cân"  # a number of kilograms, grams, tons: TL 10kg
AREA: Final = "#đất"  # a number of hectares or square metres: DT 5ha
MONEY: Final = "#tiền"  # a sum: KP 1,65 tỷ đồng is what a work costs, KP 3 a ward
MEASURED: Final = "#đo"  # a number with a unit or a percentage: TB 78%
YEAR: Final = "#năm"  # a year in which people of today were born: NS 1990
BIRTHDAY: Final = "#ngày"  # a full date: SN 1/1/1960
HOUSE: Final = "#nhà"  # a short number with the street or hamlet behind it: SN 27, tổ 4
CAPITAL: Final = "@hoa"
SHORTENED: Final = "@tắt"  # capitals that are no syllable: P.KTN is no ward, P. TÂN KHAI is
QUOTED: Final = '"'  # a name in quotation marks: CT "Nâng bước em tới trường"
LABEL: Final = ":"  # TP: các trưởng ấp; it stands at the head of what it names
NEARBY: Final = "…"  # …chi bộ: the words stand anywhere in the text just before
_NUMBERS: Final = frozenset((NUMBER, SHORT_NUMBER, ROOM, TOUCHING))
_SIGNS: Final = frozenset('@^#…:"')
_JOINTS: Final = " ,.:-(\"'"
_HEAD: Final = re.compile(r"[ .:]{0,3}")
_ROOM: Final = re.compile(r"[ .]{0,2}[1-9]\d{2,3}(?!\d|[.,]\d)")
_WEIGHT: Final = re.compile(
    r"[ .:]{0,2}\d[\d.,]*(?:[ ]?[-x][ ]?\d[\d.,]*)?[ ]?(?:kg|g|gr|gam|mg|tấn|tạ|yến|ký)(?![^\W\d_])"
)
_AREA: Final = re.compile(r"[ .:]{0,2}\d[\d.,]*[ ]?(?:ha|m2|km2|sào|công|mẫu|héc)(?![^\W\d_])")
_MONEY: Final = re.compile(
    r"[ .:]{0,3}\d[\d.,]*(?:[ ]?-[ ]?\d[\d.,]*)?[ ]?(?:nghìn|ngàn|trăm|triệu|tr|tỷ|tỉ|đồng|đ|vnđ|vnd)(?![^\W\d_])",
    re.IGNORECASE,
)
_MEASURED: Final = re.compile(
    r"[ .:]{0,3}[<>≥≤~]?[ ]?\d[\d.,]*(?:[ ]?-[ ]?\d[\d.,]*)?[ ]?"
    r"(?:[%‰°]|(?:độ|o?c|mm|cm|m|km|m2|m3|ha|kg|g|tấn|tạ|yến|lít|km/h|m/s|điểm|tuổi|triệu|tr|nghìn|ngàn|đồng|đ|kwh)(?![^\W\d_]))",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"[ .:]{0,2}(?:19\d\d|200\d)(?!\d|[.,/]\d)")
_DATE: Final = re.compile(r"[ .:]{0,2}\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d(?!\d)")
_HOUSE: Final = re.compile(
    r"[ .:]{0,2}(?:\d{1,3}[A-ZĐa-d]?(?:/\d{1,4}[A-ZĐa-d]?)+(?![\d/])|\d{1,3}[A-ZĐa-d]?(?=[ ,]))"
    r"(?:,?[ ]?(?<=[ ,])(?:tổ|đường|phố|hẻm|ngõ|kp|khu phố|ấp|tdp|thôn|đ\.|[A-ZĐ][^\W\d_]*[ ][A-ZĐ]))",
)
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORT: Final = re.compile(r"[ .]{0,2}(?:[1-9]\d{0,2}|0\d)(?!\d|[.,]\d{2})")
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

    `kind` is measure; money, which has no decimals (12,500đ is thousands); tight, valid only where it touches
    the number; or the name of a table of words: as tight, and only where one of those words stands before.
    """

    spoken: str
    kind: str = "measure"


def _ends_here(right: str) -> bool:
    """The sentence ends: họp CN. Nhà máy … is no công nhân nhà máy."""
    return right.startswith(". ") and right[2:3].isupper()


class Neighbours:
    """The text around an abbreviation, as far as meanings look: `left` in lower case, `right` as written."""

    def __init__(self, left: str, right: str, in_code: bool = False) -> None:
        self.left = left
        self.right = right
        self.in_code = in_code
        self.left_words = left.rstrip(_JOINTS)
        skipped = _HEAD.match(right)
        self.right_words = "" if _ends_here(right) else right[skipped.end() :] if skipped else right
        self.right_lower = self.right_words.lower()


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
            tidy = entry._replace(before=_signs_first(entry.before), after=_signs_first(entry.after))
            fresh[key] = (*fresh.get(key, ()), tidy)
        return Lexicon({**self.entries, **fresh}, self.units, self.letters, self.words)

    def numbered(self, key: str, around: Neighbours) -> Entry | None:
        """As `choose`, for letters that touch a number (QL13, PN1): only meanings that expect one, or spelling."""
        for entry in self.entries.get(key, ()):
            expects = not _NUMBERS.isdisjoint(entry.after) or entry.spoken == SPELL
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


def _signs_first(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """So that the words behind the signs can be tried all at once."""
    return tuple(sorted(wanted, key=lambda item: item[0] not in _SIGNS))


def _left_fits(wanted: tuple[str, ...], around: Neighbours) -> bool:
    if not wanted:
        return True
    for item in wanted:
        if item[0] not in _SIGNS:
            break
        if _sign_is_left(item, around):
            return True
    left = around.left_words
    return left.endswith(wanted) and any(_ends_with_word(left, item) for item in wanted)


def _sign_is_left(item: str, around: Neighbours) -> bool:
    if item == CODE:
        return around.in_code
    if item[0] == NEARBY:
        return item[1:] in around.left
    if item == LINE_EDGE:
        return not around.left.strip(" -+*•(\"'")
    return item == NUMBER and around.left.rstrip()[-1:].isdigit()


def _ends_with_word(left: str, word: str) -> bool:
    if not left.endswith(word):
        return False
    before = len(left) - len(word) - 1
    return before < 0 or not (left[before].isalnum() and word[0].isalnum())


def _right_fits(wanted: tuple[str, ...], around: Neighbours) -> bool:
    if not wanted:
        return True
    for item in wanted:
        if item[0] not in _SIGNS:
            break
        if _sign_is_right(item, around):
            return True
    right = around.right_lower
    return right.startswith(wanted) and any(_starts_with_word(right, item) for item in wanted)


def _starts_with_word(right: str, word: str) -> bool:
    return right.startswith(word) and not right[len(word) : len(word) + 1].isalnum()


def _sign_is_right(item: str, around: Neighbours) -> bool:
    test = _RIGHT.get(item)
    return test is not None and test(around)


def _is_shortened(words: str) -> bool:
    first = _FIRST_WORD.match(words)
    return first is not None and len(first[0]) > 1 and first[0].isupper() and not is_syllable(first[0])


_RIGHT: Final[Mapping[str, Callable[[Neighbours], bool]]] = {
    LINE_EDGE: lambda around: not around.right_words.strip(" .;,:/"),
    LABEL: lambda around: around.right.startswith((":", " :")),
    TOUCHING: lambda around: around.right[:1].isdigit(),
    NUMBER: lambda around: around.right_words[:1].isdigit(),
    SHORT_NUMBER: lambda around: _SHORT.match(around.right) is not None,
    ROOM: lambda around: _ROOM.match(around.right) is not None,
    WEIGHT: lambda around: _WEIGHT.match(around.right) is not None,
    AREA: lambda around: _AREA.match(around.right) is not None,
    MONEY: lambda around: _MONEY.match(around.right) is not None,
    MEASURED: lambda around: _MEASURED.match(around.right) is not None,
    YEAR: lambda around: _YEAR.match(around.right) is not None,
    BIRTHDAY: lambda around: _DATE.match(around.right) is not None,
    HOUSE: lambda around: _HOUSE.match(around.right) is not None,
    SHORTENED: lambda around: _is_shortened(around.right_words),
    QUOTED: lambda around: around.right.lstrip(" ")[:1] in ('"', "'"),
    CAPITAL: lambda around: around.right_words[:1].isupper() and around.right_words[1:2].islower(),
}
