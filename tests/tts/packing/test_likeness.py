"""Two voices compared by numbers: what is like, what is too long, too loud, too high, and what is no voice."""

from __future__ import annotations

import numpy as np
import pytest

from tts.packing.likeness import SENTENCES, Likeness, compare
from tts.sound.waves import Wave
from tts.voice import RATE_HZ


def tone(hz: float, seconds: float, peak: float = 0.3) -> Wave:
    """A buzz with overtones: what a voiced sound is to the one who measures its pitch."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = sum(np.sin(2 * np.pi * hz * n * t) / n for n in range(1, 6))
    return np.asarray(peak * wave / 2, dtype=np.float32)


def test_the_same_voice_is_alike() -> None:
    like = compare(lambda _: tone(120, 1.0), lambda _: tone(120, 1.0))
    assert like == pytest.approx(Likeness(0.0, 0.0, 0.0))
    assert like.faults() == []


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        (tone(120, 1.06), "its length is off by 6.00 %; at most 5 are allowed"),
        (tone(120, 1.0, 0.15), "its loudness is off by 6.0"),
        (tone(136, 1.0), "its pitch is off by 2."),
    ],
)
def test_what_is_too_far_off_is_named_with_its_limit(other: Wave, fault: str) -> None:
    like = compare(lambda _: tone(120, 1.0), lambda _: other)
    (found,) = like.faults()
    assert found.en.startswith(fault)
    assert "cho phép nhiều nhất" in found.vi


def test_one_bad_sentence_is_enough_in_length() -> None:
    said = dict(zip(SENTENCES, (1.0, 1.0, 1.2, 1.0), strict=True))
    assert compare(lambda _: tone(120, 1.0), lambda text: tone(120, said[text])).duration_off == pytest.approx(0.2)


@pytest.mark.parametrize("other", [np.zeros(0, np.float32), np.zeros(RATE_HZ, np.float32)])
def test_silence_is_no_voice(other: Wave) -> None:
    with pytest.raises(ValueError, match=r"without sound|no voice"):
        compare(lambda _: tone(120, 1.0), lambda _: other)
