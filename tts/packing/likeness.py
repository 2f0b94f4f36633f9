"""How much a packed voice still sounds like the one it was made from: by numbers, before anybody speaks with it.

Loads numpy, so that only the voice workers may import it.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Final, NamedTuple

from tts.sound.loudness import lufs
from tts.sound.pitch import apart_semitones
from tts.sound.waves import Wave

SENTENCES: Final = (
    "Kính thưa bà con.",
    "Ủy ban nhân dân xã thông báo lịch cắt điện ngày mười hai tháng bảy.",
    "Đề nghị bà con chủ động đề phòng mưa lũ, sạt lở đất.",
    "Trân trọng cảm ơn bà con đã lắng nghe.",
)
DURATION_WITHIN: Final = 0.05
LOUDNESS_WITHIN_LU: Final = 1.0
PITCH_WITHIN_SEMITONES: Final = 1.0  # one voice's own two sayings lie half a semitone apart


class Likeness(NamedTuple):
    """The worst of the sentences in length (a share) and loudness; the middle one in pitch."""

    duration_off: float
    loudness_off_lu: float
    pitch_off_semitones: float

    def faults(self) -> list[str]:
        """What is too far from the original; empty if nothing is."""
        limits = (
            ("its length is off by", self.duration_off * 100, DURATION_WITHIN * 100, "%"),
            ("its loudness is off by", self.loudness_off_lu, LOUDNESS_WITHIN_LU, "LU"),
            ("its pitch is off by", self.pitch_off_semitones, PITCH_WITHIN_SEMITONES, "semitones"),
        )
        return [
            f"{what} {off:.2f} {unit}; at most {most:g} are allowed" for what, off, most, unit in limits if off > most
        ]


def compare(original: Callable[[str], Wave], packed: Callable[[str], Wave]) -> Likeness:
    """Both say the same sentences. Raises ValueError if one of them has no voice in it."""
    pairs = [(original(sentence), packed(sentence)) for sentence in SENTENCES]
    if any(not one.size or not other.size for one, other in pairs):
        raise ValueError("a sentence came out without sound")
    return Likeness(
        max(abs(other.size / one.size - 1) for one, other in pairs),
        max(abs(lufs(other) - lufs(one)) for one, other in pairs),
        median(apart_semitones(one, other) for one, other in pairs),
    )
