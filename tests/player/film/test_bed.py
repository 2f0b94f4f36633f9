"""The sound of a film: begun where the film stands, silent when it must be, ended with its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from drivers import panel
from drivers.speaker import SpeakerError
from drivers.speakers import silent
from player.aim import Aim
from player.bench.film import shoot
from player.film.bed import Bed, sound_file
from player.film.projector import Projector
from player.film.soundtrack import Soundtrack
from player.model import SCHEMA, Clock, ClockQuality, Desired, Item, Media, Playlist, Priority, Unit, Version
from player.store import Snapshot
from player.timeline import Kind, Slot

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)  # 12:00 at home
NIGHT = datetime(2026, 11, 23, 16, tzinfo=UTC)  # 23:00
MUSIC = Media("a" * 64, 9, "audio/mpeg")
FILM = Media("b" * 64, 9, "video/mp4")


class Lane:
    """A speaker's second lane that notes what is laid on it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.gone = False

    def play_bed(self, pcm: Iterable[bytes]) -> None:
        if self.gone:
            raise SpeakerError("no card")
        self.said.append(b"".join(pcm).decode())

    def stop_bed(self) -> None:
        self.said.append("stop")


class Booth:
    """A projector of which only the sound is looked at."""

    def __init__(self) -> None:
        self.track: Soundtrack | None = None
        self.files: list[tuple[str, float]] = []

    def accompany(self, file: str, position_s: float) -> None:
        self.files.append((file, position_s))

    def soundtrack(self) -> Soundtrack | None:
        return self.track

    def play(self, name: str) -> None:
        def pcm() -> Iterator[bytes]:
            yield name.encode()

        self.track = Soundtrack(name, pcm)


class Rig:
    def __init__(self, speaker: Any = None, projector: Any = None) -> None:
        self.lane, self.booth = Lane(), Booth()
        lane: Any = self.lane
        booth: Any = self.booth
        self.bed = Bed(speaker or lane, projector or booth)
        self.news()

    def news(self, *, stopped: bool = False, quality: ClockQuality = ClockQuality.TRUSTED, power: bool = True) -> None:
        playlist = Playlist(
            SCHEMA, "s-abcdef", 1, NOON, NOON + timedelta(days=9), Unit("1", "UBND"), desired=Desired(power=power)
        )
        self.bed.take(Snapshot(playlist=playlist, stopped=stopped), Clock(quality))

    def tick(self, now: datetime = NOON, film: Media | None = None) -> None:
        item = Item("a", 1, Priority.ROUTINE, (Version("vi", "x"),), 30.0, film=film)
        slot = Slot(Kind.ITEM, item, now - timedelta(seconds=7), now + timedelta(seconds=23))
        self.bed.tick(Aim("item", slot, None, item), now)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_a_sound_is_begun_once_and_ends_with_its_page(rig: Rig) -> None:
    rig.tick()
    assert rig.lane.said == []
    rig.booth.play("one")
    rig.tick()
    rig.tick()
    assert rig.lane.said == ["one"]
    rig.booth.track = None
    rig.tick()
    rig.tick()
    assert rig.lane.said == ["one", "stop"]


def test_another_sound_or_another_position_begins_anew(rig: Rig) -> None:
    rig.booth.play("one/0")
    rig.tick()
    rig.booth.play("one/1")
    rig.tick()
    assert rig.lane.said == ["one/0", "stop", "one/1"]


@pytest.mark.parametrize(
    "silence", [{"stopped": True}, {"quality": ClockQuality.FLOOR}, {"power": False}], ids=lambda one: next(iter(one))
)
def test_there_is_silence_when_there_has_to_be(silence: dict[str, Any], rig: Rig) -> None:
    rig.booth.play("one")
    rig.tick()
    rig.news(**silence)
    rig.tick()
    rig.tick()
    assert rig.lane.said == ["one", "stop"]
    rig.news()
    rig.tick()
    assert rig.lane.said == ["one", "stop", "one"]


def test_nothing_is_heard_in_quiet_hours(rig: Rig) -> None:
    rig.booth.play("one")
    rig.tick(NIGHT)
    assert rig.lane.said == []


def test_a_bulletin_s_sound_file_stands_where_its_slot_stands(rig: Rig) -> None:
    rig.tick(film=MUSIC)
    rig.tick(film=FILM)
    rig.tick()
    assert rig.booth.files == [("a" * 64, 7.0), ("", 7.0), ("", 7.0)]
    assert sound_file(None) == ""


def test_a_speaker_that_is_gone_is_told_in_health_and_tried_with_the_next_sound(rig: Rig) -> None:
    rig.lane.gone = True
    rig.booth.play("one")
    rig.tick()
    rig.tick()
    assert rig.bed.health() == {"playing": False, "trouble": "no card"}
    rig.lane.gone = False
    rig.booth.play("two")
    rig.tick()
    assert rig.bed.health() == {"playing": True, "trouble": ""}
    assert rig.lane.said[-1] == "two"


def test_closing_is_silence(rig: Rig) -> None:
    rig.booth.play("one")
    rig.tick()
    rig.bed.close()
    rig.bed.close()
    assert rig.lane.said == ["one", "stop"]


def test_what_was_heard_is_not_held_by_the_loudspeaker(until: Callable[..., None], tmp_path: Path) -> None:
    """A speaker may be silent for hours; the memory of the last film must not wait for the next."""
    shoot(tmp_path / "a.mp3", tone_s=9.0).rename(tmp_path / MUSIC.sha256)
    projector = Projector(tmp_path, panel.create("memory", 32, 16, {}))
    speaker = silent.Driver()
    rig = Rig(speaker, projector)
    before = mapped()

    def heard() -> bool:
        rig.tick(film=MUSIC)
        return speaker.bed_busy()

    until(heard)
    assert mapped() > before
    rig.tick()
    until(lambda: mapped() == before)
    rig.bed.close()
    projector.close()
    speaker.close()


def mapped() -> int:
    """How many films' memories this process has in its own."""
    return Path("/proc/self/maps").read_text(encoding="utf-8").count("memfd:film")
