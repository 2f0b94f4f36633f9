"""How bright the panel should be: the unit's schedule, less where it is dark around the board, and never in a jump."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from player.model import Desired
from player.schedule.hours import Hours

STEP_PCT: Final = 2
STEP_S: Final = 1.0  # each step has every picture made anew: not more often
HOLD_PCT: Final = 5  # a cloud, a headlight: the sensor's wishes below this are passed over
CALM_S: Final = 20.0  # the light is averaged over so long


@dataclass(frozen=True, slots=True)
class Curve:
    """From `bright_lux` on the schedule's brightness, at `dark_lux` and below `floor_pct` of it."""

    dark_lux: float = 5.0
    bright_lux: float = 5000.0
    floor_pct: int = 20

    @property
    def ends(self) -> tuple[float, float]:
        return self.floor_pct / 100, 1.0

    def share(self, lux: float) -> float:
        """The share of the schedule's brightness; eyes count light in powers, so does the curve."""
        floor, whole = self.ends
        dark, bright = math.log10(self.dark_lux), math.log10(self.bright_lux)
        along = (math.log10(max(lux, 0.01)) - dark) / (bright - dark)
        return min(whole, max(floor, floor + (whole - floor) * along))


def scheduled_pct(desired: Desired, zone: tzinfo, now: datetime | None) -> int:
    """The schedule's brightness at `now`: the darkest of parts that overlap, none by an untrusted clock (None)."""
    if now is None or not desired.dimmed:
        return desired.brightness_pct
    on = Hours((each.part for each in desired.dimmed), zone).open_parts(int(now.timestamp()))
    return min((each.brightness_pct for each in desired.dimmed if each.part in on), default=desired.brightness_pct)


class Dimmer:
    """`lux` says how bright it is around the board, None if nobody knows."""

    def __init__(self, lux: Callable[[], float | None] = lambda: None, curve: Curve | None = None) -> None:
        self._lux = lux
        self._curve = curve or Curve()
        self._share = 1.0
        self._calm: float | None = None  # the averaged light, as a power of ten
        self._calm_s = 0.0
        self._level: int | None = None
        self._stepped_s = -math.inf

    def level(self, scheduled: int, monotonic_s: float) -> int:
        """The brightness to show at, in %: at once what it should be at first, then step by step."""
        goal = self._goal(scheduled, monotonic_s)
        if self._level is None:
            self._level = goal
        elif monotonic_s - self._stepped_s >= STEP_S and goal != self._level:
            self._level += max(-STEP_PCT, min(STEP_PCT, goal - self._level))
            self._stepped_s = monotonic_s
        return self._level

    def health(self) -> dict[str, Any]:
        return {"brightness_pct": self._level}

    def forget(self) -> None:
        """The next level is shown at once: the panel is a new one."""
        self._level = None

    def _goal(self, scheduled: int, monotonic_s: float) -> int:
        share = self._shared(monotonic_s)
        if share is None:
            self._share = 1.0
        elif abs(share - self._share) * 100 >= HOLD_PCT or share in self._curve.ends:
            self._share = share
        return max(1 if scheduled else 0, round(scheduled * self._share))

    def _shared(self, monotonic_s: float) -> float | None:
        lux = self._lux()
        if lux is None:
            self._calm = None
            return None
        power = math.log10(max(lux, 0.01))
        if self._calm is None:
            self._calm = power
        weight = 1.0 - math.exp(-max(0.0, monotonic_s - self._calm_s) / CALM_S)
        self._calm += weight * (power - self._calm)
        self._calm_s = monotonic_s
        return self._curve.share(10**self._calm)
