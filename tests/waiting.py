"""Waiting for what another thread or process does, never longer than a deadline.

The deadline only ends a test that fails: it is long, because a machine with other work may take a hundred
times what it takes by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

DEADLINE_S: Final = 60.0
_PAUSE_S: Final = 0.005


def _pause() -> None:
    time.sleep(_PAUSE_S)


def eventually(
    condition: Callable[[], Any], what: str = "it", limit_s: float = DEADLINE_S, act: Callable[[], object] = _pause
) -> Any:
    """The first true value of `condition`, with `act` done between two looks; AssertionError at the deadline."""
    end = time.monotonic() + limit_s
    while not (value := condition()):
        assert time.monotonic() < end, f"{what} did not happen within {limit_s} s"
        act()
    return value
