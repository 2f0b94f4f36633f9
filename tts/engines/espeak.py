"""espeak-ng: small, robotic, always there. Vietnamese by its northern or southern voice.

Its central voice (`vi-vn-x-central`) is refused: its six tones lie within a few hertz of each
other and four of them share one contour, so that words turn into other words. The southern one
keeps only ten of the fifteen pairs of tones clearly apart; take it where ears are used to it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

from tts.bilingual import both
from tts.engines.pieces import pieces
from tts.engines.worklink import Patience, Worker, python_module
from tts.voice import Chunk, VoiceError

VOICES: Final = ("vi", "vi-vn-x-south")
PITCH: Final = 35  # below the usual 50, where hỏi and nặng lie too close: a lower voice spreads its tones wider
SPEED_WPM: Final = range(80, 301)
PIECE_CHARS: Final = 200  # a sentence in one breath keeps its melody; synthesis is quick whatever the length
_MEMORY_MB: Final = 1024
_VERSION: Final = re.compile(r"text-to-speech: ([0-9][0-9.]*)")


class VoiceEspeak:
    """The Voice over a warm worker; `binary` is a name or path. ValueError for a voice or speed not allowed."""

    def __init__(self, voice: str = "vi", speed_wpm: int = 150, binary: str = "espeak-ng") -> None:
        if voice not in VOICES:
            raise ValueError(f"espeak-ng voice {voice!r}; allowed are {', '.join(VOICES)}")
        if speed_wpm not in SPEED_WPM:
            raise ValueError(f"speed {speed_wpm} words a minute; allowed are {SPEED_WPM[0]} to {SPEED_WPM[-1]}")
        self._path = shutil.which(binary)
        self._binary = binary
        self.id = f"espeak-ng-{_version(self._path)}:{voice}:{speed_wpm}wpm:p{PITCH}"
        self.languages = frozenset({"vi"})
        command = python_module(
            "tts.engines.espeak_worker", "--voice", voice, "--speed-wpm", str(speed_wpm),
            "--pitch", str(PITCH), "--binary", self._path or binary, "--memory-mb", str(_MEMORY_MB),
        )  # fmt: skip
        self._worker = Worker("espeak-ng", command, Patience(start_s=30.0, answer_s=15.0))

    def available(self) -> str:
        if self._path:
            return ""
        return str(both("chưa cài chương trình {it}", "the program {it} is not installed", it=self._binary))

    def speak(self, text: str, lang: str) -> Iterator[Chunk]:
        """Chunks in order, at most `PIECE_CHARS` characters each. Raises VoiceError."""
        if reason := self.available():
            raise VoiceError(reason)
        if lang not in self.languages:
            raise VoiceError(f"espeak-ng speaks {', '.join(self.languages)} here, not {lang!r}")
        yield from self._worker.say(pieces(text, PIECE_CHARS))

    def close(self) -> None:
        self._worker.close()


def _version(path: str | None) -> str:
    if path is None:
        return "none"
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    found = _VERSION.search(said)
    return found.group(1) if found else "unknown"
