"""Two sounds on one loudspeaker: speech in front, the sound of a film or music turned down behind it.

Pure: samples in, samples out. In plain Python, because the player loads no numpy; a second of sound takes
a few milliseconds while both lanes sound, and nothing while only one does at full volume.
"""

from __future__ import annotations

from array import array
from typing import Final

from drivers.speaker import RATE_HZ

DUCKED_DB: Final = -15.0  # words stay clear over anything levelled as loud as they are
DOWN_S: Final = 0.2  # within the chime: the first word meets a bed that lies low already
UP_S: Final = 0.8  # slow enough that the bed does not jump up between two sentences of one reading
STEP_S: Final = 0.005  # 0.4 dB a step on the way down: no ear hears stairs in it
STEP_BYTES: Final = 2 * round(STEP_S * RATE_HZ)
_ONE: Final = 1 << 15
_TOP: Final = 32_767
_BOTTOM: Final = -32_768


class Ducking:
    """The gain of the bed as time goes by: linear in decibels, so that the ear hears an even fade."""

    def __init__(self) -> None:
        self._db = 0.0

    def step(self, seconds: float, speaking: bool) -> float:
        """The gain (a factor, 1.0 is untouched) after so much more time with or without speech."""
        if speaking:
            self._db = max(DUCKED_DB, self._db + DUCKED_DB / DOWN_S * seconds)
        else:
            self._db = min(0.0, self._db - DUCKED_DB / UP_S * seconds)
        return self.gain

    @property
    def gain(self) -> float:
        return float(10 ** (self._db / 20))

    def settled(self, speaking: bool) -> bool:
        """Whether the gain has arrived where it is going."""
        return self._db == (DUCKED_DB if speaking else 0.0)


def blend(front: bytes, bed: bytes, volume: float, ducking: Ducking, speaking: bool) -> bytes:
    """Both lanes as one, as long as the longer; PCM of the house. `ducking` moves on by as much time."""
    if not bed or ducking.settled(speaking):
        return _mixed(front, bed, volume, volume * ducking.gain)
    out = bytearray()
    for at in range(0, max(len(front), len(bed)), STEP_BYTES):
        ahead, below = front[at : at + STEP_BYTES], bed[at : at + STEP_BYTES]
        gain = ducking.step(max(len(ahead), len(below)) / (2 * RATE_HZ), speaking)
        out += _mixed(ahead, below, volume, volume * gain)
    return bytes(out)


def _mixed(front: bytes, bed: bytes, front_gain: float, bed_gain: float) -> bytes:
    if not bed:
        return _scaled(front, front_gain)
    if not front:
        return _scaled(bed, bed_gain)
    a, b = round(front_gain * _ONE), round(bed_gain * _ONE)
    length = max(len(front), len(bed))
    pairs = zip(array("h", front.ljust(length, b"\0")), array("h", bed.ljust(length, b"\0")), strict=True)
    sums = [(x * a + y * b) >> 15 for x, y in pairs]
    return array("h", [s if _BOTTOM <= s <= _TOP else _TOP if s > 0 else _BOTTOM for s in sums]).tobytes()


def _scaled(pcm: bytes, gain: float) -> bytes:
    factor = round(gain * _ONE)
    if factor == _ONE:
        return pcm
    return array("h", [(x * factor) >> 15 for x in array("h", pcm)]).tobytes()
