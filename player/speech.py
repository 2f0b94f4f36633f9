"""The speaking desk: takes what is owed to be read, waits for its clip, and lets one reading sound at a time.

An emergency cuts off any other reading and sounds as soon as its clip is here, however late that
is; a reading whose bulletin is withdrawn falls silent; the emergency stop silences everything.
"""

from __future__ import annotations

import logging
import wave
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from drivers.speaker import RATE_HZ, Speaker, SpeakerError
from player.agenda import DEBUT_WAITS, Agenda, Reading
from player.announce import Occasion
from player.model import Clock
from player.plays import Plays, stamp
from player.store import Clip, ClipKey, Snapshot
from tts.growing import SUFFIX as GROWING
from tts.growing import growing
from tts.times import TONES, Sentence, read_times, sentence_at
from tts.voice import RECORDING

log = logging.getLogger(__name__)

TRY_AGAIN: Final = timedelta(seconds=5)  # an emergency on a speaker that is gone
MOST_TRIES: Final = 5  # of an emergency that breaks off in the middle each time
CHUNK_FRAMES: Final = RATE_HZ // 10


@dataclass(frozen=True, slots=True)
class Saying:
    """What is heard now. `sentence` counts from 0 and is None during the tones before the first and behind the last.

    `since` to `until` is when that sentence sounds, or the whole reading; `start` to `end` are its characters in
    the spoken text (equal: not known, as in a recording).
    """

    item: str
    revision: int
    lang: str
    sentence: int | None
    sentences: int
    since: datetime
    until: datetime
    start: int = 0
    end: int = 0


