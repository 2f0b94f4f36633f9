"""The desk reads what is due, one at a time, in its hours, and tells which sentence sounds."""

from __future__ import annotations

import wave
from datetime import timedelta

import msgspec
import pytest

from player.plays import stamp
from player.speech import Saying, pcm
from player.store import Clip
from tests.player.speech.room import FIVE, SECOND, Room, alert, playlist
from tts.times import ClipTimes, Sentence


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


def test_a_clock_that_jumps_makes_up_for_nothing(room: Room) -> None:
    room.clip("a", b"aa")
    room.take(FIVE - timedelta(days=1), playlist=playlist("a"))
    room.desk.tick(FIVE - timedelta(hours=20))
    room.desk.tick(FIVE + timedelta(minutes=40))
    room.desk.tick(FIVE - timedelta(hours=20))
    assert room.speaker.heard == []


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
