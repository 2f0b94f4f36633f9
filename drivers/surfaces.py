"""The bytes of a pygame surface, without locking it against drawing."""

from __future__ import annotations

import ctypes

import pygame


def surface_bytes(surface: pygame.Surface) -> memoryview:
    """From the first pixel to the last, with what lies between the rows; valid as long as the surface lives."""
    width, height = surface.get_size()
    length = surface.get_pitch() * (height - 1) + width * surface.get_bytesize() if height else 0
    return memoryview((ctypes.c_ubyte * length).from_address(surface._pixels_address)).cast("B")
