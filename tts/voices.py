"""Voices by name, and which one speaks: piper, else espeak, else none, with the reason each was passed over.

A name is an engine and, behind a colon, one of its voices: `piper`, `piper:vi_VN-vais1000-medium`,
`espeak`, `espeak:vi-vn-x-south`, `silent`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tts.engines.espeak import VOICES as ESPEAK_VOICES
from tts.engines.espeak import VoiceEspeak
from tts.engines.piper import VoicePiper
from tts.engines.silent import VoiceSilent
from tts.voice import Voice

ENGINES: Final = ("piper", "espeak", "silent")
AUTO: Final = ("piper", "espeak")
ACCENTS: Final = {"north": "espeak", "south": f"espeak:{ESPEAK_VOICES[1]}"}


class Passed(NamedTuple):
    """A voice that was asked and cannot speak, and why."""

    name: str
    reason: str


def preference(engine: str, accent: str = "north") -> tuple[str, ...]:
    """The order in which voices are tried for the setting `engine`: `auto`, or a voice with espeak behind it.

    `accent`: espeak's, one of ACCENTS. Raises ValueError naming what is allowed.
    """
    if accent not in ACCENTS:
        raise ValueError(f"accent {accent!r}; allowed are {', '.join(ACCENTS)}")
    wanted = AUTO if engine == "auto" else (engine, "espeak") if engine.startswith("piper") else (engine,)
    return tuple(ACCENTS[accent] if name == "espeak" else name for name in wanted)


def open_voice(name: str, voices_dir: Path, speed_wpm: int) -> Voice:
    """The named voice, its worker not yet started. Raises ValueError naming what is allowed."""
    engine, _, variant = name.partition(":")
    if engine == "piper":
        return VoicePiper(voices_dir, variant or None, speed_wpm)
    if engine == "espeak":
        return VoiceEspeak(variant or ESPEAK_VOICES[0], speed_wpm)
    if engine == "silent" and not variant:
        return VoiceSilent()
    raise ValueError(f"there is no voice {name!r}; there are {', '.join(ENGINES)}")


def willing(voices: Sequence[tuple[str, Voice]], lang: str) -> tuple[list[Voice], list[Passed]]:
    """The voices that can speak `lang` now, best first, and the others with their reasons."""
    able: list[Voice] = []
    passed: list[Passed] = []
    for name, voice in voices:
        if reason := voice.available():
            passed.append(Passed(name, reason))
        elif lang not in voice.languages:
            passed.append(Passed(name, f"speaks {', '.join(sorted(voice.languages))}, not {lang}"))
        else:
            able.append(voice)
    return able, passed
