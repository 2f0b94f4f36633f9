"""The bytes of a pygame surface, without locking it against drawing."""

from __future__ import annotations

import ctypes

import pygame


def surface_bytes(surface: pygame.Surface) -> memoryview:
    """All rows with their padding, to read and write; valid as long as the surface lives."""
    length = surface.get_pitch() * surface.get_height()
    return memoryview((ctypes.c_ubyte * length).from_address(surface._pixels_address)).cast("B")
