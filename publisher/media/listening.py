""" "Nghe thử": clips made aside, so that a person hears the spoken form before anybody else does."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple, Protocol

from tts.clip import ClipMade
from tts.voice import VoiceError

SCRATCH_B: Final = 256 * 1024 * 1024  # some ninety minutes of speech: what was listened to longest ago goes
_KEPT: Final = 50


class Heard(NamedTuple):
    """A clip as far as it is: neither a file nor a reason means it is still being spoken."""

    key: str
    file: Path | None = None
    duration_s: float = 0.0
    reason: str = ""


class Maker(Protocol):
    """What `tts.clip.ClipMaker` does for this room."""

    def make(self, spoken: str, lang: str) -> ClipMade: ...

    def trim(self, budget_bytes: int) -> list[str]: ...

    def close(self) -> None: ...


class Listening:
    """One clip is made at a time; asking again for the same words changes nothing, unless they could not be said."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="listening")
        self._lock = Lock()
        self._clips: OrderedDict[str, Future[ClipMade]] = OrderedDict()

    def ask(self, spoken: str, lang: str) -> Heard:
        """How far the clip of these words is; the first call starts it. Never waits."""
        key = hashlib.sha256(f"{lang}\n{spoken}".encode()).hexdigest()[:32]
        with self._lock:
            known = self._clips.get(key)
            if known is None or _is_spent(known):
                self._clips[key] = self._pool.submit(self._make, spoken, lang)
                while len(self._clips) > _KEPT:
                    self._clips.popitem(last=False)[1].cancel()
        return self.find(key) or Heard(key)

    def find(self, key: str) -> Heard | None:
        """How far the clip of this key is; None if it was never asked for, or long ago."""
        with self._lock:
            clip = self._clips.get(key)
        if clip is None or not clip.done():
            return None if clip is None else Heard(key)
        try:
            made = clip.result()
        except VoiceError as exc:
            return Heard(key, reason=str(exc))
        return Heard(key, made.file, made.duration_s)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._maker.close()

    def _make(self, spoken: str, lang: str) -> ClipMade:
        made = self._maker.make(spoken, lang)
        self._maker.trim(SCRATCH_B)
        return made


def _is_spent(clip: Future[ClipMade]) -> bool:
    """Whether it was tried and there is nothing to hear: a voice that failed may speak now, a file be swept."""
    if not clip.done():
        return False
    return clip.cancelled() or clip.exception() is not None or not clip.result().file.is_file()
