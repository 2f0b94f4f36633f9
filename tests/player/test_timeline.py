from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    alert_item,
)
from player.timeline import Kind, Programme, Slot, at, dwell_s, effective, upcoming

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
        "p1", "p2", "r1", "r2", "r3", "p1", "p2", "r4", "r5", "p1",
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


def test_a_slot_whose_front_was_cut_off_says_how_much() -> None:
    begin = datetime(1970, 1, 1, 0, 0, 4, tzinfo=UTC)
    slot = at(playlist(item("a", 10, windows=(Window(begin, None),))), (), TRUSTED, begin + seconds(1))
    assert (slot.start, slot.offset_s, slot.position_s(begin + seconds(1))) == (begin, 4.0, 5.0)


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


# --- properties -----------------------------------------------------------------------------------------------------

BASE = datetime(2025, 3, 29, 12, 0, tzinfo=UTC)  # the night in which Paris changes its clock
ZONES = ("Asia/Ho_Chi_Minh", "Europe/Paris", "America/New_York", "Asia/Kathmandu")
instants = st.integers(0, 4 * 86_400_000).map(lambda ms: BASE + timedelta(milliseconds=ms))
minutes = st.integers(0, 1440)
weekdays = st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True).map(lambda days: tuple(sorted(days)))
parts = st.builds(DayPart, minutes, minutes, weekdays)
sides = st.none() | instants
windows = st.builds(Window, sides, sides)
dwells = st.integers(1000, 900_000).map(lambda ms: ms / 1000)


@st.composite
def items(draw: st.DrawFn) -> Item:
    return item(
        draw(st.text("abcdef", min_size=1, max_size=4)),
        draw(dwells),
        priority=draw(st.sampled_from([Priority.ROUTINE] * 3 + [Priority.PRIORITY] * 2 + [Priority.EMERGENCY])),
        rank=draw(st.integers(-2, 2)),
        windows=tuple(draw(st.lists(windows, max_size=2))),
        dayparts=tuple(draw(st.lists(parts, max_size=2))),
        always=draw(st.integers(0, 4)) == 0,
        debut=draw(sides) if draw(st.integers(0, 2)) == 0 else None,
    )


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    issued = draw(instants)
    return alert(
        draw(st.sampled_from("xyz")), issued, draw(st.integers(1, 600)) / 60,
        seq=draw(st.integers(1, 3)), group=draw(st.sampled_from(["g", "h"])),
        ended=draw(st.integers(0, 3)) == 0, dwell_s=draw(dwells),
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Playlist | None, tuple[Alert, ...], Clock, bool]:
    shown = playlist(
        *draw(st.lists(items(), max_size=7)), issued=draw(instants), zone=draw(st.sampled_from(ZONES)),
        power=draw(st.integers(0, 5)) > 0, opening=tuple(draw(st.lists(parts, max_size=2))),
    )  # fmt: skip
    quality = draw(st.sampled_from([ClockQuality.TRUSTED] * 4 + [ClockQuality.FLOOR, ClockQuality.UNKNOWN]))
    warnings = tuple(draw(st.lists(alerts(), max_size=3))) if draw(st.integers(0, 2)) == 0 else ()
    return (
        shown if draw(st.integers(0, 9)) else None, warnings, Clock(quality, draw(sides)), draw(st.integers(0, 19)) == 0
    )  # fmt: skip


def slow_open(day_parts: tuple[DayPart, ...], now: datetime, zone: str) -> bool:
    """Whether the wall clock of `zone` stands in one of the parts, by trying yesterday's and today's."""
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    for part in day_parts:
        for day in (wall.date(), wall.date() - timedelta(days=1)):
            if day.isoweekday() in part.weekdays:
                midnight = datetime(day.year, day.month, day.day)
                start = midnight + timedelta(minutes=part.start_min)
                whole = timedelta(days=1) if part.end_min <= part.start_min else timedelta(0)
                end = midnight + timedelta(minutes=part.end_min) + whole
                if start <= wall < end:
                    return True
    return False


def slow_on_air(thing: Item, now: datetime, clock: Clock, floor: datetime | None, zone: str) -> bool:
    def inside(moment: datetime) -> bool:
        spans = thing.windows or (Window(),)
        return any((w.start is None or w.start <= moment) and (w.end is None or moment < w.end) for w in spans)

    if clock.quality is ClockQuality.TRUSTED:
        return inside(now) and (not thing.dayparts or slow_open(thing.dayparts, now, zone))
    if clock.quality is ClockQuality.FLOOR and floor is not None:
        return inside(floor)
    return not thing.windows


