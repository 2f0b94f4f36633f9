"""Several lines at once on an LED panel too low for them in the common faces: a lone, still page in the low face.

What a passer-by sees whole at one glance is worth more than larger letters that must be waited for;
a text that does not fit one page moves by in large letters.
"""

from __future__ import annotations

import itertools
from typing import Final

from player import text
from player.layout.fit import Row
from player.layout.fonts import LED_FLOOR_PX, LOW, FontBook, Type
from player.layout.linebreak import balanced, eased
from player.model import Version
from player.show import Box

KIND: Final = Type(LOW, LOW.rows)
_LOOSE_PX: Final = LOW.rows + 1  # from line to line where there is room
_TIGHT_PX: Final = LOW.rows - 0.5  # every second line shares its first row, of capitals' marks, with the last above it
_FORCED_BELOW_PX: Final = 3 * LED_FLOOR_PX  # from three lines on, the common faces do


def low_rows(version: Version, body: Box, floor_px: int, book: FontBook) -> tuple[Row, ...]:
    """Title and body in the low face if all of it fits `body`, whole words, no other face's letters; else nothing.

    `floor_px` is the least height of a line at the board's viewing distance, 0 if none is set.
    """
    if body.h >= _FORCED_BELOW_PX or floor_px > LOW.rows:
        return ()
    broken = [(line, True) for line in _broken(version.title, True, body.w, book)]
    broken += [(line, False) for line in _broken(version.body, False, body.w, book)]
    whole = f"{text.clean(version.title)} {text.clean(version.body)}".split()
    if not broken or [word for line, _ in broken for word in line.split()] != whole:
        return ()
    gaps = len(broken) - 1
    if body.h - LOW.rows < gaps * _TIGHT_PX or not all(book.draws_whole(LOW, line) for line, _ in broken):
        return ()
    span = min(body.h - LOW.rows, gaps * _LOOSE_PX)
    tops = [number * span // max(1, gaps) for number in range(len(broken))]
    heights = [below - top for top, below in itertools.pairwise(tops)] + [LOW.rows]
    return tuple(Row(line, KIND, title, high) for (line, title), high in zip(broken, heights, strict=True))


def _broken(said: str, title: bool, width_px: int, book: FontBook) -> list[str]:
    wrap = balanced if title else eased
    paragraphs = [line for line in text.clean(said).split("\n") if line.strip()]
    return [part for line in paragraphs for part in wrap(line, width_px, lambda word: text.width(word, KIND, book))]
