"""Proof of play, requests, and the status file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pygame

from player.stage import RESTART_CODE
from player.store import Request

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

NOON = datetime(1970, 1, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_every_showing_of_a_lone_item_is_a_play(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a")))
    house.turn()
    house.go(10)
    house.go(10)
    assert house.played() == [("item", "a", "shown"), ("item", "a", "shown"), ("item", "a", "")]


def test_a_playlist_that_changes_around_an_item_does_not_cut_its_play(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 30)))
    house.turn()
    house.commit(playlist=house.playlist(house.item("a", 30), seq=2, volume_pct=10))
    house.go(5)
    assert house.played() == [("item", "a", "")]


def test_identify_stands_for_ten_seconds(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 60)))
    house.turn()
    house.commit(requests=(Request("r1", "identify", NOON, NOON + timedelta(minutes=1)),))
    house.turn()
    house.go(9)
    assert house.shows("identify")
    house.go(2)
    assert house.shows("a")
    assert json.loads((house.folder / "answers" / "r1.json").read_text())["ok"] is True


def test_an_emergency_goes_before_a_test_pattern(house: House) -> None:
    house.commit(
        playlist=house.playlist(house.item("a", 60)),
        requests=(Request("r1", "test-pattern", NOON, NOON + 60 * SECOND),),
    )
    house.turn()
    house.go(1)
    assert house.shows("test-pattern")
    house.commit(alerts=(house.alert(),))
    house.go(1)
    assert house.shows("storm")


def test_a_screenshot_is_what_the_panel_shows(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 60)))
    house.turn()
    house.commit(requests=(Request("r1", "screenshot", NOON, NOON + timedelta(minutes=1)),))
    house.turn()
    house.requests.close()
    image = pygame.image.load(house.folder / "answers" / "r1.png")
    assert image.get_at((0, 0))[:3] == house.colour("a.0")


def test_a_restart_ends_the_loop_with_the_code_that_starts_it_again(house: House) -> None:
    later = NOON + SECOND
    house.commit(
        playlist=house.playlist(house.item("a", 60)), requests=(Request("r1", "restart", later, later + 60 * SECOND),)
    )
    house.turn(1)
    assert house.stage.stopping
    assert house.stage.run() == RESTART_CODE
    assert json.loads((house.folder / "answers" / "r1.json").read_text())["ok"] is True


def test_a_closed_window_ends_the_loop(house: House) -> None:
    house.panel.closed_by_user = True
    house.turn(1)
    assert house.stage.run() == 0


def test_the_status_names_the_instant_and_what_is_shown(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    house.go(12.5)
    status = house.status()
    assert status["instant"] == "1970-01-03T00:00:12.500+00:00"
    assert status["settled"] is True
    assert (status["showing"]["kind"], status["showing"]["item"], status["showing"]["revision"]) == ("item", "b", 1)
    assert status["presented"] == len(house.panel.frames)
    assert status["read_at"] == ["1970-01-03T00:00:15.000+00:00"]
    assert status["memory_kb"] > 0


def test_an_hour_of_playing_presents_nothing_black_and_counts_every_play(house: House) -> None:
    house.commit(playlist=house.playlist(*(house.item(f"i{n}", 10) for n in range(6))))
    house.turn()
    for _ in range(360):
        house.go(10)
    assert all(any(frame.data) for frame in house.panel.frames)
    assert len(house.played()) == 361
    assert {outcome for _, _, outcome in house.played()[:-1]} == {"shown"}
