"""The commune whose board runs for a day at speed: its bulletins of every kind, its editions and its emergencies."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from player.bench.files import FILMS, PICTURES, make
from player.bench.screen import TICKER, UNIT
from player.model import SCHEMA, Alert, Clock, ClockQuality, DayPart, Desired, Item, Media, Playlist, Priority, Version
from player.store import Snapshot

BEGIN: Final = datetime(2026, 1, 5, tzinfo=UTC)
ALERT_EVERY_S: Final = 5400.0
ALERT_FOR_S: Final = 300.0
_EACH: Final = 2  # pictures of each kind
_FILM_EVERY: Final = 20  # bulletins
_SENTENCE: Final = "Mời bà con đến nhà văn hóa khu phố họp lúc bảy giờ tối, mang theo sổ hộ khẩu. "
_KHMER: Final = "សូមអញ្ជើញបងប្អូនមកប្រជុំនៅផ្ទះវប្បធម៌ម៉ោងប្រាំពីរយប់។"


class Commune:
    """What the agent would have committed by now: five hundred bulletins, another edition at eight, and emergencies."""

    trouble = ""

    def __init__(self, media: Path, count: int) -> None:
        self._items = tuple(_items(count, *_files(media)))
        self._edition = self._storms = -1
        self._seq, self._news = 0, False
        self.snapshot = Snapshot()
        self.at(BEGIN)

    def at(self, now: datetime) -> None:
        """The hour that is to come into `snapshot` with the next poll."""
        since_s = (now - BEGIN).total_seconds()
        edition, storms = int(since_s // (8 * 3600)), int(since_s // ALERT_EVERY_S)
        alerts = (_alert(storms, now),) if storms and since_s % ALERT_EVERY_S < ALERT_FOR_S else ()
        mark = (edition, storms if alerts else -1)
        if mark != (self._edition, self._storms):
            self._edition, self._storms = mark
            self._seq += 1
            ticker = TICKER[edition % len(TICKER) :]
            playlist = Playlist(
                SCHEMA, "s-phongdo", self._seq, BEGIN, BEGIN + timedelta(days=30), UNIT, self._items,
                ticker=ticker, desired=Desired(quiet=()),
            )  # fmt: skip
            self.snapshot = Snapshot(playlist=playlist, alerts=alerts, clock=Clock(ClockQuality.TRUSTED))
            self._news = True

    def poll(self, monotonic_s: float) -> bool:
        news, self._news = self._news, False
        return news


def _items(count: int, pictures: Sequence[Media], films: Sequence[Media]) -> Iterator[Item]:
    """Bulletins of every kind in turn, a film or a sound among each twenty."""
    shown = cycle(pictures)
    for number in range(count):
        plain = Item(f"tin-{number}", 1, Priority.ROUTINE, (Version("vi", f"Tin số {number}", _SENTENCE),), dwell_s=8.0)
        if number % _FILM_EVERY == 1:
            yield structs.replace(plain, film=films[number // _FILM_EVERY % len(films)])
        else:
            yield _bulletin(plain, number, shown)


def _bulletin(plain: Item, number: int, pictures: Iterator[Media]) -> Item:
    changes: dict[str, Any] = {}
    match number % 8:
        case 1:
            long = Version("vi", f"Thông báo dài số {number}", _SENTENCE * 6)
            changes = {"versions": (long,), "dwell_s": 30.0}
        case 2:
            changes = {"versions": (*plain.versions, Version("km", "", _KHMER))}
        case 3:
            changes = {"picture": next(pictures)}
        case 4:
            changes = {"picture": next(pictures), "versions": (Version("vi"),)}
        case 5:
            changes = {"priority": Priority.PRIORITY, "dayparts": (DayPart(6 * 60, 7 * 60),), "rank": number}
        case 6:
            changes = {"times_a_day": 2}
        case 7:
            changes = {"picture": Media("0" * 64, 1000, "image/jpeg")}  # a file that is not there
    return structs.replace(plain, **changes)


def _files(media: Path) -> tuple[list[Media], list[Media]]:
    """(pictures and documents, films and sounds), made in a process of its own: what that takes is not the player's."""
    media.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pictures = [pool.submit(make, kind, media, number) for number in range(_EACH) for kind in PICTURES]
        films = [pool.submit(make, kind, media, number) for number, kind in enumerate(FILMS)]
        return [job.result() for job in pictures], [job.result() for job in films]


def _alert(number: int, now: datetime) -> Alert:
    version = Version("vi", f"Bão số {number}", "Bà con ở yên trong nhà, cắt điện, tránh xa cửa kính.")
    return Alert(
        SCHEMA, f"bao-{number}", UNIT.code, number, 1, now, now + timedelta(hours=1), (version,), level=number % 5 + 1
    )
