"""A film in full HD on its way to the panel, against decoding it and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

import av
from PIL import Image

from drivers import panel as panels
from drivers.panel import Overlay, Panel, PanelError, Rect
from player.bench.figures import Effort, NotMeasured, in_turn, measured
from player.bench.film import shoot
from player.bench.photo import photograph
from player.film.decode import Film
from player.film.ring import Ring
from player.film.worker import put

_FPS: Final = 30
_STEP_PX: Final = (8, 4)  # a slow pan: every block moves, as behind a walking camera
_AS_CAMERAS_DO: Final = {"preset": "veryfast"}  # H.264 High; quicker presets leave out half of what a decoder does
_UNSEEN: Final = {"mode": "window", "video_driver": "offscreen"}  # a window that GL draws in and nobody sees
_CHIPS: Final = (_UNSEEN | {"renderer": "opengles2"}, _UNSEEN | {"renderer": "opengl"})
_NO_CHIP: Final = {"mode": "headless", "renderer": "software"}
_PIXELS: Final = {"mode": "headless", "renderer": "none"}


def video_1080p30(work: Path, effort: Effort) -> dict[str, Any]:
    """Decoded, left as planes in the ring and brought to the graphics chip's texture, against decoding alone.

    The chip's own work, colours and drawing, is not in it. Where SDL finds no GL here, its software renderer
    takes the chip's place and turns the colours in that time; `renderer` says which it was. `software` is that
    renderer in any case, and `pixels` the way of a panel that takes pixels alone: converted in the film process.
    """
    path = work / "film.mp4"
    try:
        shoot(path, _pan(effort.film_px, effort.film_frames), fps=_FPS, options=_AS_CAMERAS_DO)
    except av.error.FFmpegError as exc:
        raise NotMeasured(f"H.264 cannot be written here: {exc}") from exc
    with _first_open((*_CHIPS, _NO_CHIP), effort.film_px) as panel:
        found = _against_decoding(path, panel, effort) | {"renderer": panel.health()["renderer"]}
    with _first_open((_NO_CHIP,), effort.film_px) as panel:
        found["software"] = _against_decoding(path, panel, effort)
    with _first_open((_PIXELS,), effort.film_px) as panel:
        found["pixels"] = _against_decoding(path, panel, effort)
    return found


@contextmanager
def _first_open(choices: tuple[dict[str, str], ...], size: tuple[int, int]) -> Iterator[Panel]:
    """The first of these SDL panels that this machine has, open."""
    why = ""
    for options in choices:
        panel = panels.create("sdl", *size, options)
        try:
            panel.open()
        except PanelError as exc:
            why = str(exc)
            continue
        try:
            yield panel
        finally:
            panel.close()
        return
    raise NotMeasured(why)


def _against_decoding(path: Path, panel: Panel, effort: Effort) -> dict[str, Any]:
    """By the time that all processors spent, since on a board the two are processes that run side by side.

    `wall`: by the clock, one after the other, with all else that this machine does meanwhile.
    """
    cinema = _Cinema(path, panel)
    shown, decoded = _Metered(cinema.show), _Metered(lambda: decode_alone(path))
    ours, bare = in_turn(shown, decoded, effort.film_rounds, 1)
    cinema.close()
    if shown.frames != decoded.frames:
        raise RuntimeError(f"{shown.frames} frames were shown, {decoded.frames} decoded: this is not the same work")
    found = _figures(shown.cpu_s(), decoded.cpu_s(), effort)
    return found | {"wall": _figures(ours / 1e6, bare / 1e6, effort)}


def _figures(ours_s: float, bare_s: float, effort: Effort) -> dict[str, Any]:
    each = effort.film_frames / 1000
    return measured(ours_s / bare_s, ours_s / each, bare_s / each, "ratio of ms a frame", effort.film_rounds)


class _Metered:
    """Work on a film whose processor time is kept, call by call, and of how many frames it was."""

    def __init__(self, work: Callable[[], int]) -> None:
        self._work = work
        self._taken_s: list[float] = []
        self.frames = 0

    def __call__(self, _: int) -> None:
        started_s = time.process_time()
        self.frames += self._work()
        self._taken_s.append(time.process_time() - started_s)

    def cpu_s(self) -> float:
        """Median of one call, the first left out."""
        return median(self._taken_s[1:])


class _Cinema:
    """What film process and player do with each frame, one after the other in one process."""

    def __init__(self, path: Path, panel: Panel) -> None:
        self._film = Film(path, panel.size, 0)
        self._ring = Ring.create(*panel.size)
        self._ring.take_planes(panel.overlay is not None)
        self._hand_over = self._to(panel.overlay, panel.size) if panel.overlay else self._onto(panel)

    def show(self) -> int:
        """The whole film; the frames of it."""
        count = 0
        for shot in self._film.shots(0):
            self._ring.want(shot.pts_us)
            slot = self._ring.free()
            if slot is None:
                raise RuntimeError("the ring is full though every frame was taken")
            put(shot, self._ring, slot)
            self._hand_over(slot)
            count += 1
        self._ring.empty()
        return count

    def close(self) -> None:
        self._ring.close()

    def _to(self, overlay: Overlay, size: tuple[int, int]) -> Callable[[int], None]:
        def hand_over(slot: int) -> None:
            planes = self._ring.planes(slot)
            if planes is None:
                raise RuntimeError("the film's frames are not left as planes")
            overlay.show(planes, Rect(0, 0, *size))

        return hand_over

    def _onto(self, panel: Panel) -> Callable[[int], None]:
        def hand_over(slot: int) -> None:
            picture = self._ring.surface(slot)
            picture.set_alpha(None)
            panel.surface.blit(picture, (0, 0))

        return hand_over


def _pan(size: tuple[int, int], count: int) -> list[Image.Image]:
    wide, high = size[0] + _STEP_PX[0] * count, size[1] + _STEP_PX[1] * count
    ground = photograph((wide, high))
    places = ((_STEP_PX[0] * n, _STEP_PX[1] * n) for n in range(count))
    return [ground.crop((x, y, x + size[0], y + size[1])) for x, y in places]


def decode_alone(path: Path) -> int:
    """Every frame of the film, decoded and let go; how many they were."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        return sum(1 for _ in container.decode(stream))
