from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from tts.engines.espeak import VoiceEspeak
from tts.sound.pitch import contour, distance_semitones
from tts.sound.waves import Wave, from_pcm
from tts.voice import RATE_HZ

SIX_TONES = ("ma", "mà", "má", "mả", "mã", "mạ")


def glide(from_hz: float, to_hz: float, seconds: float = 0.4) -> Wave:
    """A tone with overtones whose pitch moves evenly in semitones."""
    steps = np.linspace(np.log2(from_hz), np.log2(to_hz), round(seconds * RATE_HZ))
    phase = 2 * np.pi * np.cumsum(2**steps) / RATE_HZ
    return np.asarray(0.2 * (np.sin(phase) + np.sin(2 * phase) / 2 + np.sin(3 * phase) / 3), dtype=np.float32)


def test_a_glide_is_followed_from_end_to_end() -> None:
    got = contour(glide(110.0, 220.0))
    assert got[0] == pytest.approx(12.0, abs=1.0)
    assert got[-1] == pytest.approx(24.0, abs=1.0)
    assert np.all(np.diff(got) > 0)


def test_an_octave_is_twelve_semitones() -> None:
    assert distance_semitones(contour(glide(100, 100)), contour(glide(200, 200))) == pytest.approx(12.0, abs=0.2)


def test_noise_and_silence_have_no_melody() -> None:
    with pytest.raises(ValueError, match="no voice"):
        contour(np.zeros(RATE_HZ, np.float32))


def test_the_six_tones_of_espeak_are_six(needs_espeak: None) -> None:
    """Fifteen pairs; a listener needs about a semitone and a half to tell two melodies apart."""
    voice = VoiceEspeak("vi")
    melodies = {word: contour(from_pcm(b"".join(c.pcm for c in voice.speak(word, "vi")))) for word in SIX_TONES}
    voice.close()
    near = {
        pair: distance_semitones(melodies[pair[0]], melodies[pair[1]])
        for pair in combinations(SIX_TONES, 2)
        if distance_semitones(melodies[pair[0]], melodies[pair[1]]) < 1.5
    }
    assert near == {}
    assert melodies["má"][-1] > melodies["má"][0] + 3
    assert melodies["mà"][-1] < melodies["ma"][-1]
