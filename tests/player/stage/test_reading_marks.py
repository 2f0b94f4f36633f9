"""On the panel: the date that turns at midnight, and the sign that the text there is being read aloud."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from drivers.panel import Rect
from player.layout import daywords
from player.model import Clock, ClockQuality
from player.show import Box, ClockFace
from player.speech import Desk, Saying

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

MIDNIGHT = datetime(1970, 1, 4, tzinfo=UTC)  # the house stands in this zone
SHORT = daywords.words(daywords.SHORT)
DATE = ClockFace(Box(0, 0, 60, 8), tuple(f"digit{n}" for n in range(len(SHORT))), (4,) * len(SHORT), words=SHORT,
                 form=daywords.SHORT)  # fmt: skip
SIGN = (Box(2, 20, 2, 2), Box(5, 20, 1, 2))


def test_the_date_turns_at_midnight_by_the_unit_s_clock_and_nothing_is_prepared_for_it(house: House) -> None:
    house.workshop.dates = (DATE,)
    house.commit(playlist=house.playlist(house.item("a", 3600)))
    house.clock.set(MIDNIGHT - timedelta(seconds=1))
    house.turn()
    presented, asked = len(house.panel.frames), len(house.workshop.asked)
    house.go(0.5)
    assert len(house.panel.frames) == presented
    house.go(0.5)
    assert house.panel.dirty[presented:] == [[Rect(0, 0, 60, 8)]]
    assert len(house.workshop.asked) == asked


def test_no_date_stands_there_while_the_clock_is_not_to_be_believed(house: House) -> None:
    house.workshop.dates = (DATE,)
    house.commit(
        playlist=house.playlist(house.item("a", 3600)), clock=Clock(ClockQuality.FLOOR, house.clock.now())
    )  # fmt: skip
    house.turn()
    assert house.panel.capture().data[: 60 * 3] == bytes(house.colour("a.0")) * 60


def saying(item: str, house: House, revision: int = 1) -> Saying:
    now = house.clock.now()
    return Saying(item, revision, "vi", 0, 1, now, now, 0, 5)


def lit(house: House) -> bool:
    at = (20 * 64 + 2) * 3
    return house.panel.capture().data[at : at + 3] != bytes(house.colour("a.0"))


def test_the_sign_stands_there_as_long_as_the_text_is_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.workshop.voice = SIGN
    house.commit(playlist=house.playlist(house.item("a", 3600)))
    house.turn()
    assert not lit(house)
    monkeypatch.setattr(Desk, "saying", lambda self, now: saying("a", house))
    house.go(0.3)
    assert lit(house)
    assert house.panel.dirty[-1] == [Rect(2, 20, 2, 2), Rect(5, 20, 1, 2)]
    monkeypatch.setattr(Desk, "saying", lambda self, now: None)
    house.go(0.3)
    assert not lit(house)


def test_another_text_being_read_marks_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.workshop.voice = SIGN
    house.commit(playlist=house.playlist(house.item("a", 3600)))
    monkeypatch.setattr(Desk, "saying", lambda self, now: saying("b", house))
    house.turn()
    assert not lit(house)
    monkeypatch.setattr(Desk, "saying", lambda self, now: saying("a", house, revision=2))
    house.go(0.3)
    assert not lit(house)


def test_the_status_file_follows_each_sentence(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only every few seconds: whoever marks the words reads it there."""
    house.commit(playlist=house.playlist(house.item("a", 3600)))
    begun = house.clock.now()

    def said(desk: Desk, now: datetime) -> Saying:
        number = int((now - begun).total_seconds())
        since = begun + timedelta(seconds=number)
        return Saying("a", 1, "vi", number, 9, since, since + timedelta(seconds=1), 0, 5)

    monkeypatch.setattr(Desk, "saying", said)
    house.turn()
    told = []
    for _ in range(3):
        house.go(1.0)
        told.append(house.status()["speech"]["saying"]["sentence"])
    assert told == [1, 2, 3]
