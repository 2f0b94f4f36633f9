from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.announce import Announcement, Occasion, bed_may_sound, due
from player.model import (
    Alert,
    Clock,
    ClockQuality,
    DayPart,
    Desired,
    Item,
    Playlist,
    Priority,
    SpeechPlan,
    Unit,
    Version,
    Window,
)

TRUSTED = Clock(ClockQuality.TRUSTED)
FIVE = datetime(2025, 9, 1, 22, 0, tzinfo=UTC)  # 05:00 on 2 September by the wall clock of the unit
HOUR = timedelta(hours=1)


def item(name: str, times: int = 2, **parts: object) -> Item:
    values: dict[str, object] = {
        "priority": Priority.ROUTINE,
        "versions": (Version("vi", name, spoken=name),),
        "dwell_s": 10.0,
        "speech": SpeechPlan(times=times),
    }
    return Item(id=name, revision=1, **values | parts)  # type: ignore[arg-type]


def playlist(*items: Item, **desired: object) -> Playlist:
    unit = Unit("25318", "Xã Tân Hưng")
    return Playlist(
        1,
        "s-abcdef",
        1,
        FIVE,
        FIVE + HOUR,
        unit,
        items,
        desired=Desired(**desired),  # type: ignore[arg-type]
    )


def alert(**parts: object) -> Alert:
    values: dict[str, object] = {
        "schema": 1, "id": "bao", "group": "25318", "seq": 1, "revision": 1, "issued": FIVE,
        "expires": FIVE + HOUR, "versions": (Version("vi", "Bão", spoken="bão"),),
    }  # fmt: skip
    return Alert(**values | parts)  # type: ignore[arg-type]


def minutes(found: tuple[Announcement, ...]) -> list[tuple[str, float]]:
    return [(reading.item, (reading.at - FIVE).total_seconds() / 60) for reading in found]


def test_a_bulletin_is_read_n_times_in_each_stretch_of_speaking_hours() -> None:
    found = due(playlist(item("a"), item("b")), (), TRUSTED, FIVE - HOUR, FIVE + timedelta(hours=23))
    morning, evening = found[:4], found[4:]
    assert minutes(morning) == [("a", 0), ("b", 15), ("a", 30), ("b", 45)]
    assert minutes(evening) == [(name, minute + 12 * 60) for name, minute in minutes(morning)]
    assert [reading.nth for reading in morning] == [1, 1, 2, 2]


def test_priority_items_come_first_in_rank_order() -> None:
    shown = playlist(
        item("routine", 1),
        item("second", 1, priority=Priority.PRIORITY, rank=2),
        item("first", 1, priority=Priority.PRIORITY, rank=1),
    )
    found = due(shown, (), TRUSTED, FIVE - HOUR, FIVE + HOUR)
    assert [reading.item for reading in found] == ["first", "second", "routine"]


def test_a_stretch_of_time_is_open_at_its_start_and_closed_at_its_end() -> None:
    shown = playlist(item("a"))
    assert due(shown, (), TRUSTED, FIVE, FIVE + timedelta(minutes=29)) == ()
    assert len(due(shown, (), TRUSTED, FIVE, FIVE + timedelta(minutes=30))) == 1


def test_quiet_hours_silence_bulletins_but_never_an_emergency() -> None:
    shown = playlist(item("a"), quiet=(DayPart(5 * 60, 5 * 60 + 30),))
    found = due(shown, (alert(repeat_s=600),), TRUSTED, FIVE - timedelta(seconds=1), FIVE + timedelta(minutes=31))
    assert minutes(found) == [("bao", 0), ("bao", 10), ("bao", 20), ("bao", 30), ("a", 30)]


def test_an_emergency_sounds_at_its_issue_and_then_until_it_runs_out() -> None:
    storm = alert(repeat_s=1200)
    found = due(None, (storm,), TRUSTED, FIVE - HOUR, FIVE + 5 * HOUR)
    assert minutes(found) == [("bao", 0), ("bao", 20), ("bao", 40)]
    assert [reading.nth for reading in found] == [1, 2, 3]
    assert due(None, (storm, alert(seq=2, ended=True)), TRUSTED, FIVE - HOUR, FIVE + 5 * HOUR) == ()


