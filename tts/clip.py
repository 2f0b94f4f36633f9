"""Clips: a bulletin's spoken form as one WAV, with its tones before it and the time of every sentence.

The agent and the publisher hold a `ClipMaker`. It is light: sound is made by worker processes that
it starts when they are needed and that leave when they are not.
"""

from __future__ import annotations

import logging
import time
import wave
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from tts.cache import ClipStore, StoreError, key
from tts.engines.pieces import has_words, stop_after
from tts.engines.recording import VoiceRecording
from tts.sound.chime import chime, silence, siren
from tts.times import TONES, ClipTimes, Sentence, decode_times, later, read_marks
from tts.turns import Interrupted, Turns
from tts.voice import RATE_HZ, Chunk, Voice, VoiceError
from tts.voices import Passed, open_voice, willing

log = logging.getLogger(__name__)

AFTER_TONES_MS: Final = 350
REST_S: Final = 300.0  # a voice that failed is not asked again for so long
_BYTES_PER_S: Final = 2 * RATE_HZ


class ClipMade(NamedTuple):
    """A finished clip; `engine` is the id of the voice that spoke it."""

    file: Path
    duration_s: float
    engine: str
    sentences: tuple[Sentence, ...]


Begun = Callable[[Path, str], None]


class _Order(NamedTuple):
    """What a clip is to say, and behind which tones; `bare`: behind none. `begun` is told when there is a beginning."""

    spoken: str
    lang: str
    emergency: bool
    bare: bool = False
    begun: Begun | None = None

    def tones(self) -> bytes:
        if self.bare:
            return b""
        return siren() if self.emergency else chime()

    def key(self, voice: Voice) -> str:
        tones = "none" if self.bare else "siren" if self.emergency else "chime"
        return key(voice.id, {"lang": self.lang, "tones": tones}, self.spoken)


_Wrote = tuple[float, tuple[Sentence, ...]]  # how long a clip has become, and when its sentences sound


