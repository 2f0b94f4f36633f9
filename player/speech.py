"""The speaking desk: takes what is due to be read, waits for its clip, and lets one reading sound at a time.

An emergency cuts off any other reading and sounds as soon as its clip is here, however late that
is; a reading whose bulletin is withdrawn falls silent; the emergency stop silences everything.
"""

from __future__ import annotations

import logging
import wave
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from drivers.speaker import RATE_HZ, Speaker, SpeakerError
from player import announce
from player.announce import Announcement, Occasion
from player.model import Alert, Clock, ClockQuality
from player.plays import Plays, stamp
from player.store import Clip, ClipKey, Snapshot
from player.timeline import live_alerts
from tts.growing import SUFFIX as GROWING
from tts.growing import growing
from tts.times import TONES, Sentence, read_times, sentence_at
from tts.voice import RECORDING

log = logging.getLogger(__name__)

AHEAD: Final = timedelta(seconds=60)
JUMP: Final = timedelta(minutes=2)  # a wall clock that moved further was set: nothing is made up for
TRY_AGAIN: Final = timedelta(seconds=5)  # an emergency on a speaker that is gone
MOST_TRIES: Final = 5  # of an emergency that breaks off in the middle each time
DEBUT_WAITS: Final = timedelta(minutes=10)  # how long the clip of a debut may be late
CHUNK_FRAMES: Final = RATE_HZ // 10


