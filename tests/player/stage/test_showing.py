"""What stands on the panel, and what stays there until the next is ready."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import structs

from player.show import PanelShape, Show, key

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

NOON = datetime(1970, 1, 3, tzinfo=UTC)
W, H = 64, 32


def test_with_nothing_at_all_the_slate_stands(house: House) -> None:
    house.turn()
    assert house.shows("slate")


def test_the_loop_turns_with_the_clock(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a"), house.item("b", 20)))
    house.turn()
    seen = [house.shows("a"), bool(house.go(10)) and house.shows("b"), bool(house.go(20)) and house.shows("a")]
    assert seen == [True, True, True]


def test_a_still_picture_is_presented_once(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 60)))
    house.turn()
    before = len(house.panel.frames)
    for _ in range(20):
        house.go(2)
    assert len(house.panel.frames) == before


def test_the_old_picture_stays_until_the_next_is_ready_and_nothing_black_comes_between(house: House) -> None:
    house.workshop.hold = {"b"}
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    house.go(10)
    assert house.shows("a")
    assert house.status()["settled"] is False
    ready = next(aim for aim in house.stage._p.director.next_aims(NOON, 1) if aim.show is not None)
    assert ready.show is not None
    house.workshop.ready.append(house.workshop.make(ready.show))
    house.go(0.1)
    assert house.shows("b")
    assert all(any(frame.data) for frame in house.panel.frames)


def test_what_comes_next_is_prepared_ahead_and_loaded_shortly_before_its_turn(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    assert ("b", False) in house.workshop.asked
    assert "b.0" not in house.workshop.loads
    house.go(9)
    assert house.shows("a")
    assert house.workshop.loads.count("b.0") == 1
    house.go(1)
    assert house.shows("b")
    assert house.workshop.loads.count("b.0") == 1


def test_a_page_is_put_away_once_it_is_on_the_panel(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a", 60)))
    house.turn()
    assert house.shows("a")
    assert house.status()["cache"]["surfaces_kb"] == 0
    house.go(59.5)  # its own next turn needs nothing loaded: it stands there already
    assert house.workshop.loads.count("a.0") == 1


def test_the_first_page_of_what_is_waited_for_shows_before_the_rest_is_made(house: House) -> None:
    house.workshop.pages, house.workshop.hold = 2, {"long"}
    house.commit(playlist=house.playlist(house.item("long", 20)))
    house.turn()
    aim = house.stage._p.director.next_aims(NOON, 1)[0]
    assert aim.show is not None
    whole = house.workshop.make(aim.show)
    house.workshop.torn = {"long.1"}  # not there yet
    house.workshop.ready.append(structs.replace(whole, partial=True))
    house.turn()
    assert house.shows("long")
    house.go(10)
    assert house.shows("long")
    assert house.workshop.discarded == []
    house.workshop.torn = set()
    house.workshop.ready.append(whole)
    house.turn()
    assert house.shows("long", 1)


def test_pages_share_the_dwell(house: House) -> None:
    house.workshop.pages = 2
    house.commit(playlist=house.playlist(house.item("a")))
    house.turn()
    assert house.shows("a", 0)
    house.go(5)
    assert house.shows("a", 1)
    assert house.status()["showing"]["page"] == 2


def test_the_first_picture_comes_from_the_cache_without_a_worker(house: House) -> None:
    house.workshop.hold = {"a", "slate"}
    shown = house.playlist(house.item("a"))
    show = Show(shown.unit, PanelShape(W, H), shown.items[0])
    house.workshop.on_disk[key(show)] = house.workshop.make(show)
    house.commit(playlist=shown)
    house.turn(1)
    assert house.shows("a")
    assert house.workshop.asked == []


def test_while_the_very_first_picture_is_made_the_slate_stands(house: House) -> None:
    house.workshop.hold = {"a"}
    house.commit(playlist=house.playlist(house.item("a")))
    house.turn()
    assert house.shows("slate")
    assert house.status()["wanted"]["item"] == "a"


def test_an_item_that_fails_is_passed_over_with_its_reason(house: House) -> None:
    house.workshop.fail = {"a"}
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn(4)
    assert house.shows("b")
    assert house.status()["skipped"] == [{"what": "a r1", "why": "bomb: too many pixels"}]


def test_when_everything_fails_the_slate_stands(house: House) -> None:
    house.workshop.fail = {"a", "b"}
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn(5)
    assert house.shows("slate")


def test_a_torn_frame_is_made_again_and_the_old_picture_stays(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    house.workshop.torn = {"b.0"}
    house.go(10)
    assert house.shows("a")
    assert house.workshop.discarded
    house.workshop.torn = set()
    house.go(0.1)
    assert house.shows("b")
