"""Threads that last as long as the process: when one ends, for whatever reason, the process follows."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from agent.events import Call, ThreadEnded


def lasting(name: str, body: Callable[[], None], post: Callable[[object], None]) -> threading.Thread:
    """Start a thread whose end is posted as ThreadEnded."""

    def run() -> None:
        error: BaseException | None = None
        try:
            body()
        except BaseException as exc:
            error = exc
        finally:
            post(ThreadEnded(name, error))

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


class Aside:
    """One thread for slow errands off the main loop, each of which ends with something to do on it."""

    def __init__(self, post: Callable[[object], None]) -> None:
        self._post = post
        self._errands: queue.SimpleQueue[Callable[[], Call] | None] = queue.SimpleQueue()

    def do(self, errand: Callable[[], Call]) -> None:
        self._errands.put(errand)

    def leave(self) -> None:
        self._errands.put(None)

    def run(self) -> None:
        """The body of the thread."""
        while (errand := self._errands.get()) is not None:
            self._post(errand())
