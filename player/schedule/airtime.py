"""When an item may be on air: its windows, its hours, its dates, and how far the clock may be believed.

Under a trusted clock an item is on air where all of these hold: a window of it is open; one of its parts
of the day; one of its dates; none of its exdates; and its debut has come. Under a clock at its floor it
is on air if at the floor a window was open, the day of the floor was one of its dates and none of its
exdates; hours of the day and the debut are ignored. Under an unknown clock only items show that are
bound to no date: without windows, dates and exdates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from player.model import Clock, ClockQuality, Item
from player.schedule import dates, spans
from player.schedule.hours import Hours, instant_of, local_day
from player.schedule.spans import FAR, Span, Spans
from player.when import DateRules, DayPart

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_US: Final = 1_000_000
_ALL: Final[Spans] = ((-FAR, FAR),)


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def instant(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def in_windows(item: Item, moment: datetime) -> bool:
    """Whether `moment` lies in a window of `item`; an item without windows is always in."""
    return not item.windows or any(
        (window.start is None or window.start <= moment) and (window.end is None or moment < window.end)
        for window in item.windows
    )


def on_date(item: Item, moment: datetime, zone: tzinfo) -> bool:
    """Whether the local day of `moment` is one on which `item` shows at all, at whatever hour; windows apart."""
    if not item.dates and not item.exdates:
        return True
    day = local_day(zone, int(moment.timestamp()))
    start_s, end_s = instant_of(zone, day, 0), instant_of(zone, day + 1, 0)
    return bool(_dated(item.dates, item.exdates, zone, start_s, end_s))


def _dated(on: DateRules, off: DateRules, zone: tzinfo, start_s: int, end_s: int) -> Spans:
    open_s = dates.any_spans(on, zone, start_s, end_s) if on else ((start_s, end_s),)
    return spans.subtract(open_s, dates.any_spans(off, zone, start_s, end_s)) if off else open_s


class Airtime:
    """The air time of the items of one playlist, a stretch of time at a go (microseconds since 1970)."""

    def __init__(self, items: Sequence[Item], zone: tzinfo, clock: Clock, floor: datetime | None) -> None:
        """`floor` is the earliest it can be; None under an untrusted clock means that nothing is known of it."""
        self._items = items
        self._zone = zone
        self._trusted = clock.quality is ClockQuality.TRUSTED
        self._fixed = () if self._trusted else tuple(self._believed(item, clock, floor) for item in items)
        self._limits = tuple(map(_limits, items)) if self._trusted else ()
        self._ruled = any(item.dayparts or item.dates or item.exdates for item in items)

    def spans(self, start_us: int, end_us: int) -> list[Spans]:
        """When each item, in their order, is on air within start <= t < end; whole seconds at both ends."""
        if not self._trusted:
            whole: Spans = ((start_us, end_us),)
            return [whole if believed else () for believed in self._fixed]
        clipped = [spans.clip(limit, start_us, end_us) for limit in self._limits]
        return self._within_rules(clipped, start_us, end_us) if self._ruled else clipped

    def _within_rules(self, clipped: list[Spans], start_us: int, end_us: int) -> list[Spans]:
        """Items share their rules far more often than not, so each set of rules is worked out once."""
        known: dict[tuple[tuple[DayPart, ...], DateRules, DateRules], Spans] = {((), (), ()): _ALL}
        for index, item in enumerate(self._items):
            rules = (item.dayparts, item.dates, item.exdates)
            if clipped[index] and rules != ((), (), ()):
                if rules not in known:
                    known[rules] = self._open(*rules, start_us // SECOND_US, end_us // SECOND_US)
                clipped[index] = spans.intersect(clipped[index], known[rules])
        return clipped

    def _open(self, parts: tuple[DayPart, ...], on: DateRules, off: DateRules, start_s: int, end_s: int) -> Spans:
        open_s = _dated(on, off, self._zone, start_s, end_s)
        if parts:
            open_s = spans.intersect(open_s, Hours(parts, self._zone).spans(start_s, end_s))
        return tuple((start * SECOND_US, end * SECOND_US) for start, end in open_s)

    def _believed(self, item: Item, clock: Clock, floor: datetime | None) -> bool:
        if clock.quality is ClockQuality.UNKNOWN or floor is None:
            return not (item.windows or item.dates or item.exdates)
        return in_windows(item, floor) and on_date(item, floor, self._zone)


def _limits(item: Item) -> Spans:
    """The windows of `item` from its debut on."""
    debut = micros(item.debut) if item.debut is not None else -FAR
    if not item.windows:
        return ((debut, FAR),)
    sides: Iterable[Span] = (
        (max(debut, micros(window.start)) if window.start is not None else debut,
         micros(window.end) if window.end is not None else FAR)
        for window in item.windows
    )  # fmt: skip
    return spans.union(sides)
