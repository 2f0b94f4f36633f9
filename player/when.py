"""The vocabulary of time: windows, hours of the week, and days by the moon, by law and by recurrence.

All of it is read by the wall clock of the unit's zone, but for windows, which are instants.
What the rules mean is worked out in `player.schedule`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from player.value import Value

DAY_MIN: Final = 24 * 60
MinuteOfDay = Annotated[int, Meta(ge=0, le=DAY_MIN)]


class Window(Value, frozen=True):
    """A half-open span of time, start <= t < end; a missing side is open."""

    start: datetime | None = None
    end: datetime | None = None


class DayPart(Value, frozen=True):
    """Hours of some weekdays (ISO, 1 = Monday) in the unit's zone; an end at or before the start crosses midnight."""

    start_min: MinuteOfDay
    end_min: MinuteOfDay
    weekdays: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)


class LunarDate(Value, frozen=True, tag_field="kind", tag="lunar"):
    """Days counted from a day of the Vietnamese lunar calendar: `lead_days` before it, then `days` from it on.

    `month` 0 is every month, a leap month too; a named month is the plain one, never the leap month after it.
    `day` 30 is the last of its month, be that the 29th.
    """

    day: Annotated[int, Meta(ge=1, le=30)]
    month: Annotated[int, Meta(ge=0, le=12)] = 0
    lead_days: Annotated[int, Meta(ge=0, le=15)] = 0
    days: Annotated[int, Meta(ge=1, le=30)] = 1


class Holiday(Value, frozen=True, tag_field="kind", tag="holiday"):
    """The public holidays of Vietnam, as `player.schedule.holidays` knows them."""


class Recurrence(Value, frozen=True, tag_field="kind", tag="rrule"):
    """An RFC 5545 recurrence: from each time the rule names, for `duration_min` minutes.

    `rule` is the value of an RRULE; `start` its DTSTART by the wall clock of the unit, "2026-01-05T07:00".
    `player.schedule.recurrence` says which rules are taken; one that is not never comes on air.
    """

    rule: Annotated[str, Meta(min_length=1, max_length=300)]
    start: Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\Z")]
    duration_min: Annotated[int, Meta(ge=1, le=7 * DAY_MIN)]


DateRule = LunarDate | Holiday | Recurrence
DateRules = Annotated[tuple[DateRule, ...], Meta(max_length=32)]
