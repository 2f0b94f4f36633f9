"""Photographs of telephones: HEIC, opened as any other picture once its decoder is loaded.

The decoder turns the picture as the camera was held by itself, so the EXIF rotation counts no more.
"""

from __future__ import annotations

from pathlib import Path

import pygame
from PIL import Image
from pillow_heif import HeifImageFile

from player.prepare import pictures
from player.prepare.jobs import Inspected
from player.prepare.pictures import LARGEST_PIXELS


def inspect(key: str, path: Path) -> Inspected:
    """As `pictures.inspect`. Raises PictureError."""
    return pictures.inspect(key, path, _opened)


def look(path: Path) -> Inspected:
    """As `pictures.look`; it never moves. Raises PictureError."""
    with pictures.refusing(path), _opened(path) as image:
        return Inspected("", "image/heic", image.width, image.height)


def fitted(path: Path, width_px: int, height_px: int) -> pygame.Surface:
    """As `pictures.fitted`. Raises PictureError."""
    return pictures.fitted(path, width_px, height_px, _opened)


def _opened(path: Path) -> Image.Image:
    image: Image.Image = HeifImageFile(path)  # type: ignore[no-untyped-call]
    if image.width * image.height > LARGEST_PIXELS:
        image.close()
        raise Image.DecompressionBombError(f"{image.width}x{image.height}")
    return image
