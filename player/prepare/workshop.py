"""One show made ready: composed, drawn, turned, written to the cache, page by page.

A generator, so that an emergency can step in between two pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import msgspec
import pygame

from player import render, scene
from player import show as shows
from player.layout import crest as crests
from player.layout import follow
from player.layout.boxes import Band, ClockPlan, Label, Scene
from player.layout.fonts import FontBook
from player.layout.theme import THEME, WHITE, Theme, ThemeError, theme_of
from player.model import wordless
from player.prepare import frames
from player.prepare.cache import SHARED, FrameCache
from player.prepare.jobs import Inspected
from player.show import Box, ClockFace, Live, Mark, Page, PanelShape, Prepared, Show, Strip

_TIDY_EVERY: Final = 16  # shows


class PictureSource(Protocol):
    """Says what is at `path`, and decodes a page of it to fit a box; raises ValueError with the reason if it cannot."""

    def look(self, path: Path) -> Inspected: ...
    def fitted(self, path: Path, width_px: int, height_px: int, page: int = 0) -> pygame.Surface: ...


class _Art(NamedTuple):
    """The file beside the text: what it is, and its first page."""

    path: Path
    facts: Inspected
    first: pygame.Surface


class _Composed(NamedTuple):
    plan: Scene
    art: _Art | None
    crest: pygame.Surface | None


class Workshop:
    """Makes shows ready in `cache`, with the fonts of `book` and, if it has any, pictures from `pictures`.

    `tidy` evicts what was not used for longest, until the cache is within `budget_mb`; it looks every few shows.
    """

    def __init__(
        self, cache: FrameCache, book: FontBook, pictures: PictureSource | None = None, budget_mb: float = 500
    ) -> None:
        self._cache = cache
        self._budget_mb = budget_mb
        self._made = 0
        self._book = book
        self._pictures = pictures
        self._canvas: pygame.Surface | None = None  # the page drawn last: the next is drawn over it

    def make(self, key: str, show: Show, *, urgent: bool = False) -> Iterator[Prepared | None]:
        """Yields None after each page and the Prepared at the end.

        When `urgent`, a partial Prepared comes as soon as the first page can be shown. Raises OSError,
        FontError, MemoryError, and ValueError if there is nothing to be shown.
        """
        self._cache.begin(key)
        self._book.refresh()
        problems: list[str] = []
        plan, art, crest = self._composed(show, problems)
        prepared = self._planned(key, show, plan, art)
        leaves = self._leaves(plan, art, problems)
        for number, (page, made) in enumerate(zip(plan.pages, prepared.pages, strict=True)):
            if page.band:
                self._save(render.strip(page.band, self._book), _strip_name(key, number), plan.shape)
            picture = next(leaves) if page.picture is not None else None
            self._canvas = render.page(plan.shape, page, self._book, picture, self._canvas, crest)
            problems += (f"font: {note}" for note in self._book.noted())  # before another show can step in
            surface = render.turn(self._canvas, plan.shape.rotation)
            if urgent and number == 0:
                frames.hand_over(surface, self._cache.path(made.frame))
                yield msgspec.structs.replace(prepared, partial=True)
            frames.save(surface, self._cache.path(made.frame))
            if urgent and number == 0:
                frames.take_back(self._cache.path(made.frame))
            yield None
        prepared = msgspec.structs.replace(prepared, problems=tuple(dict.fromkeys(problems)))
        self._cache.finish(prepared)
        yield prepared

    def _planned(self, key: str, show: Show, plan: Scene, art: _Art | None) -> Prepared:
        """All that is known before a page is drawn; the parts that pages share are drawn here."""
        total_s = sum(page.read_s for page in plan.pages)
        marks = _marks(show, plan, self._book)
        pages = tuple(
            Page(
                f"{key}/p{number}.btf",
                page.read_s / total_s,
                _strip_of(_strip_name(key, number), page.band, plan.shape) if page.band else None,
                _live(art, page.picture, plan.shape) if art and page.picture else None,
                marks[number],
            )
            for number, page in enumerate(plan.pages)
        )
        return Prepared(
            key=key, pages=pages, dwell_s=round(plan.dwell_s, 1),
            clock=self._face(plan.clock, plan.shape) if plan.clock else None,
            dates=tuple(self._face(date, plan.shape) for date in plan.dates),
            voice=tuple(render.turn_box(fill.box, plan.shape) for fill in plan.voice),
            voice_rgb=plan.voice[0].colour if plan.voice else WHITE,
            mark_rgb=plan.mark or WHITE,
            ticker=self._ticker(plan.ticker, plan.shape) if plan.ticker else None,
            notes=(art.facts.note,) if art and art.facts.note else (),
        )  # fmt: skip

    def tidy(self, key: str, now_s: float) -> Iterator[None]:
        """To be run out when idle after each show: keeps the cache within its budget, `key` in any case."""
        self._made += 1
        if self._made % _TIDY_EVERY == 1:
            self._cache.trim(self._budget_mb, keep=(key,), now_s=now_s)
        yield None

    def _composed(self, show: Show, problems: list[str]) -> _Composed:
        """The scene and what is drawn into it; what fails is left out and told as a problem."""
        if show.item is not None and show.item.picture is not None and not show.picture:
            problems.append(f"picture missing: {show.item.picture.sha256}")
        theme = _theme_of(show, problems)
        try:
            show, plan, art = self._with_art(show, theme)
        except (ValueError, MemoryError) as exc:
            reason = str(exc) or "memory"
            if show.item is not None and wordless(show.item):
                raise ValueError(reason) from exc
            problems.append(f"picture {reason}")
            show, art = msgspec.structs.replace(show, picture=""), None
            plan = scene.compose(show, self._book, theme)
        box = next((page.crest for page in plan.pages if page.crest), None)
        try:
            crest = crests.load(Path(show.crest), box.w) if box else None
        except ValueError as exc:
            crest = None
            problems.append(str(exc))
            plan = scene.compose(msgspec.structs.replace(show, crest=""), self._book, theme)
        return _Composed(plan, art, crest)

    def _with_art(self, show: Show, theme: Theme) -> tuple[Show, Scene, _Art | None]:
        """The scene laid out for what is in the picture's file, and its first page. Raises ValueError."""
        path, facts = Path(show.picture), None
        if show.picture:
            if self._pictures is None:
                raise ValueError("format: this worker takes no pictures")
            facts = self._pictures.look(path)
            show = msgspec.structs.replace(show, picture_pages=facts.pages, picture_s=facts.length_s)
        plan = scene.compose(show, self._book, theme)
        box = next((page.picture for page in plan.pages if page.picture), None)
        if box is None or facts is None or self._pictures is None:
            return show, plan, None
        return show, plan, _Art(path, facts, self._pictures.fitted(path, box.w, box.h))

    def _leaves(self, plan: Scene, art: _Art | None, problems: list[str]) -> Iterator[pygame.Surface | None]:
        """The pictures of those pages that have one, each decoded when its turn comes."""
        boxes = [page.picture for page in plan.pages if page.picture]
        for number, box in enumerate(boxes):
            if art is None or self._pictures is None:
                yield None
            elif number == 0 or art.facts.pages == 1:
                yield art.first
            else:
                try:
                    yield self._pictures.fitted(art.path, box.w, box.h, number)
                except (ValueError, MemoryError) as exc:
                    problems.append(f"page {number + 1}: {str(exc) or 'memory'}")
                    yield None

    def _ticker(self, band: Band, shape: PanelShape) -> Strip:
        """The ticker's strip, the same file for every show that runs above it."""
        name = _shared_name("ticker", band, shape.rotation, self._book)
        if not frames.complete(self._cache.path(name)):
            self._save(render.strip(band, self._book), name, shape)
        return _strip_of(name, band, shape)

    def _face(self, plan: ClockPlan, shape: PanelShape) -> ClockFace:
        names, advances = [], []
        for word, figure in zip(plan.words, render.figures(plan, self._book), strict=True):
            drawn = (plan.kind, plan.colour, plan.ground, plan.box.h)
            name = _shared_name(f"word{word}", drawn, shape.rotation, self._book)
            if not frames.complete(self._cache.path(name)):
                self._save(figure, name, shape)
            names.append(name)
            advances.append(figure.get_width())
        return ClockFace(
            render.turn_box(plan.box, shape), tuple(names), tuple(advances), shape.rotation,
            plan.words, plan.form, plan.align_pct,
        )  # fmt: skip

    def _save(self, surface: pygame.Surface, name: str, shape: PanelShape) -> None:
        frames.save(render.turn(surface, shape.rotation), self._cache.path(name))


