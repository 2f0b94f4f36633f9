"""The agent's main loop: one queue of events, one table of who handles which, and the timers between them.

Only this loop touches the stores. Everything else runs in threads that post.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from typing import Any, Final, TypeVar

from agent.events import Call, Stop, ThreadEnded
from agent.timers import Timers

E = TypeVar("E")
log = logging.getLogger(__name__)

LONGEST_WAIT_S: Final = 60.0
BROKEN_STATUS: Final = 1


class Loop:
    """Runs until a Stop is posted or a lasting thread has ended. `after` is called when an event was handled."""

    def __init__(self, monotonic: Callable[[], float], after: Callable[[], None]) -> None:
        self.timers = Timers(monotonic)
        self._after = after
        self._events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._handlers: dict[type, Callable[[Any], None]] = {}

    def post(self, event: object) -> None:
        """Hand over an event, from any thread or signal handler."""
        self._events.put(event)

    def on(self, kind: type[E], handler: Callable[[E], None]) -> None:
        """`handler` takes every event of class `kind`."""
        self._handlers[kind] = handler

    def run(self) -> int:
        """Handle events; the exit status of the process."""
        while True:
            event = self._next()
            if isinstance(event, Stop):
                return event.status
            if isinstance(event, ThreadEnded):
                log.error("thread %s ended: %r", event.name, event.error, exc_info=event.error)
                return BROKEN_STATUS
            if isinstance(event, Call):
                event.action()
            elif event is not None:
                self._handlers[type(event)](event)
            self.timers.run_due()
            self._after()

    def _next(self) -> object:
        try:
            event: object = self._events.get(timeout=self.timers.wait_s(LONGEST_WAIT_S))
        except queue.Empty:
            return None
        return event
