from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.hours import Hours, neighbours, occurrences, segments, zone_named
from player.model import DayPart

PARIS = ZoneInfo("Europe/Paris")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def unix(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "\0"])
def test_an_unknown_zone_is_vietnam_s(name: str) -> None:
    assert zone_named(name) == timezone(timedelta(hours=7))


def test_a_span_ends_where_a_part_opens_or_closes() -> None:
    hours = Hours([DayPart(8 * 60, 17 * 60, (1, 2, 3, 4, 5))], HANOI)
    friday_noon = unix("2025-09-05T12:00+07:00")
    assert hours.span(friday_noon) == (unix("2025-09-05T08:00+07:00"), unix("2025-09-05T17:00+07:00"))
    saturday = unix("2025-09-06T12:00+07:00")
    assert hours.span(saturday) == (unix("2025-09-05T17:00+07:00"), unix("2025-09-08T08:00+07:00"))


def test_hours_that_never_change_have_no_edges() -> None:
    assert Hours([DayPart(0, 1440)], HANOI).span(unix("2025-09-05T12:00+07:00")) == (None, None)
    assert Hours([], HANOI).span(0) == (None, None)


def test_a_day_is_cut_where_the_offset_changes() -> None:
    day = unix("2025-10-26T00:00+00:00") // 86_400
    turn = unix("2025-10-26T01:00+00:00")
    assert segments(PARIS, day) == [(day * 86_400, turn, 7200), (turn, (day + 1) * 86_400, 3600)]
    assert len(segments(HANOI, day)) == 1


def test_a_part_comes_round_once_a_day_however_long_the_day_is() -> None:
    found = list(occurrences(DayPart(60, 240), PARIS, unix("2025-10-25T12:00+00:00"), unix("2025-10-26T12:00+00:00")))
    assert found == [(unix("2025-10-26T01:00+02:00"), unix("2025-10-26T04:00+01:00"))]


def test_a_part_across_midnight_is_one_occurrence() -> None:
    part = DayPart(22 * 60, 6 * 60, (1,))
    found = list(occurrences(part, HANOI, unix("2025-09-02T03:00+07:00"), unix("2025-09-02T04:00+07:00")))
    assert found == [(unix("2025-09-01T22:00+07:00"), unix("2025-09-02T06:00+07:00"))]


def test_neighbours_of_an_instant() -> None:
    assert neighbours((10, 20), 5) == (None, 10)
    assert neighbours((10, 20), 10) == (10, 20)
    assert neighbours((10, 20), 25) == (20, None)


parts = st.builds(
    DayPart,
    st.integers(0, 1440),
    st.integers(0, 1440),
    st.lists(st.integers(1, 7), min_size=1, unique=True).map(tuple),
)
moments = st.integers(unix("2025-10-20T00:00+00:00"), unix("2025-11-10T00:00+00:00"))


@settings(max_examples=200, deadline=None)
@given(st.lists(parts, min_size=1, max_size=3), moments, st.sampled_from([PARIS, HANOI]))
def test_nothing_opens_or_closes_inside_a_span(day_parts: list[DayPart], moment: int, zone: ZoneInfo) -> None:
    hours = Hours(day_parts, zone)
    start, end = hours.span(moment)
    now = hours.open_parts(moment)
    for inside in (start, moment - 1 if start is not None and start < moment else moment, end and end - 1):
        assert inside is None or hours.open_parts(inside) == now
    assert start is None or hours.open_parts(start - 1) != now
    assert end is None or hours.open_parts(end) != now


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