def _marks(show: Show, plan: Scene, book: FontBook) -> tuple[tuple[Mark, ...], ...]:
    """The bars beside the lines of each page, as the panel is turned."""
    if plan.mark is None or show.item is None:
        return ((),) * len(plan.pages)
    return tuple(
        tuple(Mark(render.turn_box(_bar(spot.label, book), plan.shape), *spot[1:]) for spot in page)
        for page in follow.spots(plan, show.item.versions)
    )


def _bar(label: Label, book: FontBook) -> Box:
    """In the margin before the line, never on it."""
    em, high = label.kind.size_px, book.height(label.kind)
    wide = min(max(2, em // 7), max(1, label.x // 2))
    gap = min(em // 3, max(0, label.x - wide) // 2)
    return Box(max(0, label.x - wide - gap), label.y + high // 8, wide, high - high // 4)


def _theme_of(show: Show, problems: list[str]) -> Theme:
    try:
        return theme_of(show.unit.theme)
    except ThemeError as exc:
        problems.append(f"theme: {exc}")
        return THEME


def _live(art: _Art, box: Box, shape: PanelShape) -> Live | None:
    """What moves where the first frame of `art` is drawn in `box`; None if it stands still."""
    if not art.facts.length_s:
        return None
    width, height = art.first.get_size()
    place = Box(box.x + (box.w - width) // 2, box.y + (box.h - height) // 2, width, height)
    loops = art.facts.mime.startswith("image/")
    return Live(art.path.name, render.turn_box(place, shape), art.facts.length_s, loops, shape.rotation)


def _strip_name(key: str, number: int) -> str:
    return f"{key}/s{number}.btf"


def _strip_of(name: str, band: Band, shape: PanelShape) -> Strip:
    """Where the band stands and how it moves once the panel is turned."""
    backwards = render.runs_backwards(band.vertical, shape.rotation)
    vertical = band.vertical != (shape.rotation in (90, 270))
    speed = band.speed_px_s or 1.0
    return Strip(
        name, render.turn_box(band.box, shape), band.length_px, -speed if backwards else speed, vertical, band.wraps
    )


def _shared_name(role: str, content: object, rotation: int, book: FontBook) -> str:
    """A name that is equal for equal pixels, whatever show they belong to; other faces drew what lacked its own."""
    lost = f":{book.lost()!r}" if book.lost() else ""
    seed = f"{shows.RENDERER}:{role}:{rotation}:{content!r}{lost}"
    return f"{SHARED}/{hashlib.sha256(seed.encode()).hexdigest()[:24]}.btf"
