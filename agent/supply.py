"""Speech that others made: recordings, and words spoken by the publisher. It comes after the text and never delays it.

What is on air names files by hash. Those that are not here are fetched when no playlist waits to be;
`agent.speech` is told of each that has come, of each that cannot be had, and when the wait gets long.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

from agent.events import Supplied
from agent.sync import is_here, sounds_of
from player.model import Alert, Media, Playlist

log = logging.getLogger(__name__)

PATIENCE_S: Final = 45.0  # so long a board that can speak itself waits for a better voice


class Carrier(Protocol):
    """What `agent.sync.Preparer` does for this room."""

    def bring(self, wanted: Iterable[Media]) -> None: ...


class Listener(Protocol):
    """What `agent.speech.Speech` does for this room."""

    def supplied(self, sha256: str) -> None: ...

    def not_supplied(self, sha256: str) -> None: ...

    def out_of_patience(self) -> None: ...


class Supply:
    """Keeps what is on air and not here coming. `later(seconds, action)` runs an action on the main loop."""

    def __init__(
        self,
        media_dir: Path,
        carrier: Carrier,
        listener: Listener,
        later: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self._media_dir = media_dir
        self._carrier = carrier
        self._listener = listener
        self._later = later
        self._wanted: dict[str, Media] = {}
        self.problem = ""

    def want(self, playlist: Playlist | None, alerts: Iterable[Alert]) -> None:
        """Have everything brought that these name, emergencies first; what is no longer named is forgotten."""
        sounds = sounds_of(playlist, alerts)
        self._wanted = {media.sha256: media for media in sounds if not is_here(self._media_dir, media.sha256)}
        self.again()
        if self._wanted:
            self._later(PATIENCE_S, self._listener.out_of_patience)
        else:
            self.problem = ""

    def again(self) -> None:
        """Try for all that is still missing."""
        self._carrier.bring(self._wanted.values())

    def take(self, event: Supplied) -> None:
        """A file has come, or cannot be had."""
        sha256 = event.media.sha256
        if event.problem != self.problem and event.problem:
            log.warning("the recording %s… cannot be had: %s", sha256[:12], event.problem)
        self.problem = event.problem
        if event.problem:
            self._listener.not_supplied(sha256)
        else:
            self._wanted.pop(sha256, None)
            self._listener.supplied(sha256)

    def depth(self) -> int:
        """Files that are still missing."""
        return len(self._wanted)
