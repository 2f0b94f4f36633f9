"""A page as it is drawn: its ground, the strips that move over it and the figures of its clock.

A sheet lies first on its own page, where it is made up unseen, and then on the panel's surface.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import pygame

from drivers.panel import Rect
from player import motion
from player.dial import Dial
from player.film.projector import Screening
from player.layout.marker import Marker
from player.motion import NEVER_S, Moment, PagePlace
from player.show import Prepared, Strip

_NOWHERE: Final = -1


class Parts(NamedTuple):
    """What is drawn on a page: its strips and the ticker, the words of clock and dates by frame name, and a film."""

    strips: Sequence[tuple[Strip, pygame.Surface]]
    figures: Mapping[str, pygame.Surface]
    film: Screening | None = None


class Belt:
    """A strip on a surface: drawn only when it is to stand elsewhere than it stands."""

    __slots__ = ("_blit", "_far", "_high", "_ink", "_near", "_offset_in", "_wide", "offset", "run", "strip", "touched")

    def __init__(self, strip: Strip, ink: pygame.Surface, target: pygame.Surface, hz: float) -> None:
        box = strip.box
        self.strip, self.offset = strip, _NOWHERE
        self.run = motion.Run.of(strip, hz)
        self.touched = Rect(box.x, box.y, box.w, box.h)
        self._offset_in = self.run.offset_in()
        self._ink = ink
        self._near = (box.x, box.y)
        self._far = strip.length_px - motion.window_px(strip)
        self._wide, self._high = box.w, box.h
        self._blit = target.blit

    def lie_on(self, target: pygame.Surface) -> None:
        """From now on it is drawn there, where it already stands."""
        self._blit = target.blit

    def advance(self, number: int) -> bool:
        """To where a strip that runs round stands in that frame; True if that is elsewhere."""
        offset = self._offset_in(number)
        if offset == self.offset:
            return False
        self.place(offset)
        return True

    def place(self, offset: int) -> None:
        """Draws it with its pixel `offset` at the near edge of its box."""
        self.offset = offset
        if offset > self._far and self.strip.wraps:
            self._place_seam(offset)
        elif self.strip.vertical:
            self._blit(self._ink, self._near, (0, offset, self._wide, self._high))
        else:
            self._blit(self._ink, self._near, (offset, 0, self._wide, self._high))

    def _place_seam(self, offset: int) -> None:
        """Its end and its beginning are both in sight."""
        x, y = self._near
        first = self.strip.length_px - offset
        if self.strip.vertical:
            self._blit(self._ink, (x, y), (0, offset, self._wide, first))
            self._blit(self._ink, (x, y + first), (0, 0, self._wide, self._high - first))
        else:
            self._blit(self._ink, (x, y), (offset, 0, first, self._high))
            self._blit(self._ink, (x + first, y), (0, 0, self._wide - first, self._high))


class Sheet:
    """Page `index` of `prepared`, with the surfaces of all that is drawn on it.

    `page` is the page's own surface, drawn over and given up by `lay`.
    """

    def __init__(self, prepared: Prepared, index: int, page: pygame.Surface, parts: Parts, hz: float) -> None:
        self.prepared, self.index = prepared, index
        self.page: pygame.Surface | None = page
        self.belts = [Belt(strip, ink, page, hz) for strip, ink in parts.strips]
        self.running = [belt for belt in self.belts if belt.strip.wraps]
        self._passing = [belt for belt in self.belts if not belt.strip.wraps]
        self._dials = [Dial(face, page, parts.figures) for face in prepared.faces]
        self._marker = Marker(prepared, index, page)
        self.hz = hz
        self._film = parts.film
        self._surface = page

    def lay(self, target: pygame.Surface) -> None:
        """Puts it on `target` as it stands; from now on it moves there."""
        if self.page is not None:
            target.blit(self.page, (0, 0))
        self._surface, self.page = target, None
        for belt in self.belts:
            belt.lie_on(target)
        for dial in self._dials:
            dial.lie_on(target)
        self._marker.lie_on(target)
        if self._film is not None:
            self._film.lie()

    def leave(self, *, kept: bool) -> None:
        """It gives way to another; `kept`: all that is seen of it has to stand on the panel's surface."""
        if self._film is not None:
            self._film.leave(kept=kept)

    def move(self, moment: Moment) -> list[Rect]:
        """Draws what differs from what stands there; the rectangles that were touched."""
        number = motion.frame_number(moment.unix_s, self.hz)
        dirty = [belt.touched for belt in self.running if belt.advance(number)]
        if self._passing or self._film is not None:
            dirty += self._pass(motion.page_at(self.prepared, moment.dwell_s, moment.offset_s))
        for dial in self._dials:
            touched = dial.move(moment.time_text, moment.day)
            if touched is not None:
                dirty.append(touched)
        return dirty + self._marker.move(moment.said)

    @property
    def runs_only(self) -> bool:
        """Whether nothing but strips that run round, and the clock, moves on it."""
        return not self._passing and self._film is None

    def next_change_s(self, unix_s: float) -> float:
        """Seconds until a strip is due elsewhere, or a film's next frame; infinity if nothing moves."""
        number = motion.frame_number(unix_s, self.hz)
        frames = [frame for belt in self.running if (frame := belt.run.next_frame(number)) is not None]
        if self._passing:
            frames.append(number + 1)
        next_s = motion.until_frame_s(min(frames), unix_s, self.hz) if frames else NEVER_S
        return next_s if self._film is None else min(next_s, self._film.next_s())

    def shares(self, other: Sheet) -> list[Rect]:
        """The boxes of the strips that run on from `other` to this one."""
        there = {(belt.strip.frame, belt.strip.box) for belt in other.running}
        return [belt.touched for belt in self.running if (belt.strip.frame, belt.strip.box) in there]

    def _pass(self, place: PagePlace) -> list[Rect]:
        dirty = []
        for belt in self._passing:
            offset = motion.strip_offset(belt.strip, place.offset_s, place.span_s)
            if offset != belt.offset:
                belt.place(offset)
                dirty.append(belt.touched)
        filmed = self._film.draw(self._surface, place.offset_s) if self._film is not None else None
        return dirty if filmed is None else [*dirty, filmed]
