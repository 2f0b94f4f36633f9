"""What stands round the content of every page: header with unit name and clock, accent line, ticker, page number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from player import text
from player.layout import daywords
from player.layout.boxes import Band, ClockPlan, Fill, Label, Polygon
from player.layout.fonts import BOLD, REGULAR, FontBook, Type
from player.layout.theme import Colour, Measures, Palette, contrast
from player.show import Box, Show

_TICKER_GAP: Final = "   •   "
_FULL_NAMES: Final = (("Ủy ban nhân dân", "UBND"), ("Uỷ ban nhân dân", "UBND"), ("ỦY BAN NHÂN DÂN", "UBND"))
_SIGN_GAP_PX: Final = 3  # between the sign and the words of an LED panel's header
_TICKER_HZ: Final = 60.0  # a ticker moves by whole pixels in each frame of this rate
_TICKER_EMS_S: Final = 5.5  # what passes then, some eleven letters a second, is not more than ten words in four seconds
_KINDS: Final = (("Phường ", "P. "), ("Đặc khu ", "ĐK. "), ("Thị trấn ", "TT. "), ("Thành phố ", "TP. "))
_DATE_FORMS: Final = ((daywords.SOLAR, daywords.LUNAR), (daywords.SHORT,), ())  # the first that leaves the name whole
LEAST_CREST_PX: Final = 24
_LOUDSPEAKER: Final = (  # x, y, width, height: box, cone and sound, in a field of six by eight
    (0, 3, 2, 2), (2, 2, 1, 4), (3, 1, 1, 6), (5, 2, 1, 4),
)  # fmt: skip
_RULE_CONTRAST: Final = 3.0  # WCAG 2.1, 1.4.11: what is no text
_DATE_EM: Final = 0.66  # of the header's own size


@dataclass(frozen=True, slots=True)
class Furniture:
    """The parts every page of one show shares, and the box they leave for its content."""

    body: Box
    fills: tuple[Fill, ...]
    polygons: tuple[Polygon, ...]
    labels: tuple[Label, ...]
    clock: ClockPlan | None
    ticker: Band | None
    dates: tuple[ClockPlan, ...] = ()
    crest: Box | None = None


class Joiner:
    """Builds the furniture of one show with one panel's measures and one palette."""

    def __init__(self, show: Show, measures: Measures, palette: Palette, book: FontBook) -> None:
        self._show = show
        self._m = measures
        self._palette = palette
        self._book = book
        self._w = show.shape.width_px
        self._h = show.shape.height_px
        self._led = show.shape.kind == "led"
        self._small = Type(measures.small_face, measures.small)

    def join(self, alarm: Sequence[str] = ()) -> Furniture:
        """The furniture. `alarm`, a heading from long to short, has its own band or, on LED, the header."""
        ticker = self._ticker()
        bottom = self._h - (ticker.box.h if ticker else 0)
        if not self._m.header:
            return self._bare(bottom, alarm, ticker)
        header = self._header(alarm if self._led else (), () if alarm else _DATE_FORMS)
        top = self._m.header + self._m.rule
        fills, polygons, labels = list(header.fills), list(header.polygons), list(header.labels)
        if alarm and not self._led:
            height = round(self._m.header * 1.15)
            band = self._alarm_band(alarm, Box(0, top, self._w, height))
            fills += band.fills
            polygons += band.polygons
            labels += band.labels
            top += height
        body = Box(
            self._m.margin_x,
            top + self._m.margin_y,
            self._w - 2 * self._m.margin_x,
            bottom - top - 2 * self._m.margin_y,
        )
        return Furniture(
            body, tuple(fills), tuple(polygons), tuple(labels), header.clock, ticker, header.dates, header.crest
        )

    def _bare(self, bottom: int, alarm: Sequence[str], ticker: Band | None) -> Furniture:
        """A panel too low for a header: all of it is content, framed by the alarm's colour."""
        edge = 1 if alarm else 0
        body = Box(self._m.margin_x + edge, edge, self._w - 2 * (self._m.margin_x + edge), bottom - 2 * edge)
        fills = frame_fills(Box(0, 0, self._w, bottom), 1, self._palette) if alarm else ()
        return Furniture(body, fills, (), (), None, ticker)

    def _header(self, alarm: Sequence[str], forms: Sequence[tuple[str, ...]]) -> Furniture:
        p, m = self._palette, self._m
        clock = self._clock()
        names = (*(f"{line} · {self._show.unit.name}" for line in alarm[:1]), *alarm) or (self._show.unit.name,)
        crest = self._crest()
        sign = self._sign(names, clock) if alarm else None
        x = m.margin_x + (round(crest.w * 1.3) if crest else 0) + (sign.w + _SIGN_GAP_PX if sign else 0)
        days, name = self._beside(names, x, clock, forms)
        y = (m.header - self._book.height(self._small)) // 2
        fills = (
            Fill(Box(0, 0, self._w, m.header), p.header),
            Fill(Box(0, m.header, self._w, m.rule), p.accent if self._led else _rule(p)),
        )
        label = Label(x, y, name, self._small, p.header_text)
        polygons = warning_sign(sign, p) if sign else ()
        return Furniture(Box(0, 0, 0, 0), fills, polygons, (label,), clock, None, days, crest)

    def _sign(self, names: Sequence[str], clock: ClockPlan) -> Box | None:
        """The warning sign's square at the head of an alarm's header; none where words would go for it."""
        m = self._m
        side = (m.header - 1) // 2 * 2 - 1  # odd: its tip is one lamp
        box = Box(m.margin_x, (m.header - side) // 2, side, side)
        room_px = clock.box.x - 2 * m.margin_x
        beside_px = room_px - side - _SIGN_GAP_PX
        alone, beside = (whole_line(names, room, self._small, self._book) for room in (room_px, beside_px))
        return box if alone is not None and beside == alone else None

    def _crest(self) -> Box | None:
        """Its square at the head of the header; none where it would be a blot."""
        m = self._m
        side = round(m.header * 0.78)
        if not self._show.crest or side < LEAST_CREST_PX:
            return None
        return Box(m.margin_x, (m.header - side) // 2, side, side)

    def _beside(
        self, names: Sequence[str], x: int, clock: ClockPlan, forms: Sequence[tuple[str, ...]]
    ) -> tuple[tuple[ClockPlan, ...], str]:
        """The dates before the clock, as much of them as leaves the name from `x` on whole, and the name."""
        for form in forms:
            days = self._dates(form, clock)
            if days is not None:
                left = min((day.box.x for day in days), default=clock.box.x)
                name = whole_line(names, left - x - self._m.margin_x, self._small, self._book)
                if name is not None:
                    return days, name
        return (), fit_line(names, clock.box.x - x - self._m.margin_x, self._small, self._book)

    def _dates(self, forms: Sequence[str], clock: ClockPlan) -> tuple[ClockPlan, ...] | None:
        """One above the other between name and clock; None if the header is too low for so many."""
        kind = self._small
        if len(forms) > 1:
            kind = Type(REGULAR, max(round(self._m.small * _DATE_EM), self._m.least))
        pitch = self._book.height(kind)
        y = (self._m.header - len(forms) * pitch) // 2
        right = clock.box.x - max(self._m.margin_x, self._m.small) * 2 // 3
        widths = [date_width(form, kind, self._book) for form in forms]
        if y < 0 or (self._led and len(forms) > 1) or right - max(widths, default=0) < 0:
            return None
        return tuple(
            date_plan(form, Box(right - width, y + n * pitch, width, pitch), kind, self._palette.header_text,
                      self._palette.header)
            for n, (form, width) in enumerate(zip(forms, widths, strict=True))
        )  # fmt: skip

    def _clock(self) -> ClockPlan:
        m = self._m
        width = figure_width(self._small, self._book)
        height = self._book.height(self._small)
        box = Box(self._w - m.margin_x - width, (m.header - height) // 2, width, height)
        return ClockPlan(box, self._small, self._palette.header_text, self._palette.header)

    def _alarm_band(self, alarm: Sequence[str], box: Box) -> Furniture:
        p, m = self._palette, self._m
        kind = Type(BOLD, max(round(m.header * 0.6), m.least))
        side = round(box.h * 0.66)
        x, y = m.margin_x, box.y + (box.h - side) // 2
        sign = warning_sign(Box(x, y, side, side), p)
        line = fit_line(alarm, box.w - 2 * m.margin_x - side * 2, kind, self._book)
        label = Label(x + round(side * 1.45), box.y + (box.h - self._book.height(kind)) // 2, line, kind, p.header_text)
        rule = Fill(Box(0, box.y + box.h - m.rule, box.w, m.rule), p.header_text)
        return Furniture(box, (Fill(box, p.header), rule), sign, (label,), None, None)

    def _ticker(self) -> Band | None:
        texts = [text.clean(line).replace("\n", " ").strip() for line in self._show.ticker]
        texts = [line for line in texts if line]
        if not texts or not self._m.ticker:
            return None
        box = Box(0, self._h - self._m.ticker, self._w, self._m.ticker)
        y = (box.h - self._book.height(self._small)) // 2
        labels: list[Label] = []
        x = 0
        while x < box.w or not labels:
            for line in texts:
                labels.append(Label(x, y, line, self._small, self._palette.header_text))
                x += text.width(line, self._small, self._book)
                labels.append(Label(x, y, _TICKER_GAP, self._small, self._palette.accent))
                x += text.width(_TICKER_GAP, self._small, self._book)
        return Band(box, x, self._palette.header, tuple(labels), ticker_px_s(self._small), wraps=True)


def ticker_px_s(kind: Type) -> float:
    """How fast a ticker of this type runs: as fast as it can be read on any panel, in whole pixels a frame."""
    return _TICKER_HZ * max(1, math.floor(kind.size_px * _TICKER_EMS_S / _TICKER_HZ))


def _rule(p: Palette) -> Colour:
    """The accent where it shows against the header; on a light ground it is as dark as that."""
    return p.accent if contrast(p.accent, p.header) >= _RULE_CONTRAST else p.header_text


def loudspeaker(f: Furniture, m: Measures, palette: Palette, book: FontBook) -> tuple[Fill, ...]:
    """The sign that something is read aloud, where name, dates and clock leave it room."""
    if f.clock is None or not f.labels:
        return ()
    unit = max(1, round(m.header * 0.05))
    name, days = f.labels[0], [day.box for day in f.dates]
    named = name.x + text.width(name.text, name.kind, book)
    left = min(box.x for box in (f.clock.box, *days))
    dated = max((box.x + box.w for box in days), default=f.clock.box.x)
    if left - named >= 9 * unit:
        x = left - 8 * unit
    elif f.clock.box.x - dated >= 8 * unit:
        x = f.clock.box.x - 7 * unit
    else:
        return ()
    y = (m.header - 8 * unit) // 2
    return tuple(Fill(Box(x + a * unit, y + b * unit, w * unit, h * unit), palette.header_text)
                 for a, b, w, h in _LOUDSPEAKER)  # fmt: skip


def figure_width(kind: Type, book: FontBook) -> int:
    """Room for "00:00" with every figure as wide as the widest."""
    widest = max(text.width(figure, kind, book) for figure in "0123456789")
    return 4 * widest + text.width(":", kind, book)


def date_width(form: str, kind: Type, book: FontBook) -> int:
    """Room for the longest date of this form."""
    figure = max(text.width(figure, kind, book) for figure in "0123456789")
    return sum(
        max(figure if word.isdigit() else text.width(word, kind, book) for word in place)
        for place in daywords.places(form)
    )


def date_plan(form: str, box: Box, kind: Type, colour: Colour, ground: Colour, align_pct: int = 100) -> ClockPlan:  # noqa: PLR0917
    """A date of this form in `box`, which takes the longest."""
    return ClockPlan(box, kind, colour, ground, daywords.words(form), form, align_pct)


def fit_line(choices: Sequence[str], room_px: int, kind: Type, book: FontBook) -> str:
    """The first choice that fits in one line, office names abbreviated before anything is cut with an ellipsis."""
    whole = whole_line(choices, room_px, kind, book)
    if whole is not None:
        return whole
    for shorter in (place_name, initialled):
        for line in choices:
            if text.width(shorter(line), kind, book) <= room_px:
                return shorter(line)
    words = initialled(choices[-1]).split()
    while len(words) > 1 and text.width(" ".join(words) + "…", kind, book) > room_px:
        words.pop()
    return " ".join(words) + "…"


def whole_line(choices: Sequence[str], room_px: int, kind: Type, book: FontBook) -> str | None:
    """The first choice that fits as it is or with the office's abbreviation; None if none does."""
    lines = (short for line in choices for short in (line, abbreviated(line)))
    return next((line for line in lines if text.width(line, kind, book) <= room_px), None)


def abbreviated(name: str) -> str:
    """A unit's name with the office's customary abbreviation."""
    for full, short in _FULL_NAMES:
        name = name.replace(full, short)
    return name


def place_name(name: str) -> str:
    """The same without the office: "Phường Tân Khai" for "UBND phường Tân Khai"."""
    name = abbreviated(name).replace("UBND ", "")
    return name[:1].upper() + name[1:]


def initialled(name: str) -> str:
    """The same with the kind of place as its initials: "P. Tân Khai"."""
    name = place_name(name)
    for full, short in _KINDS:
        name = name.replace(full, short)
    return name


def frame_fills(box: Box, thick: int, palette: Palette) -> tuple[Fill, ...]:
    """A frame of `thick` pixels just inside `box` in the accent colour."""
    x, y, w, h = box.x, box.y, box.w, box.h
    sides = (Box(x, y, w, thick), Box(x, y + h - thick, w, thick), Box(x, y, thick, h), Box(x + w - thick, y, thick, h))
    return tuple(Fill(side, palette.accent) for side in sides)


def warning_sign(box: Box, palette: Palette) -> tuple[Polygon, ...]:
    """A triangle with an exclamation mark cut out of it."""
    x, y, s = box.x, box.y, box.w
    triangle = ((x, y + s), (x + s // 2, y), (x + s, y + s))
    half, mid = s // 18, x + s // 2  # of a small one the mark is one lamp wide
    stem = ((mid - half, y + s * 36 // 100), (mid + half, y + s * 36 // 100),
            (mid + half, y + s * 70 // 100), (mid - half, y + s * 70 // 100))  # fmt: skip
    dot = ((mid - half, y + s * 78 // 100), (mid + half, y + s * 78 // 100),
           (mid + half, y + s * 88 // 100), (mid - half, y + s * 88 // 100))  # fmt: skip
    return (
        Polygon(triangle, palette.header_text),
        Polygon(stem, palette.header),
        Polygon(dot, palette.header),
    )
