"""Who may speak next: one at a time, and an emergency before everything that waits or runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Interrupted(Exception):  # noqa: N818 - a way to leave early, not an error
    """Ordinary work steps aside because urgent work waits."""


class Turns:
    """A lock with two queues. Ordinary work calls `give_way` where it can stop, and starts again afterwards."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._urgent_waiting = 0

    @contextmanager
    def take(self, *, urgent: bool) -> Iterator[None]:
        """Hold the turn for the block; ordinary work waits until no urgent work waits."""
        with self._changed:
            self._urgent_waiting += urgent
            self._changed.wait_for(lambda: not self._taken and (urgent or not self._urgent_waiting))
            self._urgent_waiting -= urgent
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def urgent_waiting(self) -> bool:
        with self._changed:
            return self._urgent_waiting > 0

    def give_way(self) -> None:
        """Raise Interrupted if urgent work waits for the turn that the caller holds."""
        with self._changed:
            if self._urgent_waiting:
                raise Interrupted
