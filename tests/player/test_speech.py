from __future__ import annotations

import sqlite3
import wave
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

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
from player.plays import Plays, stamp
from player.speech import MOST_TRIES, Desk, Saying, pcm
from player.store import Clip, Snapshot
from tts.times import ClipTimes, Sentence

FIVE = datetime(2025, 9, 1, 22, 0, tzinfo=UTC)  # 05:00 by the wall clock of the unit
TRUSTED = Clock(ClockQuality.TRUSTED)
SECOND = timedelta(seconds=1)


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
        self.heard.append(b"".join(chunks)[:2])
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


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.plays.close()


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


def test_bulletins_are_read_one_after_another_in_the_speaking_hours(room: Room) -> None:
    room.clip("a", b"aa")
    room.clip("b", b"bb")
    room.take(FIVE - SECOND, playlist=playlist("a", "b"))
    room.desk.tick(FIVE - SECOND)
    assert room.speaker.heard == []
    room.desk.tick(FIVE)
    assert room.speaker.heard == [b"aa"]
    room.desk.tick(FIVE + timedelta(minutes=30))
    room.speaker.sounding = False
    for second in range(1, 4):
        room.desk.tick(FIVE + timedelta(minutes=second))
    assert room.done()[0] == ("a", "shown")


def test_a_reading_due_during_another_waits_for_it(room: Room) -> None:
    room.clip("a", b"aa")
    room.clip("b", b"bb")
    room.take(FIVE - SECOND, playlist=playlist("a", "b"))
    room.desk.tick(FIVE - SECOND)
    for minute in range(31):
        room.desk.tick(FIVE + timedelta(minutes=minute))
    assert room.speaker.heard == [b"aa"]
    room.speaker.sounding = False
    room.desk.tick(FIVE + timedelta(minutes=31))
    assert room.speaker.heard == [b"aa", b"bb"]


def test_an_emergency_cuts_off_a_bulletin(room: Room) -> None:
    room.clip("a", b"aa")
    room.take(FIVE - SECOND, playlist=playlist("a"))
    room.desk.tick(FIVE - SECOND)
    room.desk.tick(FIVE)
    room.clip("storm", b"ss")
    room.take(FIVE + SECOND, alert(), playlist=playlist("a"))
    room.desk.tick(FIVE + SECOND)
    assert room.speaker.heard == [b"aa", b"ss"]
    assert room.done() == [("a", "cut"), ("storm", "")]


def test_an_emergency_whose_clip_comes_late_sounds_when_it_comes(room: Room) -> None:
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    assert room.speaker.heard == []
    room.clip("storm", b"ss")
    room.take(FIVE + 90 * SECOND, alert())
    room.desk.tick(FIVE + 90 * SECOND)
    room.desk.tick(FIVE + 91 * SECOND)
    assert room.speaker.heard == [b"ss"]


def test_an_emergency_sounds_in_all_its_languages(room: Room) -> None:
    room.clip("storm", b"vv")
    room.clip("storm", b"kk", lang="km")
    both = alert(versions=(Version("vi", "a", spoken="a"), Version("km", "b", spoken="b")))
    room.take(FIVE, both)
    room.desk.tick(FIVE)
    room.speaker.sounding = False
    room.desk.tick(FIVE + SECOND)
    assert room.speaker.heard == [b"vv", b"kk"]


def test_an_emergency_is_repeated_until_it_ends(room: Room) -> None:
    room.clip("storm", b"ss")
    storm = alert(repeat_s=60)
    room.take(FIVE, storm)
    for second in range(0, 150, 10):
        room.desk.tick(FIVE + second * SECOND)
        room.speaker.sounding = False
    assert len(room.speaker.heard) == 3
    room.take(FIVE + 150 * SECOND, storm, alert(seq=2, ended=True))
    for second in range(150, 300, 10):
        room.desk.tick(FIVE + second * SECOND)
    assert len(room.speaker.heard) == 3


def test_ending_an_emergency_silences_it_in_the_middle_of_a_word(room: Room) -> None:
    room.clip("storm", b"ss")
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    room.take(FIVE + SECOND, alert(seq=2, ended=True))
    assert (room.speaker.sounding, room.speaker.stops) == (False, 1)
    assert room.done() == [("storm", "cut")]


def test_the_emergency_stop_silences_everything_and_a_release_does_not_repeat(room: Room) -> None:
    room.clip("storm", b"ss")
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    room.take(FIVE + SECOND, alert(), stopped=True)
    assert room.speaker.sounding is False
    room.take(FIVE + 2 * SECOND, alert())
    room.desk.tick(FIVE + 2 * SECOND)
    assert len(room.speaker.heard) == 1


