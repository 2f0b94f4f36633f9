"""A unit's crest: a small PNG with see-through corners, made to fit the square a layout has for it.

Read without the picture decoders, because the worker that prepares emergencies has none: the head is
judged before anything is decoded, and the file is the publisher's own, named by its hash.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Final

import pygame

LARGEST_PX: Final = 1024
LARGEST_B: Final = 1024 * 1024
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
    """Width and height of a whole PNG, nothing decoded. Raises ValueError for any other file, or for one too large."""
    if not _HEAD.size <= len(data) <= LARGEST_B:
        raise ValueError(f"crest {name}: {len(data)} bytes, not a PNG of at most {LARGEST_B}")
    signature, chunk, width, height = _HEAD.unpack_from(data)
    if signature != _SIGNATURE or chunk != b"IHDR":
        raise ValueError(f"crest {name}: not a PNG")
    if not (0 < width <= LARGEST_PX and 0 < height <= LARGEST_PX):
        raise ValueError(f"crest {name}: {width}x{height} pixels, at most {LARGEST_PX}x{LARGEST_PX} are allowed")
    if not _whole(data):
        raise ValueError(f"crest {name}: truncated or damaged")
    return int(width), int(height)


def _whole(data: bytes) -> bool:
    """Whether every chunk of the PNG is there and keeps its checksum (RFC 2083, section 3.2)."""
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        if end + 4 > len(data) or struct.unpack_from(">I", data, end)[0] != zlib.crc32(data[at + 4 : end]):
            return False
        if kind == b"IEND":
            return True
        at = end + 4
    return False
