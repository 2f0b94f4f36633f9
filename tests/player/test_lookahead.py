"""What comes next: ordered once, ahead of its turn, and loaded only shortly before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from player.aim import Aim
from player.director import Director
from player.lookahead import LOAD_AHEAD_S, PREPARE_AHEAD, Lookahead
from player.model import Item, Priority, Unit, Version
from player.motion import Moment
from player.painter import Painter
from player.shelf import Shelf
from player.show import PanelShape, Prepared, Show
from player.timeline import Kind, Slot

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
SLOT_S = 10.0
MOMENT = Moment(0.0, SLOT_S, NOON.timestamp())


def aim(number: int) -> Aim:
    start = NOON + timedelta(seconds=SLOT_S * number)
    item = Item(f"tin-{number}", 1, Priority.ROUTINE, (Version("vi", f"Tin {number}"),), dwell_s=SLOT_S)
    slot = Slot(Kind.ITEM, item, start, start + timedelta(seconds=SLOT_S))
    return Aim("item", slot, Show(Unit("1", "Xã"), PanelShape(64, 32, "led"), item), item)


class House:
    """Director, shelf and painter by the test's word."""

    def __init__(self) -> None:
        self.ready: set[str] = set()
        self.broken: set[str] = set()
        self.wanted: list[str] = []
        self.loaded: list[str] = []
        self.turn: tuple[int, float] | None = None
        self.blank = False

    def next_aims(self, now: datetime, count: int) -> tuple[Aim, ...]:
        here = int((now - NOON).total_seconds() // SLOT_S)
        found = tuple(aim(here + number) for number in range(1, count + 1))
        return tuple(Aim(one.kind, one.slot, None) for one in found) if self.blank else found

    def skipped(self, show: Show, monotonic_s: float) -> bool:
        return show.item is not None and show.item.id in self.broken

    def prepared(self, show: Show) -> Prepared | None:
        name = show.item.id if show.item is not None else ""
        return Prepared(name, (), SLOT_S) if name in self.ready else None

    def want(self, show: Show, name: str) -> None:
        self.wanted.append(name)

    def next_page(self, moment: Moment) -> tuple[int, float] | None:
        return self.turn

    def preload_page(self, index: int) -> None:
        self.loaded.append(f"page {index}")

    def preload(self, prepared: Prepared) -> None:
        self.loaded.append(prepared.key)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def ahead(house: House) -> Lookahead:
    return Lookahead(cast("Director", house), cast("Shelf", house), cast("Painter", house))


def test_the_next_slots_are_ordered_once_for_each_aim(house: House, ahead: Lookahead) -> None:
    first = aim(0)
    for _ in range(3):
        ahead.order(first, NOON, 0.0)
    assert house.wanted == [f"tin-{number} r1" for number in range(1, PREPARE_AHEAD + 1)]
    ahead.forget()
    ahead.order(first, NOON, 0.0)
    assert len(house.wanted) == 2 * PREPARE_AHEAD
    ahead.order(aim(1), NOON + timedelta(seconds=SLOT_S), 0.0)
    assert house.wanted[-1] == f"tin-{PREPARE_AHEAD + 1} r1"


def test_what_is_ready_broken_or_blank_is_not_ordered(house: House, ahead: Lookahead) -> None:
    house.ready, house.broken = {"tin-2"}, {"tin-3"}
    ahead.order(aim(0), NOON, 0.0)
    assert {"tin-2 r1", "tin-3 r1"}.isdisjoint(house.wanted)
    assert len(house.wanted) == PREPARE_AHEAD - 2
    house.blank = True
    ahead.order(aim(1), NOON, 0.0)
    assert len(house.wanted) == PREPARE_AHEAD - 2


@pytest.mark.parametrize(("left_s", "loaded"), [(LOAD_AHEAD_S + 0.1, []), (LOAD_AHEAD_S, ["tin-1"])])
def test_the_next_slot_is_loaded_shortly_before_its_turn(
    left_s: float, loaded: list[str], house: House, ahead: Lookahead
) -> None:
    house.ready = {"tin-1"}
    ahead.load(aim(0), MOMENT, NOON + timedelta(seconds=SLOT_S - left_s))
    assert house.loaded == loaded


def test_what_is_not_prepared_cannot_be_loaded(house: House, ahead: Lookahead) -> None:
    ahead.load(aim(0), MOMENT, NOON + timedelta(seconds=SLOT_S - 1))
    assert house.loaded == []


@pytest.mark.parametrize(("in_s", "loaded"), [(5.0, []), (1.0, ["page 2"])])
def test_while_pages_are_left_the_next_page_goes_first(
    in_s: float, loaded: list[str], house: House, ahead: Lookahead
) -> None:
    house.ready, house.turn = {"tin-1"}, (2, in_s)
    ahead.load(aim(0), MOMENT, NOON + timedelta(seconds=SLOT_S - 1))
    assert house.loaded == loaded
