"""What a listener would judge: how loud the pieces are, and whether the six tones are six."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
import pyloudnorm

from tts.engines.espeak import VoiceEspeak
from tts.sound.loudness import TARGET_LUFS
from tts.sound.pitch import contour, distance_semitones
from tts.sound.waves import Wave, from_pcm
from tts.voice import RATE_HZ

SIX_TONES: Final = ("ma", "mà", "má", "mả", "mã", "mạ")
APART_SEMITONES: Final = 1.5
_SHORTEST: Final = round(0.4 * RATE_HZ)  # the standard measures blocks of 400 ms


def loudness(chunks: Sequence[bytes]) -> dict[str, float]:
    """Largest distance from the target, spread, and true peak over the chunks that can be measured at all."""
    waves = [from_pcm(pcm) for pcm in chunks if len(pcm) // 2 > _SHORTEST]
    meter = pyloudnorm.Meter(RATE_HZ)
    levels = [meter.integrated_loudness(wave.astype(np.float64)) for wave in waves]
    return {
        "worst_lu": max(abs(level - TARGET_LUFS) for level in levels),
        "spread_lu": max(levels) - min(levels),
        "peak_dbfs": max(true_peak_dbfs(wave) for wave in waves),
    }


def true_peak_dbfs(wave: Wave) -> float:
    """Drawn four points to a sample over the whole wave, by its spectrum."""
    padded = np.pad(wave.astype(np.float64), 1024)
    size = padded.size + padded.size % 2
    fine = np.fft.irfft(np.fft.rfft(padded, size), 4 * size) * 4
    return float(20 * np.log10(max(np.abs(fine).max(), 1e-9)))


def tones(voice: VoiceEspeak) -> tuple[int, int]:
    """Pairs of tones whose melodies a listener tells apart, and pairs in all."""
    try:
        said = [b"".join(chunk.pcm for chunk in voice.speak(word, "vi")) for word in SIX_TONES]
    finally:
        voice.close()
    melodies = [contour(from_pcm(pcm)) for pcm in said]
    pairs = list(combinations(melodies, 2))
    return sum(distance_semitones(one, other) >= APART_SEMITONES for one, other in pairs), len(pairs)
