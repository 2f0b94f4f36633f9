"""Draws what is prepared onto the panel: one blit for a page, small ones for what moves on it, nothing for the rest.

A picture is put up whole or not at all: every surface of a page is in memory before the first
pixel of it is drawn, so that there is never a black or a half frame between two items.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final

from drivers.panel import Panel, Rect
from player import motion
from player.film.projector import Screens, Stills
from player.motion import NEVER_S, Moment, PagePlace
from player.sheet import Parts, Sheet
from player.shelf import Shelf
from player.show import Prepared
from player.transition import Cut, Passage, Transitions

CUTS: Final = Transitions(Cut(), Cut())


@dataclass(frozen=True, slots=True)
class _Turn:
    """An old picture that is giving way to the new sheet."""

    passage: Passage
    length_s: float
    within: bool  # from page to page of the same show, and so counted from the page's own beginning
    shared: list[Rect]  # the strips that run on through it


class Painter:
    """The only one who draws on `panel`. `screens` has what moves within a page."""

    def __init__(
        self, panel: Panel, shelf: Shelf, transitions: Transitions = CUTS, screens: Screens | None = None
    ) -> None:
        self._panel = panel
        self._shelf = shelf
        self._screens = screens or Stills()
        self._transitions = transitions
        self._sheet: Sheet | None = None
        self._turn: _Turn | None = None  # the sheet is not all there yet
        self._blank = False
        self._stale = False  # what stands there was baked for another brightness
        self.presented = 0

    @property
    def key(self) -> str:
        """The key of what stands on the panel; empty for nothing or blank."""
        return self._sheet.prepared.key if self._sheet is not None else ""

    @property
    def prepared(self) -> Prepared | None:
        """What stands on the panel; None for nothing or blank."""
        return self._sheet.prepared if self._sheet is not None else None

    @property
    def showing(self) -> bool:
        """Whether the panel shows anything at all yet; the blank panel counts, having been asked for."""
        return self._sheet is not None or self._blank

    @property
    def turning(self) -> bool:
        """Whether the old picture is still giving way to the new one."""
        return self._turn is not None

    @property
    def coasting(self) -> bool:
        """Whether `step` is all that a frame needs, until the time line or the clock's figures change."""
        return self._sheet is not None and self._turn is None and not self._stale and self._sheet.runs_only

    @property
    def page(self) -> tuple[int, int]:
        """The page on the panel and how many there are, counted from 1; (0, 0) without any."""
        if self._sheet is None:
            return 0, 0
        return self._sheet.index + 1, len(self._sheet.prepared.pages)

    @property
    def offsets_px(self) -> tuple[int, ...]:
        """Where each strip of the page stands."""
        return tuple(belt.offset for belt in self._sheet.belts) if self._sheet is not None else ()

    def blank(self) -> bool:
        """Black, because it was asked for; True if that was news."""
        if self._blank:
            return False
        self.forget()
        self._panel.surface.fill((0, 0, 0))
        self._present(None)
        self._blank = True
        return True

    def forget(self) -> None:
        """Nothing is known to stand on the panel any more: the next picture is drawn whole."""
        if self._sheet is not None:
            self._sheet.leave(kept=False)
        self._sheet, self._turn, self._blank = None, None, False
        self._screens.rest()

    def renew(self) -> None:
        """What stands there is to be drawn anew from its frames at the next `paint`: the panel bakes otherwise now."""
        self._shelf.unload()
        self._stale = True

    def paint(self, prepared: Prepared, moment: Moment) -> bool:
        """Brings the panel to `prepared` at `moment`; presents only if a pixel changed.

        False if a frame of it is lost: then the old picture stays.
        """
        place = motion.page_at(prepared, moment.dwell_s, moment.offset_s)
        sheet = self._sheet
        if sheet is None or self._stale or (sheet.prepared.key, sheet.index) != (prepared.key, place.index):
            fresh = self._load(prepared, place.index)
            if fresh is None:
                return False
            self._change(fresh, moment, place)
        elif self._turn is not None:
            self._go_on(sheet, self._turn, moment, place)
        elif dirty := sheet.move(moment):
            self._present(dirty)
        return True

    def step(self, unix_s: float) -> None:
        """What `paint` does while nothing but strips that run round can change: the least that a frame can cost."""
        sheet = self._sheet
        if sheet is None:
            return
        number = floor(unix_s * sheet.hz + motion.EARLY)  # motion.frame_number, a call less
        dirty = []
        for belt in sheet.running:  # a comprehension is a call more
            if belt.advance(number):
                dirty.append(belt.touched)  # noqa: PERF401
        if dirty:
            self._panel.present(dirty)
            self.presented += 1

    def preload(self, prepared: Prepared) -> None:
        """Loads the surfaces of the first page of what comes next, unless that is what stands there."""
        if self._sheet is None or (self._sheet.prepared.key, self._sheet.index) != (prepared.key, 0):
            self._preload(prepared, 0)

    def preload_page(self, index: int) -> None:
        """Loads the surfaces of another page of what stands on the panel."""
        if self._sheet is not None:
            self._preload(self._sheet.prepared, index)

    def next_change_s(self, moment: Moment) -> float:
        """Seconds until another pixel is due, as far as it follows from the moment; infinity if nothing moves."""
        sheet = self._sheet
        if sheet is None:
            return NEVER_S
        turn_s = motion.next_page_s(sheet.prepared, moment.dwell_s, moment.offset_s)
        return min(self.next_step_s(moment.unix_s), NEVER_S if turn_s is None else max(0.0, turn_s))

    def next_step_s(self, unix_s: float) -> float:
        """Seconds until something that moves is due elsewhere."""
        if self._sheet is None:
            return NEVER_S
        if self._turn is not None:
            hz = self._panel.refresh_hz
            return motion.until_frame_s(motion.frame_number(unix_s, hz) + 1, unix_s, hz)
        return self._sheet.next_change_s(unix_s)

    def next_page(self, moment: Moment) -> tuple[int, float] | None:
        """The page that comes after this one in the same slot, and in how many seconds."""
        if self._sheet is None:
            return None
        turn_s = motion.next_page_s(self._sheet.prepared, moment.dwell_s, moment.offset_s)
        return None if turn_s is None else (self._sheet.index + 1, turn_s)

    # --- from one picture to the next -------------------------------------------------------------------------------

    def _load(self, prepared: Prepared, index: int) -> Sheet | None:
        """A page and all that is drawn on it, or None if a part of it is lost."""
        base = self._shelf.page(prepared, prepared.pages[index].frame)
        parts = self._parts(prepared, index)
        if base is None or parts is None:
            return None
        self._shelf.put_away()  # the page is the sheet's own from here on
        live = prepared.pages[index].live
        if live is None:
            self._screens.rest()
        else:
            parts = parts._replace(film=self._screens.screen(live))
        return Sheet(prepared, index, base, parts, self._panel.refresh_hz)

    def _preload(self, prepared: Prepared, index: int) -> None:
        page = prepared.pages[index]
        self._shelf.page(prepared, page.frame)
        self._parts(prepared, index)
        if page.live is not None:
            self._screens.cue(page.live)

    def _parts(self, prepared: Prepared, index: int) -> Parts | None:
        """The strips and figures of a page, loaded if they are not in memory; None if one is lost."""
        wanted = [strip for strip in (prepared.pages[index].strip, prepared.ticker) if strip]
        names = [name for face in prepared.faces for name in face.glyphs]
        strips = [(strip, self._shelf.part(prepared, strip.frame)) for strip in wanted]
        figures = {name: self._shelf.part(prepared, name) for name in names}
        ready = [(strip, ink) for strip, ink in strips if ink is not None]
        whole = {name: ink for name, ink in figures.items() if ink is not None}
        return None if len(ready) < len(strips) or len(whole) < len(figures) else Parts(ready, whole)

    def _change(self, fresh: Sheet, moment: Moment, place: PagePlace) -> None:
        """`fresh` takes the place of what stands there, at once or by and by."""
        old, self._sheet, self._turn, self._blank = self._sheet, fresh, None, False
        fresh.move(moment)
        within = old is not None and old.prepared.key == fresh.prepared.key
        how = self._transitions.pages if within else self._transitions.items
        at_once, self._stale = old is None or self._stale, False
        at_once = at_once or _since_s(within, moment, place) >= how.length_s
        if old is not None:
            old.leave(kept=not at_once)
        if at_once:
            self._lay(fresh)
            return
        shared = fresh.shares(old) if old is not None else []
        turn = _Turn(how.begin(self._panel.surface), how.length_s, within, shared)
        self._turn = turn
        self._go_on(fresh, turn, moment, place)

    def _go_on(self, sheet: Sheet, turn: _Turn, moment: Moment, place: PagePlace) -> None:
        """One frame of a picture that gives way; the last one puts the whole sheet there."""
        moved = sheet.move(moment)
        since_s = _since_s(turn.within, moment, place)
        if since_s >= turn.length_s or sheet.page is None:
            self._turn = None
            self._lay(sheet)
            return
        target = self._panel.surface
        touched = turn.passage.draw(target, sheet.page, since_s)
        running = [band for band in turn.shared if touched or band in moved]
        for band in running:
            target.blit(sheet.page, band[:2], band)
        if touched or running:
            self._present([*touched, *running])

    def _lay(self, sheet: Sheet) -> None:
        sheet.lay(self._panel.surface)
        self._present(None)

    def _present(self, dirty: list[Rect] | None) -> None:
        self._panel.present(dirty)
        self.presented += 1


def _since_s(within: bool, moment: Moment, place: PagePlace) -> float:
    return place.offset_s if within else moment.since_s
