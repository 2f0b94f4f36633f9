"""RFC 5545 recurrences (RRULE): which are taken, and when they come round.

Taken are FREQ=DAILY, WEEKLY, MONTHLY and YEARLY with the parts of section 3.3.10 that make sense for a
board, up to 48 times a day. The rule counts by the wall clock of the unit; what it names lasts for the
duration from the instant at which the clock shows that time.

A rule that never comes true (30 February) must not be sought for eight thousand years. The Gregorian
calendar repeats every 400 years, weekdays and all, and so a rule is worked out in the last years that
dates can name, where a search without an end soon ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import MAXYEAR, UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from dateutil.rrule import rrule, rrulestr

from player.schedule.hours import DAY_S, FIRST_DAY, instant_of
from player.schedule.spans import FAR, Spans, union
from player.when import Recurrence

FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TIMES_A_DAY: Final = 48
COUNT_LIMIT: Final = 1000
INTERVAL_LIMIT: Final = 1000
HORIZON: Final = timedelta(days=10 * 366)  # a rule that names no time in ten years is a mistake
CYCLE_YEARS: Final = 400
SINCE: Final = 2000  # years before and after which a rule may not begin
UNTIL: Final = 2099


class Fault(StrEnum):
    """Why a recurrence is not taken, in the order in which it is looked for."""

    FORM = "form"  # not NAME=VALUE;NAME=VALUE
    START = "start"
    FREQUENCY = "frequency"
    PART = "part"  # an unknown part, or one given twice
    VALUE = "value"
    OFTEN = "often"
    NEVER = "never"


class RecurrenceError(ValueError):
    """A recurrence that is not taken: `fault` says why, `part` names what of the rule it is about."""

    def __init__(self, fault: Fault, part: str) -> None:
        super().__init__(f"{part!r}: {_WORDS[fault]}")
        self.fault = fault
        self.part = part


_WORDS: Final = {
    Fault.FORM: "a rule reads NAME=VALUE;NAME=VALUE, for instance FREQ=WEEKLY;BYDAY=MO,TH",
    Fault.START: f"a local time such as 2026-01-05T07:00, from {SINCE} to {UNTIL}",
    Fault.FREQUENCY: f"FREQ is one of {', '.join(FREQUENCIES)}; for several times a day add BYHOUR and BYMINUTE",
    Fault.PART: "a part of RFC 5545 that is unknown here or stands twice",
    Fault.VALUE: "not a value of this part",
    Fault.OFTEN: f"at most {TIMES_A_DAY} times a day",
    Fault.NEVER: "names no time in ten years",
}
_DAY_NAME: Final = r"(MO|TU|WE|TH|FR|SA|SU)"


def _whole(low: int, high: int, *, signed: bool = False) -> Callable[[str], bool]:
    sign = "[+-]?" if signed else r"\+?"

    def allowed(text: str) -> bool:
        return re.fullmatch(rf"{sign}[0-9]{{1,4}}", text) is not None and low <= abs(int(text)) <= high

    return lambda text: all(allowed(one) for one in text.split(","))


def _one(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: "," not in text and check(text)


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: all(re.fullmatch(pattern, one) is not None for one in text.split(","))


_ORDINAL: Final = r"([+-]?([1-9]|[1-4][0-9]|5[0-3]))?"
_PARTS: Final[dict[str, Callable[[str], bool]]] = {
    "FREQ": _matches("[A-Z]+"),
    "INTERVAL": _one(_whole(1, INTERVAL_LIMIT)),
    "COUNT": _one(_whole(1, COUNT_LIMIT)),
    "UNTIL": _one(_matches(r"[0-9]{8}(T[0-9]{6}Z?)?")),
    "WKST": _one(_matches(_DAY_NAME)),
    "BYMONTH": _whole(1, 12),
    "BYMONTHDAY": _whole(1, 31, signed=True),
    "BYYEARDAY": _whole(1, 366, signed=True),
    "BYWEEKNO": _whole(1, 53, signed=True),
    "BYDAY": _matches(_ORDINAL + _DAY_NAME),
    "BYHOUR": _whole(0, 23),
    "BYMINUTE": _whole(0, 59),
    "BYSETPOS": _whole(1, 366, signed=True),
}


def check(recurrence: Recurrence) -> None:
    """Raises RecurrenceError for a recurrence that is not taken; returns where it is."""
    made = _Rule(recurrence)
    if made.first(HORIZON) is None:
        raise RecurrenceError(Fault.NEVER, recurrence.rule)


def spans(recurrence: Recurrence, zone: tzinfo, start_s: int, end_s: int) -> Spans:
    """When the recurrence is on air between two instants, clipped; nothing for one that is not taken."""
    try:
        made = _Rule(recurrence)
    except RecurrenceError:
        return ()
    duration_s = recurrence.duration_min * 60
    slack_s = duration_s + DAY_S  # the wall clock of any zone is within a day of UTC
    begins = (_instant(zone, wall) for wall in made.between(_wall(start_s - slack_s), _wall(end_s + DAY_S)))
    return union((max(start_s, begin), min(end_s, begin + duration_s)) for begin in begins if begin <= made.last_s)


class _Rule:
    """The checked rule, worked out some whole cycles of the calendar later than it is meant."""

    def __init__(self, recurrence: Recurrence) -> None:
        parts = _parts(recurrence.rule)
        start = _start(recurrence.start)
        until = parts.pop("UNTIL", "")
        last = _moment(until) if until else None
        self.last_s = int(last.replace(tzinfo=UTC).timestamp()) if last and until.endswith("Z") else FAR
        self._counted = "COUNT" in parts
        self._shift = (MAXYEAR - start.year) // CYCLE_YEARS * CYCLE_YEARS
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        self._start = self._later(start)
        try:
            self._rule = _built(text, self._start)
            if last is not None and not until.endswith("Z"):
                self._rule = self._rule.replace(until=self._later(last))
        except (ValueError, TypeError, IndexError) as exc:
            raise RecurrenceError(Fault.VALUE, recurrence.rule) from exc
        self._step = _step(parts)

    def first(self, within: timedelta) -> datetime | None:
        """The first time it names, if that lies within `within` of its start."""
        found = next(iter(self._rule), None)
        return found if found is not None and found - self._start <= within else None

    def between(self, after: datetime, before: datetime) -> list[datetime]:
        """The wall-clock times after <= t < before."""
        if before.year > MAXYEAR - self._shift or after.year < SINCE - 1:
            return []
        low, high = self._later(after), self._later(before)
        found = self._near(low).between(low, high, inc=True)
        return [time.replace(year=time.year - self._shift) for time in found]

    def _near(self, moment: datetime) -> rrule:
        """The same rule begun by whole steps nearer to `moment`, so that years need not be walked through."""
        if self._step is None or self._counted or moment <= self._start:
            return self._rule
        return self._rule.replace(dtstart=self._start + (moment - self._start) // self._step * self._step)

    def _later(self, moment: datetime) -> datetime:
        return moment.replace(year=moment.year + self._shift)


def _parts(rule: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in rule.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise RecurrenceError(Fault.FORM, part)
        if name not in _PARTS or name in found:
            raise RecurrenceError(Fault.PART, name)
        if not _PARTS[name](value):
            raise RecurrenceError(Fault.VALUE, part)
        found[name] = value
    if found.get("FREQ") not in FREQUENCIES:
        raise RecurrenceError(Fault.FREQUENCY, found.get("FREQ", rule))
    if found["FREQ"] in {"DAILY", "WEEKLY"} and re.search("[0-9]", found.get("BYDAY", "")):
        raise RecurrenceError(Fault.VALUE, f"BYDAY={found['BYDAY']}")  # "the second Monday" of what?
    if len(found.get("BYHOUR", "").split(",")) * len(found.get("BYMINUTE", "").split(",")) > TIMES_A_DAY:
        raise RecurrenceError(Fault.OFTEN, rule)
    return found


def _start(text: str) -> datetime:
    try:
        start = datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 -- a wall clock has no zone
    except ValueError as exc:
        raise RecurrenceError(Fault.START, text) from exc
    if not SINCE <= start.year <= UNTIL:
        raise RecurrenceError(Fault.START, text)
    return start


def _moment(text: str) -> datetime:
    """The time UNTIL names; a day alone means all of it. Raises RecurrenceError if there is no such time."""
    try:
        if len(text) == len("20260105"):
            return datetime.strptime(text, "%Y%m%d") + timedelta(days=1, microseconds=-1)  # noqa: DTZ007
        return datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    except ValueError as exc:
        raise RecurrenceError(Fault.VALUE, f"UNTIL={text}") from exc


def _built(text: str, start: datetime) -> rrule:
    made = rrulestr(text, dtstart=start)
    assert isinstance(made, rrule)  # noqa: S101 -- one rule without dates beside it
    return made


def _step(parts: dict[str, str]) -> timedelta | None:
    """What the beginning may be moved by without another outcome."""
    days = {"DAILY": 1, "WEEKLY": 7}.get(parts["FREQ"])
    return timedelta(days=days * int(parts.get("INTERVAL", "1"))) if days is not None else None


def _wall(unix_s: int) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC).replace(tzinfo=None)


def _instant(zone: tzinfo, wall: datetime) -> int:
    day = wall.date().toordinal() - FIRST_DAY
    return instant_of(zone, day, wall.hour * 60 + wall.minute)
