"""Has bulletins and alerts made into clips, off the main loop: a recording levelled, or else the words spoken.

Text never waits for it: what is shown was committed before a clip is asked for, and the clip
joins it when it is ready. A recording that is still on its way (see `agent.supply`) is waited for a
while before the words are spoken in its stead; in an emergency they are spoken at once. Either way
it takes their place when it is here. Alerts have a lane of their own, so that the voice can break
off an ordinary text for them.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from agent.events import ClipMade
from agent.sync import is_here
from agent.troubles import Troubles
from player.model import Alert, Playlist, Version
from tts.clip import Begun
from tts.clip import ClipMade as Made
from tts.voice import RECORDING, VoiceError

log = logging.getLogger(__name__)


class Maker(Protocol):
    """What `tts.clip.ClipMaker` does for this room."""

    def make(self, spoken: str, lang: str, *, emergency: bool = False, begun: Begun | None = None) -> Made: ...

    def recorded(self, file: Path, lang: str, spoken: str = "", *, emergency: bool = False) -> Made: ...

    def tones(self, *, emergency: bool = False) -> Made: ...

    def close(self) -> None: ...


class Job(NamedTuple):
    """One version to be heard: its recording, the SHA-256 of a fetched file, goes before its words."""

    item: str
    revision: int
    lang: str
    spoken: str
    recording: str = ""

    def said_by(self, engine: str) -> bool:
        """Whether a clip of that engine (empty: there is none) is the best there can be of it."""
        return engine == f"{RECORDING}{self.recording}" if self.recording else bool(engine)

    @property
    def key(self) -> tuple[str, int, str]:
        """What its clip is kept under."""
        return self.item, self.revision, self.lang

    @property
    def words(self) -> Job | None:
        """The same without its recording; None if there is nothing else to it."""
        return self._replace(recording="") if self.spoken.strip() else None


def jobs_of(item: str, revision: int, versions: Iterable[Version]) -> list[Job]:
    """What is to be heard of one bulletin."""
    return [
        Job(item, revision, version.lang, version.spoken, version.audio.sha256 if version.audio else "")
        for version in versions
        if version.spoken.strip() or version.audio is not None
    ]


class Lane:
    """A queue of jobs and the thread that works it off."""

    def __init__(
        self, maker: Maker, media_dir: Path, post: Callable[[object], None], troubles: Troubles, *, emergency: bool
    ) -> None:
        self._maker = maker
        self._media_dir = media_dir
        self._post = post
        self._troubles = troubles
        self._emergency = emergency
        self._jobs: deque[Job] = deque()
        self._in_work: Job | None = None  # None too when nobody wants any more what is being made
        self._failed: list[Job] = []
        self._change = threading.Condition()
        self._leaving = False

    def replace(self, jobs: Iterable[Job]) -> None:
        """Speak these and forget what was still waiting."""
        with self._change:
            self._jobs = deque(jobs)
            self._in_work = self._in_work if self._in_work in self._jobs else None
            given_up, self._failed = self._failed, []
            self._change.notify()
        self._troubles.over(given_up)

    def add(self, jobs: Iterable[Job]) -> None:
        with self._change:
            self._jobs.extend(jobs)
            self._change.notify()

    def forget(self, item: str) -> None:
        """Nobody wants to hear this item any more."""
        with self._change:
            self._jobs = deque(job for job in self._jobs if job.item != item)
            self._in_work = None if self._in_work is not None and self._in_work.item == item else self._in_work
            given_up = [job for job in self._failed if job.item == item]
            self._failed = [job for job in self._failed if job.item != item]
        self._troubles.over(given_up)

    def retry(self) -> None:
        """Give what failed another chance."""
        with self._change:
            failed, self._failed = self._failed, []
            self._jobs.extend(failed)
            self._change.notify()

    def depth(self) -> int:
        with self._change:
            return len(self._jobs) + len(self._failed)

    def leave(self) -> None:
        with self._change:
            self._leaving = True
            self._change.notify()

    def run(self) -> None:
        """The body of the thread."""
        while True:
            with self._change:
                self._change.wait_for(lambda: self._leaving or self._jobs)
                if self._leaving:
                    return
                job = self._in_work = self._jobs.popleft()
            self._work(job)

    def _work(self, job: Job) -> None:
        try:
            made = self._make(job)
        except VoiceError as exc:
            self._fail(job, str(exc))
            self._sound_tones(job)
            return
        except Exception as exc:  # set aside: the same words would come again after every restart
            log.exception("%s made the agent stumble", job.item)
            self._fail(job, repr(exc))
            return
        self._troubles.over([job])
        self._post(ClipMade(job.item, job.revision, job.lang, made.file.name, made.duration_s, made.engine))

    def _make(self, job: Job) -> Made:
        if job.recording:
            try:
                file = self._media_dir / job.recording
                return self._maker.recorded(file, job.lang, job.spoken, emergency=self._emergency)
            except VoiceError as exc:
                if not job.spoken.strip():
                    raise
                log.warning("%s %s: its words are spoken instead of its recording: %s", job.item, job.lang, exc)
        if not self._emergency:
            return self._maker.make(job.spoken, job.lang)
        return self._maker.make(job.spoken, job.lang, emergency=True, begun=lambda *told: self._begun(job, *told))

    def _begun(self, job: Job, file: Path, engine: str) -> None:
        """An emergency's siren sounds while its first words are still being made; how long it will be, nobody knows."""
        self._post(ClipMade(job.item, job.revision, job.lang, file.name, 0.0, engine))

    def _sound_tones(self, job: Job) -> None:
        """The text is on the screen: its tones alone say so, until a voice can be had again."""
        try:
            made = self._maker.tones(emergency=self._emergency)
        except VoiceError:
            return  # there is no room for a sound: the trouble is told already
        self._post(ClipMade(job.item, job.revision, job.lang, made.file.name, made.duration_s, made.engine))

    def _fail(self, job: Job, problem: str) -> None:
        with self._change:
            if self._leaving or self._in_work != job:
                return
            if job not in self._failed:
                self._failed.append(job)
        self._troubles.note(job, problem)


