"""What the shelf remembers of failures: long enough not to try at every turn, not for ever."""

from __future__ import annotations

from collections.abc import Sequence

import pygame
import pytest
from msgspec.structs import replace

from drivers.surfaces import new_surface
from player.model import Item, Priority, Unit, Version
from player.prepare.jobs import Failed
from player.shelf import PARTS_PAGES, TRY_AGAIN_S, Done, Shelf
from player.show import PanelShape, Prepared, Show, key


class Failing:
    """A preparer that can do nothing."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def cached(self, show: Show) -> Prepared | None:
        return None

    def request(self, show: Show, urgent: bool = False) -> str:
        self.asked.append(key(show))
        return key(show)

    def finished(self) -> Sequence[Done]:
        failed, self.asked = [Failed(name, "format: rubbish") for name in self.asked], []
        return failed

    def discard(self, key: str) -> None: ...

    def fileno(self) -> int:
        return -1


def no_surface(frame: str) -> pygame.Surface:
    raise OSError(frame)


def show(number: int) -> Show:
    item = Item(f"tin-{number}", 1, Priority.ROUTINE, (Version("vi", f"Tin {number}"),), dwell_s=10.0)
    return Show(Unit("1", "Xã"), PanelShape(64, 32, "led"), item)


def names(shelf: Shelf) -> list[str]:
    return [skip.name for skip in shelf.skips()]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(Failing(), no_surface)


def fails(shelf: Shelf, number: int, monotonic_s: float) -> None:
    shelf.want(show(number), f"tin-{number}")
    assert shelf.collect(monotonic_s)


def test_what_failed_is_passed_over_for_a_while_and_then_tried_again(shelf: Shelf) -> None:
    fails(shelf, 1, 0.0)
    assert shelf.skipped(show(1), TRY_AGAIN_S - 1.0)
    assert not shelf.skipped(show(1), TRY_AGAIN_S)
    assert names(shelf) == []


def test_a_show_that_is_asked_about_at_every_frame_is_hashed_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[Show] = []

    def counted(one: Show) -> str:
        hashed.append(one)
        return key(one)

    monkeypatch.setattr("player.shelf.key", counted)
    shown, other = show(1), show(2)
    for _ in range(60):
        shelf.skipped(shown, 0.0)
        shelf.prepared(shown)
    assert hashed == [shown]
    fails(shelf, 2, 0.0)
    assert not shelf.skipped(shown, 1.0)
    assert shelf.skipped(other, 1.0)


def test_of_what_is_not_on_the_time_line_any_more_nothing_is_told(shelf: Shelf) -> None:
    """A player runs for years, and an alarm for a bulletin that was withdrawn is one for nothing."""
    fails(shelf, 1, 0.0)
    fails(shelf, 2, 0.0)
    shelf.fault(show(3), "tin-3", "truncated: it ends at 3 s of 9 s", 0.0)
    assert names(shelf) == ["tin-1", "tin-2", "tin-3"]
    shelf.hold({"tin-2", "slate"})
    assert names(shelf) == ["tin-2"]
    assert shelf.skipped(show(2), 1.0)
    shelf.hold(())
    assert names(shelf) == []


def test_a_thing_that_fails_again_beside_another_ticker_is_told_once(shelf: Shelf) -> None:
    for ticker in (("one",), ("two",)):
        shelf.want(replace(show(1), ticker=ticker), "tin-1")
        assert shelf.collect(0.0)
        shelf.fault(replace(show(2), ticker=ticker), "tin-2", "format: rubbish", 0.0)
    assert names(shelf) == ["tin-1", "tin-2"]
    assert shelf.skipped(replace(show(1), ticker=("two",)), 0.0)


def test_a_part_that_no_page_asks_for_any_more_is_let_go_and_one_that_is_stays() -> None:
    loaded: list[str] = []

    def load(frame: str) -> pygame.Surface:
        loaded.append(frame)
        return new_surface(64, 16)

    shelf = Shelf(Failing(), load)
    made = Prepared("a" * 64, (), 10.0)
    shelf.part(made, "old")
    for _ in range(PARTS_PAGES + 1):
        shelf.part(made, "new")
        shelf.put_away()
    assert shelf.health()["surfaces_kb"] == 64 * 16 * 4 // 1024
    shelf.part(made, "new")
    shelf.part(made, "old")
    assert loaded == ["old", "new", "old"]
