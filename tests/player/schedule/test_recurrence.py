from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.model import Recurrence
from player.schedule.recurrence import Fault, RecurrenceError, check, spans

HANOI, PARIS = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Europe/Paris")


def recurrence(rule: str, start: str = "2026-01-05T07:00", minutes: int = 60) -> Recurrence:
    return Recurrence(rule, start, minutes)


def unix(text: str, zone: ZoneInfo = HANOI) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def begins(rule: str, first: str, last: str, **parts: object) -> list[str]:
    found = spans(recurrence(rule, **parts), HANOI, unix(first), unix(last))  # type: ignore[arg-type]
    return [f"{datetime.fromtimestamp(start, HANOI):%Y-%m-%d %H:%M}" for start, _ in found]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=DAILY;INTERVAL=3", ["2026-03-03 07:00", "2026-03-06 07:00", "2026-03-09 07:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,TH", ["2026-03-02 07:00", "2026-03-05 07:00", "2026-03-09 07:00"]),
        ("FREQ=WEEKLY;INTERVAL=2", ["2026-03-02 07:00"]),
        ("FREQ=MONTHLY;BYDAY=1SU", ["2026-03-01 07:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", []),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8;BYHOUR=6,18", ["2026-03-08 06:00", "2026-03-08 18:00"]),
        ("RRULE:freq=daily;count=2", []),
        ("FREQ=DAILY;UNTIL=20260302", ["2026-03-01 07:00", "2026-03-02 07:00"]),
        ("FREQ=DAILY;UNTIL=20260302T000000Z", ["2026-03-01 07:00", "2026-03-02 07:00"]),
        ("FREQ=DAILY;UNTIL=20260301T235959Z", ["2026-03-01 07:00"]),
    ],
)
def test_rules_name_their_times(rule: str, found: list[str]) -> None:
    check(recurrence(rule))
    assert begins(rule, "2026-03-01", "2026-03-10") == found


@pytest.mark.parametrize(
    ("rule", "fault", "part"),
    [
        ("every day", Fault.FORM, "EVERY DAY"),
        ("FREQ=DAILY;COUNT", Fault.FORM, "COUNT"),
        ("FREQ=SECONDLY", Fault.FREQUENCY, "SECONDLY"),
        ("FREQ=MINUTELY;INTERVAL=5", Fault.FREQUENCY, "MINUTELY"),
        ("FREQ=HOURLY", Fault.FREQUENCY, "HOURLY"),
        ("INTERVAL=2", Fault.FREQUENCY, "INTERVAL=2"),
        ("FREQ=DAILY;BYEASTER=0", Fault.PART, "BYEASTER"),
        ("FREQ=DAILY;BYSECOND=1", Fault.PART, "BYSECOND"),
        ("FREQ=DAILY;FREQ=WEEKLY", Fault.PART, "FREQ"),
        ("FREQ=DAILY;INTERVAL=0", Fault.VALUE, "INTERVAL=0"),
        ("FREQ=DAILY;COUNT=999999", Fault.VALUE, "COUNT=999999"),
        ("FREQ=DAILY;BYMONTHDAY=32", Fault.VALUE, "BYMONTHDAY=32"),
        ("FREQ=DAILY;BYDAY=1MO", Fault.VALUE, "BYDAY=1MO"),
        ("FREQ=DAILY;UNTIL=20261399", Fault.VALUE, "UNTIL=20261399"),
        ("FREQ=DAILY;BYHOUR=٣", Fault.VALUE, "BYHOUR=٣"),
        ("FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=" + ",".join(map(str, range(20))), Fault.OFTEN, ""),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", Fault.NEVER, ""),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;UNTIL=20270101", Fault.NEVER, ""),
    ],
)
def test_what_is_not_taken_is_named(rule: str, fault: Fault, part: str) -> None:
    with pytest.raises(RecurrenceError) as refused:
        check(recurrence(rule))
    assert refused.value.fault is fault
    assert refused.value.part == (part or rule)
    if fault is not Fault.NEVER:
        assert spans(recurrence(rule), HANOI, unix("2026-01-01"), unix("2026-02-01")) == ()


@pytest.mark.parametrize("start", ["2026-02-30T07:00", "1999-12-31T07:00", "2100-01-01T07:00", "2026-01-05T24:00"])
def test_a_first_time_that_cannot_be_is_refused(start: str) -> None:
    with pytest.raises(RecurrenceError) as refused:
        check(recurrence("FREQ=DAILY", start))
    assert (refused.value.fault, refused.value.part) == (Fault.START, start)


def test_a_duration_runs_on_into_the_next_days_and_joins_what_follows() -> None:
    found = spans(recurrence("FREQ=DAILY", minutes=1440), HANOI, unix("2026-03-01"), unix("2026-03-05"))
    assert found == ((unix("2026-03-01"), unix("2026-03-05")),)
    late = spans(recurrence("FREQ=WEEKLY", minutes=3 * 1440), HANOI, unix("2026-03-04"), unix("2026-03-06"))
    assert late == ((unix("2026-03-04"), unix("2026-03-05T07:00")),)


def test_the_wall_clock_rules_through_a_change_of_offset() -> None:
    daily = recurrence("FREQ=DAILY", "2025-10-01T07:00")
    found = spans(daily, PARIS, unix("2025-10-25", PARIS), unix("2025-10-27", PARIS))
    assert [datetime.fromtimestamp(start, PARIS).hour for start, _ in found] == [7, 7]
    assert found[1][0] - found[0][0] == 25 * 3600


@pytest.mark.parametrize("year", [1970, 1999, 2026, 2099, 2399, 2400])
def test_any_year_can_be_asked_for(year: int) -> None:
    moment = int(datetime(year, 6, 1, tzinfo=UTC).timestamp())
    found = spans(recurrence("FREQ=DAILY"), HANOI, moment, moment + 86_400)
    assert (len(found) > 0) is (2026 <= year < 2400)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["FREQ=DAILY;INTERVAL=7", "FREQ=WEEKLY"]), st.integers(0, 3000), st.integers(1, 30))
def test_where_one_looks_from_makes_no_difference(rule: str, day: int, length: int) -> None:
    """Every seventh day from 5 January 2026, whether the rule was moved near or walked through."""
    start = datetime(2026, 1, 1, tzinfo=HANOI) + timedelta(days=day)
    found = spans(recurrence(rule), HANOI, int(start.timestamp()), int((start + timedelta(days=length)).timestamp()))
    counted = recurrence(f"{rule};COUNT=900")
    assert found == spans(counted, HANOI, int(start.timestamp()), int((start + timedelta(days=length)).timestamp()))
    assert len(found) == sum(1 for n in range(length) if (day + n - 4) % 7 == 0 and day + n >= 4)
