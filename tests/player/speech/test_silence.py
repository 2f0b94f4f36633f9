"""A speaker that is gone or goes, and a voice that is not there: what was not heard is no proof, and is owed."""

from __future__ import annotations

from player.speech import MOST_TRIES
from tests.player.speech.room import FIVE, SECOND, Room, alert, playlist


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


def test_a_clock_set_back_does_not_put_the_next_try_off_until_then(room: Room) -> None:
    """A board whose clock was hours ahead would keep silent for as long, with an emergency to be told."""
    room.clip("storm", b"ss")
    room.speaker.broken = "the sound card is gone"
    room.take(FIVE, alert())
    room.desk.tick(FIVE)
    room.speaker.broken = ""
    early = FIVE - 7 * 3600 * SECOND
    room.desk.tick(early)
    room.desk.tick(early + 6 * SECOND)
    assert room.speaker.heard == [b"ss"]


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


def test_what_was_withdrawn_unheard_is_told_no_longer(room: Room) -> None:
    room.clip("a", b"\1\0")
    room.speaker.broken = "the sound card is gone"
    room.take(FIVE - SECOND, playlist=playlist("a", "b"))
    room.desk.tick(FIVE - SECOND)
    room.desk.tick(FIVE)
    told = ["a/vi: the sound card is gone"]
    assert room.desk.health()["unheard"] == told
    room.take(FIVE + SECOND, playlist=playlist("a", "b"), stopped=True)
    assert room.desk.health()["unheard"] == told
    room.take(FIVE + 2 * SECOND, playlist=playlist("b"))
    assert room.desk.health()["unheard"] == []


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
