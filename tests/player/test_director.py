"""What should stand on the panel, by the time line or by command, and when it is another thing."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from player.aim import Aimer
from player.director import Director
from player.model import (
    Alert,
    Clock,
    ClockQuality,
    DayPart,
    Item,
    Playlist,
    Priority,
    Unit,
    Version,
    Window,
)
from player.show import PanelShape, Show
from player.store import Snapshot

NOON = datetime(1970, 1, 3, tzinfo=UTC)  # where a loop of two items of 10 s begins
SECOND = timedelta(seconds=1)
TRUSTED = Clock(ClockQuality.TRUSTED)


def item(name: str) -> Item:
    return Item(name, 1, Priority.ROUTINE, (Version("vi", name),), dwell_s=10)


PLAYLIST = Playlist(
    1, "s-abcdef", 1, NOON, NOON + timedelta(days=1), Unit("25318", "Xã Tân Hưng"), (item("a"), item("b"))
)
STORM = Alert(1, "storm", "25318", 1, 1, NOON, NOON + timedelta(hours=1), (Version("vi", "storm"),))


class Rig:
    """A director whose shows fail by the test's word, named by the title of their item."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.director = Director(Aimer(PanelShape(64, 32), Path("media")), self._is_broken)
        self.take()

    def take(self, *alerts: Alert, stopped: bool = False, playlist: Playlist = PLAYLIST) -> None:
        self.director.take(Snapshot(playlist, alerts, clock=TRUSTED, stopped=stopped), NOON, 0.0)

    def _is_broken(self, show: Show, monotonic_s: float) -> bool:
        return show.item is not None and show.item.id in self.broken


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_as_long_as_nothing_changes_it_is_the_same_aim(rig: Rig) -> None:
    first = rig.director.wanted(NOON, 0.0)
    assert first.name == "a r1"
    assert rig.director.wanted(NOON + 9 * SECOND, 9.0) is first
    assert rig.director.wanted(NOON + 10 * SECOND, 10.0).name == "b r1"


def test_a_picture_by_command_is_the_same_aim_until_its_slot_is_over(rig: Rig) -> None:
    """Whoever prepares what comes next does so once for each aim, and a new one at each turn would be each turn."""
    rig.director.wanted(NOON, 0.0)
    assert rig.director.command("identify", 30.0)
    first = rig.director.wanted(NOON + SECOND, 1.0)
    assert first.kind == "identify"
    assert rig.director.wanted(NOON + 2 * SECOND, 2.0) is first
    assert rig.director.override_s(2.0) == 28.0
    second = rig.director.wanted(NOON + 11 * SECOND, 11.0)
    assert (second.kind, second.slot.start) == ("identify", NOON + 10 * SECOND)
    assert rig.director.wanted(NOON + 31 * SECOND, 31.0).name == "b r1"
    assert rig.director.override_s(31.0) == math.inf


def test_another_command_takes_the_place_of_the_first(rig: Rig) -> None:
    rig.director.command("identify", 30.0)
    rig.director.wanted(NOON, 0.0)
    rig.director.command("test-pattern", 40.0)
    assert rig.director.wanted(NOON, 0.0).kind == "test-pattern"


def test_an_emergency_and_the_stop_go_before_a_command_and_end_it(rig: Rig) -> None:
    rig.director.command("identify", 30.0)
    rig.take(STORM)
    assert rig.director.wanted(NOON, 0.0).name == "storm r1"
    assert not rig.director.command("identify", 30.0)
    rig.take(stopped=True)
    assert rig.director.wanted(NOON, 0.0).show is None
    rig.take()
    assert rig.director.wanted(NOON, 0.0).name == "a r1"


def test_for_what_is_broken_the_next_on_the_time_line_stands_in(rig: Rig) -> None:
    rig.broken.add("a")
    aim = rig.director.wanted(NOON, 0.0)
    assert (aim.name, aim.slot.end) == ("b r1", NOON + 10 * SECOND)
    rig.broken.add("b")
    assert rig.director.wanted(NOON, 0.0).kind == "slate"


@pytest.mark.parametrize(
    "when",
    [
        {"windows": (Window(NOON + timedelta(minutes=1), None),)},
        {"dayparts": (DayPart(8 * 60 + 1, 9 * 60),)},  # Saigon's clocks stood at UTC+8 in 1970
        {"debut": NOON + timedelta(minutes=1)},
        {"windows": (Window(NOON + timedelta(minutes=1), None),), "priority": Priority.EMERGENCY},
    ],
)
def test_a_bulletin_whose_time_has_not_come_is_no_stand_in(rig: Rig, when: dict[str, Any]) -> None:
    """It was approved for later, and may say what nobody is to know before."""
    rig.take(playlist=replace(PLAYLIST, items=(item("a"), replace(item("b"), **when))))
    rig.broken.add("a")
    assert rig.director.wanted(NOON, 0.0).kind == "slate"
    assert rig.director.wanted(NOON + timedelta(minutes=1), 60.0).name == "b r1"


def test_the_always_items_stand_in_where_nothing_of_the_loop_can_be_shown(rig: Rig) -> None:
    always = replace(item("always"), always=True)
    rig.take(playlist=replace(PLAYLIST, items=(item("a"), item("b"), replace(always, id="bad"), always)))
    rig.broken |= {"a", "b", "bad"}
    aim = rig.director.wanted(NOON, 0.0)
    assert (aim.kind, aim.name) == ("always", "always r1")
    rig.broken.discard("b")
    assert rig.director.wanted(NOON + timedelta(seconds=10), 10.0).name == "b r1"


def test_no_always_item_stands_in_for_an_emergency(rig: Rig) -> None:
    rig.take(STORM, playlist=replace(PLAYLIST, items=(replace(item("always"), always=True),)))
    rig.broken.add("storm")
    assert rig.director.wanted(NOON, 0.0).kind == "slate"


def test_another_emergency_stands_in_for_a_broken_one(rig: Rig) -> None:
    rig.take(STORM, replace(STORM, id="flood", seq=2))
    rig.broken.add("flood")
    assert rig.director.wanted(NOON, 0.0).name == "storm r1"
