from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tts.sound.limiter import true_peak
from tts.sound.loudness import TARGET_LUFS, level, lufs
from tts.sound.waves import BLOCK, Wave
from tts.voice import RATE_HZ

Judge = Callable[[Any], float]


def tone(hz: float, seconds: float, amplitude: float = 0.1) -> Wave:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def syllables(seconds: float, seed: int, amplitude: float = 0.1) -> Wave:
    """Noise that swells four times a second, with sharp peaks: as lively as speech, as dull, and always the same."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    swell = (0.5 + 0.5 * np.sin(2 * np.pi * 4 * t)) ** 2
    wave = amplitude * swell * rng.standard_normal(t.size)
    wave[:: RATE_HZ // 7] *= 4
    return np.convolve(wave, np.hanning(5) / 2, "same").astype(np.float32)


def peak_oversampled_dbfs(wave: Wave) -> float:
    """True peak by a sixteenfold spectrum, unlike the way the code under test finds it."""
    padded = np.pad(wave.astype(np.float64), 2048)
    spectrum = np.fft.rfft(padded)
    fine = np.fft.irfft(np.pad(spectrum, (0, 15 * (padded.size // 2))), 16 * padded.size) * 16
    return float(20 * np.log10(np.abs(fine).max()))


@pytest.mark.parametrize("hz", [60.0, 250.0, 1000.0, 3000.0, 8000.0])
def test_a_tone_measures_as_the_judge_says(hz: float, judge: Judge) -> None:
    wave = tone(hz, 3.0)
    assert lufs(wave) == pytest.approx(judge(wave), abs=0.25)


@pytest.mark.parametrize("seed", range(5))
def test_lively_sound_with_gaps_measures_as_the_judge_says(seed: int, judge: Judge) -> None:
    wave = np.concatenate([syllables(2.0, seed), np.zeros(RATE_HZ, np.float32), syllables(1.0, seed + 50, 0.01)])
    assert lufs(wave) == pytest.approx(judge(wave), abs=0.2)


@pytest.mark.parametrize("amplitude", [0.05, 0.1, 0.4, 1.0])
@pytest.mark.parametrize("seconds", [0.6, 2.0, 6.0])
def test_every_piece_comes_out_at_the_same_loudness_and_under_the_ceiling(
    amplitude: float, seconds: float, judge: Judge
) -> None:
    out = level(syllables(seconds, seed=3, amplitude=amplitude))
    assert judge(out) == pytest.approx(TARGET_LUFS, abs=0.8)
    assert peak_oversampled_dbfs(out) <= -1.5


def test_a_piece_shorter_than_a_block_is_levelled_too() -> None:
    out = level(syllables(0.2, seed=1))
    assert lufs(out) == pytest.approx(TARGET_LUFS, abs=0.5)


def test_silence_and_nothing_stay_what_they_are() -> None:
    assert not level(np.zeros(5000, np.float32)).any()
    assert level(np.zeros(0, np.float32)).size == 0
    assert lufs(np.zeros(0, np.float32)) == float("-inf")


def test_a_whisper_is_not_lifted_without_end() -> None:
    faint = syllables(1.0, seed=2, amplitude=2e-4)
    assert np.abs(level(faint)).max() <= np.abs(faint).max() * 10 ** (24.1 / 20)


def test_a_long_recording_is_measured_and_levelled_as_one(judge: Judge) -> None:
    """Longer than the blocks it is worked on in: quiet, then loud, then a tone over the seam."""
    wave = np.concatenate([syllables(20.0, 1, 0.05), syllables(25.0, 2, 0.1), tone(997.0, 32.0, 0.2)])
    assert lufs(wave) == pytest.approx(judge(wave), abs=0.2)
    out = level(wave)
    assert out.size == wave.size
    assert judge(out) == pytest.approx(TARGET_LUFS, abs=0.8)
    for seam in range(0, wave.size, BLOCK):
        assert peak_oversampled_dbfs(out[max(0, seam - 8192) : seam + 8192]) <= -1.5


@pytest.mark.parametrize("after", [0.3, 0.5], ids=["beside one sample", "between two"])
@pytest.mark.parametrize("offset", [-13, -1, 0, 1, 12])
def test_a_peak_between_samples_is_found_at_the_seam_of_two_blocks(offset: int, after: float) -> None:
    n = np.arange(2 * BLOCK) - (BLOCK + offset) - after
    wave = (0.9 * np.sinc(n) * (np.abs(n) < 40)).astype(np.float32)
    assert true_peak(wave) == pytest.approx(true_peak(wave[BLOCK // 2 : BLOCK + BLOCK // 2]), abs=1e-6)
    assert np.abs(wave).max() < 0.8, "no sample shows it"
    assert true_peak(wave) > 0.84
