"""Item and panel to scene: which layout, which pages, how long they take. Pure; draws nothing.

On HDMI a text that does not fit becomes pages. On LED it becomes a few pages, then a scroll; on
a panel too low for two lines it scrolls sideways. Language versions follow each other, or stand
side by side where a wide panel has room for both at once.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, NamedTuple

from player import text
from player.boxes import Band, Fill, Label, Scene, ScenePage
from player.fit import LEAST_PAGE_S, READ_S_PER_WORD, Fitted, Row, Setter, block_height, fit, read_s, words
from player.fonts import BOLD, FontBook, Type, system_book
from player.furniture import Furniture, Joiner, fit_line
from player.model import Item, Priority, Unit, Version
from player.motion import HOLD_S
from player.notices import blank, identify, slate, test_pattern
from player.show import Box, PanelShape, Show
from player.theme import THEME, Measures, Palette, Theme, measures, palette

LEAST_SLOT_S: Final = 6.0
_PICTURE_S: Final = 6.0
_LED_PAGES: Final = 6  # more than these and a scroll reads better than turning
_LED_SCROLL_PX_S: Final = 60.0
_STRIP_LIMIT_PX: Final = 12_000
_SIDE_BY_SIDE: Final = {"hdmi": 1.5, "led": 2.8}  # least width to height for two columns
_ALARM: Final = "TIN KHẨN CẤP"
_PART: Final = " – "


class Estimate(NamedTuple):
    """How many pages an item takes on a panel and the seconds they ask for."""

    pages: int
    dwell_s: float


def compose(show: Show, book: FontBook, theme: Theme = THEME) -> Scene:
    """The scene of `show`. Raises FontMissingError if the basic faces are not installed."""
    m = measures(show.shape)
    if show.layout == "blank":
        return blank(show)
    if show.layout == "test-pattern":
        return test_pattern(show, m, book)
    if show.layout == "identify":
        return identify(show, m, palette(theme, show.shape, Priority.ROUTINE, 0), book)
    if show.item is None:
        return slate(show, m, palette(theme, show.shape, Priority.ROUTINE, 0), book)
    return _Bulletin(show, show.item, m, palette(theme, show.shape, show.item.priority, show.item.level), book).scene()


def estimate(item: Item, unit: Unit, shape: PanelShape, book: FontBook | None = None) -> Estimate:
    """Pages and seconds `item` asks for on `shape`, a share of a second for the slot's least included."""
    picture = "-" if item.picture else ""
    scene = compose(Show(unit, shape, item, picture=picture), book or system_book())
    return Estimate(len(scene.pages), round(max(LEAST_SLOT_S, scene.dwell_s), 1))


def alarm_text(level: int) -> str:
    """The heading of an emergency: with the disaster risk level if one was declared."""
    return f"{_ALARM} · CẤP ĐỘ RỦI RO {level}" if level else _ALARM


