"""Fitting a text to a box: its lines at a size, its pages, the largest size that reads well, and how long it takes.

One page as large as it goes; if the comfortable size does not fit on one page, as few pages as
that size needs, then the largest size that needs no more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from player import text
from player.fonts import BOLD, Face, FontBook, Type
from player.linebreak import lines
from player.model import Version
from player.theme import Measures

READ_S_PER_WORD: Final = 0.4  # four seconds for ten words, spoken of as the slowest comfortable reader
LEAST_PAGE_S: Final = 4.0
_PARAGRAPH_GAP: Final = 0.22  # of a line, between paragraphs
_BLANK_GAP: Final = 0.55  # of a line, where the writer left a blank line
_HEADING_LIMIT: Final = 90


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page: `height` is its line box, `gap` the space above it, `keep` ties it to the row below."""

    text: str
    kind: Type
    title: bool
    height: int
    gap: int = 0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Fitted:
    size_px: int
    pages: tuple[tuple[Row, ...], ...]


def words(rows: tuple[Row, ...]) -> int:
    """How many words stand on these rows; a stretch of a script without spaces counts a word per five letters."""
    return sum(1 if len(word) < 16 else math.ceil(len(word) / 5) for row in rows for word in row.text.split())


def read_s(rows: tuple[Row, ...]) -> float:
    return max(LEAST_PAGE_S, words(rows) * READ_S_PER_WORD)


def block_height(rows: tuple[Row, ...]) -> int:
    """Pixels the rows take; the gap above the first does not count."""
    return sum(row.height + row.gap for row in rows) - (rows[0].gap if rows else 0)


class Setter:
    """Sets one version's text in a column of `width_px` with a panel's measures."""

    def __init__(self, version: Version, width_px: int, measures: Measures, book: FontBook, bold: bool = False) -> None:
        self._title = text.clean(version.title).split("\n")
        self._body = text.clean(version.body).strip("\n").split("\n")
        self._width_px = width_px
        self._measures = measures
        self._book = book
        self._face = BOLD if bold else measures.body_face

    def rows(self, size_px: int) -> tuple[Row, ...]:
        """Every line of title and body at this em size."""
        title_px = round(size_px * self._measures.title_ratio)
        title = [row for line in self._title if line.strip() for row in self._paragraph(line, BOLD, title_px, True, 0)]
        body: list[Row] = []
        pitch = self._pitch(size_px)
        gap = round(pitch * _BLANK_GAP) if title else 0
        for line in self._body:
            if not line.strip():
                gap = round(pitch * _BLANK_GAP)
                continue
            face = BOLD if _is_heading(line) else self._face
            body += self._paragraph(line, face, size_px, False, gap)
            gap = round(pitch * _PARAGRAPH_GAP)
        return (*title, *body)

    def _paragraph(self, line: str, face: Face, size_px: int, title: bool, gap: int) -> list[Row]:
        kind = Type(face, size_px)
        broken = lines(line, self._width_px, lambda word: text.width(word, kind, self._book))
        height = self._pitch(size_px)
        tied = title or face is BOLD and _is_heading(line) or line.rstrip().endswith(":")
        return [Row(part, kind, title, height, gap if not n else 0, tied) for n, part in enumerate(broken)]

    def _pitch(self, size_px: int) -> int:
        return math.floor(size_px * self._measures.pitch + 0.5)


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING_LIMIT and line.isupper() and sum(map(str.isalpha, line)) >= 4


def paginate(rows: tuple[Row, ...], height_px: int) -> tuple[tuple[Row, ...], ...]:
    """The rows dealt out to pages of `height_px`, headings kept with what follows; at least one row a page."""
    pages: list[tuple[Row, ...]] = []
    page: list[Row] = []
    used = 0
    for row in rows:
        need = row.height + (row.gap if page else 0)
        if page and used + need > height_px:
            carried = _carried(page)
            pages.append(tuple(page[: len(page) - carried]))
            page = page[len(page) - carried :]
            used = block_height(tuple(page))
            need = row.height + (row.gap if page else 0)
        page.append(row)
        used += need
    if page:
        pages.append(tuple(page))
    return tuple(pages)


def _carried(page: list[Row]) -> int:
    """How many rows at the end of a full page belong to the next: a heading left without its text."""
    count = 0
    while count < len(page) and page[len(page) - 1 - count].keep:
        count += 1
    return count if count <= len(page) // 2 else 0


def fit(setter: Setter, height_px: int, sizes: tuple[int, ...]) -> Fitted:
    """The largest of `sizes` (comfortable one first, rising) that needs no more pages than the comfortable one."""
    best = Fitted(sizes[0], paginate(setter.rows(sizes[0]), height_px))
    for size_px in sizes[1:]:
        pages = paginate(setter.rows(size_px), height_px)
        if len(pages) > len(best.pages):
            break
        best = Fitted(size_px, pages)
    return best
