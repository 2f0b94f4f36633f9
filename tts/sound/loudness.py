"""Every piece of speech at one loudness: measured as ITU-R BS.1770-4 measures it, raised, and limited.

Loads numpy, so that only the voice workers may import it. Waves are at the house's rate.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tts.sound.limiter import CEILING, HOP, Hops, by_hop, limiting_gain, peaks, round_off, under_ceiling
from tts.sound.waves import Wave, blocks
from tts.voice import RATE_HZ

TARGET_LUFS: Final = -16.0
MAX_GAIN_DB: Final = 24.0  # more would raise the hiss of a nearly silent piece to full voice
_CLOSE_DB: Final = 0.2
_AMISS_DB: Final = 0.5
_ROUNDS: Final = 6
_BLOCK_HOPS: Final = 140  # 400 ms
_STEP_HOPS: Final = 35  # 100 ms
_SETTLE: Final = RATE_HZ // 2
_SILENCE_LUFS: Final = -70.0


def lufs(wave: Wave) -> float:
    """Integrated loudness; pieces under one 400 ms block are measured as a whole. -inf for silence."""
    return _gated(_energy(wave))


def level(wave: Wave) -> Wave:
    """The piece at `TARGET_LUFS` with its true peak under the ceiling. Silence stays silence.

    The limiter takes some loudness away again, so that gain and limit are weighed several times. What
    it does to the loudness is read from the energy of the weighted hops: its gain moves slowly enough
    to pass through the filters unchanged.
    """
    energy, peak = _energy(wave), peaks(wave)
    before = _gated(energy)
    if before == float("-inf"):
        return wave
    gain_db, missing_db = _weigh(energy, peak)
    if missing_db > _AMISS_DB:  # every pulse of a deep voice is a peak: no limiter brings it up, only rounding does
        wave = round_off(wave, CEILING / _linear(min(TARGET_LUFS - before, MAX_GAIN_DB)))
        peak = peaks(wave)
        gain_db, _ = _weigh(_energy(wave), peak)
    return under_ceiling(wave, peak, _linear(gain_db))


def _weigh(energy: Hops, peak: Hops) -> tuple[float, float]:
    """The gain in dB that brings the limited wave to the target, and what is still missing with it."""
    gain_db = min(TARGET_LUFS - _gated(energy), MAX_GAIN_DB)
    missing_db = 0.0
    for _ in range(_ROUNDS):
        missing_db = TARGET_LUFS - _gated(energy * np.square(limiting_gain(peak, _linear(gain_db))))
        if missing_db < _CLOSE_DB or gain_db >= MAX_GAIN_DB:
            break
        gain_db = min(gain_db + 1.2 * missing_db, MAX_GAIN_DB)  # a part of what is added is limited again
    return gain_db, missing_db


def _linear(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))


def _gated(energy: Hops) -> float:
    """The mean of the blocks that are loud enough to count: over -70 LUFS, then within 10 LU of the others' mean."""
    power = _block_power(energy)
    loud = power[_to_lufs(power) > _SILENCE_LUFS]
    if not loud.size:
        return float("-inf")
    gate = _to_lufs(loud.mean()) - 10.0
    return float(_to_lufs(loud[_to_lufs(loud) > gate].mean()))


def _to_lufs(power: Any) -> Any:
    return -0.691 + 10.0 * np.log10(np.maximum(power, 1e-12))


def _block_power(energy: Hops) -> Hops:
    """Mean square of each 400 ms block, a new one every 100 ms; a last one may lack half a step."""
    if energy.size < _BLOCK_HOPS:
        return np.array([energy.sum() / (max(energy.size, 1) * HOP)])
    energy = np.pad(energy, (0, _STEP_HOPS // 2))
    total = np.concatenate(([0.0], np.cumsum(energy)))
    starts = np.arange(0, energy.size - _BLOCK_HOPS + 1, _STEP_HOPS)
    return np.asarray((total[starts + _BLOCK_HOPS] - total[starts]) / (_BLOCK_HOPS * HOP))


def _energy(wave: Wave) -> Hops:
    """Sum of squares of each hop after both filters of BS.1770."""
    parts = [_energy_between(wave, start, end) for start, end in blocks(wave.size)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _energy_between(wave: Wave, start: int, end: int) -> Hops:
    """That of one stretch of the wave, which starts with a hop.

    The filters are applied by multiplying spectra, because numpy has no recursive ones; they have half a
    second before the stretch to settle in, and a tenth of padding lets the high-pass ring out instead of
    wrapping round to the front.
    """
    before = min(start, _SETTLE)
    size = _fast_size(before + end - start + RATE_HZ // 10)
    weighted = np.fft.irfft(np.fft.rfft(wave[start - before : end], size) * _response(size), size)
    rows = by_hop(weighted[before : before + end - start])
    return np.asarray(np.einsum("ij,ij->i", rows, rows), dtype=np.float64)


@lru_cache(maxsize=64)
def _response(size: int) -> NDArray[np.complex64]:
    """What both filters do to each line of a spectrum over `size` samples."""
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1, dtype=np.float64) / size)
    response = np.ones_like(z)
    for (b0, b1, b2), (a0, a1, a2) in (_shelf(), _high_pass()):
        response *= (b0 + z * (b1 + z * b2)) / (a0 + z * (a1 + z * a2))
    return np.asarray(response, dtype=np.complex64)


def _fast_size(size: int) -> int:
    """The next multiple of 8192: its factors are small enough for a quick transform, and few sizes occur."""
    return -(-size // 8192) * 8192


def _shelf() -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Stage 1 of BS.1770 (the head), bilinear at our rate: +4 dB above 1.68 kHz."""
    k = float(np.tan(np.pi * 1681.974450955533 / RATE_HZ))
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    return (
        (high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k),
        (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k),
    )


def _high_pass() -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Stage 2 of BS.1770: what lies below 38 Hz is not heard."""
    k = float(np.tan(np.pi * 38.13547087602444 / RATE_HZ))
    q = 0.5003270373238773
    return (1.0, -2.0, 1.0), (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k)
