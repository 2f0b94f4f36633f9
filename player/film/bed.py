"""The sound of what shows: a film's own, or the sound file of a bulletin, on the speaker's lane behind speech.

It follows the picture: it begins where the film stands, ends with its page, and keeps silent in quiet
hours and while everything is stopped. That speech turns it down is the speaker's business.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from drivers.speaker import Speaker, SpeakerError
from player.aim import Aim
from player.announce import bed_may_sound
from player.film.projector import Projector
from player.film.soundtrack import Soundtrack
from player.model import Clock, ClockQuality, Item
from player.store import Snapshot

log = logging.getLogger(__name__)


class Bed:
    """Lays the sound that `projector` has on `speaker`, which the speaking desk shares."""

    def __init__(self, speaker: Speaker, projector: Projector) -> None:
        self._speaker = speaker
        self._projector = projector
        self._snapshot = Snapshot()
        self._clock = Clock(ClockQuality.UNKNOWN)
        self._playing = ""
        self._trouble = ""

    def take(self, snapshot: Snapshot, clock: Clock) -> None:
        """What the agent committed: it says when there has to be silence."""
        self._snapshot, self._clock = snapshot, clock

    def tick(self, aim: Aim, now: datetime) -> None:
        """Begins, ends or changes the sound as `aim`, which is on the panel, asks at `now`."""
        self._projector.accompany(sound_file(aim.item), aim.offset_s(now))
        track = self._projector.soundtrack()
        snapshot = self._snapshot
        may = bed_may_sound(snapshot.playlist, self._clock, now, stopped=snapshot.stopped)
        wanted = track.name if track is not None and may else ""
        if wanted == self._playing:
            return
        if self._playing:
            self._speaker.stop_bed()
        self._playing = wanted
        if track is not None and wanted:
            self._begin(track)

    def health(self) -> dict[str, Any]:
        return {"playing": bool(self._playing and not self._trouble), "trouble": self._trouble}

    def close(self) -> None:
        """Silence. May be called twice."""
        if self._playing:
            self._speaker.stop_bed()
            self._playing = ""

    def _begin(self, track: Soundtrack) -> None:
        """A speaker that is gone is told once, not at every turn; the next piece of sound tries it again."""
        try:
            self._speaker.play_bed(track.pcm())
        except SpeakerError as exc:
            if not self._trouble:
                log.warning("a film is not heard: %s", exc)
            self._trouble = str(exc)
        else:
            self._trouble = ""


def sound_file(item: Item | None) -> str:
    """The name of the item's sound file; "" if it has none, or a film, whose sound comes with its pictures."""
    film = item.film if item is not None else None
    return film.sha256 if film is not None and film.mime.startswith("audio/") else ""