class Speech:
    """Both lanes. Each runs in a thread of its own. Recordings are in `media_dir`, named by their SHA-256."""

    def __init__(self, maker: Maker, media_dir: Path, post: Callable[[object], None]) -> None:
        self._maker = maker
        self._media_dir = media_dir
        troubles = Troubles(post)
        self.ordinary = Lane(maker, media_dir, post, troubles, emergency=False)
        self.urgent = Lane(maker, media_dir, post, troubles, emergency=True)
        self._awaited: dict[Job, Lane] = {}  # whose recording is still on its way
        self._patient: set[Job] = set()  # of these, those that nothing stands in for yet

    def playlist(self, playlist: Playlist, ready: Mapping[tuple[str, int, str], str] | None = None) -> None:
        """Make heard what this playlist says; `ready`: the engines of the clips of (item, revision, language)."""
        clips = ready or {}
        jobs = [job for item in playlist.items for job in jobs_of(item.id, item.revision, item.versions)]
        here, awaited = self._by_place(job for job in jobs if not job.said_by(clips.get(job.key, "")))
        self._forget(lambda job, lane: lane is self.ordinary)
        self._awaited |= dict.fromkeys(awaited, self.ordinary)
        self._patient |= {job for job in awaited if job.key not in clips}
        self.ordinary.replace(here)

    def alert(self, alert: Alert) -> None:
        """Make an emergency heard at once, and its recording as soon as that is here."""
        here, awaited = self._by_place(jobs_of(alert.id, alert.revision, alert.versions))
        self._forget(lambda job, lane: lane is self.urgent and job.item == alert.id)
        self._awaited |= dict.fromkeys(awaited, self.urgent)
        self.urgent.add([*here, *(words for job in awaited if (words := job.words) is not None)])

    def alert_over(self, id_: str) -> None:
        """An emergency has ended: what could not be said of it is no trouble any more."""
        self._forget(lambda job, lane: lane is self.urgent and job.item == id_)
        self.urgent.forget(id_)

    def supplied(self, sha256: str) -> None:
        """That recording is here."""
        for job in [job for job in self._awaited if job.recording == sha256]:
            lane = self._awaited.pop(job)
            self._patient.discard(job)
            lane.add([job])

    def not_supplied(self, sha256: str) -> None:
        """That recording cannot be had now: its words stand in for it; without words that is a trouble."""
        self._stand_in(job for job in self._awaited if job.recording == sha256)

    def out_of_patience(self) -> None:
        """What has been waited for long enough has its words spoken."""
        self._stand_in(job for job in self._patient if job.words is not None)

    def retry(self) -> None:
        self.ordinary.retry()
        self.urgent.retry()

    def depth(self) -> int:
        """Versions that are not spoken yet."""
        return self.ordinary.depth() + self.urgent.depth()

    def leave(self) -> None:
        """End both threads; closing the maker breaks off what is being spoken."""
        self.ordinary.leave()
        self.urgent.leave()
        self._maker.close()

    def _by_place(self, jobs: Iterable[Job]) -> tuple[list[Job], list[Job]]:
        """The jobs that can be done now, and those whose recording has to come first."""
        here: list[Job] = []
        awaited: list[Job] = []
        for job in jobs:
            (here if not job.recording or is_here(self._media_dir, job.recording) else awaited).append(job)
        return here, awaited

    def _stand_in(self, jobs: Iterable[Job]) -> None:
        for job in list(jobs):
            if job in self._patient or job.words is None:
                self._patient.discard(job)
                self._awaited[job].add([job.words or job])

    def _forget(self, over: Callable[[Job, Lane], bool]) -> None:
        self._awaited = {job: lane for job, lane in self._awaited.items() if not over(job, lane)}
        self._patient &= self._awaited.keys()
