"""What cannot be spoken now, and why: a trouble lasts as long as the text it is about waits for a voice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable

from agent.events import VoiceTrouble


class Troubles:
    """By what they are about. `post` takes a VoiceTrouble whenever the newest reason changes. For any thread."""

    def __init__(self, post: Callable[[object], None]) -> None:
        self._post = post
        self._lock = threading.Lock()
        self._reasons: dict[Hashable, str] = {}
        self._told = ""

    def note(self, about: Hashable, reason: str) -> None:
        """It cannot be spoken; said anew if it was known."""
        with self._lock:
            self._reasons.pop(about, None)
            self._reasons[about] = reason
            self._tell()

    def over(self, about: Iterable[Hashable]) -> None:
        """These were spoken, or nobody wants to hear them any more."""
        with self._lock:
            for one in about:
                self._reasons.pop(one, None)
            self._tell()

    def _tell(self) -> None:
        reason = next(reversed(self._reasons.values()), "")
        if reason != self._told:
            self._told = reason
            self._post(VoiceTrouble(reason))
