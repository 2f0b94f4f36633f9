"""Days by the moon, by law and by recurrence: when such a rule is open.

A lunar date and a holiday are whole days of the unit's wall clock; the moon itself is Vietnam's, at UTC+7.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta, tzinfo
from functools import lru_cache

from player.schedule import recurrence
from player.schedule.holidays import holiday
from player.schedule.hours import DAY_S, date_of, wall_spans
from player.schedule.lunar import LunarDay, lunar_day
from player.schedule.spans import Span, Spans, union
from player.when import DateRule, LunarDate, Recurrence

_WHOLE: tuple[Span, ...] = ((0, DAY_S),)
_DAY = timedelta(days=1)


def spans(rule: DateRule, zone: tzinfo, start_s: int, end_s: int) -> Spans:
    """When `rule` is open between two instants (whole unix seconds), clipped."""
    if isinstance(rule, Recurrence):
        return recurrence.spans(rule, zone, start_s, end_s)
    return wall_spans(lambda day: _WHOLE if covers(rule, date_of(day)) else (), zone, start_s, end_s)


def any_spans(rules: Iterable[DateRule], zone: tzinfo, start_s: int, end_s: int) -> Spans:
    """When at least one of them is open."""
    return union(span for rule in rules for span in spans(rule, zone, start_s, end_s))


def covers(rule: DateRule, day: date) -> bool:
    """Whether a day belongs to a rule of whole days. A recurrence is of hours and covers no day by this."""
    if isinstance(rule, LunarDate):
        return any(_is(rule, day + n * _DAY) for n in range(1 - rule.days, rule.lead_days + 1))
    return not isinstance(rule, Recurrence) and holiday(day) is not None


def _is(rule: LunarDate, day: date) -> bool:
    found = _moon(day)
    if found is None or (rule.month and (found.month != rule.month or found.leap)):
        return False
    return found.day == rule.day or (rule.day == 30 and found.day == 29 and _last(day))


def _last(day: date) -> bool:
    tomorrow = _moon(day + _DAY)
    return tomorrow is not None and tomorrow.day == 1


@lru_cache(maxsize=256)
def _moon(day: date) -> LunarDay | None:
    """None for a day beyond the known lunar years: no bulletin of the moon shows then."""
    try:
        return lunar_day(day)
    except ValueError:
        return None