def slow_at(  # noqa: PLR0911 -- the ladder, one return a rung
    shown: Playlist | None, warnings: tuple[Alert, ...], clock: Clock, now: datetime, *, stopped: bool
) -> tuple[Kind, Item | None, float]:
    """The obvious version: (kind, item, position in seconds), with every list written out."""
    if stopped:
        return Kind.BLANK, None, 0.0
    trusted = clock.quality is ClockQuality.TRUSTED
    floors = [x for x in [clock.floor, shown.issued if shown else None, *(a.issued for a in warnings)] if x]
    floor = max(floors) if floors else None
    zone = shown.unit.zone if shown else "Asia/Ho_Chi_Minh"
    on = [i for i in shown.items if slow_on_air(i, now, clock, floor, zone)] if shown else []

    newest: list[Alert] = []
    for name in {a.id for a in warnings}:
        same = [a for a in warnings if a.id == name]
        newest.append(next(a for a in same if a.seq == max(b.seq for b in same)))
    moment = now if trusted else floor
    live = [a for a in newest if not a.ended and (moment is None or moment < a.expires)]
    live.sort(key=lambda a: (a.issued, a.seq, a.id), reverse=True)
    urgent = [alert_item(a) for a in live] + [i for i in on if i.priority is Priority.EMERGENCY]
    if urgent:
        anchor = live[0].issued if live else shown.issued if shown else BASE
        return (Kind.ALERT, *slow_turn(urgent, now, anchor))
    if shown and not shown.desired.power:
        return Kind.BLANK, None, 0.0
    if shown and trusted and shown.desired.opening and not slow_open(shown.desired.opening, now, zone):
        return Kind.BLANK, None, 0.0
    if shown and trusted:
        for begin, thing in slow_debuts(shown):
            if begin <= now < begin + seconds(dwell_s(thing)) and any(thing is i for i in on):
                return Kind.DEBUT, thing, (now - begin).total_seconds()
    plain = [i for i in on if not i.always and i.priority is not Priority.EMERGENCY]
    first = sorted((i for i in plain if i.priority is Priority.PRIORITY), key=lambda i: i.rank)
    routine = [i for i in plain if i.priority is Priority.ROUTINE]
    loop: list[Item] = []
    for number, thing in enumerate(routine):
        loop += first if number % 3 == 0 else []
        loop.append(thing)
    loop = loop or first
    if loop:
        return (Kind.ITEM, *slow_turn(loop, now, datetime(1970, 1, 1, tzinfo=UTC)))
    standing = [i for i in on if i.always]
    if standing:
        return (Kind.ALWAYS, *slow_turn(standing, now, datetime(1970, 1, 1, tzinfo=UTC)))
    return Kind.SLATE, None, 0.0


def slow_turn(loop: list[Item], now: datetime, anchor: datetime) -> tuple[Item, float]:
    length = sum((seconds(dwell_s(i)) for i in loop), timedelta(0))
    left = (now - anchor) % length
    for thing in loop:
        if left < seconds(dwell_s(thing)):
            return thing, left.total_seconds()
        left -= seconds(dwell_s(thing))
    raise AssertionError("the loop is shorter than itself")


def slow_debuts(shown: Playlist) -> list[tuple[datetime, Item]]:
    waiting = [i for i in shown.items if i.debut and not i.always and i.priority is not Priority.EMERGENCY]
    waiting.sort(key=lambda i: (i.priority is not Priority.PRIORITY, i.rank))
    waiting.sort(key=lambda i: i.debut or BASE, reverse=True)
    return [(i.debut, i) for i in waiting if i.debut]


@settings(max_examples=400, deadline=None)
@given(worlds(), instants)
def test_the_slot_holds_the_instant_and_is_the_same_all_through(
    world: tuple[Playlist | None, tuple[Alert, ...], Clock, bool], now: datetime
) -> None:
    shown, warnings, clock, stopped = world
    slot = at(shown, warnings, clock, now, stopped=stopped)
    assert slot.start <= now < slot.end
    middle = slot.start + (slot.end - slot.start) / 2
    last = slot.end - timedelta(microseconds=1)
    for moment in (slot.start, middle, last):
        assert at(shown, warnings, clock, moment, stopped=stopped) == slot


@settings(max_examples=200, deadline=None)
@given(worlds(), instants)
def test_slots_meet_without_a_gap(world: tuple[Playlist | None, tuple[Alert, ...], Clock, bool], now: datetime) -> None:
    shown, warnings, clock, stopped = world
    slots = upcoming(shown, warnings, clock, now, 40, stopped=stopped)
    assert all(one.end == two.start for one, two in pairwise(slots))
    assert all(slot == at(shown, warnings, clock, slot.start, stopped=stopped) for slot in slots[1:])


@settings(max_examples=1000, deadline=None)
@given(worlds(), st.lists(instants, min_size=1, max_size=5))
def test_the_fast_time_line_agrees_with_the_obvious_one(
    world: tuple[Playlist | None, tuple[Alert, ...], Clock, bool], moments: list[datetime]
) -> None:
    shown, warnings, clock, stopped = world
    programme = Programme(shown, warnings, clock, stopped=stopped)
    for now in moments:
        slot = programme.at(now)
        kind, thing, position = slow_at(shown, warnings, clock, now, stopped=stopped)
        assert (slot.kind, slot.item) == (kind, thing)
        if thing is not None:
            assert slot.position_s(now) == pytest.approx(position, abs=1e-5)


@settings(max_examples=200, deadline=None)
@given(worlds(), instants)
def test_an_expired_window_never_shows(
    world: tuple[Playlist | None, tuple[Alert, ...], Clock, bool], now: datetime
) -> None:
    shown, warnings, _, stopped = world
    slot = at(shown, warnings, TRUSTED, now, stopped=stopped)
    if slot.item is not None and slot.item.windows:
        assert any(w.end is None or now < w.end for w in slot.item.windows)


# --- size -----------------------------------------------------------------------------------------------------------


def test_a_look_within_an_epoch_works_nothing_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = NOON - timedelta(days=1)
    crowd = [item(f"i{n}", 7, windows=(Window(opened, NOON + timedelta(days=1 + n)),)) for n in range(5000)]
    programme = Programme(playlist(*crowd), (), TRUSTED)
    programme.at(NOON)
    worked_out: list[int] = []
    monkeypatch.setattr(Programme, "_epoch_at", lambda self, us: worked_out.append(us))
    shown = {programme.at(NOON + seconds(step)).item for step in range(0, 3600, 7)}
    assert len(shown) > 500
    assert worked_out == []
