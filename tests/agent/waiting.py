"""Waiting for what happens in another thread or process, never longer than a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

DEADLINE_S = 10.0
T = TypeVar("T")


def eventually(condition: Callable[[], T], what: str = "it", deadline_s: float = DEADLINE_S) -> T:
    """The first true value of `condition`, looked at until the deadline."""
    end = time.monotonic() + deadline_s
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {deadline_s} s")
        pause.wait(0.005)
