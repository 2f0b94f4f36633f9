"""Surfaces as they lie in memory all through this house: 32 bits a pixel, BGRX, and their bytes."""

from __future__ import annotations

import ctypes
from typing import Final

import pygame

MASKS: Final = (0xFF0000, 0xFF00, 0xFF, 0)  # BGRX on every machine we run on (little-endian); X means nothing


def new_surface(width_px: int, height_px: int) -> pygame.Surface:
    """A black one that needs no window."""
    return pygame.Surface((width_px, height_px), 0, 32, MASKS)


def surface_bytes(surface: pygame.Surface) -> memoryview:
    """From the first pixel to the last, with what lies between the rows; valid as long as the surface lives.

    Nothing is locked: the surface can be drawn on meanwhile.
    """
    width, height = surface.get_size()
    length = surface.get_pitch() * (height - 1) + width * surface.get_bytesize() if height else 0
    return memoryview((ctypes.c_ubyte * length).from_address(surface._pixels_address)).cast("B")
