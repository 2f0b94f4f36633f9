"""Peaks turned down before they come, never clipped: between the samples too.

The gain is worked out for hops of `HOP` samples, a 350th of a second, and drawn out over the samples
at the end: trying another gain then costs next to nothing.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tts.sound.waves import Wave, blocks

Hops = NDArray[np.float64]  # one value a hop

HOP: Final = 63  # samples; 350 hops are one second at the house's rate
CEILING_DBFS: Final = -1.8  # of the true peak; the promise is -1.5, the rest is for rounding and interpolation
CEILING: Final = 10 ** (CEILING_DBFS / 20)
_LOOK_AHEAD: Final = 4  # hops: 11.4 ms
_SMOOTHED: Final = _LOOK_AHEAD - 1  # hops on each side; one hop of the look-ahead is for drawing the gain out


def by_hop(values: Any) -> Any:
    """The values as rows of one hop, the last row filled up with zeros."""
    return np.pad(values, (0, -values.size % HOP)).reshape(-1, HOP)


def peaks(wave: Wave) -> Hops:
    """The highest sample of each hop."""
    return np.asarray(by_hop(np.abs(wave)).max(axis=1), dtype=np.float64)


def limiting_gain(peak: Hops, gain: float, ceiling: float = CEILING) -> Hops:
    """A gain for each hop: `gain`, turned down smoothly around every peak that would pass the ceiling."""
    lifted = peak * gain
    if float(lifted.max(initial=0.0)) <= ceiling:
        return np.full(peak.size, gain)
    wanted = ceiling / np.maximum(lifted, ceiling)
    return gain * _mean_near(_lowest_near(wanted))


def apply_gain(wave: Wave, gain: Hops) -> Wave:
    """The wave with each hop's gain at its middle, and straight lines between."""
    middles = np.arange(gain.size) * HOP + (HOP - 1) / 2
    lifted = np.empty_like(wave)
    for start, end in blocks(wave.size):
        drawn = np.interp(np.arange(start, end), middles, gain)
        np.multiply(wave[start:end], drawn.astype(np.float32), out=lifted[start:end])
    return lifted


def under_ceiling(wave: Wave, peak: Hops, gain: float) -> Wave:
    """The wave lifted by `gain`, limited, and if a peak between samples still stands out, limited a little more."""
    lifted = apply_gain(wave, limiting_gain(peak, gain))
    over = true_peak(lifted) / CEILING
    if over > 1.0:
        lifted = apply_gain(wave, limiting_gain(peak, gain, CEILING / over))
        over = true_peak(lifted) / CEILING
    return lifted if over <= 1.0 else (lifted / np.float32(over)).astype(np.float32)


def round_off(wave: Wave, top: float) -> Wave:
    """The wave bent towards `top`, which it never passes: loud peaks lose most, what is soft stays as it is."""
    return np.asarray(top * np.tanh(wave / np.float32(top)), dtype=np.float32)


def true_peak(wave: Wave) -> float:
    """The highest point of the curve through the samples, four points to a sample.

    Only drawn beside the samples where the wave turns and that are not far below the highest one.
    """
    best = max(float(wave.max(initial=0.0)), -float(wave.min(initial=0.0)))
    if wave.size < _BETWEEN.shape[0]:
        return best
    return max([best, *(_peak_between(wave, start, end, best / 2) for start, end in blocks(wave.size))])


def _peak_between(wave: Wave, start: int, end: int, floor: float) -> float:
    """The highest point beside the crests over `floor` that lie in that stretch of the wave."""
    reach = _BETWEEN.shape[0] // 2
    left = max(0, start - 2 * reach)
    piece = wave[left : end + 2 * reach]
    steps = np.diff(piece)
    crests = 1 + np.flatnonzero((steps[1:] * steps[:-1] <= 0) & (np.abs(piece[1:-1]) > floor))
    crests = crests[(crests >= start - left) & (crests < end - left)]
    beside = np.concatenate((crests - 1, crests))
    padded = np.pad(piece, (reach - 1, reach))
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach)[beside]
    return float(np.abs(near @ _BETWEEN).max(initial=0.0))


def _lowest_near(gain: Hops) -> Hops:
    padded = np.pad(gain, _LOOK_AHEAD, constant_values=1.0)
    lowest: Hops = np.lib.stride_tricks.sliding_window_view(padded, 2 * _LOOK_AHEAD + 1).min(axis=1)
    return lowest


def _mean_near(gain: Hops) -> Hops:
    padded = np.pad(gain, _SMOOTHED, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * _SMOOTHED + 1).mean(axis=1))


def _between_kernel(taps: int = 24) -> Wave:
    """Windowed-sinc weights, a column each for the points a quarter, a half and three quarters after a sample."""
    n = np.arange(taps)[:, None] - (taps / 2 - 1)
    window = np.hanning(taps + 2)[1:-1, None]
    return np.asarray(np.sinc(n - np.array([0.25, 0.5, 0.75])) * window, dtype=np.float32)


_BETWEEN: Final = _between_kernel()
