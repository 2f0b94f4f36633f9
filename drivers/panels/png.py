"""A panel that keeps each new picture as a numbered PNG file: to leaf through what a screen showed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pygame

from drivers.canvas import Canvas, opened
from drivers.options import Option
from drivers.panel import Frame, PanelError, Power, Rect

OPTIONS: Final = {
    "folder": Option(Path("frames"), Path, "folder the pictures go to, numbered; made when missing"),
}


class Driver:
    refresh_hz = 60.0
    overlay = None

    def __init__(self, width: int, height: int, folder: Path) -> None:
        self.size = (width, height)
        self._folder = folder
        self._canvas: Canvas | None = None
        self._checksum = -1
        self._written = 0

    @property
    def surface(self) -> pygame.Surface:
        return opened(self._canvas, "png").surface

    def open(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise PanelError(f"png: folder={self._folder}: {exc.strerror}") from exc
        numbers = [path.stem.removeprefix("frame-") for path in self._folder.glob("frame-*.png")]
        self._written = max((int(number) for number in numbers if number.isdecimal()), default=0)
        self._canvas = Canvas(self.size)

    def bake(self, picture: pygame.Surface) -> None:
        opened(self._canvas, "png").bake(picture)

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
        """A picture equal to the one before makes no file."""
        canvas = opened(self._canvas, "png")
        canvas.present(dirty)
        checksum = zlib.crc32(canvas.shown.get_buffer().raw)
        if checksum != self._checksum:
            self._write(canvas.shown)
            self._checksum = checksum

    def set_brightness(self, pct: int) -> None:
        opened(self._canvas, "png").set_brightness(pct)

    def set_power(self, on: bool) -> Power:
        return Power.UNKNOWN

    def capture(self) -> Frame:
        return opened(self._canvas, "png").capture()

    def pump(self) -> bool:
        return True

    def health(self) -> dict[str, Any]:
        presented = self._canvas.presented if self._canvas else 0
        return {"driver": "png", "presented": presented, "written": self._written}

    def close(self) -> None:
        self._canvas = None

    def _write(self, shown: pygame.Surface) -> None:
        path = self._folder / f"frame-{self._written + 1:06}.png"
        part = path.with_name(f".{path.name}")  # still ends in .png: pygame picks the format by it
        try:
            pygame.image.save(shown, part)
            part.replace(path)
        except (OSError, pygame.error) as exc:
            raise PanelError(f"png: {path}: {exc}") from exc
        self._written += 1
