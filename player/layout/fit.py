"""Fitting a text to a box: its lines at a size, its pages, the largest size that reads well, and how long it takes.

One page as large as it goes; if the comfortable size does not fit on one page, as few pages as
that size needs, then the largest size that needs no more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from player import text
from player.layout.fonts import BOLD, FontBook, Type
from player.layout.linebreak import balanced, eased, lines
from player.layout.theme import Measures
from player.model import Version

READ_S_PER_WORD: Final = 0.4  # four seconds for ten words: who reads slowly still gets to the end
LEAST_PAGE_S: Final = 4.0
_HEADING_LIMIT: Final = 90
_CARRIED_SHARE: Final = 3  # at most a third of a page is left empty to keep a paragraph whole


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page: `height` is its line box, `gap` the space above it, `depth` what hangs below the box.

    `starts` marks the first row of a paragraph, `keep` ties a row to the one below.
    """

    text: str
    kind: Type
    title: bool
    height: int
    gap: int = 0
    starts: bool = True
    keep: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    size_px: int
    pages: tuple[tuple[Row, ...], ...]


def words(rows: tuple[Row, ...]) -> int:
    """How many words stand on these rows; a stretch of a script without spaces counts a word per five letters."""
    return sum(1 if len(word) < 16 else math.ceil(len(word) / 5) for row in rows for word in row.text.split())


def read_s(rows: tuple[Row, ...]) -> float:
    """Seconds a page with these rows asks for."""
    return max(LEAST_PAGE_S, words(rows) * READ_S_PER_WORD)


def block_height(rows: tuple[Row, ...]) -> int:
    """Pixels the rows take; the gap above the first does not count."""
    return sum(row.height + row.depth + row.gap for row in rows) - (rows[0].gap if rows else 0)


class Setter:
    """Sets one version's text in a column of `width_px` with a panel's measures; `loud` is bold, evenly broken."""

    def __init__(self, version: Version, width_px: int, measures: Measures, book: FontBook, loud: bool = False) -> None:
        self._title = text.clean(version.title).split("\n")
        self._body = text.clean(version.body).strip("\n").split("\n")
        self._width_px = width_px
        self._measures = measures
        self._book = book
        self._loud = loud
        self._face = BOLD if loud else measures.body_face

    def rows(self, size_px: int, even: bool = False) -> tuple[Row, ...]:
        """Every line of title and body at this em size; `even` breaks titles, or all of a loud text, evenly.

        Elsewhere it only sees to it that no word stands alone below a short paragraph.
        """
        m = self._measures
        title_px = round(size_px * m.title_ratio)
        title = [row for line in self._title if line.strip() for row in self._paragraph(line, title_px, 0, True, even)]
        body: list[Row] = []
        pitch = self._pitch(size_px)
        gap = round(pitch * m.title_gap) if title else 0
        for line in self._body:
            if not line.strip():
                gap = max(gap, round(pitch * m.blank_gap))
                continue
            body += self._paragraph(line, size_px, gap, False, even)
            gap = round(pitch * m.paragraph_gap)
        return (*title, *body)

    def _paragraph(self, line: str, size_px: int, gap: int, title: bool, even: bool) -> list[Row]:
        heading = title or _is_heading(line)
        kind = Type(BOLD if heading else self._face, size_px)
        wrap = lines if not even else balanced if title or self._loud else eased
        broken = wrap(line, self._width_px, lambda word: text.width(word, kind, self._book))
        height = self._pitch(size_px)
        leads = heading or line.rstrip().endswith(":")
        return [
            Row(part, kind, title, height, 0 if n else gap, n == 0, leads or _tied(n, len(broken)),
                text.depth(part, kind, self._book))
            for n, part in enumerate(broken)
        ]  # fmt: skip

    def _pitch(self, size_px: int) -> int:
        return math.floor(size_px * self._measures.pitch + 0.5)


def _tied(index: int, count: int) -> bool:
    """Whether a row stays with the next: the first two and the last two of a paragraph do."""
    return index < count - 1 and (index == 0 or index == count - 2)


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING_LIMIT and line.isupper() and sum(map(str.isalpha, line)) >= 4


def paginate(rows: tuple[Row, ...], height_px: int, later_px: int = 0) -> tuple[tuple[Row, ...], ...]:
    """The rows dealt out to pages of `height_px`, tied rows together where that costs little; one row a page at least.

    `later_px` is the height of every page but the first, if it differs.
    """
    pages: list[tuple[Row, ...]] = []
    page: list[Row] = []
    used = 0
    for row in rows:
        room = later_px if pages and later_px else height_px
        high = row.height + row.depth
        if page and used + row.gap + high > room:
            carried = _carried(page)
            pages.append(tuple(page[: len(page) - carried]))
            page = page[len(page) - carried :]
            used = block_height(tuple(page))
        used += high + (row.gap if page else 0)
        page.append(row)
    if page:
        pages.append(tuple(page))
    return tuple(pages)


def _carried(page: list[Row]) -> int:
    """How many rows at the end of a full page go over to the next with the row they are tied to."""
    limit = len(page) // _CARRIED_SHARE
    count = 0
    while count < len(page) and page[len(page) - 1 - count].keep:
        count += 1
    if count <= limit:
        return count
    return max((n for n in range(1, limit + 1) if page[len(page) - n].starts), default=0)


def _pieces(rows: tuple[Row, ...]) -> int:
    """How many words and cut parts of words there are; scripts that flow may be cut anywhere and do not count."""
    return sum(not text.stacks(word) for row in rows for word in row.text.split())


def fit(setter: Setter, height_px: int, sizes: tuple[int, ...], later_px: int = 0) -> Fitted:
    """The largest of `sizes` (comfortable one first, rising) that needs no more pages and cuts no more words."""
    rows = setter.rows(sizes[0])
    whole = _pieces(rows)
    best = Fitted(sizes[0], paginate(rows, height_px, later_px))
    for size_px in sizes[1:]:
        rows = setter.rows(size_px)
        pages = paginate(rows, height_px, later_px)
        if len(pages) > len(best.pages) or _pieces(rows) > whole:
            break
        best = Fitted(size_px, pages)
    return replace(best, pages=paginate(setter.rows(best.size_px, even=True), height_px, later_px))
