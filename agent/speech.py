"""Has bulletins and alerts made into clips, off the main loop: a recording levelled, or else the words spoken.

Text never waits for it: what is shown was committed before a clip is asked for, and the clip
joins it when it is ready. Alerts have a lane of their own, so that the voice can break off an
ordinary text for them.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

from agent.events import ClipMade, VoiceTrouble
from player.model import Alert, Playlist, Version
from tts.clip import ClipMade as Made
from tts.voice import VoiceError

log = logging.getLogger(__name__)


class Maker(Protocol):
    """What `tts.clip.ClipMaker` does for this room."""

    def make(self, spoken: str, lang: str, *, emergency: bool = False) -> Made: ...

    def recorded(self, file: Path, lang: str, *, emergency: bool = False) -> Made: ...

    def tones(self, *, emergency: bool = False) -> Made: ...

    def close(self) -> None: ...


class Job(NamedTuple):
    """One version to be heard: its recording, the SHA-256 of a fetched file, goes before its words."""

    item: str
    revision: int
    lang: str
    spoken: str
    recording: str = ""


def jobs_of(item: str, revision: int, versions: Iterable[Version]) -> list[Job]:
    """What is to be heard of one bulletin."""
    return [
        Job(item, revision, version.lang, version.spoken, version.audio.sha256 if version.audio else "")
        for version in versions
        if version.spoken.strip() or version.audio is not None
    ]


class Lane:
    """A queue of jobs and the thread that works it off."""

    def __init__(self, maker: Maker, media_dir: Path, post: Callable[[object], None], emergency: bool) -> None:
        self._maker = maker
        self._media_dir = media_dir
        self._post = post
        self._emergency = emergency
        self._jobs: deque[Job] = deque()
        self._failed: list[Job] = []
        self._problem = ""
        self._change = threading.Condition()
        self._leaving = False

    def replace(self, jobs: Iterable[Job]) -> None:
        """Speak these and forget what was still waiting."""
        with self._change:
            self._jobs = deque(jobs)
            self._failed.clear()
            self._change.notify()

    def add(self, jobs: Iterable[Job]) -> None:
        with self._change:
            self._jobs.extend(jobs)
            self._change.notify()

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
                job = self._jobs.popleft()
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
        self._say("")
        self._post(ClipMade(job.item, job.revision, job.lang, made.file.name, made.duration_s, made.engine))

    def _make(self, job: Job) -> Made:
        if job.recording:
            try:
                return self._maker.recorded(self._media_dir / job.recording, job.lang, emergency=self._emergency)
            except VoiceError as exc:
                if not job.spoken.strip():
                    raise
                log.warning("%s %s: its words are spoken instead of its recording: %s", job.item, job.lang, exc)
        return self._maker.make(job.spoken, job.lang, emergency=self._emergency)

    def _sound_tones(self, job: Job) -> None:
        """The text is on the screen: its tones alone say so, until a voice can be had again."""
        try:
            made = self._maker.tones(emergency=self._emergency)
        except VoiceError:
            return  # there is no room for a sound: the trouble is told already
        self._post(ClipMade(job.item, job.revision, job.lang, made.file.name, made.duration_s, made.engine))

    def _fail(self, job: Job, problem: str) -> None:
        with self._change:
            self._failed.append(job)
        self._say(problem)

    def _say(self, problem: str) -> None:
        if problem != self._problem and not self._leaving:
            self._problem = problem
            self._post(VoiceTrouble(problem))


class Speech:
    """Both lanes. Each runs in a thread of its own. Recordings are in `media_dir`, named by their SHA-256."""

    def __init__(self, maker: Maker, media_dir: Path, post: Callable[[object], None]) -> None:
        self._maker = maker
        self.ordinary = Lane(maker, media_dir, post, emergency=False)
        self.urgent = Lane(maker, media_dir, post, emergency=True)

    def playlist(self, playlist: Playlist, ready: Collection[tuple[str, int, str]] = ()) -> None:
        """Make heard what this playlist says and is not among the `ready` (item, revision, language)."""
        jobs = [job for item in playlist.items for job in jobs_of(item.id, item.revision, item.versions)]
        self.ordinary.replace(job for job in jobs if (job.item, job.revision, job.lang) not in ready)

    def alert(self, alert: Alert) -> None:
        self.urgent.add(jobs_of(alert.id, alert.revision, alert.versions))

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