class ClipMaker:
    """Clips in `clip_dir`, spoken by the first voice of `preference` that can. May be used from several threads."""

    def __init__(
        self,
        clip_dir: Path,
        preference: tuple[str, ...],
        voices_dir: Path,
        speed_wpm: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = ClipStore(clip_dir)
        self._voices = [(name, open_voice(name, voices_dir, speed_wpm)) for name in preference]
        self._monotonic = monotonic
        self._resting: dict[str, float] = {}  # voice id: until when
        self._turns = Turns()

    def make(
        self, spoken: str, lang: str, *, emergency: bool = False, bare: bool = False, begun: Begun | None = None
    ) -> ClipMade:
        """The clip of that text, from the store if the same voice has said the same before; `bare`: without tones.

        `begun(file, engine)` is called when the tones of a new clip are written: from then on `tts.growing` can
        read it along. An emergency interrupts whatever else is being made. Raises VoiceError naming the language and
        every voice's reason when none can speak it, and StoreError, one of its kind, when the sound
        cannot be kept.
        """
        if not has_words(spoken):
            raise VoiceError("there is nothing to say: the spoken form holds no word")
        order = _Order(spoken, lang, emergency, bare, begun)
        return self._known(order) or self._in_turn(emergency, lambda: self._make(order))

    def recorded(self, file: Path, lang: str, spoken: str = "", *, emergency: bool = False) -> ClipMade:
        """The clip of a recording named by its content, at the house's loudness. Raises VoiceError, StoreError.

        A recording that says when the sentences of `spoken` sound has them marked; another is one sentence.
        """
        voice = VoiceRecording(file, _primary(lang))
        order = _Order(spoken, lang, emergency)
        try:
            return self._in_turn(emergency, lambda: self._stored(order.key(voice)) or self._record(voice, order))
        finally:
            voice.close()

    def tones(self, *, emergency: bool = False) -> ClipMade:
        """The last rung when no voice can speak: the chime or the siren alone, so that people look up and read.

        Raises StoreError when it cannot be kept.
        """
        order = _Order("", "", emergency)
        name = key(TONES, {"tones": "siren" if emergency else "chime"}, "")

        def write(clip: wave.Wave_write) -> bytes:
            duration_s, sentences = compose(clip, order.tones(), (), "")
            return msgspec.json.encode(ClipTimes(TONES, "", duration_s, sentences))

        if (known := self._stored(name)) is not None:
            return known
        self._store.put(name, write)
        return self._kept(name)

    def languages(self) -> frozenset[str]:
        """Primary subtags of what can be spoken now."""
        return frozenset(lang for _, voice in self._voices if not voice.available() for lang in voice.languages)

    def trim(self, budget_bytes: int, keep: Collection[str] = ()) -> list[str]:
        """Make the store fit its budget, the clips unused for longest going first; names in `keep` stay. What went."""
        return self._store.trim(budget_bytes, keep)

    def close(self) -> None:
        """End the voices' workers, when nothing is being made any more. May be called twice."""
        for _, voice in self._voices:
            voice.close()

    def _in_turn(self, emergency: bool, work: Callable[[], ClipMade]) -> ClipMade:
        while True:
            try:
                with self._turns.take(urgent=emergency):
                    return work()
            except Interrupted:
                continue

    def _known(self, order: _Order) -> ClipMade | None:
        """What the best voice has said before: found without waiting for a turn."""
        able, _ = willing(self._voices, _primary(order.lang))
        return self._stored(order.key(able[0])) if able else None

    def _make(self, order: _Order) -> ClipMade:
        able, passed = willing(self._voices, _primary(order.lang))
        for voice in sorted(able, key=self._rests):
            try:
                return self._stored(order.key(voice)) or self._speak(voice, order)
            except StoreError:
                raise
            except VoiceError as error:
                passed.append(Passed(voice.id, str(error)))
                self._rest(voice, error)
        reasons = "; ".join(f"{name}: {reason}" for name, reason in passed)
        raise VoiceError(f"no voice speaks {order.lang!r} now ({reasons})")

    def _stored(self, name: str) -> ClipMade | None:
        file = self._store.find(name)
        if file is None:
            return None
        try:
            times = decode_times(self._store.times(name))
        except (OSError, ValueError):
            return None  # its times are lost: make it again
        return ClipMade(file, times.duration_s, times.engine, times.sentences)

    def _speak(self, voice: Voice, order: _Order) -> ClipMade:
        def say(clip: wave.Wave_write) -> _Wrote:
            chunks = self._interruptible(voice.speak(order.spoken, _primary(order.lang)), order.emergency)
            return compose(clip, order.tones(), self._after_telling(voice, order, chunks), order.spoken)

        made = self._keep(voice, order, say)
        if self._resting.pop(voice.id, None) is not None:
            log.info("voice %s speaks again", voice.id)
        return made

    def _record(self, voice: VoiceRecording, order: _Order) -> ClipMade:
        def play(clip: wave.Wave_write) -> _Wrote:
            chunks = self._interruptible(voice.speak("", _primary(order.lang)), order.emergency)
            duration_s, whole = compose(clip, order.tones(), chunks, "")
            marks = read_marks(voice.marks(), len(order.spoken), whole[0].end_s - whole[0].start_s)
            return duration_s, later(marks, whole[0].start_s) or whole

        return self._keep(voice, order, play)

    def _keep(self, voice: Voice, order: _Order, write: Callable[[wave.Wave_write], _Wrote]) -> ClipMade:
        def put(clip: wave.Wave_write) -> bytes:
            duration_s, sentences = write(clip)
            return msgspec.json.encode(ClipTimes(voice.id, order.lang, duration_s, sentences))

        name = order.key(voice)
        self._store.put(name, put)
        return self._kept(name)

    def _kept(self, name: str) -> ClipMade:
        made = self._stored(name)
        if made is None:
            raise StoreError("the clip vanished as soon as it was made")
        return made

    def _after_telling(self, voice: Voice, order: _Order, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """The same chunks; the first is asked for when the tones are in the file."""
        if order.begun is not None:
            order.begun(self._store.growing(order.key(voice)), voice.id)
        yield from chunks

    def _interruptible(self, chunks: Iterator[Chunk], emergency: bool) -> Iterator[Chunk]:
        for chunk in chunks:
            if not emergency:
                self._turns.give_way()
            yield chunk

    def _rests(self, voice: Voice) -> bool:
        return self._monotonic() < self._resting.get(voice.id, float("-inf"))

    def _rest(self, voice: Voice, error: VoiceError) -> None:
        if voice.id not in self._resting:
            log.warning("voice %s fails, the next one is tried: %s", voice.id, error)
        self._resting[voice.id] = self._monotonic() + REST_S


def compose(clip: wave.Wave_write, tones: bytes, chunks: Iterable[Chunk], spoken: str) -> _Wrote:
    """Write tones, speech and pauses; how long it all is, and the times of its sentences. `chunks` may raise."""
    written = 0

    def put(pcm: bytes) -> float:
        nonlocal written
        clip.writeframesraw(pcm)
        written += len(pcm)
        return written / _BYTES_PER_S

    at_s = put(tones + silence(AFTER_TONES_MS)) if tones else 0.0
    sentences: list[Sentence] = []
    begun: tuple[float, int] | None = None
    for chunk in chunks:
        begin_s, begin = begun or (at_s, chunk.start)
        said_s = put(chunk.pcm)
        stop = stop_after(spoken, chunk.end)
        at_s = put(silence(stop.pause_ms))
        begun = None if stop.ends_sentence else (begin_s, begin)
        if stop.ends_sentence:
            sentences.append(Sentence(round(begin_s, 3), round(said_s, 3), begin, chunk.end))
    return round(at_s, 3), tuple(sentences)


def _primary(lang: str) -> str:
    return lang.partition("-")[0].lower()
