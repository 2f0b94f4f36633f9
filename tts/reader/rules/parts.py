"""Pieces of patterns and small questions that several rules share."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LETTER, Place

NOT_LETTER: Final = rf"(?![{LETTER}])"
NUM: Final = (
    r"(?:\d{1,3}(?:\.\d{3}){1,6}(?:,\d{1,9})?(?!\d)"
    r"|\d{1,3}(?:,\d{3}){2,6}(?:\.\d{1,9})?(?!\d)"
    r"|\d{1,18}(?:[.,]\d{1,9})?(?!\d))"
)
RANGE: Final = r"[ ]?(?:->?|→)[ ]?"
DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
MONTH: Final = r"(?:0?[1-9]|1[0-2])"
YEAR: Final = r"(?:19|20)\d\d"
PAST_YEAR: Final = r"(?:1[0-9]|20)\d\d"  # in a full date, which nothing else looks like
END: Final = r"(?!\d)(?![.,/]\d)"
PAPER: Final = re.compile(  # a paper is named right before
    r"(?<![^\W\d_])(?:nghị định|thông tư|thông tư liên tịch|quyết định|nghị quyết|chỉ thị|công văn|công điện|bản án|"
    r"luật|pháp lệnh|giấy phép|giấy triệu tập|nđ|tt|qđ|nq|ct)(?: số)?[ :.]*$"
)
DEADLINE: Final = re.compile(
    r"(?:trước|đến hết|chậm nhất|muộn nhất|trễ nhất|hạn cuối|hạn nộp|nay đến|vào|khai mạc|bế mạc) $"
)
_BARRED: Final = ("counted", "each")  # tables of first words that may also begin something else (tổ, tổ chức)
_NEXT_WORDS: Final = re.compile(rf"[ ]?([{LETTER}]+(?:/c(?![{LETTER}]))?)(?:[ ]([{LETTER}]+))?(?:[ ]([{LETTER}]+))?")


def rx(pattern: str) -> re.Pattern[str]:
    """Compiled for matching at a position."""
    return re.compile(pattern)


def noun_after(place: Place, end: int, table: str) -> int:
    """Where the longest word group of `table` right after `end` stops; 0 when there is none."""
    found = _NEXT_WORDS.match(place.text, end)
    if found is None:
        return 0
    words = place.house.lexicon.words[table]
    barred = place.house.lexicon.words["not_counted"] if table in _BARRED else frozenset()
    phrases = [(found[1], found.end(1))]
    if found[2]:
        phrases.append((f"{found[1]} {found[2]}", found.end(2)))
    if found[3]:
        phrases.append((f"{found[1]} {found[2]} {found[3]}", found.end(3)))
    for phrase, stop in reversed(phrases):
        if phrase.lower() in words:
            return stop
        if phrase.lower() in barred:
            return 0
    return 0


def before_is(place: Place, table: str) -> bool:
    """The word, or the two words, before are in `table`; the tail of a longer word (trợ cấp, hạ tầng) is none of it."""
    words, last_two = place.house.lexicon.words[table], place.prev2
    if last_two in words:
        return True
    return place.prev in words and last_two not in place.house.lexicon.words["compound"]


_SINCE: Final = frozenset(("từ", "trước", "sau", "vào", "hết"))


def since(place: Place, end: int) -> bool:
    """Từ 5/8 nhà máy …: a day from which, or until which, those named behind `end` do something."""
    return place.prev in _SINCE and noun_after(place, end, "acting") > 0


def mentions(place: Place, table: str) -> bool:
    """A word or two-word phrase of `table` stands in the window before."""
    return not place.house.lexicon.words[table].isdisjoint(place.phrases)
