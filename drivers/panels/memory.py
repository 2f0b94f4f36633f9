"""A panel that only remembers: the one tests and measurements look at, from within or from another process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pygame

from drivers.canvas import Canvas, opened
from drivers.exported import FrameWriter
from drivers.options import Option
from drivers.panel import Frame, PanelError, Power, Rect

OPTIONS: Final = {
    "export": Option(None, Path, "path of a memory-mapped file that shows each frame to other processes"),
}


class Driver:
    refresh_hz = 60.0
    overlay = None

    def __init__(self, width: int, height: int, export: Path | None = None) -> None:
        self.size = (width, height)
        self._export = export
        self._canvas: Canvas | None = None
        self._writer: FrameWriter | None = None
        self._power = Power.ON

    @property
    def surface(self) -> pygame.Surface:
        return opened(self._canvas, "memory").surface

    def open(self) -> None:
        if self._export is not None:
            try:
                self._writer = FrameWriter.at(self._export, self.size)
            except OSError as exc:
                raise PanelError(f"memory: export={self._export}: {exc.strerror}") from exc
        self._canvas = Canvas(self.size, self._writer.surface if self._writer else None)

    def bake(self, picture: pygame.Surface) -> None:
        opened(self._canvas, "memory").bake(picture)

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
        canvas = opened(self._canvas, "memory")
        if self._writer is None:
            canvas.present(dirty)
            return
        self._writer.begin()
        canvas.present(dirty)
        self._writer.commit(canvas.presented)

    def set_brightness(self, pct: int) -> None:
        opened(self._canvas, "memory").set_brightness(pct)

    def set_power(self, on: bool) -> Power:
        self._power = Power.ON if on else Power.OFF
        return self._power

    def capture(self) -> Frame:
        return opened(self._canvas, "memory").capture()

    def pump(self) -> bool:
        return True

    def health(self) -> dict[str, Any]:
        presented = self._canvas.presented if self._canvas else 0
        return {"driver": "memory", "presented": presented, "power": self._power.value}

    def close(self) -> None:
        self._canvas = None
        self._writer = None
