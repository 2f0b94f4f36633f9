"""The sign's own pages, without a bulletin: slate, identify, blank."""

from __future__ import annotations

import functools
from typing import Final

from player import text
from player.layout import daywords
from player.layout.boxes import ClockPlan, Fill, Label, Scene, ScenePage
from player.layout.fonts import BOLD, FIXED_13, LOW, REGULAR, FontBook, Type
from player.layout.furniture import (
    LEAST_CREST_PX,
    abbreviated,
    date_plan,
    date_width,
    figure_width,
    fit_line,
    frame_fills,
)
from player.layout.linebreak import balanced
from player.layout.scrolls import sideways
from player.layout.theme import Colour, Measures, Palette
from player.model import Version
from player.show import Box, Show

_BLACK: Final = Colour(0, 0, 0)
_CREST_SHARE: Final = 0.3  # of the room above the clock
_FOOT_SHARE: Final = 0.5  # of the slate, for clock and date together
_SUBTITLE: Final = "Bảng tin điện tử công cộng"


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
    block, kind, fits = _largest(name, w - 2 * m.margin_x, h, m, book, show.shape.floor_px)
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


def _largest(  # noqa: PLR0917
    words: str, width_px: int, height_px: int, m: Measures, book: FontBook, floor_px: int = 0
) -> tuple[tuple[str, ...], Type, bool]:
    """The words at the largest size whose lines fit the box whole, and whether the smallest still did."""
    sizes = sorted({*m.sizes, *(round(m.sizes[-1] * step) for step in (1.25, 1.5))}, reverse=True)
    small = [Type(FIXED_13, FIXED_13.rows)] if m.small_face is FIXED_13 else []
    if not m.header and floor_px <= LOW.rows and book.draws_whole(LOW, words):
        small.append(Type(LOW, LOW.rows))
    for kind in (*(Type(BOLD, size) for size in sizes), *small):
        measure = functools.partial(text.width, kind=kind, book=book)
        block = balanced(words, width_px, measure)
        whole = all(part in words.split() for line in block for part in line.split())
        if whole and len(block) * book.height(kind) <= height_px:
            return block, kind, True
    return block, kind, False


def _centred(line: str, y: int, w: int, kind: Type, colour: Colour, book: FontBook) -> Label:  # noqa: PLR0917
    return Label((w - text.width(line, kind, book)) // 2, y, line, kind, colour)
