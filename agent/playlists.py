"""The main loop's side of a playlist: judge what is announced, commit what is ready, try again what is not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from agent import trust
from agent.desk import Desk
from agent.events import Announced, NotReady, Ready
from agent.sync import Preparer, Source, missing
from player.model import Applied, Playlist, Pointer
from player.wire import WireError, decode

log = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 2.0
_OWN_DISK: Final = frozenset({"disk-full", "disk"})  # reasons that say nothing against the source
LONGEST_PAUSE_S: Final = 300.0


def _nothing() -> None:
    """Nobody waits for this announcement."""


class Playlists:
    """Keeps the one playlist in the store right.

    `later(seconds, action)` runs an action on the main loop; `done(playlist)` hears of each commit. What cannot be
    fetched is tried again where it was announced from, unless that is at fault: then from the publisher.
    """

    def __init__(
        self,
        desk: Desk,
        preparer: Preparer,
        publisher: Source,
        claimed_groups: Collection[str],
        *,
        later: Callable[[float, Callable[[], None]], None],
        done: Callable[[Playlist], None],
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._desk = desk
        self._preparer = preparer
        self._publisher = publisher
        self._claimed_groups = tuple(claimed_groups)
        self._later = later
        self._done = done
        self._first_pause_s = first_pause_s
        self._pause_s = first_pause_s
        self._wanted: Announced | None = None
        self._source = publisher
        self._settle: Callable[[], None] = _nothing
        self.problem = ""
        self.current = self._stored()

    @property
    def seq(self) -> int:
        return self.current.seq if self.current else 0

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose alerts concern this screen: the playlist's, or the claim's until there is one."""
        return (self.current.groups if self.current else ()) or self._claimed_groups

    def needs(self, source: Source) -> bool:
        """Whether what is wanted is still to come from there."""
        return self._wanted is not None and self._source is source

    def resume(self) -> None:
        """Take up what was wanted when the process ended."""
        envelope = self._desk.store.status("wanted")
        if envelope is not None and not self.announce(envelope.encode(), self._desk.now()):
            self._desk.store.drop_status("wanted")

    def announce(
        self,
        envelope: bytes,
        received: datetime,
        source: Source | None = None,
        settled: Callable[[], None] = _nothing,
    ) -> bool:
        """Judge a pointer and fetch what it names; False when it was refused or is not new.

        `settled` is called once the announcement needs no repetition: it is in place, refused,
        overtaken by a newer one, or written down to be fetched later.
        """
        pointer = self._believed(envelope)
        if pointer is None or (self._wanted is not None and self._wanted.pointer.seq > pointer.seq):
            settled()
            return False
        previous, self._settle = self._settle, settled
        previous()
        if self._wanted is not None and self._wanted.pointer == pointer and not self.problem:
            return True  # it came again while it is being fetched
        self._wanted = Announced(pointer, envelope, received, self._desk.now())
        self._source = source or self._publisher
        self._pause_s = self._first_pause_s
        self._again(self._wanted)
        return True

    def commit(self, ready: Ready) -> None:
        """Put a playlist in place, unless a newer one is there or on its way, or a file of it is gone again.

        A sweep spares what is on air, not what is on its way there: a file found here at first may have been
        deleted while the others came.
        """
        if ready.announced is not self._wanted:
            return
        if any(missing(ready.media, self._desk.store.media_dir)):
            self._again(ready.announced)
            return
        groups = ready.playlist.groups or self._claimed_groups
        self._desk.store.accept_playlist(ready, groups, self._desk.now())
        committed = self._desk.now()
        self._wanted = None
        self.problem = ""
        self.current = ready.playlist
        self._desk.accepted("desired", ready.playlist.issued)
        log.info("playlist %d is in place: %d items", self.seq, len(ready.playlist.items))
        self._done(ready.playlist)
        announced = ready.announced
        applied = Applied(
            "desired", self._desk.screen, self.seq, announced.received, announced.trusted, ready.prepared, committed
        )
        self._desk.outbox.put_event(committed, applied)
        self._settled()

    def not_ready(self, failed: NotReady) -> None:
        """Keep the old playlist; report, and try again if that can help."""
        if failed.announced is not self._wanted or failed.reason == "superseded":
            return
        if failed.reason != self.problem:
            log.warning("playlist %d: %s: %s", failed.announced.pointer.seq, failed.reason, failed.detail)
        self.problem = failed.reason
        if failed.reason != "network":
            self._desk.refusals.note(trust.Refusal("desired", failed.reason, failed.detail))
        if failed.final:
            self._wanted = None
            self._desk.store.drop_status("wanted")
            self._settled()
            return
        if failed.reason not in _OWN_DISK:
            self._source = self._publisher  # what a stick lacks, the publisher may have
        self._desk.store.set_status("wanted", failed.announced.envelope.decode())
        self._settled()
        self._later(self._pause_s, lambda: self._again(failed.announced))
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)

    def connected(self) -> None:
        """The network is back: do not wait out the pause."""
        if self._wanted is not None and self.problem:
            self._pause_s = self._first_pause_s
            self._again(self._wanted)

    def _believed(self, envelope: bytes) -> Pointer | None:
        desk = self._desk
        floor, now = desk.store.floor("desired", desk.screen), desk.clock.instant()
        return desk.judged(lambda: trust.pointer(envelope, desk.keys.ring, desk.screen, floor, now))

    def _settled(self) -> None:
        settle, self._settle = self._settle, _nothing
        settle()

    def _again(self, announced: Announced) -> None:
        if announced is self._wanted:
            self._preparer.prepare(announced, self._source)

    def _stored(self) -> Playlist | None:
        body = self._desk.store.playlist_body()
        if body is None:
            return None
        try:
            return decode(body, Playlist)
        except WireError as exc:  # written by a release that knew other fields: the next one replaces it
            log.warning("the stored playlist cannot be read: %s", exc)
            return None
