"""When frames come: the stage's own loop against the grid of 60 frames a second and against a loop that only sleeps."""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from drivers.panel import Rect
from drivers.panels import sdl as panel_sdl
from player.bench.figures import Effort, NotMeasured, measured, p99, say
from player.bench.load import busy_machine
from player.bench.screen import running_stage
from player.clock import SystemClock
from player.stage import Stage

HZ: Final = 60.0
_FIFO_PRIORITY: Final = 10
_TOLD_EVERY: Final = 10  # turns
_BEGIN_S: Final = 0.25  # left out: the first frames of a stretch


def period_error(work: Path, effort: Effort) -> dict[str, Any]:
    """How far the mean time between two presented frames of the ticker is from a 60th of a second.

    Under the real-time scheduling with which the service manager starts the player, where this machine
    permits it; `plain` tells of a while without it, when a busy machine leaves frames out.
    """
    with running_stage(work, SystemClock()) as stage:
        plain = periods(_presented(stage, effort.pacing_s))
        try:
            with _real_time():
                found = periods(_presented(stage, effort.period_s))
        except OSError as exc:
            found = periods(_presented(stage, effort.period_s)) | {"fifo": _refused(exc)}
    return found | {"plain": plain}


def periods(at_s: Sequence[float]) -> dict[str, Any]:
    """The figures of frames presented at these instants; `left_out`: periods of the grid that none was presented in.

    A frame left out makes one period twice as long, and the mean longer: what nobody saw is no frame.
    Raises NotMeasured if there is no period.
    """
    if len(at_s) < 2:
        raise NotMeasured("fewer than two frames were presented")
    length_s, count = at_s[-1] - at_s[0], len(at_s) - 1
    mean_s = length_s / count
    grid = round(length_s * HZ)
    left_out = max(0, grid - count)
    found = measured(abs(mean_s * HZ - 1.0), mean_s * 1000, 1000 / HZ, "share; ms", len(at_s))
    return found | {"left_out": measured(left_out, left_out, None, "frames", grid)}


def lateness_p99(work: Path, effort: Effort) -> dict[str, Any]:
    """How late frames are presented on a busy machine, against the waking of a loop that draws nothing.

    Both take short turns, and many: whether one wake-up in a hundred has to wait for somebody else's time slice
    changes from second to second, and what else the machine does has to meet both.
    """
    ours: list[float] = []
    sleeping: list[float] = []
    with running_stage(work, SystemClock()) as stage, busy_machine():
        for number in range(effort.pacing_rounds):
            if number % _TOLD_EVERY == 0:
                say(f"lateness, turn {number + 1} of {effort.pacing_rounds}")
            ours += lateness_s(_presented(stage, effort.turn_s))
            sleeping += lateness_s(_slept(effort.turn_s))
        fifo = _fifo_ms(stage, effort)
    if not ours or not sleeping:
        raise NotMeasured("no frame was presented")
    found = measured(p99(ours) / p99(sleeping), p99(ours) * 1000, p99(sleeping) * 1000, "ratio of ms", len(ours))
    return found | {"fifo_ms": fifo}


def lateness_s(at_s: Sequence[float]) -> list[float]:
    """How long after its due instant each frame came; due is the grid line after the frame before.

    A frame that was left out makes the next one late by a whole period.
    """
    late = []
    for before, this in itertools.pairwise(at_s):
        due = math.floor(before * HZ) + 1
        late.append(max(0.0, this - due / HZ))
    return late


def _fifo_ms(stage: Stage, effort: Effort) -> dict[str, Any]:
    try:
        with _real_time():
            late = lateness_s(_presented(stage, effort.pacing_s * 2))
    except OSError as exc:
        return _refused(exc)
    if not late:
        return {"not_measured": "no frame was presented"}
    value = p99(late) * 1000
    return measured(value, value, None, "ms", len(late))


def _refused(why: OSError) -> dict[str, Any]:
    return {"not_measured": f"SCHED_FIFO: {why.strerror}"}


@contextmanager
def _real_time() -> Iterator[None]:
    """This thread under SCHED_FIFO, as the service manager starts the player; children do not inherit it."""
    os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(_FIFO_PRIORITY))
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _presented(stage: Stage, length_s: float) -> list[float]:
    """The instants (wall clock, seconds) at which the stage's own loop had presented its frames."""
    with _noting_presents() as at_s:
        stage.run(length_s + _BEGIN_S)
    begin = at_s[0] + _BEGIN_S if at_s else 0.0
    return [instant for instant in at_s if instant >= begin]


@contextmanager
def _noting_presents() -> Iterator[list[float]]:
    at_s: list[float] = []
    present = panel_sdl.Driver.present

    def noted(panel: panel_sdl.Driver, dirty: Sequence[Rect] | None = None) -> None:
        present(panel, dirty)
        at_s.append(time.time())

    panel_sdl.Driver.present = noted  # type: ignore[method-assign,assignment]
    try:
        yield at_s
    finally:
        panel_sdl.Driver.present = present  # type: ignore[method-assign]


def _slept(length_s: float) -> list[float]:
    """The instants at which a loop woke that sleeps until each grid line and does nothing else."""
    at_s = [time.time()]
    end = at_s[0] + length_s
    while at_s[-1] < end:
        due = (math.floor(at_s[-1] * HZ) + 1) / HZ
        time.sleep(max(0.0, due - time.time()))
        at_s.append(time.time())
    return at_s
