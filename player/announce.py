"""When speech sounds: a function of the playlist, the alerts, the clock and a stretch of time.

Pictures never wait for speech, and speech has its own hours. An emergency sounds at its issue and
then every `repeat_s` until it runs out, at any hour. A bulletin that asks for it is read at its
debut; the rest are read `times` in each stretch of speaking hours, spread evenly, the priority
ones first in each round; one that is bound to dates only on its days, at whatever hour it shows.
Readings may be due before the one ahead has finished: whoever plays them lets them queue. Quiet
hours and a panel switched off silence all but emergencies; the emergency stop silences everything.
Without a trusted clock only the alerts named `fresh` sound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from player.model import Alert, Clock, ClockQuality, Item, Playlist, Priority, Version
from player.schedule.airtime import in_windows, on_date
from player.schedule.hours import Hours, occurrences, zone_named
from player.timeline import live_alerts


class Occasion(StrEnum):
    ALERT = "alert"
    DEBUT = "debut"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One reading due: of which item, in which languages one after another, and the how-manyeth (1 is the first)."""

    at: datetime
    item: str
    revision: int
    langs: tuple[str, ...]
    kind: Occasion
    nth: int


def due(
    playlist: Playlist | None,
    alerts: Iterable[Alert],
    clock: Clock,
    after: datetime,
    until: datetime,
    *,
    stopped: bool = False,
    fresh: Collection[str] = (),
) -> tuple[Announcement, ...]:
    """What is to be read at instants after < t <= until, in order."""
    if stopped:
        return ()
    trusted = clock.quality is ClockQuality.TRUSTED
    found = [
        announcement
        for alert in live_alerts(alerts)
        if trusted or alert.id in fresh
        for announcement in _repeats(alert, after, until, trusted)
    ]
    if playlist is not None and trusted and playlist.desired.power:
        quiet = Hours(playlist.desired.quiet, zone_named(playlist.unit.zone))
        planned = (*_debuts(playlist, after, until), *_in_hours(playlist, after, until))
        found += [reading for reading in planned if not quiet.open_parts(int(reading.at.timestamp()))]
    return tuple(sorted(found, key=lambda reading: (reading.at, reading.kind is not Occasion.ALERT)))


def bed_may_sound(playlist: Playlist | None, clock: Clock, now: datetime, *, stopped: bool = False) -> bool:
    """Whether a film or music may be heard at `now`: with a clock that tells quiet hours from others, and outside
    of them, while the panel is meant to be on and nobody has stopped everything."""
    if stopped or playlist is None or clock.quality is not ClockQuality.TRUSTED or not playlist.desired.power:
        return False
    quiet = Hours(playlist.desired.quiet, zone_named(playlist.unit.zone))
    return not quiet.open_parts(int(now.timestamp()))


def spoken_langs(versions: Iterable[Version]) -> tuple[str, ...]:
    """The languages that have something to be heard."""
    return tuple(version.lang for version in versions if version.spoken or version.audio is not None)


def _repeats(alert: Alert, after: datetime, until: datetime, trusted: bool) -> Iterator[Announcement]:
    langs = spoken_langs(alert.versions)
    step = timedelta(seconds=alert.repeat_s)
    nth = max(0, (after - alert.issued) // step + 1)
    moment = alert.issued + nth * step
    while langs and moment <= until and (not trusted or moment < alert.expires):
        yield Announcement(moment, alert.id, alert.revision, langs, Occasion.ALERT, nth + 1)
        nth, moment = nth + 1, moment + step


def _debuts(playlist: Playlist, after: datetime, until: datetime) -> Iterator[Announcement]:
    zone = zone_named(playlist.unit.zone)
    for item in playlist.items:
        if item.debut is None or item.speech is None or not item.speech.at_debut:
            continue
        langs = spoken_langs(item.versions)
        if langs and after < item.debut <= until and in_windows(item, item.debut) and on_date(item, item.debut, zone):
            yield Announcement(item.debut, item.id, item.revision, langs, Occasion.DEBUT, 1)


def _in_hours(playlist: Playlist, after: datetime, until: datetime) -> Iterator[Announcement]:
    zone = zone_named(playlist.unit.zone)
    for part in playlist.desired.speaking:
        for start_s, end_s in occurrences(part, zone, int(after.timestamp()), int(until.timestamp())):
            start, end = datetime.fromtimestamp(start_s, UTC), datetime.fromtimestamp(end_s, UTC)
            today = [item for item in playlist.items if on_date(item, start, zone)]
            yield from _in_span(today, start, end, after, until)


def _in_span(
    items: Iterable[Item], start: datetime, end: datetime, after: datetime, until: datetime
) -> Iterator[Announcement]:
    """Reading k of the i-th of N items stands at (k + i/N) of its share of the span: even, and never all at once."""
    readers = [item for item in items if _read_in(item, start, end)]
    readers.sort(key=lambda item: (item.priority is Priority.ROUTINE, item.rank))
    for index, item in enumerate(readers):
        times = item.speech.times if item.speech is not None else 0
        for k in range(times):
            moment = start + (end - start) * ((k + index / len(readers)) / times)
            if after < moment <= until and in_windows(item, moment):
                yield Announcement(moment, item.id, item.revision, spoken_langs(item.versions), Occasion.HOURS, k + 1)


def _read_in(item: Item, start: datetime, end: datetime) -> bool:
    if item.speech is None or item.speech.times == 0 or not spoken_langs(item.versions):
        return False
    return not item.windows or any(
        (window.start is None or window.start < end) and (window.end is None or window.end > start)
        for window in item.windows
    )
