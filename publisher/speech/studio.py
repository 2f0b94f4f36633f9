"""Speaks what it is asked to, one text after another, beside everything else the broadcast process does.

Its thread only waits: sound is made and packed by workers with limits on memory and time. It knows no
database; what becomes of its work is the business of whoever hears of it.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from publisher.speech.said import Said
from tts.clip import ClipMade
from tts.durable import settle
from tts.engines.piper import NATURAL_WPM
from tts.engines.recording import pack
from tts.times import marks_of
from tts.voice import VoiceError
from tts.voices import open_voice

log = logging.getLogger(__name__)

VOICES: Final = ("piper",)  # espeak-ng is on every board: its sound is not worth sending
SCRATCH_B: Final = 64 * 1024 * 1024


class Made(NamedTuple):
    """A file of spoken words in the content store, named by its hash."""

    sha256: str
    size: int
    duration_s: float
    voice: str


class Spoken(NamedTuple):
    """What was asked for is made, or cannot be (None); `left` waits behind it."""

    said: Said
    made: Made | None
    left: int


class Maker(Protocol):
    """What `tts.clip.ClipMaker` does for this room."""

    def make(self, spoken: str, lang: str, *, emergency: bool = False, bare: bool = False) -> ClipMade: ...

    def languages(self) -> frozenset[str]: ...

    def trim(self, budget_bytes: int) -> list[str]: ...

    def close(self) -> None: ...


class Studio:
    """Files go to the folder `content`. `post` is called from the studio's own thread, which starts when needed."""

    def __init__(self, maker: Maker, content: Path, post: Callable[[Spoken], None]) -> None:
        self._maker = maker
        self._content = content
        self._post = post
        self._change = threading.Condition()
        self._waiting: OrderedDict[Said, None] = OrderedDict()
        self._now: Said | None = None
        self._thread: threading.Thread | None = None
        self._leaving = False
        self._mute = False

    def ask(self, wanted: Iterable[Said]) -> None:
        """Have these spoken; asking again for what waits changes nothing."""
        with self._change:
            self._waiting.update((said, None) for said in wanted if said != self._now)
            self._change.notify()
            if self._waiting and self._thread is None and not self._leaving:
                self._thread = threading.Thread(target=self._run, name="studio", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Break off and end the workers. May be called twice."""
        with self._change:
            self._leaving = True
            self._waiting.clear()
            self._change.notify()
        self._maker.close()

    def _run(self) -> None:
        while True:
            with self._change:
                self._now = None
                self._change.wait_for(lambda: self._leaving or self._waiting)
                if self._leaving:
                    return
                self._now, _ = self._waiting.popitem(last=False)
                said, left = self._now, len(self._waiting)
            self._post(Spoken(said, self._try(said), left))

    def _try(self, said: Said) -> Made | None:
        """None where no voice speaks the language: the boards speak for themselves, as they can."""
        if said.lang.partition("-")[0] not in self._maker.languages():
            self._tell(mute=True)
            return None
        try:
            made = self._make(said)
        except (VoiceError, OSError) as error:
            log.warning("a text of %d letters cannot be spoken here: %s", len(said.words), error)
            return None
        except Exception:  # set aside: the same words would come again
            log.exception("a text of %d letters made the studio stumble", len(said.words))
            return None
        self._tell(mute=False)
        return made

    def _make(self, said: Said) -> Made:
        clip = self._maker.make(said.words, said.lang, bare=True)
        self._content.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._content, prefix=".speech-") as folder:
            part = Path(folder) / "part"
            duration_s = pack(clip.file, part, marks_of(clip.sentences))
            data = part.read_bytes()
            sha256 = hashlib.sha256(data).hexdigest()
            with part.open("rb") as written:
                settle(written)
            part.replace(self._content / sha256)
        self._maker.trim(SCRATCH_B)
        return Made(sha256, len(data), duration_s, clip.engine)

    def _tell(self, *, mute: bool) -> None:
        if mute and not self._mute:
            log.warning("boards are to be spoken for, and no voice is installed here: they speak for themselves")
        self._mute = mute


def voice_fault(voices_dir: Path) -> str:
    """Empty if a voice worth sending is installed here, else why not."""
    reasons = [open_voice(name, voices_dir, NATURAL_WPM).available() for name in VOICES]
    return "" if "" in reasons else "; ".join(reasons)
