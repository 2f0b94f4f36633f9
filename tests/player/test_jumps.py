"""The wall clock put forward, put back, bent by a time service, and taken to sleep."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from player.jumps import STEP_S, Jumps

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
DAY_S = 86_400.0


class Clocks:
    """A wall clock and a steady one, looked at every quarter of a second as the stage does."""

    def __init__(self) -> None:
        self.now, self.monotonic_s = NOON, 100.0
        self.believed = True
        self.jumps = Jumps(lambda: self.believed)
        self.look()

    def look(self) -> None:
        self.jumps.look(self.now, self.monotonic_s)

    def go(self, seconds: float, rate: float = 1.0, every_s: float = 0.25) -> None:
        """On for so long by the steady clock; the wall clock runs at `rate`."""
        for _ in range(round(seconds / every_s)):
            self.monotonic_s += every_s
            self.now += timedelta(seconds=every_s * rate)
            self.look()

    def put(self, by_s: float) -> None:
        self.now += timedelta(seconds=by_s)

    @property
    def health(self) -> dict[str, Any]:
        return self.jumps.health(self.monotonic_s)


@pytest.mark.parametrize("by_s", [DAY_S, -DAY_S, 2.5, -2.5])
def test_a_jump_is_counted_once_with_its_size_and_when(by_s: float, caplog: pytest.LogCaptureFixture) -> None:
    clocks = Clocks()
    clocks.go(60)
    clocks.put(by_s)
    with caplog.at_level(logging.WARNING):
        clocks.go(30)
    jumped_at = NOON + timedelta(seconds=60.25 + by_s)
    assert clocks.health == {
        "clock_jumps": 1, "clock_jumped_at": jumped_at.isoformat(timespec="seconds"), "clock_jumped_s": by_s,
        "clock_jumped_ago_s": 30, "clock_was_believed": "yes",
    }  # fmt: skip
    assert caplog.text.count("the clock jumped") == 1


def test_forward_and_back_are_two_and_the_last_one_is_told() -> None:
    clocks = Clocks()
    clocks.put(DAY_S)
    clocks.go(1)
    clocks.put(-DAY_S)
    clocks.go(1)
    assert (clocks.health["clock_jumps"], clocks.health["clock_jumped_s"]) == (2, -DAY_S)


@pytest.mark.parametrize("rate", [1.0, 1.0005, 0.9995, 1.08, 0.92])
def test_a_clock_that_is_bent_never_jumps_however_far_it_goes(rate: float) -> None:
    """500 ppm is what adjtime does, 8 % the most that a time service in a hurry asks for: an hour of it is minutes."""
    clocks = Clocks()
    clocks.go(3600, rate)
    assert clocks.health == {"clock_jumps": 0}


@pytest.mark.parametrize("by_s", [0.001, 0.4, STEP_S - 0.01, -(STEP_S - 0.01)])
def test_a_step_nobody_sees_is_none(by_s: float) -> None:
    """A moment's sleep of the machine, a delay between the two readings, a time service's first correction."""
    clocks = Clocks()
    clocks.put(by_s)
    clocks.go(5)
    assert clocks.health == {"clock_jumps": 0}


def test_a_loop_that_was_held_up_sees_no_jump() -> None:
    clocks = Clocks()
    clocks.go(600, every_s=60)
    assert clocks.health == {"clock_jumps": 0}


def test_a_clock_nobody_believed_is_only_being_set() -> None:
    """A board without a battery starts in the past; what counts is what was thought of the clock before it moved."""
    clocks = Clocks()
    clocks.believed = False
    clocks.go(10)
    clocks.put(90 * DAY_S)
    clocks.believed = True
    clocks.go(10)
    assert (clocks.health["clock_jumps"], clocks.health["clock_was_believed"]) == (1, "no")


def test_how_long_ago_it_was_is_told_by_the_steady_clock() -> None:
    clocks = Clocks()
    clocks.put(DAY_S)
    clocks.go(0.25)
    clocks.go(7200, every_s=60)
    assert clocks.health["clock_jumped_ago_s"] == 7200
