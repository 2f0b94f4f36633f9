from __future__ import annotations

import numpy as np
import pytest

from tts.sound.waves import Wave, from_pcm, resample, to_pcm, trim_silence
from tts.voice import RATE_HZ


def tone(hz: float, seconds: float, amplitude: float = 0.1) -> Wave:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 44_100, 48_000])
def test_another_rate_becomes_ours_without_changing_pitch_or_length(rate_hz: int) -> None:
    wave = np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz).astype(np.float32)
    out = resample(wave, rate_hz)
    assert out.size == RATE_HZ
    assert int(np.abs(np.fft.rfft(out)).argmax()) == 440
    assert float(np.abs(out[2000:-2000]).max()) == pytest.approx(1.0, abs=0.02)


def test_the_engines_own_silence_is_cut_at_both_ends() -> None:
    voice = tone(300.0, 0.5, 0.3)
    out = trim_silence(np.concatenate([np.zeros(9000, np.float32), voice, np.zeros(9000, np.float32)]))
    assert voice.size <= out.size <= voice.size + 600
    assert abs(float(out[0])) < 1e-6
    assert trim_silence(np.zeros(100, np.float32)).size == 0


def test_pcm_there_and_back() -> None:
    wave = tone(1000.0, 0.3, 0.9)
    assert np.abs(from_pcm(to_pcm(wave)) - wave).max() < 1e-4
    assert to_pcm(np.array([2.0, -2.0], np.float32)) == b"\xff\x7f\x00\x80"
