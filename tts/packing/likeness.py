"""How much a packed voice still sounds like the one it was made from: by numbers, before anybody speaks with it.

Loads numpy, so that only the voice workers may import it.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Final, NamedTuple

from tts.bilingual import Said, both
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

_LENGTH: Final = Said("độ dài", "length")
_LOUDNESS: Final = Said("độ to", "loudness")
_PITCH: Final = Said("cao độ", "pitch")
_PERCENT: Final = Said("%", "%")
_LU: Final = Said("LU", "LU")
_SEMITONES: Final = Said("nửa cung", "semitones")


class Likeness(NamedTuple):
    """The worst of the sentences in length (a share) and loudness; the middle one in pitch."""

    duration_off: float
    loudness_off_lu: float
    pitch_off_semitones: float

    def faults(self) -> list[Said]:
        """What is too far from the original; empty if nothing is."""
        limits = (
            (_LENGTH, self.duration_off * 100, DURATION_WITHIN * 100, _PERCENT),
            (_LOUDNESS, self.loudness_off_lu, LOUDNESS_WITHIN_LU, _LU),
            (_PITCH, self.pitch_off_semitones, PITCH_WITHIN_SEMITONES, _SEMITONES),
        )
        return [
            both("{what} lệch {off:.2f} {unit}; cho phép nhiều nhất {most:g}",
                 "its {what} is off by {off:.2f} {unit}; at most {most:g} are allowed",
                 what=what, off=off, most=most, unit=unit)
            for what, off, most, unit in limits if off > most
        ]  # fmt: skip


def compare(original: Callable[[str], Wave], packed: Callable[[str], Wave]) -> Likeness:
    """Both say the same sentences. Raises ValueError if one of them has no voice in it."""
    pairs = [(original(sentence), packed(sentence)) for sentence in SENTENCES]
    if any(not one.size or not other.size for one, other in pairs):
        raise ValueError(Said("có câu đọc ra không có tiếng", "a sentence came out without sound"))
    return Likeness(
        max(abs(other.size / one.size - 1) for one, other in pairs),
        max(abs(lufs(other) - lufs(one)) for one, other in pairs),
        median(apart_semitones(one, other) for one, other in pairs),
    )
