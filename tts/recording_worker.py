"""The process that decodes recordings: whatever SDL's mixer can read, in the house's format.

A recording was uploaded by a person. A decoder that trips over it takes this process down, not the house.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from typing import Any, Final

from tts.voice import RATE_HZ, VoiceError
from tts.waves import Wave, from_pcm
from tts.workloop import Limits, serve

os.environ["SDL_AUDIODRIVER"] = "dummy"  # before pygame looks: decoding needs no sound card
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import pygame

LONGEST_S: Final = 20 * 60


class RecordingEngine:
    """Reads the sound files it is asked for, as one channel at the house's rate."""

    def __init__(self) -> None:
        try:
            pygame.mixer.init(RATE_HZ, -16, 1, allowedchanges=0)
        except pygame.error as error:
            raise VoiceError(f"the decoder cannot be started: {error}") from error

    def sound(self, request: Mapping[str, Any]) -> tuple[Wave, int]:
        try:
            sound = pygame.mixer.Sound(file=str(request["file"]))
        except (pygame.error, OSError) as error:
            raise VoiceError(f"the recording cannot be read: {error}") from error
        if sound.get_length() > LONGEST_S:
            raise VoiceError(f"the recording is {sound.get_length():.0f} s long; at most {LONGEST_S} s can be played")
        return from_pcm(sound.get_raw()), RATE_HZ


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory-mb", type=int, required=True)
    given = parser.parse_args()
    return serve(RecordingEngine, Limits(given.memory_mb, idle_s=60.0))


if __name__ == "__main__":
    sys.exit(main())
