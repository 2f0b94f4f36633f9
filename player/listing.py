"""What a playlist will show, as rows for people: the same for the player's command and the publisher's page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from player.model import Alert, Clock, ClockQuality, Item, Playlist
from player.schedule.airtime import SECOND_US, Airtime, micros
from player.schedule.hours import date_of, instant_of, local_day, zone_named
from player.timeline import Programme, Slot

CHUNK_DAYS: Final = 32
TRUSTED: Final = Clock(ClockQuality.TRUSTED)


class Row(NamedTuple):
    """One slot; `start` by the wall clock of the unit, `length_s` in seconds."""

    start: datetime
    length_s: float
    kind: str
    item: Item | None

    def line(self) -> str:
        """The row as one line of text."""
        title = f"{self.item.id} r{self.item.revision}  {self.item.versions[0].title}" if self.item is not None else ""
        when = self.start.isoformat(sep=" ", timespec="milliseconds")
        return f"{when}  {self.length_s:8.3f} s  {self.kind:6}  {title}".rstrip()


def rows(playlist: Playlist, begin: datetime, until: datetime, alerts: Iterable[Alert] = ()) -> Iterator[Row]:
    """What shows from `begin` to `until` by a trusted clock."""
    zone = zone_named(playlist.unit.zone)
    for slot in Programme(playlist, alerts, TRUSTED).slots(begin):
        if slot.start >= until:
            return
        yield _row(slot, zone)


def _row(slot: Slot, zone: tzinfo) -> Row:
    return Row(slot.start.astimezone(zone), (slot.end - slot.start).total_seconds(), slot.kind.value, slot.item)


def coming_days(item: Item, zone: tzinfo, now: datetime, count: int, *, within_days: int = 800) -> tuple[date, ...]:
    """The next local days from `now` on, at most `count`, on which `item` is on air for some time."""
    airtime = Airtime((item,), zone, TRUSTED, None)
    first, begin_us = local_day(zone, int(now.timestamp())), micros(now)
    found: dict[date, None] = {}
    for day in range(first, first + within_days, CHUNK_DAYS):
        start_s, end_s = (instant_of(zone, each, 0) for each in (day, day + CHUNK_DAYS))
        for start, end in airtime.spans(start_s * SECOND_US, end_s * SECOND_US)[0]:
            if end > begin_us:
                start = max(start, begin_us)
                found.update(dict.fromkeys(_days(zone, start // SECOND_US, (end - 1) // SECOND_US)))
        if len(found) >= count:
            break
    return tuple(found)[:count]


def _days(zone: tzinfo, first_s: int, last_s: int) -> list[date]:
    return [date_of(day) for day in range(local_day(zone, first_s), local_day(zone, last_s) + 1)]
