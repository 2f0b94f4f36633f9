"""The figures of the journey bench: how they are taken from samples."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime

import pygame
import pytest

from publisher.demo import journey


def test_percentiles_of_many_and_of_one() -> None:
    assert journey.percentiles(list(range(1, 101))) == {"p50": 50.5, "p99": 100, "n": 100}
    assert journey.percentiles([3.14159]) == {"p50": 3.1, "p99": 3.1, "n": 1}
    assert journey.percentiles([9, 1, 5]) == {"p50": 5, "p99": 9, "n": 3}


def test_photographs_are_large_and_differ() -> None:
    one, other = journey.photograph(1), journey.photograph(2)
    assert one != other
    assert pygame.image.load(io.BytesIO(one), "a.jpg").get_size() == (1600, 900)


def test_milliseconds_between_two_instants() -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    assert journey._ms(start, start.replace(microsecond=1500)) == pytest.approx(1.5)


def test_a_process_that_ended_costs_no_memory() -> None:
    mine = journey._pss([os.getpid()])
    assert mine > 1
    assert journey._pss([2**22 + 1]) == 0
