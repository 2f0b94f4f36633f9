from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from player.model import (
    Alert,
    Clock,
    ClockQuality,
    DayPart,
    Desired,
    Item,
    Playlist,
    Priority,
    Unit,
    Version,
    Window,
)
from player.schedule.day import Day
from player.timeline import Kind, Programme, Slot, at, effective, upcoming

NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)  # 12:00 in Hồ Chí Minh City, a Tuesday
TRUSTED = Clock(ClockQuality.TRUSTED)
UNKNOWN = Clock(ClockQuality.UNKNOWN)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def item(name: str, dwell: float = 10, **parts: object) -> Item:
    priority = parts.pop("priority", Priority.ROUTINE)
    return Item(name, 1, priority, (Version("vi", name),), dwell_s=dwell, **parts)  # type: ignore[arg-type]


def playlist(*items: Item, issued: datetime = NOON, zone: str = "Asia/Ho_Chi_Minh", **desired: object) -> Playlist:
    return Playlist(
        1, "s-abcdef", 1, issued, issued + timedelta(days=1), Unit("25318", "Xã Tân Hưng", zone), items,
        desired=Desired(**desired),  # type: ignore[arg-type]
    )  # fmt: skip


def alert(name: str = "bao-3", issued: datetime = NOON, hours: float = 2, **parts: object) -> Alert:
    values: dict[str, object] = {
        "seq": 1,
        "group": "25318",
        "versions": (Version("vi", name),),
        "dwell_s": 20.0,
    } | parts
    return Alert(
        schema=1,
        id=name,
        revision=1,
        issued=issued,
        expires=issued + timedelta(hours=hours),
        **values,  # type: ignore[arg-type]
    )


def names(*slots: Slot) -> list[str]:
    return [slot.item.id if slot.item else slot.kind.value for slot in slots]


# --- the ladder -----------------------------------------------------------------------------------------------------


def test_without_a_playlist_there_is_the_slate() -> None:
    assert at(None, (), UNKNOWN, NOON).kind is Kind.SLATE


def test_a_playlist_of_one_item_shows_it_again_and_again() -> None:
    slots = upcoming(playlist(item("a")), (), TRUSTED, NOON, 3)
    assert names(*slots) == ["a", "a", "a"]
    assert [slot.start for slot in slots[1:]] == [slot.end for slot in slots[:-1]]


def test_the_loop_follows_the_order_of_the_playlist_and_unix_time() -> None:
    shown = playlist(item("a", 10), item("b", 20), item("c", 30))
    midnight = datetime(1970, 1, 3, tzinfo=UTC)  # 172,800 s is a multiple of the 60 s cycle
    slots = upcoming(shown, (), TRUSTED, midnight, 4)
    assert names(*slots) == ["a", "b", "c", "a"]
    assert [(slot.start - midnight).total_seconds() for slot in slots] == [0, 10, 30, 60]


def test_priority_items_come_in_rank_order_before_every_third_routine_item() -> None:
    shown = playlist(
        *(item(f"r{n}") for n in range(1, 6)),
        item("p2", priority=Priority.PRIORITY, rank=2),
        item("p1", priority=Priority.PRIORITY, rank=1),
    )
    midnight = datetime(1970, 1, 1, tzinfo=UTC)
    assert names(*upcoming(shown, (), TRUSTED, midnight, 10)) == [
        "p1", "p2", "r1", "r2", "r3", "p1", "p2", "r4", "r5", "r1",
    ]  # fmt: skip


def test_priority_items_alone_are_a_loop() -> None:
    shown = playlist(item("p", priority=Priority.PRIORITY))
    assert at(shown, (), TRUSTED, NOON).item == shown.items[0]


def test_always_items_show_only_when_nothing_else_does() -> None:
    shown = playlist(item("standing", always=True), item("a", windows=(Window(None, NOON),)))
    assert names(at(shown, (), TRUSTED, NOON - seconds(1)), at(shown, (), TRUSTED, NOON)) == ["a", "standing"]
    assert at(shown, (), TRUSTED, NOON).kind is Kind.ALWAYS


