"""Every piece of speech at one loudness: measured as ITU-R BS.1770-4 measures it, raised, and limited.

Runs inside the voice workers only: it is the one module of this room, beside them, that loads numpy.
Arrays are float32 in -1..1 at `RATE_HZ` unless another rate is named.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tts.voice import RATE_HZ

Wave = NDArray[np.float32]

TARGET_LUFS: Final = -16.0
CEILING_DBFS: Final = -1.8  # of the true peak; the promise is -1.5, the rest is for rounding and interpolation
_CEILING: Final = 10 ** (CEILING_DBFS / 20)
MAX_GAIN_DB: Final = 24.0  # more would raise the hiss of a nearly silent piece to full voice
_ROUNDS: Final = 6
_BLOCK_S: Final = 0.4
_HOP_S: Final = 0.1
_SILENCE_LUFS: Final = -70.0
_LOOK_AHEAD: Final = 256  # samples: 11.6 ms
_FADE: Final = 110  # samples: 5 ms, so that a trimmed edge does not click


def lufs(wave: Wave) -> float:
    """Integrated loudness; pieces under one 400 ms block are measured as a whole. -inf for silence."""
    return _gated(_k_weighted(wave))


def level(wave: Wave) -> Wave:
    """The piece at `TARGET_LUFS` with its true peak under the ceiling. Silence stays silence.

    The limiter takes some loudness away again, so that gain and limit are weighed several times. What
    it does to the loudness is read from the weighted wave: its gain moves slowly enough to pass through
    the filters unchanged.
    """
    weighted = _k_weighted(wave)
    before = _gated(weighted)
    if before == float("-inf"):
        return wave
    gain_db = min(TARGET_LUFS - before, MAX_GAIN_DB)
    for _ in range(_ROUNDS):
        gain = limiting_gain(wave, 10 ** (gain_db / 20))
        missing_db = TARGET_LUFS - _gated(weighted * gain)
        if missing_db < 0.3 or gain_db >= MAX_GAIN_DB:
            break
        gain_db = min(gain_db + 1.3 * missing_db, MAX_GAIN_DB)  # a part of what is added is limited again
    return _under_ceiling(wave, wave * gain, 10 ** (gain_db / 20))


def limiting_gain(wave: Wave, gain: float, ceiling: float = _CEILING) -> Wave:
    """A gain for each sample: `gain`, turned down smoothly before every sample that would pass the ceiling."""
    peak = np.abs(wave) * np.float32(gain)
    if float(peak.max(initial=0.0)) <= ceiling:
        return np.full(wave.size, gain, dtype=np.float32)
    wanted = (ceiling / np.maximum(peak, ceiling)).astype(np.float32)
    return _smooth(_lowest_near(wanted)) * np.float32(gain)


def true_peak(wave: Wave) -> float:
    """The highest point of the curve through the samples, four points to a sample.

    Only the neighbourhood of samples near the highest one is drawn: elsewhere it cannot lie.
    """
    reach = _BETWEEN.shape[0] // 2
    height = np.abs(wave)
    best = float(height.max(initial=0.0))
    high = np.flatnonzero(height > 0.5 * best)
    if not high.size:
        return best
    padded = np.pad(wave, (reach - 1, reach))
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach)[high]
    return max(best, float(np.abs(near @ _BETWEEN).max()))


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


def to_pcm(wave: Wave) -> bytes:
    samples: bytes = np.clip(np.rint(wave * 32767.0), -32768, 32767).astype("<i2").tobytes()
    return samples


def from_pcm(pcm: bytes) -> Wave:
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768.0)


def _to_lufs(power: Any) -> Any:
    return -0.691 + 10.0 * np.log10(np.maximum(power, 1e-12))


def _block_power(weighted: Wave) -> NDArray[np.float64]:
    """Mean square of each 400 ms block, a new one every 100 ms."""
    energy = np.concatenate(([0.0], np.cumsum(np.square(weighted, dtype=np.float64))))
    block = round(_BLOCK_S * RATE_HZ)
    if weighted.size < block:
        return np.array([energy[-1] / max(weighted.size, 1)])
    starts = np.arange(0, weighted.size - block + 1, round(_HOP_S * RATE_HZ))
    return np.asarray((energy[starts + block] - energy[starts]) / block)


def _under_ceiling(wave: Wave, levelled: Wave, gain: float) -> Wave:
    """`levelled`, with the peaks between its samples under the ceiling too: limited once more, at last scaled."""
    over = true_peak(levelled) / _CEILING
    if over > 1.0:
        levelled = wave * limiting_gain(wave, gain, _CEILING / over)
        over = true_peak(levelled) / _CEILING
    return levelled if over <= 1.0 else (levelled / over).astype(np.float32)


def _gated(weighted: Wave) -> float:
    """The mean of the blocks that are loud enough to count: over -70 LUFS, then within 10 LU of the others' mean."""
    power = _block_power(weighted)
    loud = power[_to_lufs(power) > _SILENCE_LUFS]
    if not loud.size:
        return float("-inf")
    gate = _to_lufs(loud.mean()) - 10.0
    return float(_to_lufs(loud[_to_lufs(loud) > gate].mean()))


def _k_weighted(wave: Wave) -> Wave:
    """The wave through both filters of BS.1770, by multiplying spectra: numpy has no recursive filter.

    Padding by a tenth of a second lets the high-pass ring out instead of wrapping round to the front.
    """
    size = _fast_size(wave.size + RATE_HZ // 10)
    weighted = np.fft.irfft(np.fft.rfft(wave, size) * _response(size), size)[: wave.size]
    return weighted.astype(np.float32, copy=False)


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


def _lowest_near(gain: Wave) -> Wave:
    """The lowest gain within the look-ahead on both sides, by doubling the reach at each step."""
    padded = np.pad(gain, _LOOK_AHEAD, constant_values=1.0)
    reach = 1
    while reach < 2 * _LOOK_AHEAD:
        padded = np.minimum(padded[:-reach], padded[reach:])
        reach *= 2
    return padded[: gain.size + 1][: gain.size]


def _smooth(gain: Wave) -> Wave:
    """A moving mean no longer than the look-ahead: the gain is down before the peak comes."""
    total = np.concatenate(([0.0], np.cumsum(np.pad(gain, _LOOK_AHEAD // 2, mode="edge"), dtype=np.float64)))
    return ((total[_LOOK_AHEAD:] - total[:-_LOOK_AHEAD])[: gain.size] / _LOOK_AHEAD).astype(np.float32)


def _between_kernel(taps: int = 24) -> Wave:
    """Windowed-sinc weights, a column each for the points a quarter, a half and three quarters after a sample."""
    n = np.arange(taps)[:, None] - (taps / 2 - 1)
    window = np.hanning(taps + 2)[1:-1, None]
    return np.asarray(np.sinc(n - np.array([0.25, 0.5, 0.75])) * window, dtype=np.float32)


_BETWEEN: Final = _between_kernel()
