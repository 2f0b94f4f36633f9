"""The clock and the dates on a page: which words stand there at an instant, where each goes, and the drawing of them.

A dial is drawn anew only when its words change: the clock each minute, a date at midnight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pygame

from drivers.panel import Rect
from player.layout import daywords
from player.show import ClockFace


class Glyph(NamedTuple):
    frame: str
    x: int
    y: int


def words_of(face: ClockFace, time_text: str, day: date | None) -> tuple[str, ...]:
    """What stands on `face`: the time, or the day in its form; nothing while the clock is not to be believed."""
    if not face.form:
        return tuple(time_text)
    try:
        return daywords.line(face.form, day) if day is not None else ()
    except ValueError:  # a clock set beyond the tables of the moon
        return ()


def placed(face: ClockFace, words: Sequence[str]) -> tuple[Glyph, ...]:
    """Where the frames of `words` go, on a panel turned by 0, 90, 180 or 270 degrees."""
    indexes = [face.words.index(word) for word in words]
    along = face.box.h if face.rotation in (90, 270) else face.box.w
    place = (along - sum(face.advance_px[index] for index in indexes)) * face.align_pct // 100
    glyphs = []
    for index in indexes:
        advance = face.advance_px[index]
        near = place if face.rotation in (0, 90) else along - place - advance
        x, y = (face.box.x, face.box.y + near) if face.rotation in (90, 270) else (face.box.x + near, face.box.y)
        glyphs.append(Glyph(face.glyphs[index], x, y))
        place += advance
    return tuple(glyphs)


class Dial:
    """`face` on `page`, with the surfaces of its words by frame name."""

    def __init__(self, face: ClockFace, page: pygame.Surface, inks: Mapping[str, pygame.Surface]) -> None:
        self._face = face
        self._area = Rect(face.box.x, face.box.y, face.box.w, face.box.h)
        self._behind = page.subsurface(self._area).copy()  # a row of words may be shorter than the last one
        self._inks = inks
        self._surface = page
        self._asked: str | date | None = ""
        self._words: tuple[str, ...] = ()

    def lie_on(self, target: pygame.Surface) -> None:
        """From now on it is drawn there, where it already stands."""
        self._surface = target

    def move(self, time_text: str, day: date | None) -> Rect | None:
        """Draws what stands there now; the rectangle it touched, or None if nothing changed."""
        asked = day if self._face.form else time_text
        if asked == self._asked:
            return None
        self._asked, words = asked, words_of(self._face, time_text, day)
        if words == self._words:
            return None
        self._words = words
        self._surface.blit(self._behind, self._area[:2])
        for glyph in placed(self._face, words):
            self._surface.blit(self._inks[glyph.frame], (glyph.x, glyph.y))
        return self._area
