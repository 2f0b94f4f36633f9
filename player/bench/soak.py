"""A day of a busy board at speed: the player's own stage and workers under a clock that is set by hand.

Time stands while a picture is prepared, while a film's first frame is decoded, and while a picture
gives way to the next, frame by frame; else it goes by in steps, so that a day takes minutes. What is
looked for is what a day must not bring: memory that grows, a black frame, an exception.

`value` is the growth of the player's own process, which lives as long as the board is on. Beside it stand
the processes it starts: the text worker lives as long, the picture worker until it had nothing to do for a
while, a film's as long as its film, so that of these the largest is told instead of a growth.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple, cast

from drivers import process
from drivers.panel import Rect
from drivers.panels import memory as panel_memory
from player import app
from player.bench.commune import BEGIN, Commune
from player.bench.figures import Effort, NotMeasured, measured, say
from player.bench.memory import children, own_mb
from player.bench.screen import LED, settings
from player.clock import SettableClock
from player.schema import MEDIA_DIR
from player.stage import Stage

STEP_S: Final = 0.25  # between two looks at a picture on which only strips move
PATIENCE_S: Final = 60.0
SAMPLES: Final = 12  # of the memory, in an hour
FILM_WORKER: Final = "film_worker"
WORKERS: Final = {
    "player.prepare.worker": "text_worker", "player.prepare.worker_pictures": "picture_worker",
    "player.film.worker": FILM_WORKER,
}  # fmt: skip
_LAST: Final = 3  # hours that stand for the end of the day
_LOOK_S: Final = 0.002
_MARKS: Final = 1 << 16


class Hour(NamedTuple):
    """What was in memory in the course of an hour: medians in MB, of the player and of each role in WORKERS seen.

    `own_mb` is what the player holds, `resident_mb` beside it what it has freed and may use again: how much that is
    at an instant is the C library's affair, and it comes and goes. Python takes memory by the MB and seldom gives one
    back, so a step of one MB in both while `blocks` stay is a place found for a larger plan, and no leak.
    """

    own_mb: float
    resident_mb: float
    blocks: float  # of the player's Python: what its objects take, wherever they lie
    workers_mb: Mapping[str, float]
    processes: int  # at most, at one time, beside the player


def soak_growth(work: Path, effort: Effort) -> dict[str, Any]:
    """How much the player's own memory grows after its first hour, as a share; black frames; exceptions."""
    with watched() as watch, ExitStack() as stack:
        screen = settings(work, "memory", LED, transition="fade")
        source = Commune(work / "state" / MEDIA_DIR, effort.soak_items)
        clock = SettableClock(BEGIN)
        with app.built_to_last():
            stage = app.build(stack, screen, clock, source, ())
        hours = [_hour(stage, clock, source, watch, effort.soak_hour_s) for _ in range(effort.soak_h)]
    own = [hour.own_mb for hour in hours]
    resident = [hour.resident_mb for hour in hours]
    last = median(own[-_LAST:])
    return grown(own) | {
        "n": watch.frames,
        "black_frames": measured(watch.black, watch.black, None, "frames", watch.frames),
        "exceptions": measured(watch.exceptions, watch.exceptions, None, "exceptions", watch.turns),
        "shown": measured(watch.shown, watch.shown, None, "different pictures", watch.turns),
        "films": measured(watch.films, watch.films, None, "turns with a film on the panel", watch.turns),
        "grown_mb": measured(last - own[0], last, own[0], "MB", len(own)),
        "resident": grown(resident),
        "blocks": grown([hour.blocks for hour in hours]) | {"unit": "share; blocks"},
        "worst_mb": measured(max(resident), max(resident), None, "MB", len(own)),
        **workers_grown(hours),
    }


def grown(hours_mb: Sequence[float]) -> dict[str, Any]:
    """How much larger the last hours are than the first, as a share."""
    first, last = hours_mb[0], median(hours_mb[-_LAST:])
    return measured(last / first - 1.0, last, first, "share; MB", len(hours_mb))


def workers_grown(hours: Sequence[Hour]) -> dict[str, Any]:
    """The same of the processes that stay, by role, and the most there were at a time; no key for one never seen."""
    found = {}
    for role in WORKERS.values():
        seen = [hour.workers_mb[role] for hour in hours if role in hour.workers_mb]
        if seen:
            worst = measured(max(seen), max(seen), None, "MB", len(seen))
            found[role] = worst if role == FILM_WORKER else grown(seen) | {"worst_mb": worst}
    most = max(hour.processes for hour in hours)
    return found | {"processes": measured(most, most, None, "processes at a time", len(hours))}


class Watch(logging.Handler):
    """What was presented, and what went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.frames = self.black = self.exceptions = self.turns = self.films = 0
        self._shown = bytearray(_MARKS)
        self._black = b""

    def saw(self, key: str) -> None:
        self._shown[zlib.crc32(key.encode()) % _MARKS] = 1

    @property
    def shown(self) -> int:
        """How many different pictures, near enough: what counts them must not grow itself."""
        return sum(self._shown)

    def emit(self, record: logging.LogRecord) -> None:
        self.exceptions += record.exc_info is not None

    def look(self, panel: panel_memory.Driver) -> None:
        """Compared where it lies: a copy of each frame would be the largest thing in the memory that is measured."""
        pixels = memoryview(cast(bytearray, panel.surface.get_buffer()))
        if len(self._black) != len(pixels):
            self._black = bytes(len(pixels))
        self.frames += 1
        self.black += pixels == self._black


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


def _hour(stage: Stage, clock: SettableClock, source: Commune, watch: Watch, length_s: float) -> Hour:
    """One hour of the day; what lay in memory in its course, without what only waits to be collected."""
    own: list[float] = []
    resident: list[float] = []
    blocks: list[int] = []
    workers: dict[str, list[float]] = {}
    most = 0
    for _ in range(SAMPLES):
        end = clock.now() + timedelta(seconds=length_s / SAMPLES)
        while clock.now() < end:
            source.at(clock.now())
            clock.advance(_turn(stage, watch))
        gc.collect()
        blocks.append(sys.getallocatedblocks())
        resident.append(own_mb(os.getpid()))
        process.give_back()
        own.append(own_mb(os.getpid()))
        started = children(os.getpid())
        most = max(most, len(started))
        for child in started:
            workers.setdefault(WORKERS.get(child.module, ""), []).append(child.mb)
    hour = Hour(median(own), median(resident), median(blocks), {role: median(mb) for role, mb in workers.items()}, most)
    told = "".join(f", {role} {mb:.1f} MB" for role, mb in sorted(hour.workers_mb.items()) if role)
    seen = f"{watch.frames} frames, {watch.black} black, {watch.exceptions} exceptions"
    say(f"{clock.now()}: {hour.own_mb:.1f} of {hour.resident_mb:.1f} MB{told}, {seen}")
    return hour


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
        if stage.settled and stage.rolling is not False:
            watch.saw(stage.showing)
            watch.films += stage.rolling is not None
            return rest_s if stage.turning else max(rest_s, STEP_S)
        if time.monotonic() > deadline_s:
            raise NotMeasured(
                f"{stage.showing or 'the first picture'} stood for {PATIENCE_S:g} s: nothing was prepared"
            )
        stage.rest(_LOOK_S)
