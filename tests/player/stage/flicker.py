"""Whether pictures flash, by WCAG 2.2, success criterion 2.3.1: its general flash and its red flash.

A flash is a pair of opposing changes of a tenth of the most luminance, the darker state below 0.8 of
it; or one in which a saturated red comes and goes. It counts where it fills a quarter of the field
of view: here the whole panel, and each of its overlapping quarters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_CHANGE: Final = 0.1
DARKER_BELOW: Final = 0.8
LEAST_RED_CHANGE: Final = 20.0
MOST_FLASHES: Final = 3  # in any second
_CELLS: Final = 4  # across and down; 2 by 2 of them are a quarter of the panel
_WEIGHTS: Final = np.array([0.2126, 0.7152, 0.0722])
_VALUES: Final = np.arange(256) / 255
_LINEAR: Final = np.where(_VALUES <= 0.04045, _VALUES / 12.92, ((_VALUES + 0.055) / 1.055) ** 2.4).astype(np.float32)

Pixels = NDArray[np.uint8]
Areas = NDArray[np.float64]


class Seen(NamedTuple):
    """A picture from an instant on: the light of each area in linear red, green and blue, 0 to 1."""

    at_s: float
    areas: Areas


def areas_of(rgb: Pixels) -> Areas:
    """The mean light of the whole picture and of its quarters, each half a quarter further, from rows of RGB."""
    light = _LINEAR[rgb]
    rows = [np.stack([cell.mean(axis=(0, 1)) for cell in np.array_split(row, _CELLS, axis=1)])
            for row in np.array_split(light, _CELLS, axis=0)]  # fmt: skip
    cells = np.stack(rows).astype(np.float64)
    near = range(_CELLS - 1)
    quarters = [cells[y : y + 2, x : x + 2].mean(axis=(0, 1)) for y in near for x in near]
    return np.stack([cells.mean(axis=(0, 1)), *quarters])


def flashes(seen: Sequence[Seen]) -> int:
    """The most flashes in any second, in the area that has most of them."""
    if not seen:
        return 0
    times = [each.at_s for each in seen]
    lights = np.stack([each.areas for each in seen])  # by picture, area, colour
    bright = lights @ _WEIGHTS
    red = 320 * np.maximum(0.0, lights[..., 0] - lights[..., 1] - lights[..., 2])
    changes = [
        *(_changes(times, bright[:, area], LEAST_CHANGE, DARKER_BELOW) for area in range(bright.shape[1])),
        *(_changes(times, red[:, area], LEAST_RED_CHANGE, math.inf) for area in range(red.shape[1])),
    ]
    return max(_most_in_a_second(times) for times in changes) // 2


def _changes(times: Sequence[float], values: Areas, least: float, darker_below: float) -> list[float]:
    """When a value had gone by `least` against the way it went before."""
    found = []
    low = high = values[0]
    way = 0
    for at_s, value in zip(times, values, strict=True):
        low, high = min(low, value), max(high, value)
        if way >= 0 and high - value >= least and value < darker_below:
            way = -1
        elif way <= 0 and value - low >= least and low < darker_below:
            way = 1
        else:
            continue
        found.append(at_s)
        low = high = value
    return found


def _most_in_a_second(times: Sequence[float]) -> int:
    return max((sum(begin <= at_s < begin + 1.0 for at_s in times) for begin in times), default=0)
