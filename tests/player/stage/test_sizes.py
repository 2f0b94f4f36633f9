"""A playlist with nothing, with one thing, and with five thousand."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import pytest

from player import director, timeline
from player.schedule import day

if TYPE_CHECKING:
    from tests.player.stage.conftest import House


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_health_tells_how_many_bulletins_there_are(house: House, count: int) -> None:
    house.turn()
    assert house.status()["playlist"] == {"seq": 0, "items": 0}
    house.commit(playlist=house.playlist(*(house.item(f"i{n}", 10) for n in range(count)), seq=7))
    house.go(6)
    house.turn()
    assert house.status()["playlist"] == {"seq": 7, "items": count}
    assert house.status()["skipped"] == []
    assert house.status()["showing"]["kind"] == ("item" if count else "slate")


def test_five_thousand_bulletins_ask_for_no_more_than_is_soon_to_be_seen(house: House) -> None:
    house.commit(playlist=house.playlist(*(house.item(f"i{n}", 10) for n in range(5000))))
    house.turn()
    assert house.status()["showing"]["kind"] == "item"
    assert len(house.workshop.asked) <= 10
    assert house.status()["cache"]["prepared"] <= 10


def test_after_a_long_while_of_five_thousand_no_more_than_a_few_are_kept_at_hand(house: House) -> None:
    house.commit(playlist=house.playlist(*(house.item(f"i{n}", 1) for n in range(5000))))
    house.turn()
    for _ in range(300):
        house.go(1)
    assert house.status()["cache"]["prepared"] <= 64
    assert house.status()["cache"]["surfaces_kb"] < 100


def test_one_bulletin_stands_still_for_ever(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 10)))
    house.turn()
    before = len(house.panel.frames)
    for _ in range(50):
        house.go(10)
    assert len(house.panel.frames) == before


@pytest.mark.parametrize("ticker", [(), ("chạy",)])
def test_an_empty_playlist_is_the_slate(house: House, ticker: tuple[str, ...]) -> None:
    house.commit(playlist=house.playlist(ticker=ticker))
    house.turn()
    assert house.shows("slate")
    assert house.played() == []


def test_health_tells_what_came_from_the_disk_and_what_was_made(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    first = house.status()["cache"]
    assert (first["from_disk"], first["ordered"] >= 2) == (0, True)
    kept = {show.key: show for show in house.stage._p.shelf._prepared.values()}
    house.workshop.on_disk = dict(kept)
    house.restart()
    house.turn()
    again = house.status()["cache"]
    assert (again["from_disk"] >= 2, again["ordered"]) == (True, 0)


def test_there_is_never_a_second_plan_beside_the_one_that_shows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan of five hundred bulletins takes a third of a megabyte, and news come while it is in use."""
    plans: weakref.WeakSet[timeline.Programme] = weakref.WeakSet()

    class Plan(timeline.Programme):
        def __init__(self, playlist: Any, *others: Any, **more: Any) -> None:
            assert playlist is None or not plans
            super().__init__(playlist, *others, **more)
            if playlist is not None:
                plans.add(self)

    monkeypatch.setattr(director, "Programme", Plan)
    for name in "abc":
        house.commit(playlist=house.playlist(house.item(name)))
        house.turn()
        assert house.shows(name)
    assert len(plans) == 1


def test_yesterday_goes_before_today_is_planned(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    days: weakref.WeakSet[day.Day] = weakref.WeakSet()
    plan, planned = day.plan, []

    def noted(*others: Any, **more: Any) -> day.Day:
        assert not days
        made = plan(*others, **more)
        days.add(made)
        planned.append(made.start_us)
        return made

    monkeypatch.setattr(day, "plan", noted)
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    house.go(26 * 3600)
    assert house.shows("a")
    assert len(set(planned)) == 2
