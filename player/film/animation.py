"""Animated pictures: GIF, WebP and APNG as frames with their durations, round and round from any position."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from PIL import Image

from player.film.footage import Reel, Shot
from player.prepare.pictures import PictureError, durations_us, flat, opened, refusing

_TURNS: Final = {
    90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90,
}  # fmt: skip


def reel(path: Path, size: tuple[int, int], rotation: int) -> Reel:
    """The animated picture at `path`; it has no sound."""
    return Reel(Animation(path, size, rotation), None)


class Animation:
    """The animated picture at `path`, scaled to `size` (as the panel has it) and turned clockwise by `rotation`."""

    def __init__(self, path: Path, size: tuple[int, int], rotation: int) -> None:
        self._path = path
        self._size = size
        self._rotation = rotation
        self._durations: list[int] = []

    def shots(self, from_us: int) -> Iterator[Shot]:
        """The frames from the one due at `from_us` on, without end. Raises PictureError."""
        with refusing(self._path), opened(self._path) as image:
            durations = self._same(durations_us(image))
            round_us = sum(durations)
            lap = from_us // round_us
            while True:
                at_us = lap * round_us
                for number, duration_us in enumerate(durations):
                    if at_us + duration_us > from_us:
                        image.seek(number)
                        yield Shot(at_us, partial(self._draw, image.copy()))
                    at_us += duration_us
                lap += 1

    def _same(self, durations: list[int]) -> list[int]:
        """A file cut or written over between two frames reads like a whole one, but no longer as at the first time."""
        if self._durations and durations != self._durations:
            counts = f"{len(self._durations)} frames, now {len(durations)}"
            raise PictureError(f"truncated: {self._path.name} was changed while it played: {counts}")
        self._durations = durations
        return durations

    def _draw(self, image: Image.Image, room: memoryview) -> None:
        size = (self._size[1], self._size[0]) if self._rotation in (90, 270) else self._size
        drawn = flat(image).convert("RGB")
        scaled = drawn if drawn.size == size else drawn.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        turned = scaled.transpose(_TURNS[self._rotation]) if self._rotation else scaled
        room[:] = turned.tobytes("raw", "BGRX")
