"""Piper: a neural voice from an installed voice file, spoken by a warm worker process of its own."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tts.bilingual import both
from tts.engines.pieces import pieces
from tts.engines.worklink import Patience, Worker, python_module
from tts.install.installed import InstalledVoice, PlacedVoice, chosen_voice
from tts.voice import RATE_HZ, Chunk, VoiceError

PIECE_CHARS: Final = 70  # about five seconds of sound; the worker's memory grows with the longest piece
NATURAL_WPM: Final = 150  # the pace at which a voice's own length scale is left alone
TRIAL: Final = "Kính thưa bà con."
TRIAL_SHORTEST_S: Final = 0.4
TRIAL_LONGEST_S: Final = 5.0


class Limits(NamedTuple):
    """What the worker may take. On a board of four cores two threads leave two to the picture."""

    threads: int = 2
    memory_mb: int = 2048
    patience: Patience = Patience()


DEFAULT_LIMITS: Final = Limits()


class VoicePiper:
    """The Voice over the installed voice `name`, or the first Vietnamese one. What is installed is looked up anew
    at each `available`, so that a voice installed or removed meanwhile needs no restart."""

    def __init__(
        self, voices_dir: Path, name: str | None = None, speed_wpm: int = NATURAL_WPM, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.id = "piper:none"
        self.languages: frozenset[str] = frozenset()
        self._voices_dir = voices_dir
        self._name = name
        self._length_scale = round(NATURAL_WPM / speed_wpm, 3)
        self._limits = limits
        self._placed: PlacedVoice | None = None
        self._worker: Worker | None = None
        self._look()

    def available(self) -> str:
        self._look()
        if importlib.util.find_spec("piper") is None:
            return str(both("chưa cài gói piper-tts", "the package piper-tts is not installed"))
        if self._placed is None:
            which = f" {self._name}" if self._name else ""
            return str(
                both("chưa cài giọng Piper{which} nào trong {folder}", "no Piper voice{which} is installed in {folder}",
                     which=which, folder=self._voices_dir)
            )  # fmt: skip
        return str(self._placed.fault() or "")

    def speak(self, text: str, lang: str) -> Iterator[Chunk]:
        """Chunks of at most `PIECE_CHARS` characters, the first as soon as it is made. Raises VoiceError."""
        reason = self.available()
        if reason or self._worker is None:
            raise VoiceError(reason)
        if lang not in self.languages:
            raise VoiceError(f"{self.id} speaks {', '.join(self.languages)}, not {lang!r}")
        yield from self._worker.say(pieces(text, PIECE_CHARS))

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()

    @property
    def worker_pid(self) -> int | None:
        return self._worker.pid if self._worker else None

    def _look(self) -> None:
        found = chosen_voice(self._voices_dir, self._name or "")
        if found == self._placed:
            return
        self.close()
        self._placed, self._worker = found, None
        self.id, self.languages = "piper:none", frozenset()
        if isinstance(found, InstalledVoice):
            self.id = f"piper:{found.record.name}@{found.record.edition}:x{self._length_scale:g}"
            self.languages = frozenset({found.record.language})
            self._worker = piper_worker(found.folder, self._length_scale, self._limits)


def piper_worker(folder: Path, length_scale: float = 1.0, limits: Limits = DEFAULT_LIMITS) -> Worker:
    """A worker, not yet started, for the voice in that folder."""
    command = python_module(
        "tts.engines.piper_worker", "--voice", str(folder), "--threads", str(limits.threads),
        "--length-scale", str(length_scale), "--memory-mb", str(limits.memory_mb),
    )  # fmt: skip
    return Worker("piper", command, limits.patience)


def try_voice(folder: Path) -> None:
    """Speak one sentence with the voice in that folder. Raises VoiceError if it does not sound like one."""
    worker = piper_worker(folder)
    try:
        worker_pcm = worker.answer(worker.ask({"text": TRIAL}))
    finally:
        worker.close()
    duration_s = len(worker_pcm) / 2 / RATE_HZ
    if not TRIAL_SHORTEST_S <= duration_s <= TRIAL_LONGEST_S:
        raise VoiceError(
            both("câu đọc thử dài {took:.1f} giây; cho phép {least:g} đến {most:g} giây",
                 "the trial sentence took {took:.1f} s; {least:g} to {most:g} s are allowed",
                 took=duration_s, least=TRIAL_SHORTEST_S, most=TRIAL_LONGEST_S)
        )  # fmt: skip
