"""From the picture as the player draws it to the bytes as the LEDs want them: in their order, three colours each.

Two steps, each at the speed of memory: pixels change places (only where the grid says so), then the
fourth byte goes and the colours take their order, by a blit that SDL does in machine code.
"""

from __future__ import annotations

import numpy as np
import pygame

from drivers.canvas import MASKS
from drivers.mapping import Grid
from drivers.surfaces import surface_bytes


class WirePixels:
    """`picture` takes h rows of w BGRX; `take` brings it to `wire`, three bytes a pixel in the colours' `order`."""

    def __init__(self, grid: Grid, order: str = "RGB") -> None:
        count = grid.width_px * grid.height_px
        self._drawn = pygame.Surface((count, 1), 0, 32, MASKS)
        self._packed = pygame.Surface((count, 1), 0, 24, _masks(order))
        placed = surface_bytes(self._drawn)[: 4 * count]
        self.wire = surface_bytes(self._packed)[: 3 * count]
        self.picture = placed
        self._sources: np.ndarray | None = None
        if not grid.plain:
            self.picture = memoryview(bytearray(4 * count))
            self._sources = np.array(grid.sources(), dtype=np.intp)
            self._from = np.frombuffer(self.picture, np.uint32)
            self._to = np.frombuffer(placed, np.uint32)

    def take(self) -> None:
        if self._sources is not None:
            np.take(self._from, self._sources, out=self._to, mode="clip")
        self._packed.blit(self._drawn, (0, 0))


def _masks(order: str) -> tuple[int, int, int, int]:
    """What pygame calls the places of red, green and blue in three bytes."""
    red, green, blue = (0xFF << 8 * order.index(colour) for colour in "RGB")
    return red, green, blue, 0
