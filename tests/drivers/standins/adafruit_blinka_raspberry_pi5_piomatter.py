"""Stands in for piomatter: as strict about its arguments, the shown frame left in a file for the test."""

from __future__ import annotations

import enum
import os
from typing import Any

import numpy as np

_OUT = os.open(os.environ["STANDIN_FRAME"], os.O_RDWR | os.O_CREAT, 0o666)


class Colorspace(enum.Enum):
    RGB888Packed = 0


class Pinout(enum.Enum):
    AdafruitMatrixBonnet = 0
    Active3 = 1


class Geometry:
    def __init__(
        self, *, width: int, height: int, n_addr_lines: int, n_planes: int, n_temporal_planes: int, n_lanes: int,
        map: list[int],  # noqa: A002 -- piomatter's own name
    ) -> None:  # fmt: skip
        if height != n_lanes << n_addr_lines or len(map) != width * height:
            raise ValueError(f"geometry: {width}x{height}, {n_addr_lines} address lines, {n_lanes} lanes, {len(map)}")
        if n_temporal_planes > n_planes:
            raise ValueError("n_temporal_planes")
        self.width, self.height, self.n_lanes, self.map = width, height, n_lanes, map


class PioMatter:
    fps = 123.4

    def __init__(self, *, colorspace: Colorspace, pinout: Pinout, framebuffer: Any, geometry: Geometry) -> None:
        assert framebuffer.shape == (geometry.height, geometry.width, 3)
        assert framebuffer.dtype == np.uint8
        self._pixels, self._geometry = framebuffer, geometry

    def show(self) -> None:
        """As the modules see it: lane by lane, row by row of each half module."""
        lanes = self._geometry.n_lanes
        sent = self._pixels.reshape(-1, 3)[self._geometry.map].reshape(-1, self._geometry.width, lanes, 3)
        os.pwrite(_OUT, np.ascontiguousarray(sent.transpose(2, 0, 1, 3)).tobytes(), 0)
