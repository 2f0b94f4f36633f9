""" "Nghe thử": clips made aside, so that a person hears the spoken form before anybody else does."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from tts.clip import ClipMade, ClipMaker
from tts.voice import VoiceError

_KEPT: Final = 50


class Heard(NamedTuple):
    """A clip as far as it is: neither a file nor a reason means it is still being spoken."""

    key: str
    file: Path | None = None
    duration_s: float = 0.0
    reason: str = ""


class Listening:
    """One clip is made at a time; asking again for the same words changes nothing."""

    def __init__(self, maker: ClipMaker) -> None:
        self._maker = maker
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="listening")
        self._lock = Lock()
        self._clips: OrderedDict[str, Future[ClipMade]] = OrderedDict()

    def ask(self, spoken: str, lang: str) -> Heard:
        """How far the clip of these words is; the first call starts it. Never waits."""
        key = hashlib.sha256(f"{lang}\n{spoken}".encode()).hexdigest()[:32]
        with self._lock:
            if key not in self._clips:
                self._clips[key] = self._pool.submit(self._maker.make, spoken, lang)
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
