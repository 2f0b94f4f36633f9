"""Playlists with a real preparer thread; the test plays the main loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any

from agent.events import NotReady, Ready
from agent.fetch import Fetcher
from agent.playlists import Playlists
from agent.sync import Preparer
from agent.threads import lasting
from player.model import Playlist
from tests.agent.bench import Bench
from tests.waiting import DEADLINE_S


class Rig:
    """What the preparer posts waits in `posted`; what the playlists put off, and what they finished, is kept."""

    def __init__(self, bench: Bench, url: str) -> None:
        self.bench = bench
        self.signer = bench.signer
        self.posted: SimpleQueue[Any] = SimpleQueue()
        self.delays: list[tuple[float, Callable[[], None]]] = []
        self.done: list[Playlist] = []
        superseded = threading.Event()
        self.fetcher = Fetcher(url, "t", superseded=superseded)
        media_dir = bench.desk.store.media_dir
        self.preparer = Preparer(
            media_dir, self.fetcher, self.posted.put, lambda: datetime.now(UTC), superseded=superseded
        )
        self.thread = lasting("preparer", self.preparer.run, lambda ended: None)
        self.playlists = self.make()

    def make(self, claimed: Sequence[str] = ("claimed",)) -> Playlists:
        """Playlists as after a start of the agent."""
        return Playlists(
            self.bench.desk, self.preparer, self.fetcher, list(claimed),
            later=lambda seconds, action: self.delays.append((seconds, action)), done=self.done.append,
        )  # fmt: skip

    def turn(self) -> Ready | NotReady:
        """One event through the main loop."""
        event: Ready | NotReady = self.posted.get(timeout=DEADLINE_S)
        if isinstance(event, Ready):
            self.playlists.commit(event)
        else:
            self.playlists.not_ready(event)
        return event

    def close(self) -> None:
        self.preparer.leave()
        self.thread.join(DEADLINE_S)
        self.fetcher.close()
