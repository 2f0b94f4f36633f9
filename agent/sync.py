"""From a pointer to a playlist in place: trust → body → decode → media → one commit. Nothing is applied by halves.

Judging and committing happen on the main loop; fetching happens in the preparer's thread, which
always works on the newest announcement and lets an older one go. A playlist that cannot be
fetched is written down as wanted, so that neither a restart nor the broker's absence loses it,
and is tried again with growing pauses.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from agent import trust
from agent.events import Announced, NotReady, Ready
from agent.fetch import FetchError
from player.model import Media, Playlist

log = logging.getLogger(__name__)


class Source(Protocol):
    """Where bodies and media come from: the publisher over HTTP, or a bundle on a stick."""

    def body(self, url: str, size: int, sha256: str) -> bytes: ...

    def file(self, url: str, media: Media, path: Path) -> None: ...


def media_of(playlist: Playlist) -> tuple[Media, ...]:
    """Every file the playlist needs, once each."""
    crest = playlist.unit.crest
    found = {crest.sha256: crest} if crest is not None else {}
    for item in playlist.items:
        for media in (item.picture, item.film, *(version.audio for version in item.versions)):
            if media is not None:
                found.setdefault(media.sha256, media)
    return tuple(found.values())


def prepare(announced: Announced, source: Source, media_dir: Path, now: Callable[[], datetime]) -> Ready:
    """Bring everything the announced playlist needs to this disk. Raises trust.Refusal, FetchError."""
    pointer = announced.pointer
    body = source.body(pointer.url, pointer.size, pointer.sha256)
    playlist = trust.playlist(pointer, body)
    needed = media_of(playlist)
    for media in _missing(needed, media_dir):
        source.file(urljoin(pointer.url, media.sha256), media, media_dir / media.sha256)
    return Ready(announced, playlist, body, needed, now())


def _missing(needed: tuple[Media, ...], media_dir: Path) -> Iterator[Media]:
    for media in needed:
        try:
            here = (media_dir / media.sha256).stat().st_size == media.size
        except FileNotFoundError:
            here = False
        if not here:
            yield media


class Preparer:
    """The thread that fetches. `post` takes Ready and NotReady."""

    def __init__(self, media_dir: Path, post: Callable[[object], None], now: Callable[[], datetime]) -> None:
        self._media_dir = media_dir
        self._post = post
        self._now = now
        self._change = threading.Condition()
        self._next: tuple[Announced, Source] | None = None
        self._leaving = False

    def prepare(self, announced: Announced, source: Source) -> None:
        """Make this playlist ready instead of whatever is in work."""
        with self._change:
            self._next = (announced, source)
            self._change.notify()

    def superseded(self) -> bool:
        """Whether what is in work now may be given up."""
        return self._leaving or self._next is not None

    def leave(self) -> None:
        with self._change:
            self._leaving = True
            self._change.notify()

    def run(self) -> None:
        """The body of the thread."""
        while True:
            with self._change:
                self._change.wait_for(lambda: self._leaving or self._next is not None)
                if self._leaving or self._next is None:
                    return
                (announced, source), self._next = self._next, None
            self._post(self._try(announced, source))

    def _try(self, announced: Announced, source: Source) -> Ready | NotReady:
        try:
            return prepare(announced, source, self._media_dir, self._now)
        except trust.Refusal as exc:
            return NotReady(announced, exc.reason, exc.detail, final=True)
        except FetchError as exc:
            return NotReady(announced, exc.reason, exc.detail, final=exc.final)
        except Exception as exc:  # set aside: it would come again after every restart
            log.exception("playlist %d made the agent stumble", announced.pointer.seq)
            return NotReady(announced, "internal", repr(exc), final=True)
