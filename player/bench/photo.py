"""A large photograph prepared for the panel, against decoding it in full; and how near it stays to the best scaling."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import pygame
from PIL import Image, ImageChops, ImageStat

from player.bench.figures import Effort, in_turn, measured
from player.prepare import pictures

_OCTAVES: Final = (2, 4, 8, 16, 32, 64)  # pixels a grain; the coarser the stronger, as in nature
_QUALITY: Final = 90
_IN_A_ROW: Final = 3  # else each pays for the memory that the other gave back to the system


def jpeg_12mp(work: Path, effort: Effort) -> dict[str, Any]:
    """A JPEG to pixels at the panel's size, against its full-size decode by the same library."""
    path = work / "photo.jpg"
    photograph(effort.photo_px).save(path, quality=_QUALITY)
    box = effort.photo_box_px
    ours, full = in_turn(lambda _: pictures.fitted(path, *box), lambda _: _decode(path), effort.photo_rounds, _IN_A_ROW)
    found = measured(ours / full, ours / 1000, full / 1000, "ratio of ms", effort.photo_rounds)
    nearness = psnr_db(pictures.fitted(path, *box), path)
    return found | {"psnr_db": measured(nearness, nearness, None, "dB", 1)}


def photograph(size: tuple[int, int]) -> Image.Image:
    """A picture with detail of every size, as a camera's has."""
    planes = []
    for _ in range(3):
        plane = Image.linear_gradient("L").resize(size)
        for grain in _OCTAVES:
            noise = Image.effect_noise((max(1, size[0] // grain), max(1, size[1] // grain)), 8 + 1.2 * grain)
            plane = ImageChops.add(plane, noise.resize(size, Image.Resampling.BICUBIC), scale=1.0, offset=-128)
        planes.append(plane)
    return Image.merge("RGB", planes)


def psnr_db(prepared: pygame.Surface, path: Path) -> float:
    """Decibels between `prepared` and the file decoded in full and scaled by Lanczos to the same size."""
    ours = Image.frombytes("RGB", prepared.get_size(), pygame.image.tobytes(prepared, "RGB"))
    with Image.open(path) as image:
        best = image.convert("RGB").resize(ours.size, Image.Resampling.LANCZOS)
    squares = ImageStat.Stat(ImageChops.difference(ours, best)).sum2
    mean = sum(squares) / (3 * ours.width * ours.height)
    return 99.0 if mean == 0 else 10 * math.log10(255**2 / mean)


def _decode(path: Path) -> None:
    with Image.open(path) as image:
        image.load()
