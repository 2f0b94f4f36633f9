"""One bulletin as pages of boxes: its languages, its picture, its emergency dress, its page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from player import text
from player.layout.boxes import Band, Fill, Label, Scene, ScenePage
from player.layout.fit import READ_S_PER_WORD, Row, Setter, block_height, fit, read_s
from player.layout.fonts import BOLD, FontBook, Type
from player.layout.furniture import Joiner, fit_line, loudspeaker
from player.layout.linebreak import balanced
from player.layout.lowlines import low_rows
from player.layout.scrolls import Scroll, row_labels, sideways, upwards
from player.layout.theme import Measures, Palette
from player.model import Item, Priority, Version
from player.show import LEAF_S, Box, Show

_PICTURE_S: Final = 6.0
_LED_PAGES: Final = 6  # more pages than these and moving lines read better than turning ones
_STACKED_LED_PX: Final = 16  # scripts that stack their letters need more lamps than Latin
_SIDE_BY_SIDE: Final = {"hdmi": 1.5, "led": 2.8}  # least width to height for two columns
_ABOVE_MIDDLE: Final = 0.42  # where a lone page's spare room goes: a little above the middle looks centred
_CAPTION_LINES: Final = 2
_PICTURE_PCT: Final = 46


def alarm_lines(level: int) -> tuple[str, ...]:
    """The heading of an emergency from long to short, with the disaster risk level if one was declared."""
    if not level:
        return ("TIN KHẨN CẤP", "KHẨN CẤP")
    return (
        f"TIN KHẨN CẤP · CẤP ĐỘ RỦI RO THIÊN TAI: CẤP {level}",
        f"TIN KHẨN CẤP · RỦI RO CẤP {level}",
        f"KHẨN CẤP · CẤP {level}",
        f"KHẨN CẤP {level}",
        "KHẨN CẤP",
    )


class BulletinPages:
    """Lays out `item` for the panel and unit of `show`."""

    def __init__(self, show: Show, item: Item, m: Measures, colours: Palette, book: FontBook) -> None:
        self._shape = show.shape
        self._picture = bool(show.picture)
        self._leaves = show.picture_pages
        self._picture_s = max(_PICTURE_S if self._leaves == 1 else LEAF_S, show.picture_s)
        self._item = item
        self._m = m
        self._palette = colours
        self._book = book
        self._led = show.shape.kind == "led"
        self._urgent = item.priority is Priority.EMERGENCY
        calm = msgspec.structs.replace(show, ticker=()) if self._urgent else show  # nothing runs beside an emergency
        self._furniture = Joiner(calm, m, colours, book).join(alarm_lines(item.level) if self._urgent else ())
        self._body = self._furniture.body

    def scene(self) -> Scene:
        """All pages, at least one."""
        versions = [v for v in self._item.versions if v.title.strip() or v.body.strip()]
        pages = self._with_picture(versions) if self._picture else self._texts(versions)
        if not pages:  # an item of sound alone still shows whose it is
            pages = [self._page((), _PICTURE_S)]
        f = self._furniture
        bare = pages[0].fills[: len(f.fills)] != f.fills  # a picture from edge to edge has no header for them
        clock, dates = (None, ()) if bare else (f.clock, f.dates)
        voice = () if bare else loudspeaker(f, self._m, self._palette, self._book)
        mark = None if self._led else self._palette.accent
        return Scene(self._shape, self._numbered(pages), clock, f.ticker, dates, voice, mark)

    def _texts(self, versions: Sequence[Version]) -> list[ScenePage]:
        return self._side_by_side(versions) or [page for version in versions for page in self._version(version)]

    # --- one language after the other

    def _version(self, version: Version) -> list[ScenePage]:
        setter, sizes = self._setter(version, self._body.w), self._sizes(version)
        if self._led:
            return self._led_version(version, setter, sizes)
        reminder = self._reminder(version)
        later = self._body.h - self._reminder_px(reminder)
        pages = fit(setter, self._body.h, sizes, later).pages
        return [self._text_page(rows, len(pages), reminder if number else None) for number, rows in enumerate(pages)]

    def _led_version(self, version: Version, setter: Setter, sizes: tuple[int, ...]) -> list[ScenePage]:
        pages = fit(setter, self._body.h, sizes).pages
        if self._m.header and len(pages) <= _LED_PAGES:
            return [self._text_page(rows, len(pages)) for rows in pages]
        if self._m.header:
            return self._scrolled(upwards(setter.rows(sizes[0]), self._body, self._palette, self._book))
        if len(pages) == 1 and block_height(pages[0]) <= self._body.h:
            return [self._text_page(pages[0], 1)]
        low = () if self._urgent else low_rows(version, self._body, self._shape.floor_px, self._book)
        if low:
            return [self._text_page(low, 1)]
        return self._scrolled(sideways(version, sizes, self._body, self._palette, self._book))

    def _scrolled(self, scrolls: Sequence[Scroll]) -> list[ScenePage]:
        return [self._page((), scroll.read_s, band=scroll.band) for scroll in scrolls]

    def _setter(self, version: Version, width_px: int) -> Setter:
        return Setter(version, width_px, self._m, self._book, loud=self._urgent)

    def _sizes(self, version: Version) -> tuple[int, ...]:
        if self._led and text.stacks(version.title + version.body):
            return tuple(size for size in self._m.sizes if size >= _STACKED_LED_PX) or (_STACKED_LED_PX,)
        return self._m.sizes

    def _reminder(self, version: Version) -> Label | None:
        """The title once more, small, for the pages after the first: people come late."""
        title = " ".join(text.clean(version.title).split())
        if not title:
            return None
        kind = Type(BOLD, max(round(self._m.small * 0.8), self._m.least))
        line = fit_line((title,), self._body.w, kind, self._book)
        return Label(self._body.x, self._body.y - self._m.margin_y // 3, line, kind, self._palette.title)

    def _reminder_px(self, reminder: Label | None) -> int:
        return round(self._book.height(reminder.kind) * 1.1) if reminder else 0

    def _text_page(self, rows: tuple[Row, ...], count: int, reminder: Label | None = None) -> ScenePage:
        top = self._reminder_px(reminder)
        box = Box(self._body.x, self._body.y + top, self._body.w, self._body.h - top)
        lone = count == 1
        labels = row_labels(
            rows, self._lowered(box, rows) if lone else box, self._palette, self._book, self._urgent and lone
        )
        return self._page((*labels, reminder) if reminder else labels, read_s(rows))

    @staticmethod
    def _lowered(box: Box, rows: tuple[Row, ...]) -> Box:
        spare = max(0, box.h - block_height(rows))
        return Box(box.x, box.y + round(spare * _ABOVE_MIDDLE), box.w, box.h - round(spare * _ABOVE_MIDDLE))

    # --- side by side

    def _side_by_side(self, versions: Sequence[Version]) -> list[ScenePage]:
        """Both of two versions on one page, if the panel is wide and each fits its half; else nothing."""
        wide = self._shape.width_px / self._shape.height_px >= _SIDE_BY_SIDE.get(self._shape.kind, 1.5)
        if len(versions) != 2 or not wide or not self._m.header:
            return []
        body, gutter = self._body, max(self._m.margin_x, 4)
        column = (body.w - gutter) // 2
        setters = [self._setter(version, column) for version in versions]
        sizes = max((self._sizes(version) for version in versions), key=min)
        halves = [fit(setter, body.h, sizes) for setter in setters]
        if any(len(half.pages) != 1 for half in halves):
            return []
        sides = [setter.rows(min(half.size_px for half in halves)) for setter in setters]
        boxes = [Box(body.x + n * (column + gutter), body.y, column, body.h) for n in (0, 1)]
        tallest = self._lowered(body, max(sides, key=block_height))
        labels = [
            label
            for rows, box in zip(sides, boxes, strict=True)
            for label in row_labels(rows, Box(box.x, tallest.y, box.w, tallest.h), self._palette, self._book)
        ]
        line = Fill(Box(body.x + column + gutter // 2, body.y, max(1, self._m.rule // 2), body.h), self._palette.accent)
        return [self._page(labels, max(read_s(rows) for rows in sides), (line,))]

    # --- pictures

    def _with_picture(self, versions: Sequence[Version]) -> list[ScenePage]:
        """Text beside (or under) the picture if it fits one page there; else the picture's own page first.

        A document has such a page for each of its own.
        """
        if not versions:
            whole = Box(0, 0, self._shape.width_px, self._bottom())
            return [ScenePage(self._palette.ground, picture=whole, read_s=self._picture_s)] * self._leaves
        if len(versions) == 1 and not self._led:
            captioned = self._captioned(versions[0])
            if captioned:
                return [captioned] * self._leaves
            place, column = self._halves()
            pages = fit(self._setter(versions[0], column.w), column.h, self._m.sizes).pages
            if len(pages) == 1:
                labels = row_labels(pages[0], self._lowered(column, pages[0]), self._palette, self._book)
                page = self._page(labels, max(self._picture_s, read_s(pages[0]) / self._leaves))
                return [replace(page, picture=place)] * self._leaves
        own = replace(self._page((), self._picture_s), picture=self._body)
        return [*[own] * self._leaves, *self._texts(versions)]

    def _captioned(self, version: Version) -> ScenePage | None:
        """A title alone stands below its picture, which has all the rest of the panel; None if it has a text too."""
        if version.body.strip() or self._urgent:
            return None
        width, bottom = self._shape.width_px, self._bottom()
        kind = Type(BOLD, round(self._m.sizes[0] * self._m.title_ratio))
        margin = self._m.margin_y
        lines = balanced(
            text.clean(version.title).replace("\n", " "), width - 2 * self._m.margin_x,
            lambda words: text.width(words, kind, self._book),
        )  # fmt: skip
        pitch = self._book.height(kind) + max((text.depth(line, kind, self._book) for line in lines), default=0)
        high = len(lines) * pitch + 2 * (margin // 2)
        if len(lines) > _CAPTION_LINES:
            return None
        top = bottom - high
        labels = tuple(
            Label((width - text.width(line, kind, self._book)) // 2, top + margin // 2 + n * pitch, line, kind,
                  self._palette.header_text)
            for n, line in enumerate(lines)
        )  # fmt: skip
        bar = (Fill(Box(0, top, width, high), self._palette.header),)
        read = max(self._picture_s, READ_S_PER_WORD * len(version.title.split()))
        return ScenePage(self._palette.ground, bar, picture=Box(0, 0, width, top), labels=labels, read_s=read)

    def _bottom(self) -> int:
        """Where the page ends: above the ticker, if there is one."""
        return self._furniture.ticker.box.y if self._furniture.ticker else self._shape.height_px

    def _halves(self) -> tuple[Box, Box]:
        """The picture's place and the text's column, for a panel lying or standing."""
        body, gap = self._body, self._m.margin_x
        if body.w > body.h:
            width = (body.w - gap) * _PICTURE_PCT // 100
            return Box(body.x + body.w - width, body.y, width, body.h), Box(
                body.x, body.y, body.w - width - gap, body.h
            )
        height = (body.h - gap) // 2
        return Box(body.x, body.y, body.w, height), Box(body.x, body.y + height + gap, body.w, body.h - height - gap)

    # --- the page itself

    def _page(
        self, labels: Sequence[Label], seconds: float, fills: Sequence[Fill] = (), band: Band | None = None
    ) -> ScenePage:
        f = self._furniture
        return ScenePage(
            self._palette.ground, (*f.fills, *fills), f.polygons, None, (*f.labels, *labels), f.crest, band, seconds,
            len(f.labels),
        )  # fmt: skip

    def _numbered(self, pages: list[ScenePage]) -> tuple[ScenePage, ...]:
        """Where a reader is among several pages: "2/5" on HDMI, a lit share of the rule on LED."""
        if len(pages) == 1:
            return tuple(pages)
        mark = self._progress if self._led else self._number
        return tuple(mark(page, number, len(pages)) for number, page in enumerate(pages, 1))

    def _progress(self, page: ScenePage, number: int, count: int) -> ScenePage:
        lit = self._shape.width_px * number // count
        rest = Box(lit, self._m.header, self._shape.width_px - lit, self._m.rule)
        return replace(page, fills=(*page.fills, Fill(rest, self._palette.ground))) if self._m.header else page

    def _number(self, page: ScenePage, number: int, count: int) -> ScenePage:
        kind = Type(self._m.small_face, max(round(self._m.small * 0.62), self._m.least))
        line = f"{number}/{count}"
        bottom = self._body.y + self._body.h + self._m.margin_y
        height = self._book.height(kind)
        x = self._shape.width_px - self._m.margin_x - text.width(line, kind, self._book)
        y = bottom - (self._m.margin_y + height) // 2
        return replace(page, labels=(*page.labels, Label(x, y, line, kind, self._palette.dim)))
