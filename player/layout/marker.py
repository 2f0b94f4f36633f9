"""What shows on a page that it is being read aloud: a bar beside the lines of the sentence, and a loudspeaker."""

from __future__ import annotations

import pygame

from drivers.panel import Rect
from player.layout.follow import read_now
from player.motion import Said
from player.show import Box, Prepared


class Marker:
    """The marks of page `index` of `prepared`, drawn on `page`; it keeps what they cover."""

    def __init__(self, prepared: Prepared, index: int, page: pygame.Surface) -> None:
        self._voice, self._colour = prepared.voice, prepared.mark_rgb
        self._voice_colour = prepared.voice_rgb
        self._marks = prepared.pages[index].marks
        self._surface = page
        self._said: Said | None = None
        self._covered: dict[Rect, pygame.Surface] = {}

    def lie_on(self, target: pygame.Surface) -> None:
        """From now on it is drawn there, where it already stands."""
        self._surface = target

    def move(self, said: Said | None) -> list[Rect]:
        """Marks what is read now and takes off the other marks; the rectangles that were touched."""
        if said == self._said:
            return []
        self._said = said
        wanted = self._wanted(said)
        gone = [area for area in self._covered if area not in wanted]
        new = [area for area in wanted if area not in self._covered]
        for area in gone:
            self._surface.blit(self._covered.pop(area), area[:2])
        for area in new:
            self._covered[area] = self._surface.subsurface(area).copy()
            self._surface.fill(wanted[area], area)
        return gone + new

    def _wanted(self, said: Said | None) -> dict[Rect, tuple[int, int, int]]:
        if said is None:
            return {}
        lit = {_area(box): self._voice_colour for box in self._voice}
        for mark in self._marks if said.sentence is not None else ():
            if mark.lang == said.lang and read_now(mark.first, mark.last, mark.of, said.sentence or 0, said.of):
                lit[_area(mark.box)] = self._colour
        return lit


def _area(box: Box) -> Rect:
    return Rect(box.x, box.y, box.w, box.h)