def test_a_restart_does_not_read_an_emergency_again_at_once(room: Room) -> None:
    room.clip("storm", b"ss")
    desk = Desk(room.speaker, room.plays, room.folder, {("storm", 1): FIVE})
    desk.take(Snapshot(alerts=(alert(),), clips=room.clips), TRUSTED, FIVE + SECOND)
    desk.tick(FIVE + SECOND)
    assert room.speaker.heard == []


def test_without_a_clock_only_an_emergency_that_came_in_this_run_sounds(room: Room) -> None:
    room.clip("old", b"oo")
    room.clip("new", b"nn")
    unknown = Clock(ClockQuality.UNKNOWN)
    room.take(FIVE, alert("old"), clock=unknown)
    room.take(FIVE, alert("old"), alert("new"), clock=unknown)
    room.desk.tick(FIVE)
    assert room.speaker.heard == [b"nn"]


def test_a_clock_that_jumps_makes_up_for_nothing(room: Room) -> None:
    room.clip("a", b"aa")
    room.take(FIVE - timedelta(days=1), playlist=playlist("a"))
    room.desk.tick(FIVE - timedelta(hours=20))
    room.desk.tick(FIVE + timedelta(minutes=40))
    room.desk.tick(FIVE - timedelta(hours=20))
    assert room.speaker.heard == []


def test_a_broken_speaker_is_told_in_health_and_leaves_no_play(room: Room) -> None:
    room.clip("storm", b"ss")
    room.speaker.broken = "the sound card is gone"
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    assert room.desk.health()["unheard"] == ["storm/vi: the sound card is gone"]
    assert room.done() == []


def test_an_emergency_is_tried_again_when_the_speaker_is_back(room: Room) -> None:
    room.clip("storm", b"ss")
    room.speaker.broken = "the sound card is gone"
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    room.speaker.broken = ""
    room.desk.tick(FIVE + SECOND)
    assert room.speaker.heard == []
    room.desk.tick(FIVE + 5 * SECOND)
    assert room.speaker.heard == [b"ss"]
    assert room.desk.health()["unheard"] == []


def test_the_volume_is_the_playlist_s(room: Room) -> None:
    room.take(FIVE, playlist=playlist("a", volume_pct=35))
    assert room.speaker.volume == 35


def test_a_clip_of_another_format_is_refused(room: Room) -> None:
    room.clip("storm", b"ss", rate=8000)
    with pytest.raises(wave.Error, match="8000 Hz; wanted"):
        pcm(room.folder / "storm-vi.wav")


def test_a_clip_cannot_lead_out_of_its_folder(room: Room) -> None:
    room.clips["storm", 1, "vi"] = Clip("../../etc/passwd", 1.0, "test")
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    assert room.speaker.heard == []
    assert "No such file" in room.desk.health()["unheard"][0]


NINE = FIVE + timedelta(hours=4)  # no speaking hours, no quiet hours


def debuting(at: datetime) -> Playlist:
    made = playlist("new")
    item = structs.replace(made.items[0], debut=at, speech=SpeechPlan(times=0, at_debut=True))
    return structs.replace(made, items=(item,))


def test_a_debut_is_read_though_its_playlist_comes_after_it(room: Room) -> None:
    room.take(NINE - SECOND, playlist=playlist())
    room.desk.tick(NINE + SECOND)
    room.take(NINE + SECOND, playlist=debuting(NINE))
    room.desk.tick(NINE + SECOND)
    assert room.speaker.heard == []  # its clip is still being made
    room.clip("new", b"nn")
    room.take(NINE + 3 * SECOND, playlist=debuting(NINE))
    room.desk.tick(NINE + 3 * SECOND)
    assert room.speaker.heard == [b"nn"]


def test_a_debut_is_read_once_however_often_the_playlist_comes(room: Room) -> None:
    room.clip("new", b"nn")
    for second in range(5):
        room.take(NINE + second * SECOND, playlist=debuting(NINE))
        room.desk.tick(NINE + second * SECOND)
        room.speaker.sounding = False
    assert room.speaker.heard == [b"nn"]


def test_a_debut_long_past_is_not_read(room: Room) -> None:
    room.clip("new", b"nn")
    room.take(NINE + timedelta(minutes=11), playlist=debuting(NINE))
    room.desk.tick(NINE + timedelta(minutes=11))
    assert room.speaker.heard == []


# --- a loudspeaker that goes in the middle ----------------------------------------------------------------------


