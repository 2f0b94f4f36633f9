"""Pixels on their way to the wire: places and colours, against a slow way that says the same."""

from __future__ import annotations

import random

import pytest

from drivers.leds.mapping import Grid
from drivers.leds.wire_order import ORDERS
from drivers.leds.wire_pixels import WirePixels

GRIDS = [
    Grid(5, 3),
    Grid(1, 1),
    Grid(6, 4, (3, 1), serpentine="flip"),
    Grid(16, 16, (16, 8), multiplex="stripe"),
    Grid(8, 16, (8, 8), parallel=2, start="bottom-right"),
    Grid(9, 6, (3, 9), module_turn=90),
]


def slowly(picture: bytes, grid: Grid, order: str) -> bytes:
    """Pixel by pixel, colour by colour."""
    found = bytearray()
    for source in grid.sources():
        blue, green, red = picture[4 * source : 4 * source + 3]
        colours = {"R": red, "G": green, "B": blue}
        found += bytes(colours[colour] for colour in order)
    return bytes(found)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid.width_px}x{grid.height_px}-{grid.serpentine}")
def test_each_pixel_goes_to_its_place_in_the_order_of_the_colours(grid: Grid, order: str) -> None:
    pixels = WirePixels(grid, order)
    for seed in (1, 2):
        picture = random.Random(seed).randbytes(4 * grid.width_px * grid.height_px)
        pixels.picture[:] = picture
        pixels.take()
        assert pixels.wire.tobytes() == slowly(picture, grid, order)


def test_the_fourth_byte_of_a_drawn_pixel_means_nothing() -> None:
    pixels = WirePixels(Grid(2, 1))
    pixels.picture[:] = bytes((1, 2, 3, 0, 4, 5, 6, 255))
    pixels.take()
    assert pixels.wire.tobytes() == bytes((3, 2, 1, 6, 5, 4))