def test_an_emergency_interrupts_and_the_loop_goes_on_where_the_clock_stands() -> None:
    shown = playlist(item("a", 10), item("b", 10))
    storm = alert(hours=15 / 3600)
    assert at(shown, (storm,), TRUSTED, NOON).kind is Kind.ALERT
    after = at(shown, (storm,), TRUSTED, NOON + seconds(15))
    without = at(shown, (), TRUSTED, NOON + seconds(15))
    assert (after.item, after.end) == (without.item, without.end)
    assert after.position_s(NOON + seconds(15)) == without.position_s(NOON + seconds(15)) == 5


def test_several_emergencies_take_turns_and_the_newest_begins() -> None:
    old, new = alert("old", issued=NOON - seconds(100)), alert("new", issued=NOON)
    slots = upcoming(None, (old, new), TRUSTED, NOON, 3)
    assert names(*slots) == ["new", "old", "new"]
    assert slots[0].start == NOON


def test_an_alert_from_two_groups_is_one_and_its_newest_object_counts() -> None:
    twice = (alert(group="district"), alert(group="25318"))
    assert names(*upcoming(None, twice, TRUSTED, NOON, 2)) == ["bao-3", "bao-3"]
    ended = alert(group="district", seq=2, ended=True)
    assert at(None, (*twice, ended), TRUSTED, NOON).kind is Kind.SLATE


def test_an_alert_that_is_here_shows_even_if_the_screen_s_clock_runs_behind() -> None:
    assert at(None, (alert(),), TRUSTED, NOON - seconds(30)).kind is Kind.ALERT


def test_an_emergency_item_of_the_playlist_goes_before_the_loop() -> None:
    shown = playlist(item("a"), item("flood", priority=Priority.EMERGENCY))
    assert at(shown, (), TRUSTED, NOON).kind is Kind.ALERT


def test_stopped_blanks_everything() -> None:
    assert at(playlist(item("a")), (alert(),), TRUSTED, NOON, stopped=True).kind is Kind.BLANK


def test_power_off_is_blank_but_for_an_emergency() -> None:
    shown = playlist(item("a"), power=False)
    assert at(shown, (), TRUSTED, NOON).kind is Kind.BLANK
    assert at(shown, (alert(),), TRUSTED, NOON).kind is Kind.ALERT


# --- windows and hours ----------------------------------------------------------------------------------------------


def test_a_window_is_half_open() -> None:
    shown = playlist(item("a", windows=(Window(NOON, NOON + seconds(60)),)))
    kinds = [at(shown, (), TRUSTED, NOON + seconds(s)).kind for s in (-0.001, 0, 59.999, 60)]
    assert kinds == [Kind.SLATE, Kind.ITEM, Kind.ITEM, Kind.SLATE]


def test_a_slot_is_cut_where_its_window_ends() -> None:
    shown = playlist(item("a", 100, windows=(Window(NOON, NOON + seconds(7)),)))
    assert at(shown, (), TRUSTED, NOON).end == NOON + seconds(7)


def test_a_slot_whose_front_was_covered_says_how_much() -> None:
    slot = at(playlist(item("a", 10)), (alert(hours=4 / 3600),), TRUSTED, NOON + seconds(5))
    assert (slot.start, slot.offset_s, slot.position_s(NOON + seconds(5))) == (NOON + seconds(4), 4.0, 5.0)


def test_what_comes_on_air_begins_at_its_beginning_and_waits_until_the_turn_that_runs_is_over() -> None:
    soon = (Window(NOON + seconds(4), None),)
    alone = at(playlist(item("a", 10, windows=soon)), (), TRUSTED, NOON + seconds(5))
    assert (alone.start, alone.offset_s) == (NOON + seconds(4), 0.0)
    both = upcoming(playlist(item("a", 10), item("b", 10, windows=soon)), (), TRUSTED, NOON, 2)
    assert [(slot.item and slot.item.id, slot.end - NOON) for slot in both] == [("a", seconds(10)), ("b", seconds(20))]


