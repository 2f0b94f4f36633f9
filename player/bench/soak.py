"""A day of a busy board at speed: the player's own stage and workers under a clock that is set by hand.

Time stands while a picture is prepared, while a film's first frame is decoded, and while a picture
gives way to the next, frame by frame; else it goes by in steps, so that a day takes minutes. What is
looked for is what a day must not bring: memory that grows, a black frame, an exception.
"""

from __future__ import annotations

import gc
import logging
import os
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from drivers.panel import Rect
from drivers.panels import memory as panel_memory
from player import app
from player.bench.commune import BEGIN, Commune
from player.bench.figures import Effort, NotMeasured, measured, say
from player.bench.memory import own_mb
from player.bench.screen import LED, settings
from player.clock import SettableClock
from player.schema import MEDIA_DIR
from player.stage import Stage

STEP_S: Final = 0.25  # between two looks at a picture on which only strips move
PATIENCE_S: Final = 60.0
SAMPLES: Final = 12  # of the memory, in an hour
_LOOK_S: Final = 0.002
_MARKS: Final = 1 << 16


def soak_growth(work: Path, effort: Effort) -> dict[str, Any]:
    """How much the player's own memory grows after its first hour, as a share; black frames; exceptions."""
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
        "shown": measured(watch.shown, watch.shown, None, "different pictures", watch.turns),
        "films": measured(watch.films, watch.films, None, "turns with a film on the panel", watch.turns),
        "grown_mb": measured(last - first, last, first, "MB", len(samples)),
        "worst_mb": measured(max(samples), max(samples), None, "MB", len(samples)),
    }


class Watch(logging.Handler):
    """What was presented, and what went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.frames = self.black = self.exceptions = self.turns = self.films = 0
        self._shown = bytearray(_MARKS)

    def saw(self, key: str) -> None:
        self._shown[zlib.crc32(key.encode()) % _MARKS] = 1

    @property
    def shown(self) -> int:
        """How many different pictures, near enough: what counts them must not grow itself."""
        return sum(self._shown)

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
    """One hour of the day; the process's memory in its course, without what only waits to be collected, in MB."""
    samples = []
    for _ in range(SAMPLES):
        end = clock.now() + timedelta(seconds=length_s / SAMPLES)
        while clock.now() < end:
            source.at(clock.now())
            clock.advance(_turn(stage, watch))
        gc.collect()
        samples.append(own_mb(os.getpid()))
    mb = median(samples)
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
        if stage.settled and stage.rolling is not False:
            watch.saw(stage.showing)
            watch.films += stage.rolling is not None
            return rest_s if stage.turning else max(rest_s, STEP_S)
        if time.monotonic() > deadline_s:
            raise NotMeasured(
                f"{stage.showing or 'the first picture'} stood for {PATIENCE_S:g} s: nothing was prepared"
            )
        stage.rest(_LOOK_S)
