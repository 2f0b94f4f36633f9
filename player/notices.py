"""The sign's own pages, without a bulletin: slate, identify, test pattern, blank."""

from __future__ import annotations

import functools
from typing import Final

from player import daywords, text
from player.boxes import ClockPlan, Fill, Label, Scene, ScenePage
from player.fonts import BOLD, FIXED_13, REGULAR, FontBook, Type
from player.furniture import LEAST_CREST_PX, abbreviated, date_plan, date_width, figure_width, fit_line, frame_fills
from player.linebreak import balanced
from player.model import Version
from player.scrolls import sideways
from player.show import Box, Show
from player.theme import Colour, Measures, Palette

_BLACK: Final = Colour(0, 0, 0)
_WHITE: Final = Colour(255, 255, 255)
_CREST_SHARE: Final = 0.3  # of the room above the clock
_FOOT_SHARE: Final = 0.5  # of the slate, for clock and date together
_SUBTITLE: Final = "Bảng tin điện tử công cộng"
_BARS: Final = (
    Colour(255, 255, 255), Colour(255, 255, 0), Colour(0, 255, 255), Colour(0, 255, 0),
    Colour(255, 0, 255), Colour(255, 0, 0), Colour(0, 0, 255),
)  # fmt: skip


def blank(show: Show) -> Scene:
    """Nothing lit."""
    return Scene(show.shape, (ScenePage(_BLACK),))