@pytest.mark.parametrize(
    ("local", "on"),
    [("2025-09-01T22:00", True), ("2025-09-02T05:59", True), ("2025-09-02T06:00", False), ("2025-09-02T22:30", False)],
)
def test_a_part_across_midnight_counts_for_the_day_it_began_on(local: str, on: bool) -> None:
    monday_night = DayPart(22 * 60, 6 * 60, (1,))
    shown = playlist(item("a", dayparts=(monday_night,)))
    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert (at(shown, (), TRUSTED, now.astimezone(UTC)).kind is Kind.ITEM) is on


@pytest.mark.parametrize(("start", "end"), [(0, 1440), (0, 0), (600, 600)])
def test_a_whole_day_has_no_seam(start: int, end: int) -> None:
    shown = playlist(item("a", 3600, dayparts=(DayPart(start, end),)))
    slots = upcoming(shown, (), TRUSTED, NOON, 30)
    assert {slot.kind for slot in slots} == {Kind.ITEM}
    assert all(slot.offset_s == 0 for slot in slots[1:])


def test_hours_follow_the_wall_clock_through_a_change_of_offset() -> None:
    shown = playlist(item("a", 600, dayparts=(DayPart(120, 240),)), zone="Europe/Paris")
    spring = datetime(2025, 3, 30, 0, 30, tzinfo=UTC)  # 01:30; at 01:00 UTC the wall jumps from 02:00 to 03:00
    assert at(shown, (), TRUSTED, spring).kind is Kind.SLATE
    assert at(shown, (), TRUSTED, spring).end == datetime(2025, 3, 30, 1, 0, tzinfo=UTC)
    assert at(shown, (), TRUSTED, spring + timedelta(minutes=45)).kind is Kind.ITEM  # 03:15
    assert at(shown, (), TRUSTED, spring + timedelta(minutes=91)).kind is Kind.SLATE  # 04:01


def test_a_zone_nobody_knows_is_taken_for_vietnam_s() -> None:
    shown = playlist(item("a", dayparts=(DayPart(11 * 60, 13 * 60),)), zone="Mars/Olympus")
    assert at(shown, (), TRUSTED, NOON).kind is Kind.ITEM


def test_opening_hours_close_the_panel_but_not_to_an_emergency() -> None:
    shown = playlist(item("a"), opening=(DayPart(6 * 60, 11 * 60),))
    assert at(shown, (), TRUSTED, NOON).kind is Kind.BLANK
    assert at(shown, (), TRUSTED, NOON - timedelta(hours=2)).kind is Kind.ITEM
    assert at(shown, (alert(),), TRUSTED, NOON).kind is Kind.ALERT


# --- debuts ---------------------------------------------------------------------------------------------------------


def test_a_debut_shows_at_once_for_one_dwell_and_then_joins_the_loop() -> None:
    shown = playlist(item("a", 10), item("new", 10, debut=NOON + seconds(3)))
    slot = at(shown, (), TRUSTED, NOON + seconds(3))
    assert (slot.kind, slot.start, slot.end) == (Kind.DEBUT, NOON + seconds(3), NOON + seconds(13))
    assert at(shown, (), TRUSTED, NOON + seconds(13)).kind is Kind.ITEM


def test_the_newest_debut_wins_and_the_older_goes_on_after_it() -> None:
    shown = playlist(item("late", 10, debut=NOON + seconds(4)), item("early", 30, debut=NOON), item("a", 10))
    slots = upcoming(shown, (), TRUSTED, NOON, 4)
    assert names(*slots[:3]) == ["early", "late", "early"]
    assert [slot.start for slot in slots[:3]] == [NOON, NOON + seconds(4), NOON + seconds(14)]
    assert slots[2].offset_s == 14
    assert (slots[3].kind, slots[3].start) == (Kind.ITEM, NOON + seconds(30))


def test_of_debuts_at_one_instant_the_priority_one_wins() -> None:
    ahead = item("ahead", 10, debut=NOON, priority=Priority.PRIORITY)
    assert names(at(playlist(item("b", 10, debut=NOON), ahead), (), TRUSTED, NOON)) == ["ahead"]


