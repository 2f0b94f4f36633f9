"""LED modules on a Raspberry Pi 5's pins, by its programmable I/O, through Adafruit's piomatter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import adafruit_blinka_raspberry_pi5_piomatter as piomatter
import numpy as np

from drivers.leds.mapping import GeometryError, grid_of
from drivers.leds.sink import SinkError, drop_root
from drivers.leds.wire_pixels import WirePixels


class Sink:
    def __init__(self, driver: str, size: tuple[int, int], options: Mapping[str, Any]) -> None:
        self._options = options
        self._grid = grid_of(*size, options)
        self._address_lines = address_lines(self._grid.module_px[1])
        self._pixels = WirePixels(self._grid)
        self.picture = self._pixels.picture
        self._frames = 0

    def open(self) -> None:
        device = self._options["device"]
        if not device.exists():
            raise SinkError(
                f"piomatter: {device} is not there: it needs a Raspberry Pi 5 with a kernel of 2024-11 or later"
            )
        pinout = getattr(piomatter.Pinout, self._options["pinout"], None)
        if pinout is None:
            known = ", ".join(name for name in dir(piomatter.Pinout) if name[0].isupper())
            raise SinkError(f"piomatter: pinout={self._options['pinout']}: this version knows {known}")
        width, height = self._grid.wire_px
        pixels = np.frombuffer(self._pixels.wire, np.uint8).reshape(height, width, 3)
        self._matrix = piomatter.PioMatter(
            colorspace=piomatter.Colorspace.RGB888Packed, pinout=pinout, framebuffer=pixels, geometry=self._geometry()
        )
        drop_root("piomatter", self._options["user"])

    def show(self) -> None:
        self._pixels.take()
        self._matrix.show()
        self._frames += 1

    def facts(self) -> dict[str, Any]:
        return {"frames": self._frames, "led_hz": round(float(getattr(self._matrix, "fps", 0.0)), 1), "error": ""}

    def close(self) -> None:
        """The last picture goes with the process; black is for whoever closes to draw."""

    def _geometry(self) -> Any:
        width, height = self._grid.wire_px
        lanes = 2 * self._grid.parallel
        return piomatter.Geometry(
            width=width, height=height, n_addr_lines=self._address_lines, n_planes=self._options["pwm_bits"],
            n_temporal_planes=self._options["temporal_planes"], n_lanes=lanes,
            map=lanes_map(width, self._address_lines, lanes),
        )  # fmt: skip


def address_lines(module_height: int) -> int:
    """Wires that choose a row: a module is driven in two halves. Raises GeometryError."""
    if module_height not in {4, 8, 16, 32, 64}:
        raise GeometryError(f"piomatter: modules of {module_height} rows: allowed are 4, 8, 16, 32 or 64")
    return (module_height // 2).bit_length() - 1


def lanes_map(width: int, lines: int, lanes: int) -> list[int]:
    """For each row address and column, the pixel that each lane shows: lane n drives the n-th half module down."""
    rows = 1 << lines
    return [
        x + width * (row + lane * rows)
        for row in range(rows)
        for x in range(width)
        for lane in range(lanes)
    ]  # fmt: skip
