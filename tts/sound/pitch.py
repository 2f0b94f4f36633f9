"""The melody of a voiced stretch: how far tones, or sayings of one text, lie apart. For tests, bench and packing."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tts.sound.waves import Wave
from tts.voice import RATE_HZ

Contour = NDArray[np.float64]  # semitones above 55 Hz, at evenly spaced moments

POINTS: Final = 20
_LOW_HZ: Final = 60.0
_HIGH_HZ: Final = 300.0
_WINDOW: Final = round(0.04 * RATE_HZ)
_STEP: Final = round(0.005 * RATE_HZ)
_BREAK: Final = 3  # steps
_VOICED: Final = 0.55  # of the energy must return after one period
_ALMOST: Final = 0.9  # of the highest return counts as high


def contour(wave: Wave) -> Contour:
    """The pitch from the first voiced moment to the last one before the voice breaks. ValueError if it has none.

    Nặng ends in a closed throat; the creak that may follow it has no pitch to speak of.
    """
    pitch = track_hz(wave)
    voiced = np.flatnonzero(pitch > 0)
    if voiced.size < 3:
        raise ValueError("there is no voice in this sound")
    breaks = np.flatnonzero(np.diff(voiced) > _BREAK)
    voiced = voiced[: breaks[0] + 1] if breaks.size else voiced
    moments = np.linspace(voiced[0], voiced[-1], POINTS)
    return np.asarray(12 * np.log2(np.interp(moments, voiced, pitch[voiced]) / 55.0))


def track_hz(wave: Wave) -> NDArray[np.float64]:
    """The pitch every 5 ms; 0 where nothing is voiced."""
    return np.array([_pitch_hz(wave[at : at + _WINDOW]) for at in range(0, wave.size - _WINDOW, _STEP)])


def apart_semitones(one: Wave, other: Wave) -> float:
    """How far two sayings of the same words lie apart in pitch: the median where both are voiced, one stretched
    evenly to the length of the other. ValueError if that is nowhere."""
    mine, theirs = track_hz(one), track_hz(other)
    if not mine.size or not theirs.size:
        raise ValueError("there is no voice in this sound")
    theirs = theirs[np.round(np.linspace(0, theirs.size - 1, mine.size)).astype(int)]
    both = (mine > 0) & (theirs > 0)
    if not both.any():
        raise ValueError("there is no voice in this sound")
    return float(np.median(np.abs(12 * np.log2(mine[both] / theirs[both]))))


def distance_semitones(one: Contour, other: Contour) -> float:
    return float(np.sqrt(np.mean(np.square(one - other))))


def _pitch_hz(frame: Wave) -> float:
    """By the first high return of the autocorrelation, as two periods return as well as one; 0 where nothing does."""
    frame = (frame - frame.mean()) * np.hanning(frame.size)
    power = float(np.dot(frame, frame))
    if power < 1e-3:
        return 0.0
    spectrum = np.fft.rfft(frame, 4 * _WINDOW)
    returned = np.fft.irfft(np.square(np.abs(spectrum)))[:_WINDOW] / power
    taper = np.fft.irfft(np.square(np.abs(np.fft.rfft(np.hanning(_WINDOW), 4 * _WINDOW))))[:_WINDOW]
    returned = returned / np.maximum(taper / taper[0], 0.05)
    first, last = round(RATE_HZ / _HIGH_HZ), round(RATE_HZ / _LOW_HZ)
    inside = returned[first:last]
    crests = 1 + np.flatnonzero((inside[1:-1] >= inside[:-2]) & (inside[1:-1] > inside[2:]))
    strong = crests[inside[crests] > max(_VOICED, _ALMOST * float(inside.max()))]
    return RATE_HZ / (first + int(strong[0])) if strong.size else 0.0
