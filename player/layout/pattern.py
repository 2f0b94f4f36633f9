"""The test pattern: what a technician lines a panel up with.

Colour bars, four ramps, a ruler along two edges with the pixels counted, an edge of one pixel, corners
that tell each other apart, and the modules of an LED panel by their numbers along the cables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from player import text
from player.layout.boxes import Fill, Label, Scene, ScenePage
from player.layout.fonts import FIXED_13, FontBook, Type
from player.layout.theme import Colour, Measures
from player.show import Box, Show

_BLACK: Final = Colour(0, 0, 0)
_WHITE: Final = Colour(255, 255, 255)
_BARS: Final = (
    Colour(255, 255, 255), Colour(255, 255, 0), Colour(0, 255, 255), Colour(0, 255, 0),
    Colour(255, 0, 255), Colour(255, 0, 0), Colour(0, 0, 255),
)  # fmt: skip
_CORNERS: Final = (_BARS[5], _BARS[3], _BARS[6], _BARS[1])  # red, green, blue, yellow: in reading order
_MASKS: Final = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1))
_BARS_PCT, _RAMPS_PCT = 45, 80  # where bars and ramps end, of the height


def test_pattern(show: Show, m: Measures, book: FontBook) -> Scene:
    """The pattern for the panel of `show`, its modules numbered if they are known."""
    w, h = show.shape.width_px, show.shape.height_px
    kind = Type(m.small_face, m.small)
    fills = [*_bars(w, h * _BARS_PCT // 100), *_ramps(w, h * _BARS_PCT // 100, h * _RAMPS_PCT // 100)]
    fills += [*_rulers(w, h), *_corners(w, h)]
    labels = [*_counts(w, h, book)] if show.shape.kind != "led" else []
    for number, module in enumerate(show.modules, 1):
        fills += _frame(module)
        box, label = _plate(str(number), module, kind, book)
        fills.append(Fill(box, _BLACK))
        labels.append(label)
    if not show.modules:
        box, label = _plate(_name(show, w, kind, book), Box(0, 0, w, h * _BARS_PCT // 100), kind, book)
        fills.append(Fill(box, _BLACK))
        labels.append(label)
    fills += _frame(Box(0, 0, w, h))
    return Scene(show.shape, (ScenePage(_BLACK, tuple(fills), labels=tuple(labels)),))


def _name(show: Show, room_px: int, kind: Type, book: FontBook) -> str:
    size = f"{show.shape.width_px}×{show.shape.height_px}"
    line = f"{show.label} {size}"
    return line if show.label and text.width(line, kind, book) <= room_px - 8 else size


def _plate(words: str, place: Box, kind: Type, book: FontBook) -> tuple[Box, Label]:
    """Words in the middle of `place` on a ground of their own; small ones where the module is low."""
    if book.height(kind) > place.h - 2:
        kind = Type(FIXED_13, FIXED_13.rows)
    width, height = text.width(words, kind, book) + 4, min(book.height(kind), place.h)
    box = Box(place.x + max(0, place.w - width) // 2, place.y + max(0, place.h - height) // 2, width, height)
    return box, Label(box.x + 2, box.y, words, kind, _WHITE)


def _bars(w: int, height: int) -> Iterator[Fill]:
    edges = [w * n // len(_BARS) for n in range(len(_BARS) + 1)]
    return (Fill(Box(a, 0, b - a, height), colour) for a, b, colour in zip(edges, edges[1:], _BARS, strict=False))


def _ramps(w: int, top: int, bottom: int) -> Iterator[Fill]:
    """Red, green, blue and grey, each in 64 steps at most from black to full."""
    steps = min(64, w)
    rows = [top + (bottom - top) * n // 4 for n in range(5)]
    for row, mask in enumerate(_MASKS):
        for n in range(steps):
            level = 255 * n // (steps - 1)
            box = Box(w * n // steps, rows[row], w * (n + 1) // steps - w * n // steps, rows[row + 1] - rows[row])
            yield Fill(box, Colour(*(level * on for on in mask)))


def _step(w: int, h: int) -> int:
    """Pixels between two marks of the ruler."""
    return 16 if max(w, h) <= 640 else 32


def _rulers(w: int, h: int) -> Iterator[Fill]:
    """Marks along the lower and the left edge; every fourth is longer."""
    step, short = _step(w, h), max(2, min(w, h) // 24)
    for x in range(0, w, step):
        long = x % (4 * step) == 0
        yield Fill(Box(x, h - short * (2 if long else 1), 1, short * (2 if long else 1)), _WHITE)
    for y in range(0, h, step):
        long = y % (4 * step) == 0
        yield Fill(Box(0, y, short * (2 if long else 1), 1), _WHITE)


def _counts(w: int, h: int, book: FontBook) -> Iterator[Label]:
    """The pixel each long mark of the lower ruler stands on."""
    kind = Type(FIXED_13, FIXED_13.rows)
    step, high = 4 * _step(w, h), 2 * max(2, min(w, h) // 24)
    for x in range(step, w - step // 2, step):
        yield Label(x + 3, h - high, str(x), kind, _WHITE)


def _corners(w: int, h: int) -> Iterator[Fill]:
    side = max(2, min(w, h) // 16)
    spots = ((0, 0), (w - side, 0), (0, h - side), (w - side, h - side))
    return (Fill(Box(x, y, side, side), colour) for (x, y), colour in zip(spots, _CORNERS, strict=True))


def _frame(box: Box) -> Iterator[Fill]:
    """One pixel wide, just inside `box`."""
    x, y, w, h = box.x, box.y, box.w, box.h
    sides = (Box(x, y, w, 1), Box(x, y + h - 1, w, 1), Box(x, y, 1, h), Box(x + w - 1, y, 1, h))
    return (Fill(side, _WHITE) for side in sides)