def test_a_debut_outside_its_window_does_not_hold_up_the_next() -> None:
    gone = item("gone", 10, debut=NOON, windows=(Window(None, NOON),))
    assert names(at(playlist(gone, item("b", 10, debut=NOON)), (), TRUSTED, NOON)) == ["b"]


# --- a clock that cannot be believed --------------------------------------------------------------------------------


def test_at_the_floor_what_was_on_air_then_goes_on_and_parts_of_the_day_are_ignored() -> None:
    shown = playlist(
        item("open", windows=(Window(NOON - seconds(9), NOON + seconds(9)),)),
        item("future", windows=(Window(NOON + seconds(9), None),)),
        item("past", windows=(Window(None, NOON),)),
        item("night", dayparts=(DayPart(22 * 60, 23 * 60),)),
        issued=NOON - timedelta(days=3),
        opening=(DayPart(0, 1),),
    )
    wrong = NOON + timedelta(days=4000)
    shown_at = {slot.item.id for slot in upcoming(shown, (), Clock(ClockQuality.FLOOR, NOON), wrong, 6) if slot.item}
    assert shown_at == {"open", "night"}


def test_an_accepted_object_proves_how_late_it_is_at_least() -> None:
    stale = Clock(ClockQuality.FLOOR, NOON - timedelta(days=300))
    shown = playlist(item("over", windows=(Window(None, NOON - timedelta(days=100)),)))
    assert at(shown, (), stale, NOON).kind is Kind.SLATE


def test_with_no_clock_only_undated_items_and_alerts_that_may_still_hold() -> None:
    shown = playlist(item("dated", windows=(Window(None, NOON + seconds(9)),)), item("plain"))
    wrong = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
    assert {slot.item.id for slot in upcoming(shown, (), UNKNOWN, wrong, 3) if slot.item} == {"plain"}
    assert at(shown, (alert(),), UNKNOWN, wrong).kind is Kind.ALERT
    over = alert(issued=NOON - timedelta(days=1), hours=1)
    assert at(shown, (over,), UNKNOWN, wrong).kind is Kind.ITEM


def test_debuts_need_a_clock() -> None:
    shown = playlist(item("a", debut=NOON))
    assert at(shown, (), Clock(ClockQuality.FLOOR, NOON), NOON).kind is Kind.ITEM


@pytest.mark.parametrize(
    ("quality", "behind_s", "running_h", "believed"),
    [
        (ClockQuality.TRUSTED, 0, 999, ClockQuality.TRUSTED),
        (ClockQuality.TRUSTED, 200, 0, ClockQuality.TRUSTED),
        (ClockQuality.TRUSTED, 400, 0, ClockQuality.UNKNOWN),
        (ClockQuality.FLOOR, 0, 71, ClockQuality.FLOOR),
        (ClockQuality.FLOOR, 0, 73, ClockQuality.UNKNOWN),
        (ClockQuality.FLOOR, 400, 1, ClockQuality.UNKNOWN),
    ],
)
def test_how_far_a_clock_is_believed(
    quality: ClockQuality, behind_s: float, running_h: float, believed: ClockQuality
) -> None:
    clock = effective(Clock(quality, NOON), NOON, NOON - seconds(behind_s), running_h * 3600)
    assert clock.quality is believed


@pytest.mark.parametrize("year", [1970, 2036, 2099])
def test_any_clock_has_a_slot(year: int) -> None:
    now = datetime(year, 1, 1, tzinfo=UTC)
    slot = at(playlist(item("a"), issued=now), (), TRUSTED, now)
    assert slot.start <= now < slot.end


# --- size -----------------------------------------------------------------------------------------------------------


def test_a_look_within_an_epoch_works_nothing_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = NOON - timedelta(days=1)
    crowd = [item(f"i{n}", 7, windows=(Window(opened, NOON + timedelta(days=1 + n)),)) for n in range(5000)]
    programme = Programme(playlist(*crowd), (), TRUSTED)
    programme.at(NOON)
    worked_out: list[int] = []
    monkeypatch.setattr(Day, "stretch", lambda self, us: worked_out.append(us))
    shown = {programme.at(NOON + seconds(step)).item for step in range(0, 3600, 7)}
    assert len(shown) > 500
    assert worked_out == []
