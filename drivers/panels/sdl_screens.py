"""The two ways SDL brings a picture to a screen: drawn by the processor alone, or put together by the graphics chip.

On a plain window a frame is a copy of what changed. With the chip, what changed goes into a texture, and the
chip draws the whole picture anew: the page, and above it a film's frame, which it turns to colours and scales.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pygame

from drivers.canvas import Canvas, Easel
from drivers.film import Planes
from drivers.panel import Frame, Overlay, Rect
from drivers.panels.sdl_library import Renderer, Texture
from drivers.surfaces import new_surface
from drivers.tone import Tone


class Screen(Protocol):
    """What stands behind the panel; `way` is how it draws. Raises SdlError when the device has gone."""

    way: str
    presented: int
    surface: pygame.Surface

    @property
    def overlay(self) -> Overlay | None: ...
    def bake(self, picture: pygame.Surface) -> None: ...
    def set_brightness(self, pct: int) -> None: ...
    def present(self, dirty: Sequence[Rect] | None) -> object: ...
    def again(self) -> None: ...
    def capture(self) -> Frame: ...
    def close(self) -> None: ...


class PlainScreen(Canvas):
    """The panel as a part of a window's own surface, which lies at `viewport`."""

    overlay = None
    way = "surface"

    def __init__(self, window: pygame.Surface, viewport: Rect) -> None:
        super().__init__((viewport.w, viewport.h), window.subsurface(viewport))
        self._at = viewport[:2]

    def present(self, dirty: Sequence[Rect] | None) -> list[Rect]:
        rects = super().present(dirty)
        x, y = self._at
        pygame.display.update([(r.x + x, r.y + y, r.w, r.h) for r in rects])
        return rects

    def again(self) -> None:
        """The desktop lost what was shown; the window's surface still holds it."""
        pygame.display.update()

    def close(self) -> None:
        """The window goes with SDL's display."""


class ChipScreen(Easel):
    """The panel as a texture in a window of the chip's, drawn at `viewport`, with a film above it."""

    def __init__(self, renderer: Renderer, viewport: Rect) -> None:
        super().__init__((viewport.w, viewport.h))
        self.way = renderer.name
        self._renderer = renderer
        self._viewport = viewport
        self._page = renderer.texture((viewport.w, viewport.h))
        self._upload(self._whole)
        self.overlay = FilmOverlay(self, renderer, self._tone)

    def present(self, dirty: Sequence[Rect] | None) -> list[Rect]:
        rects = self.inside(dirty)
        for rect in rects:
            self._upload(rect)
        self.overlay.turn()
        self.again()
        self.presented += 1
        return rects

    def again(self) -> None:
        """What was presented last is seen anew."""
        self._draw()
        self._renderer.show()

    def capture(self) -> Frame:
        seen = new_surface(*self.surface.get_size())
        self._read(self._whole, seen)
        return Frame(self._viewport.w, self._viewport.h, pygame.image.tobytes(seen, "RGB"), self.presented)

    def settle(self, area: Rect) -> None:
        """What is seen in `area` is the page's own from now on, whatever lies above it."""
        self._read(area, self.surface.subsurface(area))
        self._upload(area)

    def _read(self, area: Rect, target: pygame.Surface) -> None:
        """The picture that was presented last, as the chip makes it, into `target`, which is as large as `area`."""
        self._draw()
        self._renderer.read(self.placed(area), target._pixels_address, target.get_pitch())

    def placed(self, area: Rect) -> Rect:
        """Where a part of the panel lies in the window."""
        return Rect(area.x + self._viewport.x, area.y + self._viewport.y, area.w, area.h)

    def close(self) -> None:
        self._renderer.close()

    def _upload(self, rect: Rect) -> None:
        part = self.surface.subsurface(rect)
        self._page.bring(part._pixels_address, part.get_pitch(), rect)

    def _draw(self) -> None:
        self._renderer.clear()
        self._renderer.draw(self._page, self._viewport)
        self.overlay.draw()


class _Side:
    """One of the two textures, and where its frame stands."""

    def __init__(self) -> None:
        self.texture: Texture | None = None
        self.area = Rect(0, 0, 0, 0)
        self.turn = 0

    def free(self) -> None:
        if self.texture is not None:
            self.texture.free()
            self.texture = None


class FilmOverlay:
    """A film above the page of `screen`: one texture is seen while the next frame goes into the other.

    The chip may still be drawing from the first when the next frame comes: with one texture it would be waited for.
    """

    def __init__(self, screen: ChipScreen, renderer: Renderer, tone: Tone) -> None:
        self._screen = screen
        self._renderer = renderer
        self._tone = tone
        self._sides = (_Side(), _Side())
        self._seen: _Side | None = None
        self._next: _Side | None = None

    def show(self, planes: Planes, area: Rect) -> None:
        side = self._sides[self._seen is self._sides[0]]
        texture = self._fitting(side, planes)
        texture.bring_planes(planes)
        texture.dim(self._tone.brightness_pct)
        side.area, side.turn = area, planes.turn
        self._next = side

    def clear(self) -> None:
        self._next = None

    def settle(self) -> None:
        if self._seen is not None:
            self._screen.settle(self._seen.area)

    def turn(self) -> None:
        """The frame that was brought last is the one that is drawn from now on."""
        self._seen = self._next
        if self._seen is None:
            for side in self._sides:
                side.free()

    def draw(self) -> None:
        seen = self._seen
        if seen is not None and seen.texture is not None:
            self._renderer.draw_turned(seen.texture, self._screen.placed(seen.area), seen.turn)

    def _fitting(self, side: _Side, planes: Planes) -> Texture:
        """Another size or another coding has another texture."""
        texture = side.texture
        if texture is None or (texture.size, texture.coding) != (planes.size, planes.coding):
            side.free()
            texture = side.texture = self._renderer.film(planes.size, planes.coding)
        return texture
