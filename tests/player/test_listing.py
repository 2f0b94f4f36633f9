from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from player.listing import coming_days, rows
from player.model import (
    DayPart,
    Desired,
    Item,
    LunarDate,
    Playlist,
    Priority,
    Recurrence,
    Unit,
    Version,
    Window,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=HANOI)  # a full moon


def item(**parts: object) -> Item:
    return Item("a", 2, Priority.ROUTINE, (Version("vi", "Họp dân"),), dwell_s=10, **parts)  # type: ignore[arg-type]


def playlist(*items: Item) -> Playlist:
    unit = Unit("25318", "Xã Tân Hưng")
    return Playlist(1, "s-abcdef", 1, NOW, NOW + timedelta(days=1), unit, items, desired=Desired())


def test_rows_are_told_by_the_unit_s_wall_clock() -> None:
    begin = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    assert [row.line() for row in rows(playlist(item()), begin, begin + timedelta(seconds=15))] == [
        "2026-11-23 12:00:00.000+07:00    10.000 s  item    a r2  Họp dân",
        "2026-11-23 12:00:10.000+07:00    10.000 s  item    a r2  Họp dân",
    ]
    assert [row.kind for row in rows(playlist(), begin, begin + timedelta(seconds=1))] == ["slate"]


def test_the_coming_days_begin_with_today_while_it_is_still_on() -> None:
    moons = coming_days(item(dates=(LunarDate(15),)), HANOI, NOW, 3)
    assert moons == (date(2026, 11, 23), date(2026, 12, 23), date(2027, 1, 22))
    morning = item(dates=(LunarDate(15),), dayparts=(DayPart(360, 600),))
    assert coming_days(morning, HANOI, NOW, 1) == (date(2026, 12, 23),)


def test_days_that_end_or_never_come() -> None:
    weekly = item(dates=(Recurrence("FREQ=WEEKLY", "2026-11-20T07:00", 60),),
                  windows=(Window(None, NOW + timedelta(days=13)),))  # fmt: skip
    assert coming_days(weekly, HANOI, NOW, 5) == (date(2026, 11, 27), date(2026, 12, 4))
    assert coming_days(item(windows=(Window(None, NOW),)), HANOI, NOW, 5) == ()


def test_a_night_is_told_by_both_of_its_days() -> None:
    night = item(dayparts=(DayPart(22 * 60, 60, (1,)),))
    assert coming_days(night, HANOI, NOW, 3) == (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30))
