"""The Speaker contract: where finished sound goes. One file in `drivers.speakers` is one driver.

The one PCM format of the house is 16-bit signed little-endian mono at 22,050 Hz.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from drivers.loading import driver_module
from drivers.options import read_options

RATE_HZ: Final = 22_050
DRIVERS: Final = ("sdl", "alsa", "wav", "silent")


class SpeakerError(Exception):
    """The sound device is missing or has gone."""


class Speaker(Protocol):
    """Two lanes on one loudspeaker: speech in front, and behind it a bed, the sound of a film or music.

    `play` and `play_bed` return at once; chunks are PCM as above and may come from a generator, out of
    which a driver takes at most a second ahead of what sounds. A new `play` cuts the one before in its own
    lane only. While speech sounds the bed is turned down by 15 dB within 0.2 s, and comes back
    within 0.8 s (`drivers.speakers.ducking`). `busy` and `bed_busy` are True while that lane is still coming out.
    `stop` and `stop_bed` silence one lane now; the other sounds on. `set_volume` holds for the next samples of both.
    `health` has `error`: why the last speech, or the device under it, broke off, empty if it did not.
    """

    def open(self) -> None: ...
    def play(self, pcm: Iterable[bytes]) -> None: ...
    def play_bed(self, pcm: Iterable[bytes]) -> None: ...
    def busy(self) -> bool: ...
    def bed_busy(self) -> bool: ...
    def stop(self) -> None: ...
    def stop_bed(self) -> None: ...
    def set_volume(self, pct: int) -> None: ...
    def health(self) -> dict[str, Any]: ...
    def close(self) -> None: ...


def create(name: str, raw: Mapping[str, Any]) -> Speaker:
    """The named driver, not yet opened. Raises SpeakerError for an unknown name, OptionError for a bad option."""
    module = driver_module("speaker", name, DRIVERS, SpeakerError)
    speaker: Speaker = module.Driver(**read_options(name, module.OPTIONS, raw))
    return speaker


def checked_volume(pct: int) -> int:
    """`pct` if it is 0 to 100. Raises SpeakerError."""
    if not 0 <= pct <= 100:
        raise SpeakerError(f"volume {pct} %: allowed are 0 to 100")
    return pct
