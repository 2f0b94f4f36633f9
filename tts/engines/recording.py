"""A person's own voice: sound that was recorded or uploaded with a bulletin, in any language.

For S'tiêng, Mnông or Khmer it is the only honest voice there is. What it may be: `tts.engines.containers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tts.engines.worklink import Patience, Worker, python_module
from tts.voice import RATE_HZ, RECORDING, Chunk, VoiceError

_MEMORY_MB: Final = 1536


class VoiceRecording:
    """The Voice of one sound file named by its content: it says one thing, in one language."""

    def __init__(self, file: Path, lang: str) -> None:
        self.id = f"{RECORDING}{file.name}"
        self.languages = frozenset({lang})
        self._file = file
        self._worker = _worker()

    def available(self) -> str:
        return "" if self._file.is_file() else f"the recording {self._file.name} is not here"

    def speak(self, text: str, lang: str) -> Iterator[Chunk]:
        """The whole recording as one chunk over the whole text. Raises VoiceError."""
        if reason := self.available():
            raise VoiceError(reason)
        yield Chunk(self._worker.answer(self._worker.ask({"file": str(self._file)})), 0, len(text))

    def marks(self) -> bytes:
        """What the file says of its sentences, for `tts.times.read_marks`. Raises VoiceError."""
        return self._worker.answer(self._worker.ask({"marks_of": str(self._file)}))

    def close(self) -> None:
        self._worker.close()


def pack(source: Path, target: Path, marks: str = "") -> float:
    """Write the sound of `source` to `target` as it is sent to boards (see `tts.engines.opus`); its length in seconds.

    Decoding, levelling and encoding are a worker's. Zero seconds for silence, and then nothing is written of use.
    Raises VoiceError.
    """
    worker = _worker()
    try:
        told = worker.answer(worker.ask({"file": str(source), "target": str(target), "marks": marks}))
    finally:
        worker.close()
    return int(told) / RATE_HZ


def _worker() -> Worker:
    command = python_module("tts.engines.recording_worker", "--memory-mb", str(_MEMORY_MB))
    return Worker("recording", command, Patience(start_s=60.0, answer_s=120.0))
