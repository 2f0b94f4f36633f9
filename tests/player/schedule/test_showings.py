from __future__ import annotations

from datetime import timedelta

from player.model import Item, Priority, Version
from player.schedule.airtime import EPOCH, SECOND_US
from player.schedule.showings import planned
from player.schedule.spans import FAR, Spans

OPEN: Spans = ((-FAR, FAR),)


def item(dwell: float, **parts: object) -> Item:
    priority = parts.pop("priority", Priority.ROUTINE)
    return Item("x", 1, priority, (Version("vi", "x"),), dwell_s=dwell, **parts)  # type: ignore[arg-type]


def at(second: int) -> object:
    return EPOCH + timedelta(seconds=second)


def spans(*pairs: tuple[int, int]) -> Spans:
    return tuple((start * SECOND_US, end * SECOND_US) for start, end in pairs)


def plan(items: list[Item], air: list[Spans], opening: Spans = OPEN) -> list[tuple[int, int, int, bool]]:
    found = planned(items, air, opening)
    return [(one.start_us // SECOND_US, one.end_us // SECOND_US, one.number, one.debut) for one in found]


def test_a_promise_falls_on_full_minutes_of_its_hours() -> None:
    assert plan([item(60, times_a_day=2)], [spans((0, 660))]) == [(120, 180, 0, False), (420, 480, 0, False)]


def test_what_falls_due_together_follows_one_another_priority_first() -> None:
    items = [item(30, times_a_day=1), item(30, times_a_day=1, priority=Priority.PRIORITY)]
    assert plan(items, [spans((0, 270)), spans((0, 270))]) == [(120, 150, 1, False), (150, 180, 0, False)]


def test_a_promise_without_room_after_its_time_is_kept_before_it() -> None:
    items = [item(60, times_a_day=1), item(300, debut=at(90))]
    assert plan(items, [spans((0, 300)), spans((0, 400))]) == [(0, 60, 0, False), (90, 390, 1, True)]


def test_a_promise_without_any_room_is_left() -> None:
    items = [item(60, times_a_day=3), item(300, debut=at(0))]
    assert plan(items, [spans((0, 300)), spans((0, 400))]) == [(0, 300, 1, True)]


def test_a_promise_is_kept_while_the_panel_is_open() -> None:
    assert plan([item(60, times_a_day=1)], [spans((0, 10_000))], spans((600, 660))) == [(600, 660, 0, False)]


def test_the_newest_debut_takes_the_panel_and_the_older_one_what_is_left() -> None:
    items = [item(30, debut=at(0)), item(10, debut=at(10))]
    assert plan(items, [spans((0, 99))] * 2) == [(0, 10, 0, True), (10, 20, 1, True), (20, 30, 0, True)]


def test_emergencies_and_the_background_make_no_debut() -> None:
    items = [item(30, debut=at(0), priority=Priority.EMERGENCY), item(30, debut=at(0), always=True)]
    assert plan(items, [spans((0, 99))] * 2) == []
