"""Sound as arrays: float32 in -1..1. Loads numpy, so that only the voice workers may import it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tts.voice import RATE_HZ

Wave = NDArray[np.float32]

BLOCK: Final = 30 * RATE_HZ  # samples; what is longer is worked on piece by piece, or memory would grow with it
_FADE: Final = 110  # samples: 5 ms, so that a trimmed edge does not click


def blocks(size: int) -> Iterator[tuple[int, int]]:
    """Where each block of a wave of `size` samples starts and ends."""
    return ((start, min(start + BLOCK, size)) for start in range(0, size, BLOCK))


def to_pcm(wave: Wave) -> bytes:
    """16-bit little-endian samples; what lies beyond full scale is cut off."""
    samples = np.empty(wave.size, dtype="<i2")
    for start, end in blocks(wave.size):
        samples[start:end] = np.clip(np.rint(wave[start:end] * np.float32(32767.0)), -32768, 32767)
    return samples.tobytes()


def from_pcm(pcm: bytes) -> Wave:
    wave = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    wave /= np.float32(32768.0)
    return wave


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
    loud = np.abs(wave) > 10 ** (floor_dbfs / 20)
    if not loud.any():
        return wave[:0]
    first, last = int(loud.argmax()), wave.size - 1 - int(loud[::-1].argmax())
    kept = wave[max(0, first - keep) : last + keep].copy()
    fade = np.linspace(0.0, 1.0, min(_FADE, kept.size), dtype=np.float32)
    kept[: fade.size] *= fade
    kept[kept.size - fade.size :] *= fade[::-1]
    return kept