def test_a_reading_that_broke_off_is_not_proof_of_play(room: Room) -> None:
    room.clip("a", b"\1\0")
    room.take(FIVE - SECOND, playlist=playlist("a"))
    room.desk.tick(FIVE - SECOND)
    room.desk.tick(FIVE)
    room.speaker.breaks_off("the sound device was taken away")
    room.desk.tick(FIVE + SECOND)
    assert room.desk.health()["unheard"] == ["a/vi: the sound device was taken away"]
    assert room.done() == [("a", "cut")]


def test_an_emergency_that_broke_off_is_said_again_until_it_was_heard(room: Room) -> None:
    room.clip("storm", b"\1\0")
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    room.speaker.breaks_off("the sound device was taken away")
    room.desk.tick(FIVE + SECOND)
    assert len(room.speaker.heard) == 1
    room.desk.tick(FIVE + 7 * SECOND)
    assert len(room.speaker.heard) == 2
    room.speaker.sounding = False
    room.desk.tick(FIVE + 10 * SECOND)
    assert room.desk.health()["unheard"] == []
    assert room.done() == [("storm", "cut"), ("storm", "shown")]


def test_an_emergency_that_always_breaks_off_is_left_to_its_next_repetition(room: Room) -> None:
    room.clip("storm", b"\1\0")
    room.take(FIVE, alert(repeat_s=3600))
    for second in range(60):
        room.desk.tick(FIVE + second * SECOND)
        room.speaker.breaks_off("the clip cannot be read to its end")
    assert len(room.speaker.heard) == MOST_TRIES


# --- what is being said -----------------------------------------------------------------------------------------


def test_each_sentence_is_told_while_it_sounds(room: Room) -> None:
    room.clip("a", b"\1\0")
    times = ClipTimes("test", "vi", 9.0, (Sentence(2.0, 4.0, 0, 18), Sentence(4.5, 8.0, 19, 60)))
    (room.folder / "a-vi.json").write_bytes(msgspec.json.encode(times))
    room.take(FIVE - SECOND, playlist=playlist("a"))
    room.desk.tick(FIVE - SECOND)
    assert room.desk.saying(FIVE - SECOND) is None
    room.desk.tick(FIVE)

    told = [room.desk.saying(FIVE + seconds * SECOND) for seconds in (0, 2, 4, 5, 8)]
    assert [saying and saying.sentence for saying in told] == [None, 0, 0, 1, None]
    assert told[3] == Saying("a", 1, "vi", 1, 2, FIVE + 4.5 * SECOND, FIVE + 8 * SECOND, 19, 60)

    room.desk.tick(FIVE + 5 * SECOND)
    assert room.desk.health()["saying"]["sentence"] == 1
    assert room.desk.health()["saying"]["since"] == stamp(FIVE + 4.5 * SECOND)
    room.speaker.sounding = False
    room.desk.tick(FIVE + 9 * SECOND)
    assert room.desk.saying(FIVE + 9 * SECOND) is None
    assert room.desk.health()["saying"] is None


def test_a_clip_whose_times_are_lost_is_heard_and_marks_nothing(room: Room) -> None:
    room.clip("a", b"\1\0")
    room.take(FIVE - SECOND, playlist=playlist("a"))
    room.desk.tick(FIVE - SECOND)
    room.desk.tick(FIVE)
    assert room.desk.saying(FIVE + SECOND) == Saying("a", 1, "vi", None, 0, FIVE, FIVE + 0.1 * SECOND)


# --- tones alone ------------------------------------------------------------------------------------------------


def test_tones_alone_sound_and_are_no_proof_of_reading(room: Room) -> None:
    room.clip("storm", b"\1\0", engine="tones")
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    assert len(room.speaker.heard) == 1
    assert room.desk.health()["unheard"] == ["storm/vi: no voice: its tones alone sounded"]
    room.speaker.sounding = False
    room.desk.tick(FIVE + SECOND)
    assert room.done() == []


def test_an_emergency_gets_its_words_as_soon_as_a_voice_is_back(room: Room) -> None:
    room.clip("storm", b"\1\0", engine="tones")
    room.take(FIVE, alert(repeat_s=3600))
    room.desk.tick(FIVE)
    room.speaker.sounding = False
    room.desk.tick(FIVE + SECOND)
    room.clip("storm", b"\2\0")
    room.take(FIVE + 5 * SECOND, alert(repeat_s=3600))
    room.desk.tick(FIVE + 5 * SECOND)
    assert room.speaker.heard == [b"\1\0", b"\2\0"]
    room.speaker.sounding = False
    room.desk.tick(FIVE + 9 * SECOND)
    assert room.done() == [("storm", "shown")]
