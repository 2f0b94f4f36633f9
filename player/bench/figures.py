"""What every key of `bangtin bench player` is made of: how much work goes into it, and the shape of its figures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Work = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: enough for figures that hold; a test takes less."""

    rounds: int = 21  # in each, ours and the baseline have one turn
    frames: int = 200  # in one turn
    naive_frames: int = 4
    counted_frames: int = 600
    period_s: float = 60.0
    pacing_s: float = 5.0
    turn_s: float = 1.0  # of a loop against the other
    pacing_rounds: int = 60
    photo_px: tuple[int, int] = (4032, 3024)
    photo_box_px: tuple[int, int] = (1920, 1080)
    photo_rounds: int = 7
    film_px: tuple[int, int] = (1920, 1080)
    film_frames: int = 60
    film_rounds: int = 15
    memory_s: float = 10.0
    soak_h: int = 24
    soak_hour_s: float = 3600.0
    soak_items: int = 500


class NotMeasured(Exception):  # noqa: N818 - a fact of this machine, not a fault
    """This machine lacks or forbids what the key needs; the message says what."""


def measured(value: float, ours: float, baseline: float | None, unit: str, n: int) -> dict[str, Any]:
    """One key's figures; `baseline` is None where there is nothing to compare with."""
    rounded = None if baseline is None else _short(baseline)
    return {"value": _short(value), "ours": _short(ours), "baseline": rounded, "unit": unit, "n": n}


def in_turn(ours: Work, baseline: Work, rounds: int, ours_each: int, baseline_each: int = 0) -> tuple[float, float]:
    """Median microseconds of one call of each, taken in turn so that both meet the same machine.

    Both are called with a running number. The first round warms up and is not counted.
    """
    taken = [
        (_each_us(ours, ours_each, turn), _each_us(baseline, baseline_each or ours_each, turn))
        for turn in range(rounds + 1)
    ]
    mine, other = zip(*taken[1:], strict=True)
    return median(mine), median(other)


def p99(values: Sequence[float]) -> float:
    """The value that one in a hundred exceeds; the largest of fewer than a hundred."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def say(text: str) -> None:
    """Progress, for whoever waits."""
    sys.stderr.write(f"{text}\n")


def _each_us(work: Work, count: int, turn: int) -> float:
    first = turn * count
    started = time.perf_counter_ns()
    for number in range(first, first + count):
        work(number)
    return (time.perf_counter_ns() - started) / count / 1000


def _short(number: float) -> float:
    return float(f"{number:.4g}")
