from __future__ import annotations

import numpy as np
import pytest

from tts.sound.limiter import CEILING, HOP, apply_gain, limiting_gain, peaks, true_peak, under_ceiling
from tts.sound.waves import Wave
from tts.voice import RATE_HZ


def tone(hz: float, seconds: float, amplitude: float = 0.1) -> Wave:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def test_the_limiter_turns_down_before_the_peak_and_never_jumps() -> None:
    wave = tone(200.0, 0.5, 0.2)
    wave[5000] = 0.9
    gain = limiting_gain(peaks(wave), 2.0)
    assert np.abs(apply_gain(wave, gain)).max() <= CEILING + 1e-6
    assert gain[5000 // HOP - 3] < 1.9
    assert np.abs(np.diff(gain)).max() < 0.25
    assert gain[0] == pytest.approx(2.0)


def test_the_peak_between_the_samples_is_seen() -> None:
    between = np.sin(2 * np.pi * 0.25 * np.arange(400) + np.pi / 4).astype(np.float32)
    assert np.abs(between).max() == pytest.approx(0.7071, abs=1e-3)
    assert true_peak(between) == pytest.approx(1.0, abs=0.02)
    assert true_peak(np.zeros(0, np.float32)) == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_wherever_the_peaks_lie_none_passes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wave = tone(150.0, 0.4, 0.3)
    wave[rng.integers(0, wave.size, 12)] = rng.uniform(-1, 1, 12)
    gain = limiting_gain(peaks(wave), 3.0)
    assert np.abs(apply_gain(wave, gain)).max() <= CEILING + 1e-6
    assert true_peak(under_ceiling(wave, peaks(wave), 3.0)) <= CEILING + 1e-6


def test_what_stays_below_the_ceiling_is_only_lifted() -> None:
    wave = tone(300.0, 0.3, 0.1)
    assert np.allclose(under_ceiling(wave, peaks(wave), 2.0), 2.0 * wave, atol=1e-6)


def test_nothing_and_a_single_sample_pass_through() -> None:
    for wave in (np.zeros(0, np.float32), np.array([0.5], np.float32)):
        assert under_ceiling(wave, peaks(wave), 1.0).tolist() == wave.tolist()
