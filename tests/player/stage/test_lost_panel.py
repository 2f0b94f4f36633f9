"""A panel that goes and comes back: HDMI unplugged and plugged in again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from drivers.panel import Frame, PanelError
from player.grip import RETRY_S
from player.show import Box, Strip
from player.store import Request

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

NOON = datetime(1970, 1, 3, tzinfo=UTC)
TROUBLE = "HDMI-A-1: nothing is connected"


@pytest.fixture
def dark(house: House) -> House:
    """A house whose panel was unplugged while a bulletin stood there."""
    house.commit(playlist=house.playlist(house.item("a"), house.item("b"), brightness_pct=60))
    house.turn()
    assert house.shows("a") or house.panel.brightness == 60
    house.panel.unplugged = True
    house.go(10)
    return house


def test_the_loop_goes_on_and_says_what_is_wrong(dark: House) -> None:
    assert dark.status()["trouble"] == [TROUBLE]
    assert dark.status()["panel"]["held"] == "no"
    assert dark.status()["settled"] is False
    assert not dark.stage.stopping


def test_what_nobody_sees_is_not_played(dark: House) -> None:
    dark.go(30)
    assert dark.played() == [("item", "a", "shown")]


def test_plugged_in_again_it_shows_what_the_instant_asks_for_as_bright_as_before(dark: House) -> None:
    dark.panel.unplugged = False
    dark.panel.brightness = 100  # a panel that was opened anew
    dark.go(10)
    assert dark.panel.brightness == 60
    assert dark.status()["trouble"] == []
    assert dark.status()["panel"]["held"] == "yes"
    assert dark.status()["showing"]["item"] == "a"
    assert dark.panel.powers[-1] is True
    assert dark.played()[-1] == ("item", "a", "")
    assert any(dark.panel.capture().data)


def test_a_board_without_a_playlist_has_its_slate_again(house: House) -> None:
    """Nobody says how bright it is to be, so that nothing but the return itself has it drawn anew."""
    house.turn()
    assert house.shows("slate")
    house.panel.unplugged = True
    house.go(10)
    assert house.status()["panel"]["held"] == "no"
    house.panel.unplugged = False
    before = len(house.panel.frames)
    house.go(10)
    assert len(house.panel.frames) > before
    assert any(house.panel.capture().data)
    assert house.status()["panel"]["held"] == "yes"


def test_a_panel_that_goes_while_it_is_photographed_does_not_end_the_player(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.commit(playlist=house.playlist(house.item("a", 60)))
    house.turn()

    def gone() -> Frame:
        raise PanelError(TROUBLE)

    monkeypatch.setattr(house.panel, "capture", gone)
    house.commit(requests=(Request("r1", "screenshot", NOON, NOON + timedelta(minutes=1)),))
    house.turn(1)
    assert json.loads((house.folder / "answers" / "r1.json").read_text())["detail"] == TROUBLE
    assert house.status()["panel"]["held"] == "no"
    monkeypatch.undo()
    house.go(10)
    assert house.status()["panel"]["held"] == "yes"
    assert house.shows("a")


def test_it_is_looked_for_every_few_seconds_and_not_more_often(dark: House) -> None:
    tries: list[float] = []
    refuse = dark.panel.open

    def noted() -> None:
        tries.append(dark.clock.monotonic())
        refuse()

    dark.panel.open = noted  # type: ignore[method-assign]
    for _ in range(100):
        dark.go(0.1)
    assert len(tries) == pytest.approx(10 / RETRY_S, abs=1)


def test_an_emergency_is_spoken_without_a_panel_and_stands_there_as_soon_as_there_is_one(dark: House) -> None:
    dark.commit(alerts=(dark.alert(),))
    dark.go(RETRY_S)
    assert dark.status()["wanted"]["kind"] == "alert"
    dark.panel.unplugged = False
    dark.go(RETRY_S)
    assert dark.status()["showing"]["item"] == "storm"


def test_a_screenshot_of_no_panel_is_refused_with_the_reason(dark: House) -> None:
    now = dark.clock.now()
    dark.commit(requests=(Request("r1", "screenshot", now, now + timedelta(minutes=1)),))
    dark.turn()
    dark.requests.close()
    answer = json.loads((dark.folder / "answers" / "r1.json").read_text(encoding="utf-8"))
    assert (answer["ok"], TROUBLE in json.dumps(answer)) == (False, True)


def test_a_panel_that_goes_in_the_middle_of_a_ticker_is_noticed_at_that_frame(house: House) -> None:
    house.workshop.ticker = Strip("strip", Box(0, 24, 64, 8), 200, 60.0)
    house.commit(playlist=house.playlist(house.item("a", 3600), ticker=("chạy",)))
    house.turn()
    house.panel.unplugged = True
    house.clock.advance(1 / 60)
    house.stage.turn()
    house.go(0.2)
    assert house.status()["trouble"] == [TROUBLE]
