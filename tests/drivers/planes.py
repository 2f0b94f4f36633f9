"""Frames as a decoder leaves them, of one colour, for panels that take those."""

from __future__ import annotations

from drivers.film import Coding, Planes

GREY: tuple[int, int, int] = (126, 128, 128)  # y, u, v; seen as 128 in all three colours


def plain(
    size: tuple[int, int] = (32, 16), yuv: tuple[int, int, int] = GREY, coding: Coding = Coding.BT601, spare_b: int = 0
) -> Planes:
    """Every sample of a plane alike; `spare_b` bytes of something else lie at the end of each row."""
    width, height = size
    half = ((width + 1) // 2, (height + 1) // 2)
    y, u, v = (
        memoryview(bytearray((bytes([value]) * wide + b"\xff" * spare_b) * high))
        for value, (wide, high) in zip(yuv, (size, half, half), strict=True)
    )
    return Planes(size, coding, y, u, v, width + spare_b, half[0] + spare_b)
