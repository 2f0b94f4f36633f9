"""A film's frames on their way to a panel that takes them as they were decoded, and turns them to colours itself.

That is the graphics chip's own trade: it costs the processor a copy of the planes, a bit more than a
third of what pixels would be, and no arithmetic. A panel that can has an `Overlay` (`drivers.panel`);
every other is given pixels.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Coding(IntEnum):
    """By which rule the planes become colours: ITU-R BT.601 or BT.709 at 16 to 235, or BT.601 at 0 to 255 (JPEG)."""

    BT601 = 1
    BT709 = 2
    BT601_FULL = 3


class Planes(NamedTuple):
    """One frame: 8 bits a sample, brightness whole, the two colours at half width and half height (I420).

    The memory is its giver's, and only to be read until the call that hands it over returns.
    """

    size: tuple[int, int]
    coding: Coding
    y: memoryview
    u: memoryview
    v: memoryview
    pitch_y: int  # bytes from one row to the next
    pitch_uv: int
    turn: int = 0  # degrees clockwise by which the panel has to turn it: 0, 90, 180 or 270; `size` is that before

    def checked(self) -> tuple[tuple[memoryview, int], ...]:
        """Each plane with its pitch. Raises ValueError if one is shorter than its size says: it would be read on."""
        width, height = self.size
        half = ((width + 1) // 2, (height + 1) // 2)
        parts = ((self.y, self.pitch_y, width, height), (self.u, self.pitch_uv, *half), (self.v, self.pitch_uv, *half))
        for plane, pitch_b, row_b, rows in parts:
            if row_b < 1 or rows < 1 or pitch_b < row_b or len(plane) < pitch_b * rows:
                raise ValueError(f"a plane of {width}×{height} with {pitch_b} bytes a row lies in {len(plane)} bytes")
        return tuple((plane, pitch_b) for plane, pitch_b, *_ in parts)
