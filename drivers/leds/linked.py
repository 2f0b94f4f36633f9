"""A panel whose LEDs belong to a helper process: what is drawn goes into memory that both share, and the helper wakes.

All LED drivers with a helper are this one panel with their own name, options and sink.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pygame

from drivers import options
from drivers.canvas import Canvas, opened
from drivers.exported import FrameWriter, new_memory
from drivers.leds import mapping
from drivers.leds.link import Link, LinkError
from drivers.leds.mapping import GeometryError, grid_of
from drivers.options import Option, OptionError
from drivers.panel import Frame, PanelError, Power, Rect
from drivers.surfaces import surface_bytes
from drivers.tone import LED_GAMMA

SERVICES: Final = Path("/run/bangtin")  # where the service manager listens, a socket a kind of helper

COMMON: Final = mapping.OPTIONS | {
    "gamma": Option(LED_GAMMA, options.number(0.5, 4.0), "2.2 for LEDs; 1 if the receiver bends the values itself"),
    "resend_ms": Option(1000, options.whole(0, 60_000), "a still picture is sent again so often; 0: once"),
    "helper": Option(
        "auto", options.text, "auto: the installed service, else a child process; child; or the path of a socket"
    ),
}


class LinkedPanel:
    """`kind` names the service; `values` are the driver's options as read. Raises OptionError for a wrong geometry."""

    overlay = None

    def __init__(self, name: str, kind: str, size: tuple[int, int], values: Mapping[str, Any], hz: float) -> None:
        self.size = size
        self.refresh_hz = hz
        self._name = name
        self._kind = kind
        self._values = dict(values)
        self._canvas: SharedCanvas | None = None
        self._link: Link | None = None
        try:
            grid_of(*size, values)
        except GeometryError as exc:
            raise OptionError(f"{name}: {exc}") from exc

    @property
    def surface(self) -> pygame.Surface:
        return opened(self._canvas, self._name).surface

    def open(self) -> None:
        fd = os.memfd_create(f"bangtin-{self._name}", os.MFD_CLOEXEC)
        try:
            memory = new_memory(fd, self.size)
            hello = {"driver": self._name, "options": self._values}
            self._link = Link(hello, os.dup(fd), self._service())
            self._link.open()
        except (LinkError, OSError) as exc:
            self.close()
            raise PanelError(f"{self._name}: {exc}") from exc
        finally:
            os.close(fd)
        self._canvas = SharedCanvas(memory, self.size, self._values["gamma"])

    def bake(self, picture: pygame.Surface) -> None:
        opened(self._canvas, self._name).bake(picture)

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
        opened(self._canvas, self._name).present(dirty)
        if self._link is not None:
            self._link.wake()

    def set_brightness(self, pct: int) -> None:
        opened(self._canvas, self._name).set_brightness(pct)

    def set_power(self, on: bool) -> Power:
        """LEDs are dark when black is sent; that they have power at all nobody can see from here."""
        return Power.UNKNOWN

    def capture(self) -> Frame:
        return opened(self._canvas, self._name).capture()

    def pump(self) -> bool:
        if self._link is not None:
            self._link.poll()
        return True

    def health(self) -> dict[str, Any]:
        link = self._link
        state = {"driver": self._name, "presented": self._canvas.presented if self._canvas else 0}
        if link is None:
            return state
        helper = "running" if link.ready else "lost"
        return link.facts | state | {"helper": helper, "replaced": link.replaced, "trouble": link.trouble}

    def close(self) -> None:
        self._canvas = None
        if self._link is not None:
            self._link.close()
            self._link = None

    def _service(self) -> Path | None:
        wanted = self._values["helper"]
        if wanted == "auto":
            found = SERVICES / f"led-{self._kind}.sock"
            return found if found.exists() else None
        return None if wanted == "child" else Path(wanted)


class SharedCanvas(Canvas):
    """Presents into a frame memory: whole rows, as a band of a ticker is, by one copy of bytes."""

    def __init__(self, memory: memoryview, size: tuple[int, int], gamma: float) -> None:
        self._writer = FrameWriter(memory, size)
        super().__init__(size, self._writer.surface, gamma)
        self._row_b = 4 * size[0]
        self._width = size[0]
        self._from = surface_bytes(self.surface)
        self._to = self._writer.pixels

    def present(self, dirty: Sequence[Rect] | None) -> list[Rect]:
        self._writer.begin()
        rects = super().present(dirty)
        self._writer.commit(self.presented)
        return rects

    def carry(self, rect: Rect) -> None:
        if rect.w == self._width:
            start, end = rect.y * self._row_b, (rect.y + rect.h) * self._row_b
            self._to[start:end] = self._from[start:end]
        else:
            super().carry(rect)