class _Bulletin:
    """Lays out one item: its languages, its picture, its emergency dress."""

    def __init__(self, show: Show, item: Item, m: Measures, colours: Palette, book: FontBook) -> None:
        self._show = show
        self._item = item
        self._m = m
        self._palette = colours
        self._book = book
        self._urgent = item.priority is Priority.EMERGENCY
        self._furniture: Furniture = Joiner(show, m, colours, book).join(alarm_text(item.level) if self._urgent else "")

    def scene(self) -> Scene:
        pages: list[ScenePage] = []
        versions = [v for v in self._item.versions if v.title.strip() or v.body.strip()]
        if self._show.picture:
            pages += self._with_picture(versions)
        else:
            pages += self._side_by_side(versions) or [p for v in versions for p in self._version(v)]
        if not pages:  # an item of sound alone still shows whose it is
            pages = [self._page(self._furniture.body, (), (), _PICTURE_S)]
        return Scene(self._show.shape, self._numbered(pages), self._furniture.clock, self._furniture.ticker)

    # --- one language after the other

    def _version(self, version: Version) -> list[ScenePage]:
        body = self._furniture.body
        setter = self._setter(version, body.w)
        if self._show.shape.kind == "led" and not self._m.header:
            return self._low(version, setter, body)
        fitted = fit(setter, body.h, self._m.sizes)
        if self._show.shape.kind == "led" and len(fitted.pages) > _LED_PAGES:
            return self._scroll_up(setter.rows(self._m.sizes[0]), body)
        return [self._text_page(rows, body, len(fitted.pages)) for rows in fitted.pages]

    def _setter(self, version: Version, width_px: int) -> Setter:
        return Setter(version, width_px, self._m, self._book, bold=self._urgent)

    def _text_page(self, rows: tuple[Row, ...], body: Box, count: int) -> ScenePage:
        centred = self._urgent and count == 1
        return self._page(body, self._labels(rows, body, count == 1, centred), (), read_s(rows))

    def _labels(self, rows: tuple[Row, ...], box: Box, middle: bool, centred: bool) -> tuple[Label, ...]:
        """Rows as labels in `box`; `middle` sets a lone page a little above the middle of the height."""
        spare = max(0, box.h - block_height(rows))
        y = box.y + (round(spare * 0.42) if middle else 0)
        labels = []
        for index, row in enumerate(rows):
            y += row.gap if index else 0
            lead = (row.height - self._book.height(row.kind)) // 2
            x = box.x + ((box.w - text.width(row.text, row.kind, self._book)) // 2 if centred else 0)
            colour = self._palette.title if row.title else self._palette.text
            labels.append(Label(max(0, x), y + lead, row.text, row.kind, colour))
            y += row.height
        return tuple(labels)

    # --- side by side

    def _side_by_side(self, versions: list[Version]) -> list[ScenePage]:
        """Both of two versions on one page, if the panel is wide and each fits its half; else nothing."""
        shape, body, m = self._show.shape, self._furniture.body, self._m
        wide = shape.width_px / shape.height_px >= _SIDE_BY_SIDE.get(shape.kind, 1.5)
        if len(versions) != 2 or not wide or not m.header:
            return []
        gutter = max(m.margin_x, 4)
        column = (body.w - gutter) // 2
        halves = [fit(self._setter(version, column), body.h, m.sizes) for version in versions]
        if any(len(half.pages) != 1 for half in halves):
            return []
        size_px = min(half.size_px for half in halves)
        labels: tuple[Label, ...] = ()
        seconds = 0.0
        for index, version in enumerate(versions):
            rows = self._setter(version, column).rows(size_px)
            box = Box(body.x + index * (column + gutter), body.y, column, body.h)
            labels += self._labels(rows, box, False, False)
            seconds = max(seconds, read_s(rows))
        line = Fill(Box(body.x + column + gutter // 2, body.y, max(1, m.rule // 2), body.h), self._palette.accent)
        return [self._page(body, labels, (line,), seconds)]

    # --- pictures

    def _with_picture(self, versions: list[Version]) -> list[ScenePage]:
        """Text beside (or under) the picture if it fits one page there; else the picture's own page first."""
        body = self._furniture.body
        if not versions:
            whole = Box(0, 0, self._show.shape.width_px, self._show.shape.height_px)
            bottom = self._furniture.ticker.box.y if self._furniture.ticker else whole.h
            return [ScenePage(self._palette.ground, picture=replace_height(whole, bottom), read_s=_PICTURE_S)]
        if len(versions) == 1 and self._show.shape.kind != "led":
            place, column = self._halves(body)
            fitted = fit(self._setter(versions[0], column.w), column.h, self._m.sizes)
            if len(fitted.pages) == 1:
                return [self._picture_page(place, column, fitted)]
        picture = self._page(body, (), (), _PICTURE_S)
        return [replace(picture, picture=body), *(p for v in versions for p in self._version(v))]

    def _halves(self, body: Box) -> tuple[Box, Box]:
        gap = self._m.margin_x
        if body.w > body.h:
            width = (body.w - gap) * 46 // 100
            return Box(body.x + body.w - width, body.y, width, body.h), Box(
                body.x, body.y, body.w - width - gap, body.h
            )
        height = (body.h - gap) // 2
        return Box(body.x, body.y, body.w, height), Box(body.x, body.y + height + gap, body.w, body.h - height - gap)

    def _picture_page(self, place: Box, column: Box, fitted: Fitted) -> ScenePage:
        rows = fitted.pages[0]
        page = self._page(column, self._labels(rows, column, True, False), (), max(_PICTURE_S, read_s(rows)))
        return replace(page, picture=place)

    # --- LED that does not fit

    def _scroll_up(self, rows: tuple[Row, ...], body: Box) -> list[ScenePage]:
        """Bands of whole rows, each scrolled once from its first line to its last."""
        pages = []
        for chunk in _chunks(rows, max(_STRIP_LIMIT_PX // 6, body.h)):
            length = max(body.h, block_height(chunk))
            labels = self._labels(chunk, Box(0, 0, body.w, length), False, False)
            band = Band(body, length, self._palette.ground, labels, 0.0, vertical=True)
            pages.append(self._page(body, (), (), max(LEAST_PAGE_S, words(chunk) * READ_S_PER_WORD), band))
        return pages

    def _low(self, version: Version, setter: Setter, body: Box) -> list[ScenePage]:
        """A panel of one or two lines: a still page if everything fits, else one large line that passes by."""
        fitted = fit(setter, body.h, self._m.sizes)
        if len(fitted.pages) == 1 and block_height(fitted.pages[0]) <= body.h:
            return [self._text_page(fitted.pages[0], body, 1)]
        high = [s for s in self._m.sizes if self._book.height(Type(BOLD, s)) <= body.h and s <= body.w / 4.5]
        kind = Type(BOLD, max(high, default=self._m.sizes[0]))
        return [self._side_scroll(line, kind, body) for line in self._passages(version, kind)]

    def _passages(self, version: Version, kind: Type) -> list[list[tuple[str, bool]]]:
        """The words of title and body, cut into strips of bearable length; True marks the title's."""
        title = [(word, True) for word in text.clean(version.title).split()]
        parts = [part.split() for part in text.clean(version.body).split("\n") if part.strip()]
        body = [(word, False) for index, part in enumerate(parts) for word in ([_PART.strip()] if index else []) + part]
        dash = [(_PART.strip(), False)] if title and body else []
        strips: list[list[tuple[str, bool]]] = [[]]
        length = 0
        for word in (*title, *dash, *body):
            length += text.width(word[0] + " ", kind, self._book)
            if length > _STRIP_LIMIT_PX:
                strips.append([])
                length = 0
            strips[-1].append(word)
        return [strip for strip in strips if strip]

    def _side_scroll(self, line: list[tuple[str, bool]], kind: Type, body: Box) -> ScenePage:
        y = (body.h - self._book.height(kind)) // 2
        space = text.width(" ", kind, self._book)
        labels, x = [], 0
        for word, title in line:
            labels.append(Label(x, y, word, kind, self._palette.title if title else self._palette.text))
            x += text.width(word, kind, self._book) + space
        length = max(body.w, x - space)
        band = Band(body, length, self._palette.ground, tuple(labels), _LED_SCROLL_PX_S)
        passing = (length - body.w) / _LED_SCROLL_PX_S + 2 * HOLD_S
        return self._page(body, (), (), max(LEAST_PAGE_S, len(line) * READ_S_PER_WORD, passing), band)

    # --- pages

    def _page(
        self, body: Box, labels: tuple[Label, ...], fills: tuple[Fill, ...], seconds: float, band: Band | None = None
    ) -> ScenePage:
        f = self._furniture
        return ScenePage(
            self._palette.ground, (*f.fills, *fills), f.polygons, None, (*f.labels, *labels), band, seconds
        )

    def _numbered(self, pages: list[ScenePage]) -> tuple[ScenePage, ...]:
        """Where a reader is among several pages: "2/5" on HDMI, a lit share of the rule on LED."""
        if len(pages) == 1:
            return tuple(pages)
        if self._show.shape.kind == "led":
            return tuple(self._progress(page, index + 1, len(pages)) for index, page in enumerate(pages))
        return tuple(self._number(page, f"{index}/{len(pages)}") for index, page in enumerate(pages, 1))

    def _progress(self, page: ScenePage, number: int, count: int) -> ScenePage:
        m, width = self._m, self._show.shape.width_px
        if not m.header:
            return page
        rest = Box(width * number // count, m.header, width - width * number // count, m.rule)
        return replace(page, fills=(*page.fills, Fill(rest, self._palette.ground)))

    def _number(self, page: ScenePage, number: str) -> ScenePage:
        kind = Type(self._m.small_face, round(self._m.small * 0.62))
        ticker = self._furniture.ticker
        bottom = ticker.box.y if ticker else self._show.shape.height_px
        line = fit_line((number,), self._furniture.body.w, kind, self._book)
        x = self._show.shape.width_px - self._m.margin_x - text.width(line, kind, self._book)
        y = bottom - (self._m.margin_y + self._book.height(kind)) // 2 - 1
        return replace(
            page,
            labels=(*page.labels, Label(x, min(y, bottom - self._book.height(kind)), line, kind, self._palette.dim)),
        )


def replace_height(box: Box, height: int) -> Box:
    return Box(box.x, box.y, box.w, height)


def _chunks(rows: tuple[Row, ...], limit_px: int) -> list[tuple[Row, ...]]:
    """Rows in about equal stretches of at most `limit_px`."""
    total = block_height(rows)
    share = math.ceil(total / math.ceil(total / limit_px))
    chunks: list[list[Row]] = [[]]
    used = 0
    for row in rows:
        if chunks[-1] and used + row.height + row.gap > share:
            chunks.append([])
            used = 0
        chunks[-1].append(row)
        used += row.height + row.gap
    return [tuple(chunk) for chunk in chunks]