def slate(show: Show, m: Measures, colours: Palette, book: FontBook) -> Scene:
    """The unit's name, the accent line and the clock: what stands when there is nothing to say."""
    w = show.shape.width_px
    name = abbreviated(show.unit.name)
    if not m.header:
        return _low_slate(show, name, m, colours, book)
    clock, days = _slate_foot(show, m, colours, book)
    room = clock.box.y - m.margin_y
    side = round(room * _CREST_SHARE)
    crest = Box((w - side) // 2, m.margin_y * 2, side, side) if show.crest and side >= LEAST_CREST_PX else None
    above = crest.y + crest.h if crest else 0
    room -= above
    block, kind, _ = _largest(name, w - 2 * m.margin_x, round(room * 0.72), m, book)
    pitch, rule = book.height(kind), max(1, m.rule)
    subtitle = Type(REGULAR, round(m.small * 1.15)) if show.shape.kind != "led" else None
    below = round(pitch * 0.25) + rule + (book.height(subtitle) if subtitle else 0)
    y = above + m.margin_y + max(0, (room - len(block) * pitch - below) // 2)
    labels = [_centred(line, y + n * pitch, w, kind, colours.text, book) for n, line in enumerate(block)]
    line_y = y + len(block) * pitch + round(pitch * 0.12)
    if subtitle:
        labels.append(_centred(_SUBTITLE, line_y + rule + round(pitch * 0.13), w, subtitle, colours.dim, book))
    fill = Fill(Box(w * 3 // 8, line_y, w // 4, rule), colours.accent)
    page = ScenePage(colours.ground, (fill,), labels=tuple(labels), crest=crest)
    return Scene(show.shape, (page,), clock, dates=days)


def _slate_foot(show: Show, m: Measures, colours: Palette, book: FontBook) -> tuple[ClockPlan, tuple[ClockPlan, ...]]:
    """The clock and under it the date, as much of it as the panel has room for."""
    w, h = show.shape.width_px, show.shape.height_px
    kind = Type(BOLD, round(m.sizes[0] * 1.6))
    width, height = figure_width(kind, book), book.height(kind)
    days = _slate_dates(show, height, m, colours, book)
    bottom = min((day.box.y for day in days), default=h - m.margin_y)
    box = Box((w - width) // 2, bottom - height, width, height)
    return ClockPlan(box, kind, colours.title, colours.ground, align_pct=50), days


def _slate_dates(show: Show, clock_px: int, m: Measures, colours: Palette, book: FontBook) -> tuple[ClockPlan, ...]:
    w, h = show.shape.width_px, show.shape.height_px
    led = show.shape.kind == "led"
    kind = Type(m.small_face, m.small) if led else Type(REGULAR, round(m.small * 1.15))
    pitch = book.height(kind)
    for forms in ((daywords.SHORT,),) if led else ((daywords.SOLAR, daywords.LUNAR), (daywords.SHORT,)):
        widths = [date_width(form, kind, book) for form in forms]
        top = h - m.margin_y - len(forms) * pitch
        if max(widths) <= w - 2 * m.margin_x and h - top + clock_px <= h * _FOOT_SHARE:
            boxes = [Box((w - width) // 2, top + n * pitch, width, pitch) for n, width in enumerate(widths)]
            return tuple(
                date_plan(form, box, kind, colours.text, colours.ground, 50)
                for form, box in zip(forms, boxes, strict=True)
            )
    return ()


def _low_slate(show: Show, name: str, m: Measures, colours: Palette, book: FontBook) -> Scene:
    """The name alone, still if it fits, else passing by."""
    w, h = show.shape.width_px, show.shape.height_px
    block, kind, fits = _largest(name, w - 2 * m.margin_x, h, m, book)
    if not fits:
        scroll = sideways(Version("vi", body=name), m.sizes, Box(0, 0, w, h), colours, book)[0]
        return Scene(show.shape, (ScenePage(colours.ground, band=scroll.band, read_s=scroll.read_s),))
    pitch = book.height(kind)
    y = (h - len(block) * pitch) // 2
    labels = [_centred(line, y + n * pitch, w, kind, colours.text, book) for n, line in enumerate(block)]
    return Scene(show.shape, (ScenePage(colours.ground, labels=tuple(labels)),))


def identify(show: Show, m: Measures, colours: Palette, book: FontBook) -> Scene:
    """The screen's id as large as it goes, its unit above, a frame round the edge."""
    w, h = show.shape.width_px, show.shape.height_px
    edge = max(1, min(w, h) // 60)
    small = Type(m.small_face, m.small)
    name = fit_line((show.unit.name,), w - 2 * (m.margin_x + edge), small, book) if m.header else ""
    top = book.height(small) + edge if name else 0
    block, kind, _ = _largest(show.label or show.unit.code, w - 2 * (m.margin_x + edge), h - top - 2 * edge, m, book)
    pitch = book.height(kind)
    y = top + (h - top - len(block) * pitch) // 2
    labels = [_centred(line, y + n * pitch, w, kind, colours.title, book) for n, line in enumerate(block)]
    if name:
        labels.append(_centred(name, edge + m.margin_y, w, small, colours.header_text, book))
    return Scene(
        show.shape, (ScenePage(colours.ground, frame_fills(Box(0, 0, w, h), edge, colours), labels=tuple(labels)),)
    )


def test_pattern(show: Show, m: Measures, book: FontBook) -> Scene:
    """Colour bars, three ramps, a ruler every 16 px (32 above VGA), a one-pixel edge, corners that tell them apart."""
    w, h = show.shape.width_px, show.shape.height_px
    fills = [*_bars(w, h * 45 // 100), *_ramps(w, h * 45 // 100, h * 80 // 100)]
    step = 16 if w <= 640 else 32
    ruler = h * 80 // 100
    fills += [Fill(Box(x, ruler, 1, max(1, h // (12 if x % (4 * step) else 7))), _WHITE) for x in range(0, w, step)]
    corner = max(2, min(w, h) // 16)
    spots = ((0, 0, _BARS[5]), (w - corner, 0, _BARS[3]), (0, h - corner, _BARS[6]), (w - corner, h - corner, _BARS[1]))
    fills += [Fill(Box(x, y, corner, corner), colour) for x, y, colour in spots]
    sides = (Box(0, 0, w, 1), Box(0, h - 1, w, 1), Box(0, 0, 1, h), Box(w - 1, 0, 1, h))
    fills += [Fill(side, _WHITE) for side in sides]
    line = f"{w}×{h}" if not show.label else f"{show.label} {w}×{h}"
    kind = Type(m.small_face, m.small)
    if text.width(line, kind, book) > w - 8:
        line = f"{w}×{h}"
    height, width = book.height(kind), text.width(line, kind, book) + 4
    box = Box((w - width) // 2, max(0, (h * 45 // 100 - height) // 2), width, height)
    fills.append(Fill(box, _BLACK))
    return Scene(show.shape, (ScenePage(_BLACK, tuple(fills), labels=(Label(box.x + 2, box.y, line, kind, _WHITE),)),))


def _bars(w: int, height: int) -> list[Fill]:
    edges = [w * n // len(_BARS) for n in range(len(_BARS) + 1)]
    return [Fill(Box(a, 0, b - a, height), colour) for a, b, colour in zip(edges, edges[1:], _BARS, strict=False)]


def _ramps(w: int, top: int, bottom: int) -> list[Fill]:
    """Red, green, blue and grey, each in 64 steps at most from black to full."""
    fills, steps = [], min(64, w)
    rows = [top + (bottom - top) * n // 4 for n in range(5)]
    for row, mask in enumerate(((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1))):
        for n in range(steps):
            level = 255 * n // (steps - 1)
            box = Box(w * n // steps, rows[row], w * (n + 1) // steps - w * n // steps, rows[row + 1] - rows[row])
            fills.append(Fill(box, Colour(*(level * on for on in mask))))
    return fills


def _largest(
    words: str, width_px: int, height_px: int, m: Measures, book: FontBook
) -> tuple[tuple[str, ...], Type, bool]:
    """The words at the largest size whose lines fit the box whole, and whether the smallest still did."""
    sizes = sorted({*m.sizes, *(round(m.sizes[-1] * step) for step in (1.25, 1.5))}, reverse=True)
    small = [Type(FIXED_13, FIXED_13.rows)] if m.small_face is FIXED_13 else []
    for kind in (*(Type(BOLD, size) for size in sizes), *small):
        measure = functools.partial(text.width, kind=kind, book=book)
        block = balanced(words, width_px, measure)
        whole = all(part in words.split() for line in block for part in line.split())
        if whole and len(block) * book.height(kind) <= height_px:
            return block, kind, True
    return block, kind, False


def _centred(line: str, y: int, w: int, kind: Type, colour: Colour, book: FontBook) -> Label:  # noqa: PLR0917
    return Label((w - text.width(line, kind, book)) // 2, y, line, kind, colour)
