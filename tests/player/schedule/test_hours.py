from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.model import DayPart
from player.schedule.hours import Hours, occurrences, segments, zone_named
from player.schedule.spans import holds

PARIS = ZoneInfo("Europe/Paris")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def unix(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "\0"])
def test_an_unknown_zone_is_vietnam_s(name: str) -> None:
    assert zone_named(name) == timezone(timedelta(hours=7))


def test_hours_of_the_week_are_open_in_stretches() -> None:
    hours = Hours([DayPart(8 * 60, 17 * 60, (1, 2, 3, 4, 5))], HANOI)
    thursday, monday = unix("2025-09-04T12:00+07:00"), unix("2025-09-08T12:00+07:00")
    assert hours.spans(thursday, monday) == (
        (thursday, unix("2025-09-04T17:00+07:00")),
        (unix("2025-09-05T08:00+07:00"), unix("2025-09-05T17:00+07:00")),
        (unix("2025-09-08T08:00+07:00"), monday),
    )


def test_a_whole_week_has_no_seam_and_no_part_is_never_open() -> None:
    start, end = unix("2025-09-05T12:00+07:00"), unix("2025-09-12T12:00+07:00")
    assert Hours([DayPart(0, 1440)], HANOI).spans(start, end) == ((start, end),)
    assert Hours([DayPart(600, 600)], HANOI).spans(start, end) == ((start, end),)
    assert Hours([], HANOI).spans(start, end) == ()


def test_time_is_cut_where_the_offset_changes() -> None:
    start, end = unix("2025-10-25T12:00+00:00"), unix("2025-10-27T12:00+00:00")
    turn = unix("2025-10-26T01:00+00:00")
    found = segments(PARIS, start, end)
    assert {offset for _, until, offset in found if until <= turn} == {7200}
    assert {offset for begin, _, offset in found if begin >= turn} == {3600}
    assert (found[0][0], found[-1][1]) == (start, end)
    assert all(one[1] == two[0] for one, two in pairwise(found))


def test_a_part_comes_round_once_a_day_however_long_the_day_is() -> None:
    found = list(occurrences(DayPart(60, 240), PARIS, unix("2025-10-25T12:00+00:00"), unix("2025-10-26T12:00+00:00")))
    assert found == [(unix("2025-10-26T01:00+02:00"), unix("2025-10-26T04:00+01:00"))]


def test_a_part_across_midnight_is_one_occurrence() -> None:
    part = DayPart(22 * 60, 6 * 60, (1,))
    found = list(occurrences(part, HANOI, unix("2025-09-02T03:00+07:00"), unix("2025-09-02T04:00+07:00")))
    assert found == [(unix("2025-09-01T22:00+07:00"), unix("2025-09-02T06:00+07:00"))]


parts = st.builds(
    DayPart,
    st.integers(0, 1440),
    st.integers(0, 1440),
    st.lists(st.integers(1, 7), min_size=1, unique=True).map(tuple),
)
moments = st.integers(unix("2025-10-20T00:00+00:00"), unix("2025-11-10T00:00+00:00"))


@settings(max_examples=200, deadline=None)
@given(st.lists(parts, min_size=1, max_size=3), moments, st.sampled_from([PARIS, HANOI]))
def test_an_instant_is_in_a_stretch_just_when_a_part_is_open(
    day_parts: list[DayPart], moment: int, zone: ZoneInfo
) -> None:
    hours = Hours(day_parts, zone)
    found = hours.spans(moment - 90_000, moment + 90_000)
    assert bool(hours.open_parts(moment)) == holds(found, moment)
    for start, end in found:
        assert hours.open_parts(start)
        assert hours.open_parts(end - 1)
        assert end == moment + 90_000 or not hours.open_parts(end)
        assert start == moment - 90_000 or not hours.open_parts(start - 1)


@settings(max_examples=200, deadline=None)
@given(parts, moments)
def test_an_instant_is_in_a_part_just_when_it_is_in_an_occurrence_of_it(part: DayPart, moment: int) -> None:
    found = any(start <= moment < end for start, end in occurrences(part, HANOI, moment, moment))
    assert found == bool(Hours([part], HANOI).open_parts(moment))


def test_the_same_wall_clock_hour_twice_is_open_twice() -> None:
    hours = Hours([DayPart(2 * 60 + 30, 2 * 60 + 45)], PARIS)
    first = datetime(2025, 10, 26, 0, 35, tzinfo=UTC)
    assert hours.open_parts(int(first.timestamp()))
    assert hours.open_parts(int((first + timedelta(hours=1)).timestamp()))
