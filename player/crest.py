"""A unit's crest: a small PNG with see-through corners, made to fit the square a layout has for it.

Read without the picture decoders, because the worker that prepares emergencies has none: the head is
judged before anything is decoded, and the file is the publisher's own, named by its hash.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import pygame

LARGEST_PX: Final = 1024
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEAD: Final = struct.Struct(">8s4x4sII")


def load(path: Path, side_px: int) -> pygame.Surface:
    """The crest within a square of `side_px`, its colours multiplied by their opacity: blit it as premultiplied.

    Raises ValueError, which names the file and says what is wrong with it.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise ValueError(f"crest {path.name}: {exc.strerror or exc}") from exc
    width, height = measure(data, path.name)
    try:
        drawn = pygame.image.load(path, "crest.png")
    except pygame.error as exc:
        raise ValueError(f"crest {path.name}: {exc}") from exc
    scale = min(side_px / width, side_px / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    deep = pygame.Surface((width, height), pygame.SRCALPHA, 32)  # a PNG may be grey or have a palette
    deep.blit(drawn, (0, 0))
    return pygame.transform.smoothscale(deep.premul_alpha(), size)


def measure(data: bytes, name: str) -> tuple[int, int]:
    """Width and height by the head of a PNG. Raises ValueError for another file, or one larger than `LARGEST_PX`."""
    if len(data) < _HEAD.size:
        raise ValueError(f"crest {name}: {len(data)} bytes, not a PNG")
    signature, chunk, width, height = _HEAD.unpack_from(data)
    if signature != _SIGNATURE or chunk != b"IHDR":
        raise ValueError(f"crest {name}: not a PNG")
    if not (0 < width <= LARGEST_PX and 0 < height <= LARGEST_PX):
        raise ValueError(f"crest {name}: {width}x{height} pixels, at most {LARGEST_PX}x{LARGEST_PX} are allowed")
    return int(width), int(height)