@dataclass(frozen=True, slots=True)
class Reading:
    key: ClipKey
    occasion: Occasion
    due: datetime


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
        self._sounded = set(last_spoken)  # (id, revision) whose first sounding came out already
        self._mark: datetime | None = None
        self._planned_until: datetime | None = None
        self._planned: deque[Announcement] = deque()
        self._queue: deque[Reading] = deque()
        self._now: Reading | None = None
        self._begun: datetime | None = None
        self._sentences: tuple[Sentence, ...] = ()
        self._broken_off: Counter[ClipKey] = Counter()
        self._made_do: dict[ClipKey, str] = {}  # emergencies a better engine may come for, with the one so far
        self._token: int | None = None
        self._snapshot = Snapshot()
        self._clock = Clock(ClockQuality.UNKNOWN)
        self._known: set[tuple[str, int]] | None = None
        self._fresh: set[str] = set()
        self._unheard: dict[ClipKey, str] = {}
        self._silent_until: datetime | None = None

    def take(self, snapshot: Snapshot, clock: Clock, now: datetime) -> None:
        """The agent committed something: what is due is worked out anew."""
        self._snapshot, self._clock = snapshot, clock
        marks = {(alert.id, alert.seq) for alert in snapshot.alerts}
        if self._known is not None:
            self._fresh |= {name for name, _ in marks - self._known}
        self._known = (self._known or set()) | marks
        self._planned_until = None
        if snapshot.playlist is not None:
            self._set_volume(snapshot.playlist.desired.volume_pct)
        self._owe_emergencies(now)
        self._owe_debuts(now)
        self._owe_better(now)
        self._withdraw(now)
        self._find_sentences()

    def tick(self, now: datetime) -> None:
        """Starts and ends readings as the instant asks."""
        if self._mark is None or abs(now - self._mark) > JUMP:
            self._mark, self._planned_until, self._silent_until = now, None, None
        if self._planned_until is None or now >= self._planned_until:
            self._plan(now)
        while self._planned and self._planned[0].at <= now:
            self._enqueue(self._planned.popleft())
        self._mark = max(self._mark, now)
        if self._now is not None and not self._speaker.busy():
            self._end(self._now, now)
        self._start_next(now)

    def next_s(self, now: datetime) -> float:
        """Seconds until `tick` has something to do."""
        if self._now is not None or self._queue:
            return 0.1
        due = self._planned[0].at if self._planned else now + AHEAD
        return max(0.0, (due - now).total_seconds())

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
        saying = self.saying(self._mark) if self._mark is not None else None
        unheard = [f"{item}/{lang}: {why}" for (item, _, lang), why in self._unheard.items()]
        return {
            "reading": reading,
            "saying": asdict(saying) | {"since": stamp(saying.since), "until": stamp(saying.until)} if saying else None,
            "queued": len(self._queue),
            "unheard": unheard[:20],
        }

    def close(self, now: datetime) -> None:
        self._cut(now)

    # --- what is due ------------------------------------------------------------------------------------------------

    def _plan(self, now: datetime) -> None:
        snapshot = self._snapshot
        after = self._mark or now
        self._planned_until = now + AHEAD
        self._planned = deque(
            announce.due(
                snapshot.playlist, snapshot.alerts, self._clock, after, self._planned_until,
                stopped=snapshot.stopped, fresh=self._fresh,
            )
        )  # fmt: skip

    def _enqueue(self, due: Announcement) -> None:
        if due.kind is Occasion.ALERT and due.nth == 1:
            return  # the first sounding is owed from when the alert is here, see _owe_emergencies
        if due.kind is Occasion.DEBUT:
            if (due.item, due.revision) in self._sounded:
                return
            self._sounded.add((due.item, due.revision))
        for lang in due.langs:
            reading = Reading((due.item, due.revision, lang), due.kind, due.at)
            if not self._queued(reading.key):
                self._queue.append(reading)

    def _owe_emergencies(self, now: datetime) -> None:
        for alert in self._on_air(now):
            heard = (alert.id, alert.revision) in self._sounded
            if heard or self._snapshot.stopped or (not self._trusted and alert.id not in self._fresh):
                continue
            self._sounded.add((alert.id, alert.revision))
            for lang in announce.spoken_langs(alert.versions):
                self._queue.append(Reading((alert.id, alert.revision, lang), Occasion.ALERT, now))

    def _owe_debuts(self, now: datetime) -> None:
        """A debut is the instant of approval, so it has always passed by the time its playlist is here."""
        for due in announce.due(
            self._snapshot.playlist, (), self._clock, now - DEBUT_WAITS, now, stopped=self._snapshot.stopped
        ):
            if due.kind is Occasion.DEBUT:
                self._enqueue(due)

    def _owe_better(self, now: datetime) -> None:
        """A voice has come back for what only had its tones, or a recording is here that was spoken for: an
        emergency is owed it at once."""
        held = {(alert.id, alert.revision) for alert in self._on_air(now)}
        self._made_do = {key: engine for key, engine in self._made_do.items() if key[:2] in held}
        for key, engine in list(self._made_do.items()):
            clip = self._snapshot.clips.get(key)
            if clip is None or clip.engine == engine or not better(clip.engine, engine):
                continue
            del self._made_do[key]
            if all(reading.key != key for reading in self._queue):
                self._queue.append(Reading(key, Occasion.ALERT, now))

    @property
    def _trusted(self) -> bool:
        return self._clock.quality is ClockQuality.TRUSTED

    def _on_air(self, now: datetime) -> tuple[Alert, ...]:
        live = live_alerts(self._snapshot.alerts)
        return tuple(alert for alert in live if not self._trusted or now < alert.expires)

    def _queued(self, key: ClipKey) -> bool:
        return any(reading.key == key for reading in self._queue) or (self._now is not None and self._now.key == key)

    def _withdraw(self, now: datetime) -> None:
        """What is no longer in the playlist or among the alerts is not read, and not read on."""
        playlist = self._snapshot.playlist
        held = {(alert.id, alert.revision) for alert in self._on_air(now)}
        held |= {(item.id, item.revision) for item in playlist.items} if playlist is not None else set()
        self._forget(held)
        if self._snapshot.stopped:
            held = set()
        self._queue = deque(reading for reading in self._queue if reading.key[:2] in held)
        if self._now is not None and self._now.key[:2] not in held:
            self._cut(now)

    def _forget(self, held: Collection[tuple[str, int]]) -> None:
        """Health tells of what is there: a player runs for years, and nobody waits for what was withdrawn."""
        for key in [key for key in {*self._unheard, *self._broken_off} if key[:2] not in held]:
            self._unheard.pop(key, None)
            self._broken_off.pop(key, None)

    # --- what sounds ------------------------------------------------------------------------------------------------

    def _start_next(self, now: datetime) -> None:
        if self._silent_until is not None and self._mark is not None and self._mark < self._silent_until:
            return
        urgent = [reading for reading in self._queue if reading.occasion is Occasion.ALERT and self._clip(reading)]
        if urgent and self._now is not None and self._now.occasion is not Occasion.ALERT:
            self._cut(now)
        if self._now is not None:
            return
        for reading in (*urgent, *(one for one in self._queue if one.occasion is not Occasion.ALERT)):
            clip = self._clip(reading)
            if clip is not None:
                self._queue.remove(reading)
                self._sound(reading, clip, now)
                return
            if reading.occasion is Occasion.HOURS or now - reading.due > DEBUT_WAITS:
                self._queue.remove(reading)
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
        if reading.occasion is Occasion.ALERT and not clip.engine.startswith(RECORDING):
            self._made_do[reading.key] = clip.engine
        if clip.engine == TONES:
            self._unheard[reading.key] = "no voice: its tones alone sounded"
            self._token = None
        else:
            self._token = self._plays.begin("speech", reading.key[0], reading.key[1], now)

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
        if reading.occasion is Occasion.ALERT and self._broken_off[reading.key] < MOST_TRIES:
            self._queue.appendleft(reading)
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
