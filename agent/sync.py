"""From a pointer to a playlist in place: trust → body → decode → media → one commit. Nothing is applied by halves.

Judging and committing happen on the main loop; fetching happens in the preparer's thread, which
always works on the newest announcement and lets an older one go. A playlist that cannot be
fetched is written down as wanted, so that neither a restart nor the broker's absence loses it,
and is tried again with growing pauses. Sound that goes with texts is no part of it: it is brought
when nothing else is to do (see `agent.supply`).
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from agent import trust
from agent.events import Announced, NotReady, Ready, Supplied
from agent.fetch import FetchError
from player.model import Alert, Media, Playlist
from player.wire import content_url

log = logging.getLogger(__name__)


class Source(Protocol):
    """Where bodies and media come from: the publisher over HTTP, or a bundle on a stick.

    `near`: it is quick, and may be gone later.
    """

    near: bool

    def body(self, url: str, size: int, sha256: str) -> bytes: ...

    def file(self, url: str, media: Media, path: Path) -> None: ...


def media_of(playlist: Playlist) -> tuple[Media, ...]:
    """Every file the playlist cannot be shown without, once each."""
    crest = playlist.unit.crest
    found = {crest.sha256: crest} if crest is not None else {}
    for item in playlist.items:
        for media in (item.picture, item.film):
            if media is not None:
                found.setdefault(media.sha256, media)
    return tuple(found.values())


def sounds_of(playlist: Playlist | None, alerts: Iterable[Alert] = ()) -> tuple[Media, ...]:
    """The sound files that go with texts, emergencies first, once each. The machine's voice can stand in for them."""
    items = playlist.items if playlist is not None else ()
    said = (*(alert.versions for alert in alerts), *(item.versions for item in items))
    found = (version.audio for versions in said for version in versions)
    return tuple({media.sha256: media for media in found if media is not None}.values())


def prepare(announced: Announced, source: Source, media_dir: Path, now: Callable[[], datetime]) -> Ready:
    """Bring everything the announced playlist needs to this disk. Raises trust.Refusal, FetchError."""
    pointer = announced.pointer
    body = source.body(pointer.url, pointer.size, pointer.sha256)
    playlist = trust.playlist(pointer, body)
    needed = media_of(playlist)
    for media in missing(needed, media_dir):
        source.file(urljoin(pointer.url, media.sha256), media, media_dir / media.sha256)
    if source.near:
        for media in missing(sounds_of(playlist), media_dir):
            with suppress(FetchError):
                source.file(urljoin(pointer.url, media.sha256), media, media_dir / media.sha256)
    return Ready(announced, playlist, body, needed, now())


def is_here(media_dir: Path, sha256: str) -> bool:
    """Whether the file is in the media folder: it gets its name there only when it is whole and verified."""
    return (media_dir / sha256).is_file()


def missing(needed: Iterable[Media], media_dir: Path) -> Iterator[Media]:
    """The files of `needed` that are not in the media folder."""
    for media in needed:
        try:
            here = (media_dir / media.sha256).stat().st_size == media.size
        except FileNotFoundError:
            here = False
        if not here:
            yield media


class Preparer:
    """The thread that fetches. `post` takes Ready, NotReady and Supplied.

    `superseded` is set while what is in work may be given up: for a newer playlist, or for good.
    """

    def __init__(
        self,
        media_dir: Path,
        publisher: Source,
        post: Callable[[object], None],
        now: Callable[[], datetime],
        *,
        superseded: threading.Event,
    ) -> None:
        self._media_dir = media_dir
        self._publisher = publisher
        self._post = post
        self._now = now
        self._superseded = superseded
        self._change = threading.Condition()
        self._next: tuple[Announced, Source] | None = None
        self._sounds: deque[Media] = deque()
        self._leaving = False

    def prepare(self, announced: Announced, source: Source) -> None:
        """Make this playlist ready instead of whatever is in work."""
        with self._change:
            self._next = (announced, source)
            self._superseded.set()
            self._change.notify()

    def bring(self, wanted: Iterable[Media]) -> None:
        """Fetch these sounds from the publisher, in place of what was asked before, when no playlist is to be."""
        with self._change:
            self._sounds = deque(wanted)
            self._change.notify()

    def leave(self) -> None:
        with self._change:
            self._leaving = True
            self._superseded.set()
            self._change.notify()

    def run(self) -> None:
        """The body of the thread."""
        while True:
            with self._change:
                self._change.wait_for(lambda: self._leaving or self._next is not None or self._sounds)
                if self._leaving:
                    return
                work, self._next = self._next, None
                self._superseded.clear()
                sound = self._sounds.popleft() if work is None else None
            if work is not None:
                self._post(self._try(*work))
            elif sound is not None:
                self._bring(sound)

    def _bring(self, sound: Media) -> None:
        path = self._media_dir / sound.sha256
        try:
            if not is_here(self._media_dir, sound.sha256):
                self._publisher.file(content_url(sound.sha256), sound, path)
        except FetchError as exc:
            if exc.reason != "superseded":
                self._post(Supplied(sound, str(exc)))
                return
            with self._change:  # a playlist goes before it; what has come of it is kept
                self._sounds.appendleft(sound)
        except Exception as exc:
            log.exception("the sound %s made the agent stumble", sound.sha256)
            self._post(Supplied(sound, repr(exc)))
        else:
            self._post(Supplied(sound))

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
