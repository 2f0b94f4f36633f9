"""Draws what is prepared onto the panel: one blit for a page, small ones for what moves on it, nothing for the rest.

A picture is put up whole or not at all: every surface of a page is in memory before the first
pixel of it is drawn, so that there is never a black or a half frame between two items.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pygame

from drivers.panel import Panel, Rect
from player import motion
from player.shelf import Shelf
from player.show import ClockFace, Prepared, Strip

NEVER_S: Final = math.inf


@dataclass(frozen=True, slots=True)
class Moment:
    """What a picture depends on beside itself: where in its dwell it is, the wall clock, and the figures to draw."""

    offset_s: float
    dwell_s: float
    unix_s: float
    time_text: str = ""  # "07:30"; empty: no clock is drawn


@dataclass(slots=True)
class _Shown:
    """What stands on the panel now."""

    prepared: Prepared
    page: int
    behind_clock: pygame.Surface | None  # what the page has where the clock stands
    strips: list[tuple[Strip, pygame.Surface]]
    figures: dict[str, pygame.Surface]
    offsets: list[int] = field(default_factory=list)
    time_text: str = ""


class Painter:
    """The only one who draws on `panel`."""

    def __init__(self, panel: Panel, shelf: Shelf) -> None:
        self._panel = panel
        self._shelf = shelf
        self._shown: _Shown | None = None
        self._blank = False
        self._stale = False
        self.presented = 0

    @property
    def key(self) -> str:
        """The key of what stands on the panel; empty for nothing or blank."""
        return self._shown.prepared.key if self._shown is not None else ""

    @property
    def prepared(self) -> Prepared | None:
        """What stands on the panel; None for nothing or blank."""
        return self._shown.prepared if self._shown is not None else None

    @property
    def showing(self) -> bool:
        """Whether the panel shows anything at all yet; the blank panel counts, having been asked for."""
        return self._shown is not None or self._blank

    @property
    def page(self) -> tuple[int, int]:
        """The page on the panel and how many there are, counted from 1; (0, 0) without any."""
        if self._shown is None:
            return 0, 0
        return self._shown.page + 1, len(self._shown.prepared.pages)

    @property
    def offsets_px(self) -> tuple[int, ...]:
        """Where each strip of the page stands."""
        return tuple(self._shown.offsets) if self._shown is not None else ()

    def blank(self) -> bool:
        """Black, because it was asked for; True if that was news."""
        if self._blank:
            return False
        self._panel.surface.fill((0, 0, 0))
        self._present(None)
        self._shown, self._blank = None, True
        return True

    def renew(self) -> None:
        """What stands there is to be drawn anew from its frames at the next `paint`: the panel bakes otherwise now."""
        self._shelf.unload()
        self._stale = True

    def paint(self, prepared: Prepared, moment: Moment) -> bool:
        """Brings the panel to `prepared` at `moment`; presents only if a pixel changed.

        False if a frame of it is lost: then the old picture stays.
        """
        page = motion.page_at(prepared, moment.dwell_s, moment.offset_s).index
        if self._stale or self._shown is None or (self._shown.prepared.key, self._shown.page) != (prepared.key, page):
            loaded = self._load(prepared, page)
            if loaded is None:
                return False
            base, shown = loaded
            self._shown, self._blank, self._stale = shown, False, False
            self._panel.surface.blit(base, (0, 0))
            self._shelf.put_away()
            self._move(shown, moment)
            self._present(None)
            return True
        dirty = self._move(self._shown, moment)
        if dirty:
            self._present(dirty)
        return True

    def preload(self, prepared: Prepared) -> None:
        """Loads the surfaces of the first page of what comes next, unless that is what stands there."""
        if self._shown is None or (self._shown.prepared.key, self._shown.page) != (prepared.key, 0):
            self._load(prepared, 0)

    def preload_page(self, index: int) -> None:
        """Loads the surfaces of another page of what stands on the panel."""
        if self._shown is not None:
            self._load(self._shown.prepared, index)

    def next_change_s(self, moment: Moment) -> float:
        """Seconds until another pixel is due, as far as it follows from the moment; infinity if nothing moves."""
        shown = self._shown
        if shown is None:
            return NEVER_S
        turn = motion.next_page_s(shown.prepared, moment.dwell_s, moment.offset_s)
        step = min((self._step_s(strip, moment) for strip, _ in shown.strips), default=NEVER_S)
        return min(step, NEVER_S if turn is None else max(0.0, turn))

    def next_page(self, moment: Moment) -> tuple[int, float] | None:
        """The page that comes after this one in the same slot, and in how many seconds."""
        shown = self._shown
        if shown is None:
            return None
        turn = motion.next_page_s(shown.prepared, moment.dwell_s, moment.offset_s)
        return None if turn is None else (shown.page + 1, turn)

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _load(self, prepared: Prepared, index: int) -> tuple[pygame.Surface, _Shown] | None:
        """A page and all that is drawn on it, or None if a part of it is lost."""
        page = prepared.pages[index]
        base = self._shelf.page(prepared, page.frame)
        strips = [(strip, self._shelf.part(prepared, strip.frame)) for strip in (page.strip, prepared.ticker) if strip]
        names = prepared.clock.glyphs if prepared.clock is not None else ()
        figures = {name: self._shelf.part(prepared, name) for name in names}
        ready = [(strip, surface) for strip, surface in strips if surface is not None]
        whole = {name: surface for name, surface in figures.items() if surface is not None}
        if base is None or len(ready) < len(strips) or len(whole) < len(figures):
            return None
        behind = base.subsurface(_area(prepared.clock)).copy() if prepared.clock is not None else None
        return base, _Shown(prepared, index, behind, ready, whole, [-1] * len(ready))

    def _move(self, shown: _Shown, moment: Moment) -> list[Rect]:
        """Draws what differs from what stands there; the rectangles that were touched."""
        dirty: list[Rect] = []
        place = motion.page_at(shown.prepared, moment.dwell_s, moment.offset_s)
        for index, (strip, surface) in enumerate(shown.strips):
            at_s = self._on_grid(moment.unix_s) if strip.wraps else place.offset_s
            offset = motion.strip_offset(strip, at_s, place.span_s)
            if offset != shown.offsets[index]:
                shown.offsets[index] = offset
                dirty.append(self._draw_strip(strip, surface, offset))
        clock = shown.prepared.clock
        if clock is not None and moment.time_text != shown.time_text:
            dirty.append(self._draw_clock(shown, clock, moment.time_text))
            shown.time_text = moment.time_text
        return dirty

    def _on_grid(self, unix_s: float) -> float:
        """The instant of the frame that is due, so that a turn for another reason moves nothing in between."""
        return math.floor(unix_s * self._panel.refresh_hz) / self._panel.refresh_hz

    def _draw_strip(self, strip: Strip, surface: pygame.Surface, offset: int) -> Rect:
        box, target = strip.box, self._panel.surface
        room = box.h if strip.vertical else box.w
        first = min(room, strip.length_px - offset)
        _blit_band(target, surface, strip, _Band(0, offset, first))
        if first < room and strip.wraps:
            _blit_band(target, surface, strip, _Band(first, 0, room - first))
        return Rect(box.x, box.y, box.w, box.h)

    def _draw_clock(self, shown: _Shown, clock: ClockFace, text: str) -> Rect:
        area = _area(clock)
        if shown.behind_clock is not None:  # a figure may be narrower than the last one
            self._panel.surface.blit(shown.behind_clock, area[:2])
        for glyph in motion.clock_glyphs(clock, text) if text else ():
            self._panel.surface.blit(shown.figures[glyph.frame], (glyph.x, glyph.y))
        return Rect(*area)

    def _step_s(self, strip: Strip, moment: Moment) -> float:
        """Until the strip stands a pixel further, but not sooner than the panel can show it."""
        speed = abs(strip.speed_px_s)
        if speed <= 0 or strip.length_px <= 0:
            return NEVER_S
        hz = self._panel.refresh_hz
        if not strip.wraps or speed >= hz:
            speed = hz  # a grid of frames that stands still in time, so that lateness never adds up
        into = moment.unix_s * speed
        step_s = (math.floor(into) + 1 - into) / speed
        return step_s if step_s > 0.25 / hz else step_s + 1.0 / speed

    def _present(self, dirty: list[Rect] | None) -> None:
        self._panel.present(dirty)
        self.presented += 1


def _area(clock: ClockFace) -> tuple[int, int, int, int]:
    return clock.box.x, clock.box.y, clock.box.w, clock.box.h


class _Band(NamedTuple):
    """A stretch of a strip: where in the box it goes, where in the strip it begins, how long it is, in pixels."""

    place: int
    offset: int
    length: int


def _blit_band(target: pygame.Surface, surface: pygame.Surface, strip: Strip, band: _Band) -> None:
    box = strip.box
    if strip.vertical:
        target.blit(surface, (box.x, box.y + band.place), (0, band.offset, box.w, band.length))
    else:
        target.blit(surface, (box.x + band.place, box.y), (band.offset, 0, band.length, box.h))
