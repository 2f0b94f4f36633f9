"""Finished clips by content: the same words in the same voice are never made twice.

A clip is two files beside each other, `<key>.json` (the times of its sentences) and `<key>.wav`. The
WAV is renamed into place last, so that a WAV that is there is whole and has its times; until then it
is `<key>.growing`.
"""

from __future__ import annotations

import hashlib
import io
import os
import time
import wave
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final

from tts.durable import settle, settle_names
from tts.growing import SUFFIX as GROWING
from tts.growing import Eager
from tts.voice import RATE_HZ, VoiceError

SOUND_VERSION: Final = 1  # raise it when pauses, tones or levelling change what a clip sounds like
_PART: Final = ".part"
_MARK_S: Final = 3600


class StoreError(VoiceError):
    """The sound was made and cannot be kept: no room, no permission."""


def key(engine_id: str, parameters: Mapping[str, str], text: str) -> str:
    """The name of a clip: SHA-256 over all that decides how it sounds, each part with its length before it."""
    digest = hashlib.sha256()
    for part in (str(SOUND_VERSION), engine_id, *(f"{k}={v}" for k, v in sorted(parameters.items())), text):
        data = part.encode(errors="surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


class ClipStore:
    """The folder of finished clips. Left-over parts of a killed process are swept when it opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for ending in (_PART, GROWING):
            for part in folder.glob(f"*{ending}"):
                part.unlink(missing_ok=True)
        for times in folder.glob("*.json"):
            if not times.with_suffix(".wav").exists():
                times.unlink(missing_ok=True)

    def find(self, name: str) -> Path | None:
        """The WAV of that key, marked as used; None if it is not here.

        The mark is renewed once an hour at most: a clip played every minute must not wear out a memory card.
        """
        file = self._folder / f"{name}.wav"
        try:
            if abs(time.time() - file.stat().st_mtime) > _MARK_S:
                os.utime(file)
        except OSError:
            return None
        return file

    def times(self, name: str) -> bytes:
        return (self._folder / f"{name}.json").read_bytes()

    def growing(self, name: str) -> Path:
        """Where a clip that is `put` grows, for those who hear it meanwhile (see `tts.growing`)."""
        return self._folder / f"{name}{GROWING}"

    def put(self, name: str, write: Callable[[wave.Wave_write], bytes]) -> Path:
        """Keep the clip `write` plays into the WAV it is given; it returns the JSON of the times.

        It gets its name when all of it is on the disk. Raises StoreError; whatever `write` raises passes.
        """
        sound, times = self._folder / f"{name}.wav", self._folder / f"{name}.json"
        parts = [self.growing(name), times.with_name(f"{times.name}.{os.getpid()}{_PART}")]
        try:
            with Eager(io.FileIO(parts[0], "w")) as raw:
                with wave.open(raw, "wb") as clip:
                    clip.setnchannels(1)
                    clip.setsampwidth(2)
                    clip.setframerate(RATE_HZ)
                    told = write(clip)
                settle(raw)
            with open(parts[1], "wb") as beside:
                beside.write(told)
                settle(beside)
            os.replace(parts[1], times)
            os.replace(parts[0], sound)
            settle_names(self._folder)
        except OSError as error:
            raise StoreError(f"the clip cannot be kept in {self._folder}: {error.strerror or error}") from error
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        return sound

    def trim(self, budget_bytes: int, keep: Collection[str] = ()) -> list[str]:
        """Delete the clips unused for longest until the rest fits; names of WAV files in `keep` stay. What went."""
        files = sorted((file.stat().st_mtime_ns, file.stat().st_size, file) for file in self._folder.glob("*.wav"))
        total = sum(size for _, size, _ in files)
        gone = []
        for _, size, file in files:
            if total <= budget_bytes:
                break
            if file.name in keep:
                continue
            file.unlink(missing_ok=True)
            file.with_suffix(".json").unlink(missing_ok=True)
            total -= size
            gone.append(file.name)
        return gone
