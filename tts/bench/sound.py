"""What a listener would judge: how loud the pieces are, and whether the six tones are six."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final, NamedTuple, Protocol

import numpy as np
import pyloudnorm

from tts.sound.loudness import TARGET_LUFS
from tts.sound.pitch import contour, distance_semitones
from tts.sound.waves import Wave, from_pcm
from tts.voice import RATE_HZ, Chunk

SIX_TONES: Final = ("ma", "mà", "má", "mả", "mã", "mạ")
APART_SEMITONES: Final = 1.5
_SHORTEST: Final = round(0.4 * RATE_HZ)  # the standard measures blocks of 400 ms


class Loudness(NamedTuple):
    """Largest distance from the target and spread, over the chunks long enough to be measured (`measured`).

    `peak_dbfs` is the true peak over `chunks`, all of them.
    """

    worst_lu: float
    spread_lu: float
    peak_dbfs: float
    measured: int
    chunks: int


def loudness(chunks: Sequence[bytes]) -> Loudness:
    """Raises ValueError if none of the chunks is long enough."""
    waves = [from_pcm(pcm) for pcm in chunks]
    meter = pyloudnorm.Meter(RATE_HZ)
    levels = [meter.integrated_loudness(wave.astype(np.float64)) for wave in waves if wave.size > _SHORTEST]
    if not levels:
        raise ValueError("no piece of the text is 0.4 s long")
    return Loudness(
        worst_lu=max(abs(level - TARGET_LUFS) for level in levels),
        spread_lu=max(levels) - min(levels),
        peak_dbfs=max(true_peak_dbfs(wave) for wave in waves),
        measured=len(levels),
        chunks=len(waves),
    )


def true_peak_dbfs(wave: Wave) -> float:
    """Drawn four points to a sample over the whole wave, by its spectrum."""
    padded = np.pad(wave.astype(np.float64), 1024)
    size = padded.size + padded.size % 2
    fine = np.fft.irfft(np.fft.rfft(padded, size), 4 * size) * 4
    return float(20 * np.log10(max(np.abs(fine).max(), 1e-9)))


class Speaker(Protocol):
    """What is asked of a voice here."""

    def speak(self, text: str, lang: str) -> Iterable[Chunk]: ...

    def close(self) -> None: ...


def tones(voice: Speaker) -> tuple[int, int]:
    """Pairs of tones whose melodies a listener tells apart, and pairs in all."""
    try:
        said = [b"".join(chunk.pcm for chunk in voice.speak(word, "vi")) for word in SIX_TONES]
    finally:
        voice.close()
    melodies = [contour(from_pcm(pcm)) for pcm in said]
    pairs = list(combinations(melodies, 2))
    return sum(distance_semitones(one, other) >= APART_SEMITONES for one, other in pairs), len(pairs)
