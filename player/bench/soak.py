"""A day of a busy board at speed: the player's own stage and workers under a clock that is set by hand.

Time stands while a picture is prepared and while it gives way to the next, frame by frame; else it
goes by in steps, so that a day takes minutes. What is looked for is what a day must not bring: memory
that grows, a black frame, an exception.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from msgspec import structs
from PIL import Image

from drivers.panel import Rect
from drivers.panels import memory as panel_memory
from player import app
from player.bench.figures import Effort, NotMeasured, measured, say
from player.bench.memory import resident_mb
from player.bench.photo import photograph
from player.bench.screen import LED, TICKER, UNIT, settings
from player.clock import SettableClock
from player.model import SCHEMA, Alert, Clock, ClockQuality, DayPart, Desired, Item, Media, Playlist, Priority, Version
from player.schema import MEDIA_DIR
from player.stage import Stage
from player.store import Snapshot

BEGIN: Final = datetime(2026, 1, 5, tzinfo=UTC)
STEP_S: Final = 0.25  # between two looks at a picture on which only strips move
PATIENCE_S: Final = 60.0
ALERT_EVERY_S: Final = 5400.0
ALERT_FOR_S: Final = 300.0
_LOOK_S: Final = 0.002
_PICTURES: Final = 20
_SENTENCE: Final = "Mời bà con đến nhà văn hóa khu phố họp lúc bảy giờ tối, mang theo sổ hộ khẩu. "
_KHMER: Final = "សូមអញ្ជើញបងប្អូនមកប្រជុំនៅផ្ទះវប្បធម៌ម៉ោងប្រាំពីរយប់។"


def soak_growth(work: Path, effort: Effort) -> dict[str, Any]:
    """How much the player's memory grows after its first hour, as a share; black frames; exceptions."""
    with watched() as watch, ExitStack() as stack:
        screen = settings(work, "memory", LED, transition="fade")
        source = Commune(work / "state" / MEDIA_DIR, effort.soak_items)
        clock = SettableClock(BEGIN)
        stage = app.build(stack, screen, clock, source, ())
        samples = [_hour(stage, clock, source, watch, effort.soak_hour_s) for _ in range(effort.soak_h)]
    first, last = samples[0], median(samples[-3:])
    found = measured(last / first - 1.0, last, first, "share; MB", watch.frames)
    return found | {
        "black_frames": measured(watch.black, watch.black, None, "frames", watch.frames),
        "exceptions": measured(watch.exceptions, watch.exceptions, None, "exceptions", watch.turns),
        "shown": measured(len(watch.shown), len(watch.shown), None, "different pictures", watch.turns),
        "worst_mb": measured(max(samples), max(samples), None, "MB", len(samples)),
    }


class Commune:
    """What the agent would have committed by now: five hundred bulletins, another edition at eight, and emergencies."""

    trouble = ""

    def __init__(self, media: Path, count: int) -> None:
        self._items = tuple(_items(count, _pictures(media)))
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


class Watch(logging.Handler):
    """What was presented, and what went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.frames = self.black = self.exceptions = self.turns = 0
        self.shown: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.exceptions += record.exc_info is not None

    def look(self, panel: panel_memory.Driver) -> None:
        self.frames += 1
        self.black += not panel.surface.get_buffer().raw.strip(b"\0")


@contextmanager
def watched() -> Iterator[Watch]:
    """Every frame that a memory panel presents is looked at, and every logged exception counted."""
    watch = Watch()
    present = panel_memory.Driver.present

    def seen(panel: panel_memory.Driver, dirty: Sequence[Rect] | None = None) -> None:
        present(panel, dirty)
        watch.look(panel)

    panel_memory.Driver.present = seen  # type: ignore[method-assign,assignment]
    logging.getLogger().addHandler(watch)
    try:
        yield watch
    finally:
        logging.getLogger().removeHandler(watch)
        panel_memory.Driver.present = present  # type: ignore[method-assign]


def _hour(stage: Stage, clock: SettableClock, source: Commune, watch: Watch, length_s: float) -> float:
    """One hour of the day; the process's memory at its end, in MB."""
    end = clock.now() + timedelta(seconds=length_s)
    while clock.now() < end:
        source.at(clock.now())
        clock.advance(_turn(stage, watch))
    mb = resident_mb(os.getpid())
    say(f"{clock.now()}: {mb:.1f} MB, {watch.frames} frames, {watch.black} black, {watch.exceptions} exceptions")
    return mb


def _turn(stage: Stage, watch: Watch) -> float:
    """One turn, or as many as it takes until the picture is there; the seconds that may pass until the next."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        watch.turns += 1
        try:
            rest_s = stage.turn()
        except Exception:
            logging.getLogger(__name__).exception("a turn broke off")
            return STEP_S
        if stage.settled:
            watch.shown.add(stage.showing)
            return rest_s if stage.turning else max(rest_s, STEP_S)
        if time.monotonic() > deadline_s:
            raise NotMeasured(
                f"{stage.showing or 'the first picture'} stood for {PATIENCE_S:g} s: nothing was prepared"
            )
        stage.rest(_LOOK_S)


def _items(count: int, pictures: Sequence[Media]) -> Iterator[Item]:
    """Bulletins of every kind in turn."""
    for number in range(count):
        plain = Item(f"tin-{number}", 1, Priority.ROUTINE, (Version("vi", f"Tin số {number}", _SENTENCE),), dwell_s=8.0)
        picture = pictures[number % len(pictures)]
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
        data = part.read_bytes()
        found.append(Media(hashlib.sha256(data).hexdigest(), len(data), mime))
        part.replace(media / found[-1].sha256)
    return found


def _alert(number: int, now: datetime) -> Alert:
    version = Version("vi", f"Bão số {number}", "Bà con ở yên trong nhà, cắt điện, tránh xa cửa kính.")
    return Alert(
        SCHEMA, f"bao-{number}", UNIT.code, number, 1, now, now + timedelta(hours=1), (version,), level=number % 5 + 1
    )
