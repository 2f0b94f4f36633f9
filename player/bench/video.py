"""A film in full HD on its way to the panel, against decoding it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import av
import pygame
from PIL import Image

from player.bench.figures import Effort, NotMeasured, in_turn, measured
from player.bench.film import shoot
from player.bench.photo import photograph
from player.film.decode import Film
from player.film.ring import Ring
from player.render import new_surface

_FPS: Final = 30
_STEP_PX: Final = (8, 4)  # a slow pan: every block moves, as behind a walking camera


def video_1080p30(work: Path, effort: Effort) -> dict[str, Any]:
    """Decoded, drawn into the ring and copied onto the panel's surface, against decoding the same film alone.

    `planes`: the same with the decoder's own planes copied out, as a panel that takes YUV would be given them.
    """
    path = work / "film.mp4"
    try:
        shoot(path, _pan(effort.film_px, effort.film_frames), fps=_FPS)
    except av.error.FFmpegError as exc:
        raise NotMeasured(f"H.264 cannot be written here: {exc}") from exc
    cinema = _Cinema(path, effort.film_px)
    frames, rounds = effort.film_frames, effort.film_rounds
    ours, bare = in_turn(lambda _: cinema.show(), lambda _: _decode(path), rounds, 1)
    planes, bare_again = in_turn(lambda _: cinema.hand_planes_over(), lambda _: _decode(path), rounds, 1)
    found = measured(ours / bare, ours / frames / 1000, bare / frames / 1000, "ratio of ms a frame", rounds)
    ratio = measured(
        planes / bare_again, planes / frames / 1000, bare_again / frames / 1000, "ratio of ms a frame", rounds
    )
    cinema.close()
    return found | {"planes": ratio}


class _Cinema:
    """What film process and player do with each frame, one after the other in one process."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self._film = Film(path, size, 0)
        self._path = path
        self._ring = Ring.create(*size)
        self._panel = new_surface(*size)
        self._planes = bytearray(size[0] * size[1] * 3 // 2)

    def show(self) -> None:
        for shot in self._film.shots(0):
            self._ring.want(shot.pts_us)
            slot = self._ring.free()
            if slot is None:
                raise RuntimeError("the ring is full though every frame was taken")
            shot.draw(self._ring.room(slot))
            self._ring.show(slot, shot.pts_us)
            picture = self._surface(slot)
            self._panel.blit(picture, (0, 0))
        self._ring.empty()

    def hand_planes_over(self) -> None:
        room = memoryview(self._planes)
        for frame in _frames(self._path):
            at = 0
            for plane in frame.planes:
                rows, size_b = memoryview(plane), plane.width * plane.height
                if plane.line_size == plane.width:
                    room[at : at + size_b] = rows[:size_b]
                at += size_b

    def close(self) -> None:
        self._ring.close()

    def _surface(self, slot: int) -> pygame.Surface:
        picture = self._ring.surface(slot)
        picture.set_alpha(None)
        return picture


def _pan(size: tuple[int, int], count: int) -> list[Image.Image]:
    wide, high = size[0] + _STEP_PX[0] * count, size[1] + _STEP_PX[1] * count
    ground = photograph((wide, high))
    places = ((_STEP_PX[0] * n, _STEP_PX[1] * n) for n in range(count))
    return [ground.crop((x, y, x + size[0], y + size[1])) for x, y in places]


def _frames(path: Path) -> Iterator[Any]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        yield from container.decode(stream)


def _decode(path: Path) -> None:
    for _ in _frames(path):
        pass
