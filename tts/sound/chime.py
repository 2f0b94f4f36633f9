"""The tones before speech: two soft ones for a bulletin, a rising and falling siren for an emergency.

Generated, so that no recording and no licence has to travel; in plain Python, so that the agent can
make them without numpy. PCM of the house's format.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tts.voice import RATE_HZ

_PEAK: Final = 0.5
_TONES_HZ: Final = (659.26, 523.25)  # E5, C5: a falling third
_TONE_S: Final = 0.8
_SIREN_S: Final = 4.0
_SIREN_LOW_HZ: Final = 500.0
_SIREN_HIGH_HZ: Final = 1200.0
_SIREN_PERIOD_S: Final = 1.0
_EDGE_S: Final = 0.01


@lru_cache(maxsize=1)
def chime() -> bytes:
    """Two falling tones, 1.6 s."""
    return _pcm(sample for tone_hz in _TONES_HZ for sample in _bell(tone_hz))


@lru_cache(maxsize=1)
def siren() -> bytes:
    """Four sweeps up and down, 4 s: heard as an alarm without a word of explanation."""
    return _pcm(_sweeps())


def silence(duration_ms: int) -> bytes:
    return bytes(2 * round(duration_ms * RATE_HZ / 1000))


def _bell(tone_hz: float) -> Iterator[float]:
    total = round(_TONE_S * RATE_HZ)
    for n in range(total):
        t = n / RATE_HZ
        attack = min(1.0, t / _EDGE_S)
        release = min(1.0, (total - n) / RATE_HZ / _EDGE_S)
        body = math.sin(2 * math.pi * tone_hz * t) + 0.25 * math.sin(4 * math.pi * tone_hz * t)
        yield _PEAK / 1.25 * attack * release * math.exp(-3.5 * t) * body


def _sweeps() -> Iterator[float]:
    """A tone whose pitch swings; its phase is summed up so that it never jumps."""
    total = round(_SIREN_S * RATE_HZ)
    phase = 0.0
    for n in range(total):
        t = n / RATE_HZ
        swing = 0.5 - 0.5 * math.cos(2 * math.pi * t / _SIREN_PERIOD_S)
        phase += 2 * math.pi * (_SIREN_LOW_HZ + (_SIREN_HIGH_HZ - _SIREN_LOW_HZ) * swing) / RATE_HZ
        edge = min(1.0, t / _EDGE_S, (total - n) / RATE_HZ / _EDGE_S)
        yield _PEAK * edge * (0.8 * math.sin(phase) + 0.2 * math.sin(3 * phase))


def _pcm(samples: Iterator[float]) -> bytes:
    return array("h", (round(32767 * sample) for sample in samples)).tobytes()
