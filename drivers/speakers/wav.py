"""A speaker that writes what it says as WAV files, one from sound to silence: to keep and to check."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any, Final

from drivers import options
from drivers.options import Option
from drivers.speaker import RATE_HZ, SpeakerError
from drivers.speakers.deck import BLOCK_BYTES, Deck
from drivers.speakers.pace import Pace

OPTIONS: Final = {
    "folder": Option(Path("sound"), Path, "folder the clips go to, numbered; made when missing"),
    "realtime": Option(False, options.yes_no, "true: busy as long as the clip would last; false: until it is written"),
}
_AT_ONCE_BYTES: Final = 20 * BLOCK_BYTES  # nobody waits for a block of a file


class Driver(Deck):
    def __init__(self, folder: Path, realtime: bool = False) -> None:
        super().__init__(self._begin_file, BLOCK_BYTES if realtime else _AT_ONCE_BYTES)
        self._folder = folder
        self._realtime = realtime
        self._written = 0

    def open(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise SpeakerError(f"wav: folder={self._folder}: {exc.strerror}") from exc
        numbers = [path.stem.removeprefix("clip-") for path in self._folder.glob("clip-*.wav")]
        self._written = max((int(number) for number in numbers if number.isdecimal()), default=0)

    def health(self) -> dict[str, Any]:
        return {"driver": "wav", "volume_pct": self.volume_pct, "clips": self._written, "error": self.error}

    def _begin_file(self) -> _File:
        self._written += 1
        return _File(self._folder / f"clip-{self._written:06}.wav", Pace(self._realtime))


class _File:
    """One file in the making; it gets its name when it is complete, and none if no sound came at all."""

    def __init__(self, path: Path, pace: Pace) -> None:
        self._path = path
        self._part = path.with_suffix(".part")
        self._pace = pace
        self.drop = pace.drop
        try:
            self._wave = wave.open(str(self._part), "wb")  # noqa: SIM115 -- closed by finish
        except OSError as exc:
            raise SpeakerError(f"wav: {path}: {exc.strerror}") from exc
        self._wave.setparams((1, 2, RATE_HZ, 0, "NONE", "not compressed"))

    def write(self, block: bytes) -> None:
        try:
            self._wave.writeframes(block)
        except OSError as exc:
            raise SpeakerError(f"wav: {self._path}: {exc.strerror}") from exc
        self._pace.advance(len(block))

    def finish(self) -> None:
        self._pace.settle()
        try:
            heard = self._wave.tell() > 0
            self._wave.close()
            if heard:
                self._part.replace(self._path)
            else:
                self._part.unlink()
        except OSError as exc:
            raise SpeakerError(f"wav: {self._path}: {exc.strerror}") from exc
