from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tts.sound.chime import chime, silence, siren
from tts.voice import RATE_HZ

Samples = Callable[[bytes], Any]


def strongest_hz(wave: Any) -> float:
    return float(np.abs(np.fft.rfft(wave * np.hanning(wave.size))).argmax() * RATE_HZ / wave.size)


def test_the_chime_is_two_falling_tones(samples: Samples) -> None:
    wave = samples(chime())
    assert wave.size == round(1.6 * RATE_HZ)
    first, second = np.split(wave, 2)
    assert strongest_hz(first) == pytest.approx(659.26, abs=3)
    assert strongest_hz(second) == pytest.approx(523.25, abs=3)


def test_the_siren_rises_and_falls_over_its_whole_range(samples: Samples) -> None:
    wave = samples(siren())
    pitch = [strongest_hz(wave[at : at + 2205]) for at in range(0, wave.size - 2205, 1102)]
    assert min(pitch) < 560
    assert max(pitch) > 1100
    turns = np.diff(np.sign(np.diff(pitch)))
    assert np.count_nonzero(turns) >= 7


@pytest.mark.parametrize("tones", [chime, siren])
def test_tones_neither_clip_nor_click(tones: Callable[[], bytes], samples: Samples) -> None:
    wave = samples(tones())
    assert 0.3 < np.abs(wave).max() < 0.7
    assert abs(wave[0]) < 0.01
    assert abs(wave[-1]) < 0.02
    assert tones() == tones()


def test_silence_has_the_length_asked_for() -> None:
    assert silence(500) == bytes(2 * RATE_HZ // 2)
    assert silence(0) == b""
