"""Sound as arrays: float32 in -1..1. Loads numpy, so that only the voice workers may import it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tts.voice import RATE_HZ

Wave = NDArray[np.float32]

_FADE: Final = 110  # samples: 5 ms, so that a trimmed edge does not click


def to_pcm(wave: Wave) -> bytes:
    """16-bit little-endian samples; what lies beyond full scale is cut off."""
    samples: bytes = np.clip(np.rint(wave * np.float32(32767.0)), -32768, 32767).astype("<i2").tobytes()
    return samples


def from_pcm(pcm: bytes) -> Wave:
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768.0)


def resample(wave: Wave, rate_hz: int) -> Wave:
    """From `rate_hz` to the house's rate, through the spectrum: no tone above either limit is folded back."""
    if rate_hz == RATE_HZ or not wave.size:
        return wave
    length = round(wave.size * RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(wave)
    kept = np.zeros(length // 2 + 1, dtype=spectrum.dtype)
    shared = min(kept.size, spectrum.size)
    kept[:shared] = spectrum[:shared]
    return (np.fft.irfft(kept, length) * (length / wave.size)).astype(np.float32)


def trim_silence(wave: Wave, floor_dbfs: float = -50.0, keep: int = 220) -> Wave:
    """Without the engine's own silence at both ends: the pauses are ours. `keep` samples stay on each side."""
    loud = np.flatnonzero(np.abs(wave) > 10 ** (floor_dbfs / 20))
    if not loud.size:
        return wave[:0]
    kept = wave[max(0, int(loud[0]) - keep) : int(loud[-1]) + keep].copy()
    fade = np.linspace(0.0, 1.0, min(_FADE, kept.size), dtype=np.float32)
    kept[: fade.size] *= fade
    kept[kept.size - fade.size :] *= fade[::-1]
    return kept