def test_a_debut_is_read_once_if_that_was_asked_for() -> None:
    at = FIVE + timedelta(hours=4)
    asked = item("a", 0, debut=at, speech=SpeechPlan(times=0, at_debut=True))
    found = due(playlist(asked, item("b", 0, debut=at)), (), TRUSTED, at - HOUR, at + HOUR)
    assert [(reading.item, reading.kind, reading.at) for reading in found] == [("a", Occasion.DEBUT, at)]


def test_nothing_sounds_while_stopped_and_nothing_but_emergencies_while_the_power_is_off() -> None:
    shown = playlist(item("a"), power=False)
    assert due(shown, (alert(),), TRUSTED, FIVE - HOUR, FIVE + HOUR, stopped=True) == ()
    assert {reading.item for reading in due(shown, (alert(),), TRUSTED, FIVE - HOUR, FIVE + HOUR)} == {"bao"}


@pytest.mark.parametrize("quality", [ClockQuality.FLOOR, ClockQuality.UNKNOWN])
def test_without_a_clock_only_fresh_emergencies_sound(quality: ClockQuality) -> None:
    heard = due(playlist(item("a")), (alert(),), Clock(quality, FIVE), FIVE - HOUR, FIVE + HOUR, fresh={"bao"})
    assert {reading.item for reading in heard} == {"bao"}
    assert due(playlist(item("a")), (alert(),), Clock(quality, FIVE), FIVE - HOUR, FIVE + HOUR) == ()


def test_a_bulletin_is_not_read_outside_its_window() -> None:
    shown = playlist(item("a", windows=(Window(None, FIVE + timedelta(minutes=10)),)))
    assert minutes(due(shown, (), TRUSTED, FIVE - HOUR, FIVE + HOUR)) == [("a", 0)]


def test_what_has_no_spoken_form_is_not_read() -> None:
    assert due(playlist(item("a", versions=(Version("vi", "a"),))), (), TRUSTED, FIVE - HOUR, FIVE + HOUR) == ()


plans = st.builds(
    lambda n, times, rank: item(f"i{n}", times, rank=rank),
    st.integers(0, 10**6),
    st.integers(0, 20),
    st.integers(-3, 3),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(plans, max_size=6), st.integers(60, 90_000), st.lists(st.integers(0, 90_000), max_size=6))
def test_looking_often_hears_the_same_as_looking_once(items: list[Item], repeat_s: int, cuts: list[int]) -> None:
    shown, storms = playlist(*items), (alert(repeat_s=min(repeat_s, 86_400), expires=FIVE + 30 * HOUR),)
    marks = [FIVE - HOUR, *(FIVE + timedelta(seconds=s) for s in sorted(cuts)), FIVE + timedelta(seconds=90_001)]
    pieces = [reading for a, b in pairwise(marks) for reading in due(shown, storms, TRUSTED, a, b)]
    assert pieces == list(due(shown, storms, TRUSTED, marks[0], marks[-1]))


@pytest.mark.parametrize(
    ("parts", "stopped", "quality", "heard"),
    [
        ({}, False, ClockQuality.TRUSTED, True),
        ({}, True, ClockQuality.TRUSTED, False),
        ({}, False, ClockQuality.FLOOR, False),
        ({"power": False}, False, ClockQuality.TRUSTED, False),
        ({"quiet": (DayPart(5 * 60, 6 * 60),)}, False, ClockQuality.TRUSTED, False),
        ({"quiet": (DayPart(4 * 60, 5 * 60),)}, False, ClockQuality.TRUSTED, True),
    ],
)
def test_a_film_is_heard_when_speech_might_be(
    parts: dict[str, object], stopped: bool, quality: ClockQuality, heard: bool
) -> None:
    assert bed_may_sound(playlist(**parts), Clock(quality), FIVE, stopped=stopped) is heard


def test_without_a_playlist_no_film_is_heard() -> None:
    assert not bed_may_sound(None, TRUSTED, FIVE)
