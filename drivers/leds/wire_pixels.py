"""From the picture as the player draws it to the bytes as the LEDs want them: in their order, three colours each.

Two steps, each at the speed of memory: pixels change places (only where the grid says so), then the
fourth byte goes and the colours take their order. For RGB and BGR SDL does that in machine code; it
knows no other order of three bytes, and those are copied colour by colour.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pygame

from drivers.leds.mapping import Grid
from drivers.surfaces import MASKS, surface_bytes

_BGRX: Final = "BGR"  # the bytes of a drawn pixel, the fourth means nothing
_PACKED: Final = {"RGB": (0xFF, 0xFF00, 0xFF0000, 0), "BGR": (0xFF0000, 0xFF00, 0xFF, 0)}


class WirePixels:
    """`picture` takes h rows of w BGRX; `take` brings it to `wire`, three bytes a pixel in the colours' `order`."""

    def __init__(self, grid: Grid, order: str = "RGB") -> None:
        count = grid.width_px * grid.height_px
        self._drawn = pygame.Surface((count, 1), 0, 32, MASKS)
        placed = surface_bytes(self._drawn)[: 4 * count]
        self.picture = placed
        self._place: Callable[[], object] | None = None
        if not grid.plain:
            self.picture = memoryview(bytearray(4 * count))
            self._place = _placing(self.picture, placed, grid)
        self._packed = pygame.Surface((count, 1), 0, 24, _PACKED.get(order, _PACKED["RGB"]))
        self.wire = surface_bytes(self._packed)[: 3 * count]
        self._pack = self._blit if order in _PACKED else _by_colour(placed, self.wire, order)

    def take(self) -> None:
        if self._place is not None:
            self._place()
        self._pack()

    def _blit(self) -> None:
        self._packed.blit(self._drawn, (0, 0))


def _placing(picture: memoryview, placed: memoryview, grid: Grid) -> Callable[[], object]:
    sources = np.array(grid.sources(), dtype=np.intp)
    drawn, moved = np.frombuffer(picture, np.uint32), np.frombuffer(placed, np.uint32)
    return lambda: np.take(drawn, sources, out=moved, mode="clip")


def _by_colour(placed: memoryview, wire: memoryview, order: str) -> Callable[[], None]:
    drawn, packed = np.frombuffer(placed, np.uint8).reshape(-1, 4), np.frombuffer(wire, np.uint8).reshape(-1, 3)

    def pack() -> None:
        for place, colour in enumerate(order):
            packed[:, place] = drawn[:, _BGRX.index(colour)]

    return pack
