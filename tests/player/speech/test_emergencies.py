"""An emergency is heard at once, again and again until it ends, and over whatever else is read."""

from __future__ import annotations

from player.model import (
    Clock,
    ClockQuality,
    Version,
)
from player.speech import Desk
from player.store import Clip, Snapshot
from tests.player.speech.room import FIVE, SECOND, TRUSTED, Room, alert, playlist


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


def test_a_recording_that_comes_late_is_heard_as_soon_as_the_machine_has_finished(room: Room) -> None:
    room.clip("storm", b"\1\0", engine="espeak-ng")
    room.take(FIVE, alert(repeat_s=3600))
    room.desk.tick(FIVE)
    room.clip("storm", b"\2\0", engine="recording:abc")
    room.take(FIVE + SECOND, alert(repeat_s=3600))
    room.desk.tick(FIVE + SECOND)
    assert room.speaker.heard == [b"\1\0"], "nothing is cut off for it"
    room.speaker.sounding = False
    room.desk.tick(FIVE + 2 * SECOND)
    assert room.speaker.heard == [b"\1\0", b"\2\0"]
    room.speaker.sounding = False
    room.take(FIVE + 9 * SECOND, alert(repeat_s=3600))
    room.desk.tick(FIVE + 9 * SECOND)
    assert len(room.speaker.heard) == 2, "once"


def test_a_better_machine_alone_is_no_reason_to_say_it_again(room: Room) -> None:
    room.clip("storm", b"\1\0", engine="espeak-ng")
    room.take(FIVE, alert(repeat_s=3600))
    room.desk.tick(FIVE)
    room.speaker.sounding = False
    room.clip("storm", b"\2\0", engine="piper:vi")
    room.take(FIVE + SECOND, alert(repeat_s=3600))
    room.desk.tick(FIVE + SECOND)
    assert room.speaker.heard == [b"\1\0"]


def test_a_recording_that_comes_when_the_emergency_is_over_stays_silent(room: Room) -> None:
    room.clip("storm", b"\1\0", engine="espeak-ng")
    room.take(FIVE, alert(repeat_s=3600))
    room.desk.tick(FIVE)
    room.speaker.sounding = False
    room.desk.tick(FIVE + SECOND)
    room.clip("storm", b"\2\0", engine="recording:abc")
    room.take(FIVE + 2 * SECOND)
    room.desk.tick(FIVE + 2 * SECOND)
    assert room.speaker.heard == [b"\1\0"]


def test_an_emergency_sounds_while_its_words_are_still_being_made(room: Room) -> None:
    """Its clip has no end yet; when it is whole, its sentences are known and it is not said a second time."""
    room.clip("storm", b"\1\0")
    whole = room.folder / "storm-vi.wav"
    part = whole.rename(whole.with_suffix(".growing"))
    room.clips["storm", 1, "vi"] = Clip(part.name, 0.0, "test")
    room.take(FIVE, alert(repeat_s=3600))
    room.desk.tick(FIVE)
    assert room.speaker.busy()
    part.rename(whole)
    whole.with_suffix(".json").write_bytes(b'{"engine":"test","lang":"vi","duration_s":9.0,"sentences":[[0,9,0,5]]}')
    room.clips["storm", 1, "vi"] = Clip(whole.name, 9.0, "test")
    room.take(FIVE + SECOND, alert(repeat_s=3600))
    room.desk.tick(FIVE + SECOND)
    saying = room.desk.saying(FIVE + SECOND)
    assert saying is not None
    assert (saying.sentence, saying.end) == (0, 5)
    room.speaker.sounding = False
    room.desk.tick(FIVE + 9 * SECOND)
    assert room.done() == [("storm", "shown")]
    assert len(room.speaker.heard) == 1


def test_a_clip_that_was_finished_a_moment_ago_is_found_under_its_name(room: Room) -> None:
    room.clip("storm", b"\1\0")
    room.clips["storm", 1, "vi"] = Clip("storm-vi.growing", 0.0, "test")
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    assert room.speaker.heard == [b"\1\0"]
