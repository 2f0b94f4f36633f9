"""A film's pictures and its sound in order, from any position on: what the film process works off."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import av
import pygame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from drivers.speaker import RATE_HZ
from player.film.colours import colour_matrix
from player.film.file import (
    TIME_BASE,
    FilmError,
    opened,
    pictures_of,
    promised_s,
    refuse_broken_off,
    refuse_long,
    refusing,
    start_us,
)
from player.film.footage import Reel, Shot
from player.film.planar import PlaneCopier

_BAD_IN_A_ROW: Final = 50  # packets: a scratch in the file is passed over, rubbish is not


def reel(path: Path, size: tuple[int, int], rotation: int) -> Reel:
    """The film at `path`, its frames of `size` as the panel has them. Raises FilmError."""
    with opened(path) as container:
        refuse_long(container, path)
        seen, heard = pictures_of(container) is not None, bool(container.streams.audio)
    return Reel(Film(path, size, rotation) if seen and all(size) else None, Sound(path) if heard else None)


class Film:
    """The pictures of the film at `path`, scaled to `size` (as the panel has them) and turned by `rotation`."""

    def __init__(self, path: Path, size: tuple[int, int], rotation: int) -> None:
        self._path = path
        self._size = size
        self._rotation = rotation

    def shots(self, from_us: int) -> Iterator[Shot]:
        """In order, beginning with the last key frame at or before `from_us`. Raises FilmError."""
        brush, copier = Brush(self._size, self._rotation), PlaneCopier(self._size, self._rotation)
        with opened(self._path) as container:
            stream = pictures_of(container)
            if stream is None:
                raise FilmError(f"format: {self._path.name} has no pictures")
            stream.thread_type = "AUTO"
            begin_us = start_us(container)
            if from_us > 0:
                container.seek(from_us + begin_us)
            reached_us = 0
            for frame in _decoded(container, stream, self._path):
                if frame.time is None:
                    continue
                pts_us = max(0, round(frame.time * TIME_BASE) - begin_us)
                reached_us = max(reached_us, pts_us)
                yield Shot(pts_us, partial(brush.draw, frame), partial(copier.copy, frame))
            refuse_broken_off(reached_us / TIME_BASE, promised_s(container, stream))


class Sound:
    """The sound of the film at `path` in the house's format."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def pieces(self, from_us: int) -> Iterator[tuple[int, memoryview]]:
        """(number of the first sample, PCM), in order, from `from_us` on; the number 0 is the film's beginning.

        Raises FilmError, at its end too if a file of sound alone is shorter than it says; beside pictures it may be.
        """
        with opened(self._path) as container:
            stream = container.streams.audio[0]
            if from_us > 0:
                container.seek(from_us + start_us(container))
            resampler = AudioResampler("s16", "mono", RATE_HZ)
            wanted = from_us * RATE_HZ // TIME_BASE
            first: int | None = None
            for frame in _decoded(container, stream, self._path):
                if first is None:  # the stamps of later ones are rounded; the samples themselves leave no gap
                    first = round(((frame.time or 0.0) - start_us(container) / TIME_BASE) * RATE_HZ)
                for made in resampler.resample(frame):
                    if first + made.samples > wanted and first >= 0:
                        yield first, memoryview(made.planes[0])[: 2 * made.samples]
                    first += made.samples
            if pictures_of(container) is None:
                reached_s = max(first or 0, wanted) / RATE_HZ
                refuse_broken_off(reached_s, promised_s(container, None))


class Brush:
    """Draws frames of `size` as the panel has them, upright, in sRGB and turned clockwise by `rotation`.

    One for a whole film: what converts the colours costs more to set up than to use.
    """

    def __init__(self, size: tuple[int, int], rotation: int) -> None:
        self._size = size
        self._rotation = rotation
        self._reformatter = VideoReformatter()

    def draw(self, frame: VideoFrame, room: memoryview) -> None:
        """The frame into `room`: rows of `size[0]` pixels, BGRX."""
        turned = (self._rotation - frame.rotation) % 360
        scaled_to = (self._size[1], self._size[0]) if turned in (90, 270) else self._size
        scaled = self._reformatter.reformat(
            frame, *scaled_to, format="bgr0", src_colorspace=colour_matrix(frame), interpolation=Interpolation.BILINEAR,
            threads=1,  # the decoder has all the others busy with the frames to come
        )  # fmt: skip
        plane = scaled.planes[0]
        if turned:
            upright = bytearray(len(room))
            _copy_rows(memoryview(plane), plane.line_size, memoryview(upright), scaled_to)
            surface = pygame.image.frombuffer(upright, scaled_to, "BGRA")
            room[:] = pygame.transform.rotate(surface, -turned).get_buffer().raw
        else:
            _copy_rows(memoryview(plane), plane.line_size, room, self._size)


def _copy_rows(rows: memoryview, line_b: int, room: memoryview, size: tuple[int, int]) -> None:
    """Without what the library leaves free at the end of each row."""
    pitch = size[0] * 4
    if line_b == pitch:
        room[:] = rows[: len(room)]
        return
    for row in range(size[1]):
        room[row * pitch : (row + 1) * pitch] = rows[row * line_b : row * line_b + pitch]


def _decoded(container: InputContainer, stream: Any, path: Path) -> Iterator[Any]:
    """Every frame that can be decoded. Raises FilmError when nothing can any more."""
    bad = 0
    with refusing(path):
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                bad += 1
                if bad > _BAD_IN_A_ROW:
                    raise
                continue
            bad = 0 if frames else bad
            yield from frames
