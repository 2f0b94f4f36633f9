"""A bulletin that asks for it is read as it comes on air, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import structs

from player.model import (
    Playlist,
    SpeechPlan,
)
from tests.player.speech.room import FIVE, SECOND, Room, playlist

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
