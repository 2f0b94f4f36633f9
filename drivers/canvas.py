"""What the panel drivers have in common: a surface to draw on, and a copy of what was presented.

Only a present carries pixels from the one to the other, so a capture is never ahead of the panel.
What is drawn was baked before (`tone`): carrying it over is a bare copy.
"""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from drivers.panel import Frame, PanelError, Rect
from drivers.surfaces import new_surface
from drivers.tone import Tone


class Easel:
    """`surface` is drawn on; what is drawn there is corrected before, by `bake`."""

    def __init__(self, size: tuple[int, int], gamma: float = 1.0) -> None:
        self.surface = new_surface(*size)
        self.presented = 0
        self._whole = Rect(0, 0, *size)
        self._tone = Tone(gamma)

    def set_brightness(self, pct: int) -> None:
        """0 to 100 %, for what is baked from now on. Raises PanelError outside of that."""
        try:
            self._tone.dim(pct)
        except ValueError as exc:
            raise PanelError(str(exc)) from exc

    def bake(self, picture: pygame.Surface) -> None:
        """Corrects a 32-bit picture in place for gamma and brightness, before it is drawn on `surface`."""
        self._tone.bake(picture)

    def inside(self, dirty: Sequence[Rect] | None) -> list[Rect]:
        """The parts of `dirty` that lie on the surface; None is all of it."""
        return [self._whole] if dirty is None else [r for r in (clip(d, self._whole) for d in dirty) if r]


class Canvas(Easel):
    """An easel with what was presented beside it: `shown`, which may be a part of a window."""

    def __init__(self, size: tuple[int, int], shown: pygame.Surface | None = None, gamma: float = 1.0) -> None:
        super().__init__(size, gamma)
        self.shown = shown or new_surface(*size)

    def present(self, dirty: Sequence[Rect] | None) -> list[Rect]:
        """Carry the `dirty` parts over and count one frame; the parts that were carried come back."""
        rects = self.inside(dirty)
        for rect in rects:
            self.carry(rect)
        self.presented += 1
        return rects

    def carry(self, rect: Rect) -> None:
        """Copy one part, which lies inside the panel."""
        self.shown.blit(self.surface, rect[:2], rect)

    def capture(self) -> Frame:
        width, height = self.shown.get_size()
        return Frame(width, height, self._tone.seen(pygame.image.tobytes(self.shown, "RGB")), self.presented)


def clip(rect: Rect, bounds: Rect) -> Rect | None:
    """The part of `rect` inside `bounds`, None if there is none."""
    x, y = max(rect[0], bounds.x), max(rect[1], bounds.y)
    right, bottom = min(rect[0] + rect[2], bounds.x + bounds.w), min(rect[1] + rect[3], bounds.y + bounds.h)
    return Rect(x, y, right - x, bottom - y) if right > x and bottom > y else None


def opened(canvas: Canvas | None, driver: str) -> Canvas:
    """`canvas`, once the driver is open. Raises PanelError before that and after closing."""
    if canvas is None:
        raise PanelError(f"{driver}: the panel is not open")
    return canvas
