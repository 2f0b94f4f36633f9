"""Spoken text cut into pieces a voice can say in one breath, each with its place in the text.

Nothing here may reach a voice as a command: markup, brackets (`[[` would open raw phonemes in both
engines) and control characters become spaces, one for one, so that offsets stay those of the caller.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

PAUSE_WORD_MS: Final = 30  # a phrase was too long for one piece and had to be cut between words
PAUSE_COMMA_MS: Final = 160
PAUSE_CLAUSE_MS: Final = 260  # semicolon, colon
PAUSE_SENTENCE_MS: Final = 420
PAUSE_LINE_MS: Final = 650  # a new line: heading, bullet or paragraph

_PUNCTUATION: Final = frozenset(" \n.,;:!?…'’\"“”()-–%/&+")
_SENTENCE_END: Final = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|\Z)|\n")
_CLAUSE_END: Final = re.compile(r"[,;:](?=\s)")
_BEFORE_LINK: Final = re.compile(
    r" (?=(?:và|hoặc|nhưng|của|về|trên|tại|ở|cho|theo|với|để|trong|do|bởi|nhằm|khi|nếu|vì|là|được|đã|sẽ) )"
)
_LINE_OVER: Final = re.compile(r"[^\S\n]*(\n|\Z)")
_WORD: Final = re.compile(r"[^\W_]")


class Piece(NamedTuple):
    """`text` is what the voice gets; `start` and `end` are its place in the spoken text."""

    text: str
    start: int
    end: int


class Stop(NamedTuple):
    """What follows a piece: how long the voice rests, and whether a sentence (or heading, or line) is over."""

    pause_ms: int
    ends_sentence: bool


class _Speakable(dict[int, str]):
    """A table for str.translate that learns one character at a time."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        keep = char in _PUNCTUATION or unicodedata.category(char)[0] in "LMN"
        self[code] = char if keep else " "
        return self[code]


def plain(text: str) -> str:
    """The text with everything but words and punctuation blanked; as long as before."""
    return text.translate(_Speakable())


def has_words(text: str) -> bool:
    return _WORD.search(text) is not None


def pieces(spoken: str, limit: int) -> Iterator[Piece]:
    """Pieces of at most `limit` characters, cut at sentences, else commas, else spaces. Linear in the text."""
    text = plain(spoken)
    for start, end in _sentences(text):
        for a, b in _cut(text, start, end, limit):
            said = unicodedata.normalize("NFC", " ".join(text[a:b].split()))
            if has_words(said):
                yield Piece(said, a, b)


def stop_after(spoken: str, end: int) -> Stop:
    """The stop behind a piece that ends at `end`."""
    line_over = _LINE_OVER.match(spoken, end) is not None
    if line_over:
        return Stop(PAUSE_LINE_MS, True)
    before = spoken[max(0, end - 8) : end].rstrip("\"'”’) ")[-1:]
    if before and before in ".!?…":
        return Stop(PAUSE_SENTENCE_MS, True)
    if before == ",":
        return Stop(PAUSE_COMMA_MS, False)
    return Stop(PAUSE_CLAUSE_MS if before and before in ";:" else PAUSE_WORD_MS, False)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each stretch that ends a sentence or a line and holds a word."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if has_words(text[start : match.end()]):
            yield _trim(text, start, match.end())
        start = match.end()
    if has_words(text[start:]):
        yield _trim(text, start, len(text))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())


def _cut(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int]]:
    while end - start > limit:
        cut = _best_cut(text, start, limit)
        yield _trim(text, start, cut)
        while cut < end and text[cut].isspace():
            cut += 1
        start = cut
    if start < end:
        yield start, end


def _best_cut(text: str, start: int, limit: int) -> int:
    """The last comma that leaves no crumb behind, else before a linking word, else the last space, else the limit."""
    window = text[start : start + limit + 1]
    commas = [match.end() for match in _CLAUSE_END.finditer(window)]
    if commas and commas[-1] >= limit // 3:
        return start + commas[-1]
    links = [match.start() for match in _BEFORE_LINK.finditer(window)]
    if links and links[-1] >= limit // 2:
        return start + links[-1]
    space = window.rfind(" ", 1)
    return start + (space if space > 0 else limit)
