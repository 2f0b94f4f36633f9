"""A speaking desk with a speaker that sounds as long as the test says, and what it is given to say."""

from __future__ import annotations

import sqlite3
import wave
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from drivers.speaker import RATE_HZ, SpeakerError
from player.model import (
    Alert,
    Clock,
    ClockQuality,
    Desired,
    Item,
    Playlist,
    Priority,
    SpeechPlan,
    Unit,
    Version,
)
from player.plays import Plays
from player.speech import Desk
from player.store import Clip, Snapshot

FIVE: Final = datetime(2025, 9, 1, 22, 0, tzinfo=UTC)  # 05:00 by the wall clock of the unit
TRUSTED: Final = Clock(ClockQuality.TRUSTED)
SECOND: Final = timedelta(seconds=1)


class Loudspeaker:
    """A speaker that finishes when the test says so."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.sounding = False
        self.stops = 0
        self.volume = -1
        self.broken = ""
        self.error = ""

    def open(self) -> None: ...

    def play(self, chunks: Iterable[bytes]) -> None:
        if self.broken:
            raise SpeakerError(self.broken)
        self.error = ""
        self.heard.append(next(iter(chunks), b"")[:2])  # as a driver, it does not take all of it at once
        self.sounding = True

    def busy(self) -> bool:
        return self.sounding

    def stop(self) -> None:
        self.sounding = False
        self.stops += 1

    def set_volume(self, pct: int) -> None:
        self.volume = pct

    def breaks_off(self, why: str) -> None:
        self.sounding, self.error = False, why

    def play_bed(self, chunks: Iterable[bytes]) -> None: ...

    def bed_busy(self) -> bool:
        return False

    def stop_bed(self) -> None: ...

    def health(self) -> dict[str, Any]:
        return {"error": self.error}

    def close(self) -> None: ...


class Room:
    """A desk with its speaker, its clips and its proofs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.speaker = Loudspeaker()
        self.plays = Plays(folder / "plays.db", FIVE)
        self.desk = Desk(self.speaker, self.plays, folder, {})
        self.clips: dict[tuple[str, int, str], Clip] = {}

    def clip(self, name: str, mark: bytes, lang: str = "vi", rate: int = RATE_HZ, engine: str = "test") -> None:
        path = self.folder / f"{name}-{lang}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate, 0, "NONE", "not compressed"))
            file.writeframes(mark * 100)
        self.clips[name, 1, lang] = Clip(path.name, 0.1, engine)

    def take(self, now: datetime, *alerts: Alert, clock: Clock = TRUSTED, **parts: Any) -> None:
        self.desk.take(Snapshot(alerts=alerts, clips=dict(self.clips), **parts), clock, now)

    def done(self) -> list[tuple[str, str]]:
        self.plays.flush()
        with sqlite3.connect(self.folder / "plays.db") as db:
            found = db.execute("SELECT item, outcome FROM play WHERE kind = 'speech' ORDER BY id").fetchall()
        db.close()
        return found


def alert(name: str = "storm", **parts: Any) -> Alert:
    values: dict[str, Any] = {
        "schema": 1, "id": name, "group": "g", "seq": 1, "revision": 1, "issued": FIVE,
        "expires": FIVE + timedelta(hours=1), "versions": (Version("vi", name, spoken=name),),
    }  # fmt: skip
    return Alert(**values | parts)


def playlist(*names: str, **desired: Any) -> Playlist:
    items = tuple(
        Item(name, 1, Priority.ROUTINE, (Version("vi", name, spoken=name),), dwell_s=10, speech=SpeechPlan(times=1))
        for name in names
    )
    return Playlist(
        1, "s-abcdef", 1, FIVE, FIVE + timedelta(days=1), Unit("1", "Xã"), items, desired=Desired(**desired)
    )  # fmt: skip
