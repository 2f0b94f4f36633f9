"""Fair shares, promises, and a loop that nobody's coming or going disturbs, over whole broadcast days."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.model import Clock, ClockQuality, DayPart, Desired, Item, Playlist, Priority, Unit, Version, Window
from player.schedule.day import bounds
from player.timeline import Kind, Programme, Slot

BEGIN = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 03:00 in Hồ Chí Minh City
DAY = timedelta(days=1)
TRUSTED = Clock(ClockQuality.TRUSTED)


def item(name: str, dwell: float = 10, **parts: object) -> Item:
    priority = parts.pop("priority", Priority.ROUTINE)
    return Item(name, 1, priority, (Version("vi", name),), dwell_s=dwell, **parts)  # type: ignore[arg-type]


def playlist(*items: Item, zone: str = "Asia/Ho_Chi_Minh", **desired: object) -> Playlist:
    return Playlist(
        1, "s-abcdef", 1, BEGIN, BEGIN + DAY, Unit("25318", "Xã Tân Hưng", zone), items,
        desired=Desired(**desired),  # type: ignore[arg-type]
    )  # fmt: skip


def slots_of(shown: Playlist, begin: datetime = BEGIN, length: timedelta = DAY) -> list[Slot]:
    found: list[Slot] = []
    for slot in Programme(shown, (), TRUSTED).slots(begin):
        if slot.start >= begin + length:
            return found
        found.append(slot)
    raise AssertionError("the time line ended")


def turns(slots: list[Slot]) -> Counter[str]:
    """Turns that were begun; one that was interrupted and went on counts once."""
    return Counter(slot.item.id for slot in slots if slot.item is not None and slot.offset_s == 0)


def whole(slots: list[Slot]) -> Counter[str]:
    """Turns that were seen from beginning to end without a break."""
    return Counter(
        slot.item.id
        for slot in slots
        if slot.item is not None and (slot.end - slot.start).total_seconds() == slot.item.dwell_s
    )


def window(start_min: int, end_min: int) -> Window:
    return Window(BEGIN + timedelta(minutes=start_min), BEGIN + timedelta(minutes=end_min))


comers = st.builds(
    lambda name, dwell, start, length: item(f"c{name}", dwell, windows=(window(start, start + length),)),
    st.integers(0, 99), st.integers(60, 3000), st.integers(0, 1300), st.integers(1, 300),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(60, 900), min_size=2, max_size=6), st.lists(comers, max_size=8), st.integers(0, 2))
def test_of_two_items_on_air_all_day_neither_has_two_turns_more(
    dwells: list[int], others: list[Item], first: int
) -> None:
    stayers = [item(f"s{n}", dwell) for n, dwell in enumerate(dwells)]
    ahead = [item(f"p{n}", 60, priority=Priority.PRIORITY) for n in range(first)]
    mixed = [
        entry for n in range(max(len(stayers), len(others))) for entry in (*stayers[n : n + 1], *others[n : n + 1])
    ]
    slots = slots_of(playlist(*mixed, *ahead))
    counted = turns([slot for slot in slots if slot.start > BEGIN])
    shares = [counted[stayer.id] for stayer in stayers]
    assert max(shares) - min(shares) <= 1
    assert min(shares) >= 1 or sum(dwells) > 20_000


def test_a_long_item_takes_no_turns_from_the_short_ones() -> None:
    counted = turns(slots_of(playlist(item("film", 3600), item("a", 10), item("b", 10))))
    assert max(counted.values()) - min(counted.values()) <= 1
    assert counted["a"] > 20


def test_a_day_too_short_for_all_is_gone_on_with_on_the_next() -> None:
    items = [item(f"i{n}", 600) for n in range(24)]  # four hours of items, which divide a day, and two of panel
    shown = playlist(*items, opening=(DayPart(8 * 60, 10 * 60),))
    seen = Counter(name for day in range(15) for name in turns(slots_of(shown, BEGIN + day * DAY)))
    assert set(seen) == {entry.id for entry in items}
    assert max(seen.values()) - min(seen.values()) <= 2


def test_an_undisturbed_loop_has_no_seam_between_days() -> None:
    slots = slots_of(playlist(item("a", 7), item("b", 11)), BEGIN - timedelta(minutes=5), timedelta(minutes=10))
    assert all(slot.offset_s == 0 for slot in slots[1:])
    assert all((slot.end - slot.start).total_seconds() in {7, 11} for slot in slots)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(5, 300), min_size=1, max_size=6), st.integers(600, 80_000), st.integers(1, 40))
def test_a_new_bulletin_leaves_what_was_shown_before_it_as_it_was(dwells: list[int], at_s: int, dwell: int) -> None:
    old = [item(f"o{n}", length) for n, length in enumerate(dwells)]
    debut = BEGIN + timedelta(seconds=at_s)
    before = slots_of(playlist(*old), BEGIN, debut - BEGIN)
    after = slots_of(playlist(*old, item("new", dwell, debut=debut)), BEGIN, debut - BEGIN)
    assert before[:-1] == after[:-1]
    assert (before[-1].item, before[-1].start) == (after[-1].item, after[-1].start)


def test_what_a_debut_interrupts_goes_on_after_it() -> None:
    shown = playlist(item("a", 60), item("b", 60), item("new", 10, debut=BEGIN + timedelta(seconds=90)))
    slots = slots_of(shown, BEGIN + timedelta(seconds=60), timedelta(seconds=80))
    assert [slot.kind for slot in slots[:3]] == [Kind.ITEM, Kind.DEBUT, Kind.ITEM]
    assert slots[0].item is slots[2].item
    assert slots[2].offset_s == slots[0].offset_s + (slots[0].end - slots[0].start).total_seconds()


def test_what_comes_and_goes_does_not_cut_the_turn_that_runs() -> None:
    edge = BEGIN + timedelta(seconds=1000)
    shown = playlist(item("a", 300), item("b", 300, windows=(Window(edge, None),)))
    slot = Programme(shown, (), TRUSTED).at(edge)
    assert slot.item is not None
    assert slot.item.id == "a"
    assert slot.start < edge < slot.end
    assert (slot.end - slot.start).total_seconds() == 300


@pytest.mark.parametrize("times", [1, 2, 7, 48])
def test_a_promise_is_kept_and_spread_over_the_day(times: int) -> None:
    crowd = [item(f"i{n}", 600) for n in range(400)]  # without the promise once in three days
    shown = playlist(*crowd, item("kept", 30, times_a_day=times), opening=(DayPart(6 * 60, 22 * 60),))
    slots = slots_of(shown)
    kept = [slot for slot in slots if slot.item is not None and slot.item.id == "kept"]
    assert whole(slots)["kept"] >= times
    gaps = [(two.start - one.start) / timedelta(hours=16) * times for one, two in pairwise(kept)]
    assert all(gap < 1.2 for gap in gaps)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(5, 120), st.integers(0, 12)), min_size=1, max_size=8),
    st.integers(0, 2),
)
def test_every_promise_is_kept_by_whole_showings(wishes: list[tuple[int, int, int]], debuts: int) -> None:
    items = [
        item(f"p{n}", dwell, times_a_day=times, dayparts=(DayPart(hour * 60, hour * 60 + 480),))
        for n, (times, dwell, hour) in enumerate(wishes)
    ]
    items += [item(f"d{n}", 300, debut=BEGIN + timedelta(hours=6 + n)) for n in range(debuts)]
    items += [item("long", 3600), item("ahead", 60, priority=Priority.PRIORITY)]
    counted = whole(slots_of(playlist(*items)))
    assert all(counted[f"p{n}"] >= times for n, (times, _, _) in enumerate(wishes))


def test_what_has_no_room_for_a_whole_showing_is_promised_none() -> None:
    shown = playlist(item("long", 900, times_a_day=5, dayparts=(DayPart(600, 610),)), item("a", 10))
    assert whole(slots_of(shown))["long"] == 0


def test_a_promise_made_in_the_day_holds_from_its_debut_on() -> None:
    debut = BEGIN + timedelta(hours=12)
    shown = playlist(*(item(f"i{n}", 600) for n in range(300)), item("new", 20, times_a_day=6, debut=debut))
    slots = slots_of(shown)
    assert whole(slots)["new"] >= 6
    assert all(slot.start >= debut for slot in slots if slot.item is not None and slot.item.id == "new")


@pytest.mark.parametrize(
    ("zone", "now", "begin", "hours"),
    [
        ("Asia/Ho_Chi_Minh", "2026-11-23T02:59+07:00", "2026-11-22T03:00+07:00", 24),
        ("Asia/Ho_Chi_Minh", "2026-11-23T03:00+07:00", "2026-11-23T03:00+07:00", 24),
        ("Europe/Paris", "2025-03-30T12:00+02:00", "2025-03-30T03:00+02:00", 24),
        ("Europe/Paris", "2025-03-29T12:00+01:00", "2025-03-29T03:00+01:00", 23),
        ("Europe/Paris", "2025-10-25T12:00+02:00", "2025-10-25T03:00+02:00", 25),
    ],
)
def test_a_broadcast_day_begins_at_three_by_the_wall_clock(zone: str, now: str, begin: str, hours: int) -> None:
    _, start, end = bounds(ZoneInfo(zone), int(datetime.fromisoformat(now).timestamp()))
    assert start == int(datetime.fromisoformat(begin).timestamp())
    assert end - start == hours * 3600


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_a_clock_that_jumps_a_day_finds_the_same_as_a_board_that_was_never_off(jump: timedelta) -> None:
    crowd = [item(f"i{n}", 40, times_a_day=n % 3, dayparts=(DayPart(n * 60, n * 60 + 600),)) for n in range(12)]
    shown = playlist(*crowd)
    jumper = Programme(shown, (), TRUSTED)
    for hour in range(24):
        here = BEGIN + timedelta(hours=hour, minutes=7)
        jumper.at(here)
        assert jumper.at(here + jump) == Programme(shown, (), TRUSTED).at(here + jump)


def test_five_thousand_items_and_one_and_none() -> None:
    assert Programme(playlist(), (), TRUSTED).at(BEGIN).kind is Kind.SLATE
    alone = Programme(playlist(item("a", 10)), (), TRUSTED).upcoming(BEGIN, 3)
    assert [slot.item and slot.item.id for slot in alone] == ["a", "a", "a"]
    crowd = [
        item(f"i{n}", 5, windows=(Window(BEGIN + timedelta(seconds=n), BEGIN + timedelta(days=1, seconds=n)),))
        for n in range(5000)
    ]
    half = Programme(playlist(*crowd), (), TRUSTED)
    seen = {slot.item.id for slot in half.upcoming(BEGIN + timedelta(seconds=5000), 5000) if slot.item}
    assert len(seen) > 4990
