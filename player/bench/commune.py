"""The commune whose board runs for a day at speed: its bulletins of every kind, its editions and its emergencies."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import structs
from PIL import Image

from player.bench.film import shoot
from player.bench.photo import photograph
from player.bench.screen import TICKER, UNIT
from player.model import SCHEMA, Alert, Clock, ClockQuality, DayPart, Desired, Item, Media, Playlist, Priority, Version
from player.store import Snapshot

BEGIN: Final = datetime(2026, 1, 5, tzinfo=UTC)
ALERT_EVERY_S: Final = 5400.0
ALERT_FOR_S: Final = 300.0
_PICTURES: Final = 20
_FILMS: Final = (("a.mp4", "video/mp4", 60), ("b.webm", "video/webm", 30), ("c.mp3", "audio/mpeg", 0))  # and frames
_CODECS: Final = {".mp4": "libx264", ".webm": "libvpx-vp9"}
_FILM_PX: Final = (320, 180)
_FILM_EVERY: Final = 20  # bulletins
_SENTENCE: Final = "Mời bà con đến nhà văn hóa khu phố họp lúc bảy giờ tối, mang theo sổ hộ khẩu. "
_KHMER: Final = "សូមអញ្ជើញបងប្អូនមកប្រជុំនៅផ្ទះវប្បធម៌ម៉ោងប្រាំពីរយប់។"


class Commune:
    """What the agent would have committed by now: five hundred bulletins, another edition at eight, and emergencies."""

    trouble = ""

    def __init__(self, media: Path, count: int) -> None:
        self._items = tuple(_items(count, _pictures(media), _films(media)))
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
    """Bulletins of every kind in turn."""
    for number in range(count):
        plain = Item(f"tin-{number}", 1, Priority.ROUTINE, (Version("vi", f"Tin số {number}", _SENTENCE),), dwell_s=8.0)
        picture = pictures[number % len(pictures)]
        if number % _FILM_EVERY == 1:
            yield structs.replace(plain, film=films[number // _FILM_EVERY % len(films)])
            continue
        yield (
            plain,
            structs.replace(
                plain, versions=(Version("vi", f"Thông báo dài số {number}", _SENTENCE * 6),), dwell_s=30.0
            ),
            structs.replace(plain, versions=(*plain.versions, Version("km", "", _KHMER))),
            structs.replace(plain, picture=picture),
            structs.replace(plain, versions=(Version("vi"),), picture=picture),
            structs.replace(plain, priority=Priority.PRIORITY, dayparts=(DayPart(6 * 60, 7 * 60),), rank=number),
            structs.replace(plain, times_a_day=2),
            structs.replace(plain, picture=structs.replace(picture, sha256="0" * 64)),  # a file that is not there
        )[number % 8]


def _pictures(media: Path) -> list[Media]:
    media.mkdir(parents=True, exist_ok=True)
    found = []
    for number in range(_PICTURES):
        form, mime = (("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"))[number % 3]
        part = media / f"part-{number}"
        image = photograph((320 + number, 200))
        more = [Image.new("RGB", image.size, (number * 12, 90, 40))] if form == "GIF" else []
        image.save(part, form, **({"save_all": True, "append_images": more, "duration": 400} if more else {}))
        found.append(_kept(part, mime))
    return found


def _films(media: Path) -> list[Media]:
    """Films with sound and a sound file, encoded in a process of their own: what that takes is not the player's."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_shoot, [media / name for name, _, _ in _FILMS], [frames for _, _, frames in _FILMS]))
    return [_kept(media / name, mime) for name, mime, _ in _FILMS]


def _shoot(path: Path, frames: int) -> None:
    ground = photograph((_FILM_PX[0] + frames, _FILM_PX[1]))
    pictures = [ground.crop((x, 0, x + _FILM_PX[0], _FILM_PX[1])) for x in range(frames)]
    shoot(path, pictures, codec=_CODECS.get(path.suffix, ""), fps=15, tone_s=4.0)


def _kept(part: Path, mime: str) -> Media:
    """The file under its content's name, where the agent puts it."""
    data = part.read_bytes()
    media = Media(hashlib.sha256(data).hexdigest(), len(data), mime)
    part.replace(part.parent / media.sha256)
    return media


def _alert(number: int, now: datetime) -> Alert:
    version = Version("vi", f"Bão số {number}", "Bà con ở yên trong nhà, cắt điện, tránh xa cửa kính.")
    return Alert(
        SCHEMA, f"bao-{number}", UNIT.code, number, 1, now, now + timedelta(hours=1), (version,), level=number % 5 + 1
    )