class Desk:
    """Owns `speaker`. `last_spoken`: what an earlier run read in the past day, so that a restart repeats nothing."""

    def __init__(
        self, speaker: Speaker, plays: Plays, clip_dir: Path, last_spoken: Mapping[tuple[str, int], datetime]
    ) -> None:
        self._speaker = speaker
        self._plays = plays
        self._clip_dir = clip_dir
        self._agenda = Agenda(last_spoken)
        self._snapshot = Snapshot()
        self._now: Reading | None = None
        self._begun: datetime | None = None
        self._sentences: tuple[Sentence, ...] = ()
        self._token: int | None = None
        self._made_do: dict[ClipKey, str] = {}  # emergencies a better engine may come for, with the one so far
        self._broken_off: Counter[ClipKey] = Counter()
        self._unheard: dict[ClipKey, str] = {}
        self._silent_until: datetime | None = None

    def take(self, snapshot: Snapshot, clock: Clock, now: datetime) -> None:
        """The agent committed something: what is due is worked out anew, and what is withdrawn falls silent."""
        self._snapshot = snapshot
        if snapshot.playlist is not None:
            self._set_volume(snapshot.playlist.desired.volume_pct)
        self._agenda.take(snapshot, clock, now, self._sounding)
        self._owe_better(now)
        self._withdraw(now)
        self._find_sentences()

    def tick(self, now: datetime) -> None:
        """Starts and ends readings as the instant asks."""
        if self._agenda.tick(now, self._sounding):
            self._silent_until = None
        if self._now is not None and not self._speaker.busy():
            self._end(self._now, now)
        self._start_next(now)

    def next_s(self, now: datetime) -> float:
        """Seconds until `tick` has something to do."""
        return 0.1 if self._now is not None or self._agenda.queue else self._agenda.next_s(now)

    def saying(self, now: datetime) -> Saying | None:
        """What is being read at `now`, to the sentence; None in silence."""
        reading, begun = self._now, self._begun
        if reading is None or begun is None:
            return None
        clip = self._clip(reading)
        length_s = clip.duration_s if clip is not None else 0.0
        index = sentence_at(self._sentences, (now - begun).total_seconds())
        one = Sentence(0.0, length_s, 0, 0) if index is None else self._sentences[index]
        since, until = (begun + timedelta(seconds=seconds) for seconds in (one.start_s, one.end_s))
        return Saying(*reading.key, index, len(self._sentences), since, until, one.start, one.end)

    def health(self) -> dict[str, Any]:
        reading = "/".join(map(str, self._now.key)) if self._now else ""
        mark = self._agenda.mark
        saying = self.saying(mark) if mark is not None else None
        unheard = [f"{item}/{lang}: {why}" for (item, _, lang), why in self._unheard.items()]
        return {
            "reading": reading,
            "saying": asdict(saying) | {"since": stamp(saying.since), "until": stamp(saying.until)} if saying else None,
            "queued": len(self._agenda.queue),
            "unheard": unheard[:20],
        }

    def close(self, now: datetime) -> None:
        self._cut(now)

    # --- what is owed -----------------------------------------------------------------------------------------------

    @property
    def _sounding(self) -> ClipKey | None:
        return self._now.key if self._now is not None else None

    def _owe_better(self, now: datetime) -> None:
        """A voice has come back for what only had its tones, or a recording is here that was spoken for: an
        emergency is owed it at once."""
        held = {(alert.id, alert.revision) for alert in self._agenda.on_air(now)}
        self._made_do = {key: engine for key, engine in self._made_do.items() if key[:2] in held}
        for key, engine in list(self._made_do.items()):
            clip = self._snapshot.clips.get(key)
            if clip is not None and clip.engine != engine and better(clip.engine, engine):
                del self._made_do[key]
                self._agenda.owe(Reading(key, Occasion.ALERT, now))

    def _withdraw(self, now: datetime) -> None:
        """What is no longer in the playlist or among the alerts is not read, and not read on."""
        held = self._agenda.held(now)
        self._forget(held)
        if self._snapshot.stopped:
            held = set()
        self._agenda.keep(held)
        if self._now is not None and self._now.what not in held:
            self._cut(now)

    def _forget(self, held: Collection[tuple[str, int]]) -> None:
        """Health tells of what is there: a player runs for years, and nobody waits for what was withdrawn."""
        for key in [key for key in {*self._unheard, *self._broken_off} if key[:2] not in held]:
            self._unheard.pop(key, None)
            self._broken_off.pop(key, None)

    # --- what sounds ------------------------------------------------------------------------------------------------

    def _start_next(self, now: datetime) -> None:
        """An emergency as soon as its clip is here, whatever sounds; anything else when it is silent."""
        mark, queue = self._agenda.mark, self._agenda.queue
        if self._silent_until is not None and mark is not None and mark < self._silent_until:
            return
        urgent = [reading for reading in queue if reading.urgent and self._clip(reading)]
        if urgent and self._now is not None and not self._now.urgent:
            self._cut(now)
        if self._now is not None:
            return
        for reading in (*urgent, *(one for one in queue if not one.urgent)):
            clip = self._clip(reading)
            if clip is not None:
                queue.remove(reading)
                self._sound(reading, clip, now)
                return
            if reading.occasion is Occasion.HOURS or now - reading.due > DEBUT_WAITS:
                queue.remove(reading)
                self._unheard[reading.key] = "no clip"

    def _clip(self, reading: Reading) -> Clip | None:
        return self._snapshot.clips.get(reading.key)

    def _sound(self, reading: Reading, clip: Clip, now: datetime) -> None:
        file = self._clip_dir / Path(clip.file).name
        try:
            self._speaker.play(pcm(file))
        except (SpeakerError, OSError, EOFError, wave.Error) as exc:
            self._not_heard(reading, str(exc), now)
            return
        self._unheard.pop(reading.key, None)
        self._now, self._begun, self._sentences = reading, now, read_times(file)
        self._made_do.pop(reading.key, None)
        if reading.urgent and not clip.engine.startswith(RECORDING):
            self._made_do[reading.key] = clip.engine
        if clip.engine == TONES:
            self._unheard[reading.key] = "no voice: its tones alone sounded"
            self._token = None
        else:
            self._token = self._plays.begin("speech", *reading.what, now)

    def _end(self, reading: Reading, now: datetime) -> None:
        """The loudspeaker is done: either all of it came out, or the device went in the middle."""
        fault = str(self._speaker.health().get("error", ""))
        self._finish(now, "cut" if fault else "shown")
        if not fault:
            self._broken_off.pop(reading.key, None)
            return
        self._broken_off[reading.key] += 1
        self._not_heard(reading, fault, now)

    def _not_heard(self, reading: Reading, why: str, now: datetime) -> None:
        """An emergency has to come out as soon as it can; what broke off again and again waits for its next turn."""
        if reading.key not in self._unheard and self._broken_off[reading.key] <= 1:
            log.warning("%s %s is not heard: %s", reading.key[0], reading.key[2], why)
        self._unheard[reading.key] = why
        if reading.urgent and self._broken_off[reading.key] < MOST_TRIES:
            self._agenda.queue.appendleft(reading)
            self._silent_until = now + TRY_AGAIN

    def _finish(self, now: datetime, outcome: str) -> None:
        if self._token is not None:  # tones alone are no reading
            self._plays.end(self._token, now, outcome)
        self._now = self._begun = None

    def _cut(self, now: datetime) -> None:
        if self._now is not None:
            self._speaker.stop()
            self._finish(now, "cut")

    def _find_sentences(self) -> None:
        """Of what sounds while it is made, they are known when it is whole."""
        if self._now is not None and not self._sentences and (clip := self._clip(self._now)) is not None:
            self._sentences = read_times(self._clip_dir / Path(clip.file).name)

    def _set_volume(self, pct: int) -> None:
        try:
            self._speaker.set_volume(pct)
        except SpeakerError as exc:
            log.warning("volume %d %%: %s", pct, exc)


def better(engine: str, before: str) -> bool:
    """Whether what a clip is made by now is worth hearing again after `before`: words after tones, a person's after
    a machine's."""
    return before == TONES or engine.startswith(RECORDING)


def pcm(path: Path) -> Iterator[bytes]:
    """The sound of a WAV file in tenths of a second, or of one that is still being made.

    Raises OSError, or wave.Error if it is not the house's format, at once.
    """
    if path.suffix == GROWING:
        with suppress(FileNotFoundError):
            return growing(path, CHUNK_FRAMES)
        path = path.with_suffix(".wav")  # it was finished a moment ago
    source = wave.open(str(path), "rb")  # noqa: SIM115 -- closed by the generator's end
    form = (source.getnchannels(), source.getsampwidth(), source.getframerate())
    if form != (1, 2, RATE_HZ):
        source.close()
        raise wave.Error(f"{path.name}: {form[0]} channel(s), {form[1] * 8} bit, {form[2]} Hz; wanted 1, 16, {RATE_HZ}")
    return _chunks(source)


def _chunks(source: wave.Wave_read) -> Iterator[bytes]:
    with source:
        while chunk := source.readframes(CHUNK_FRAMES):
            yield chunk
