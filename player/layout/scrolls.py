"""LED text that does not fit its panel: whole lines moving up, or one line moving by on a panel too low for more.

A strip stands still at its start, passes once in its page's time, and stands still at its end;
a text longer than one strip may be goes on in the next page's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from player import text
from player.layout.boxes import Band, Label
from player.layout.fit import LEAST_PAGE_S, READ_S_PER_WORD, Row, block_height, words
from player.layout.fonts import BOLD, LOW, FontBook, Type
from player.layout.theme import Colour, Palette
from player.model import Version
from player.motion import HOLD_S
from player.show import Box

SIDE_PX_S: Final = 60.0  # a pixel a frame at 60 Hz
_LONGEST_SIDE_PX: Final = 12_000
_LONGEST_UP_PX: Final = 2_000
_LETTERS_SEEN: Final = 4.5  # ems of a line that must be in sight at once, or no word is
_DASH: Final = "–"


class Scroll(NamedTuple):
    """A band and the seconds its one pass asks for."""

    band: Band
    read_s: float


def upwards(rows: Sequence[Row], body: Box, colours: Palette, book: FontBook) -> list[Scroll]:
    """Bands of whole rows, each moved once from its first line to its last."""
    scrolls = []
    for chunk in _chunks(rows, max(_LONGEST_UP_PX, body.h)):
        length = max(body.h, block_height(chunk))
        labels = row_labels(chunk, Box(0, 0, body.w, length), colours, book)
        band = Band(body, length, colours.ground, labels, 0.0, vertical=True)
        scrolls.append(Scroll(band, max(LEAST_PAGE_S, words(chunk) * READ_S_PER_WORD) + 2 * HOLD_S))
    return scrolls


def sideways(version: Version, sizes: Sequence[int], body: Box, colours: Palette, book: FontBook) -> list[Scroll]:
    """Title and body as one large line, as high as the panel allows with a few letters in sight.

    Where not even the smallest size has room for its marks, the low face has.
    """
    words = text.clean(f"{version.title} {version.body}").replace("\n", " ")
    high = [s for s in sizes if _box(words, Type(BOLD, s), book) <= body.h and s * _LETTERS_SEEN <= body.w]
    kind = Type(BOLD, max(high, default=sizes[0]))
    if body.h < _inked(kind, book) and book.draws_whole(LOW, words):
        kind = Type(LOW, LOW.rows)
    return [_passing(line, kind, body, colours, book) for line in _strips(version, kind, book)]


def _box(words: str, kind: Type, book: FontBook) -> int:
    """Rows of the line box, and of what hangs below it."""
    return book.height(kind) + text.depth(words, kind, book)


def _inked(kind: Type, book: FontBook) -> int:
    """Rows that the highest and lowest letters of Vietnamese take; the font's own line box is a little higher."""
    measured = [one for one in book.font(kind).metrics("ỄỘgự") if one]
    return max(top for _, _, _, top, _ in measured) - min(bottom for _, _, bottom, _, _ in measured)


def row_labels(
    rows: Sequence[Row], box: Box, colours: Palette, book: FontBook, centred: bool = False
) -> tuple[Label, ...]:
    """Rows set one below the other from the top of `box`."""
    y = box.y
    labels = []
    for index, row in enumerate(rows):
        y += row.gap if index else 0
        lead = max(0, (row.height - book.height(row.kind)) // 2)
        x = box.x + ((box.w - text.width(row.text, row.kind, book)) // 2 if centred else 0)
        labels.append(Label(max(0, x), y + lead, row.text, row.kind, colours.title if row.title else colours.text))
        y += row.height + row.depth
    return tuple(labels)


def _chunks(rows: Sequence[Row], limit_px: int) -> list[tuple[Row, ...]]:
    """Rows in about equal stretches of at most `limit_px`."""
    total = block_height(tuple(rows))
    share = math.ceil(total / max(1, math.ceil(total / limit_px)))
    chunks: list[list[Row]] = [[]]
    used = 0
    for row in rows:
        high = row.height + row.depth + row.gap
        if chunks[-1] and used + high > share:
            chunks.append([])
            used = 0
        chunks[-1].append(row)
        used += high
    return [tuple(chunk) for chunk in chunks if chunk]


def _strips(version: Version, kind: Type, book: FontBook) -> list[list[tuple[str, bool]]]:
    """The words of title and body in strips of bearable length; True marks the title's."""
    parts = [part for part in text.clean(version.body).split("\n") if part.strip()]
    body = [(word, False) for word in f" {_DASH} ".join(parts).split()]
    title = [(word, True) for word in text.clean(version.title).split()]
    dash = [(_DASH, False)] if title and body else []
    strips: list[list[tuple[str, bool]]] = [[]]
    length = 0
    for word in (*title, *dash, *body):
        wide = text.width(word[0] + " ", kind, book)
        if strips[-1] and length + wide > _LONGEST_SIDE_PX:
            strips.append([])
            length = 0
        length += wide
        strips[-1].append(word)
    return [strip for strip in strips if strip]


def _passing(line: Sequence[tuple[str, bool]], kind: Type, body: Box, colours: Palette, book: FontBook) -> Scroll:
    lowest = body.h - _box(" ".join(word for word, _ in line), kind, book)
    y = max(0, min(lowest, (body.h - book.height(kind)) // 2))
    space = text.width(" ", kind, book)
    labels: list[Label] = []
    x = 0
    for word, title in line:
        colour: Colour = colours.title if title else colours.text
        labels.append(Label(x, y, word, kind, colour))
        x += text.width(word, kind, book) + space
    length = max(body.w, x - space)
    band = Band(body, length, colours.ground, tuple(labels), SIDE_PX_S)
    passing_s = (length - body.w) / SIDE_PX_S + 2 * HOLD_S
    return Scroll(band, max(LEAST_PAGE_S, len(line) * READ_S_PER_WORD, passing_s))
