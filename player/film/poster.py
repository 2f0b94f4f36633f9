"""A film for those who prepare pages: what it is, and its first frame to stand where it will play."""

from __future__ import annotations

from pathlib import Path

import pygame

from drivers.surfaces import new_surface
from player.film.decode import Brush
from player.film.file import FilmError, first_frame, inspect, look, opened, pictures_of, upright_size

__all__ = ["fitted", "inspect", "look"]


def fitted(path: Path, width_px: int, height_px: int) -> pygame.Surface:
    """The first frame as large as fits the box, as the film process draws it. Raises FilmError."""
    with opened(path) as container:
        stream = pictures_of(container)
        if stream is None:
            raise FilmError(f"format: {path.name} has no pictures")
        frame = first_frame(container, stream, path)
        width, height = upright_size(frame, stream)
        scale = min(width_px / width, height_px / height)
        surface = new_surface(max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = bytearray(surface.get_buffer().length)
        Brush(surface.get_size(), 0).draw(frame, memoryview(pixels))
    surface.get_buffer().write(bytes(pixels))
    return surface
