"""Composing and storing the playlists of screens: body, pointer, seq and deliveries in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from player import wire
from publisher.broadcast import delivery
from publisher.broadcast.compose import RENEW_AFTER, Face, compose, fingerprint, pointer_to
from publisher.broadcast.content import ContentStore
from publisher.broadcast.keys import Signer
from publisher.broadcast.onair import OnAirReader, Placed
from publisher.broadcast.sequences import next_seq
from publisher.screens.models import Screen


@dataclass(frozen=True)
class Message:
    """A retained message to publish; an `expiry_s` of None stays until it is replaced."""

    topic: str
    payload: bytes
    expiry_s: int | None = None
    screen: str = ""  # whose delivery it announces, with `seq`; empty: an alert's or nobody's
    seq: int = 0


class Playlists:
    """Makes what `screen/<id>/down/desired` says."""

    def __init__(self, store: ContentStore, reader: OnAirReader) -> None:
        self._store = store
        self._reader = reader

    def compose(
        self, screen_ids: Collection[str], signer: Signer, now: datetime, *, force: bool = False
    ) -> list[Message]:
        """Compose for these screens and store what changed; the pointers to announce.

        A screen whose playlist would say the same keeps its seq, unless `force` asks for a new one.
        Belongs in a transaction; screens that are unknown, unclaimed or revoked are passed over.
        """
        screens = Screen.objects.filter(pk__in=screen_ids, revoked=None).exclude(claimed=None)
        by_id = {screen.id: screen for screen in screens.defer("health", "state")}
        targets = self._reader.targets(by_id.values())
        placed = self._reader.for_each(targets)
        messages = []
        for target in targets:
            screen, face = by_id[target.face.screen], target.face
            message = self._renew(screen, face, placed[screen.id], signer, now, force=force)
            if message is not None:
                messages.append(message)
        return messages

    def _renew(
        self, screen: Screen, face: Face, placed: Sequence[Placed], signer: Signer, now: datetime, *, force: bool
    ) -> Message | None:
        on_air = [each.bulletin for each in placed]
        mark = fingerprint(face, on_air)
        if mark == screen.fingerprint and not force:
            return None
        playlist = compose(face, on_air, next_seq("desired", screen.id, now), now)
        body = wire.encode(playlist)
        self._store.put_body(body)
        pointer = pointer_to(playlist, body)
        screen.seq, screen.playlist_sha256, screen.composed, screen.fingerprint = pointer.seq, pointer.sha256, now, mark
        screen.pointer = signer.seal("desired", wire.encode(pointer))
        screen.save(update_fields=["seq", "playlist_sha256", "composed", "fingerprint", "pointer"])
        delivery.note_playlist(screen.id, pointer.seq, {each.key for each in placed})
        return pointer_message(screen)

    def stale(self, signer: Signer, now: datetime) -> list[str]:
        """Screens whose announced pointer must be made anew: none yet, old, of a former key, or its body is lost."""
        rows = (
            Screen.objects.filter(revoked=None)
            .exclude(claimed=None)
            .values_list("id", "pointer", "playlist_sha256", "composed")
        )
        return [
            screen
            for screen, pointer, sha256, composed in rows.iterator()
            if composed is None
            or composed < now - RENEW_AFTER
            or not signer.signed(bytes(pointer))
            or not self._store.has_body(sha256)
        ]


def pointer_message(screen: Screen) -> Message:
    return Message(wire.screen_down(screen.id, "desired"), bytes(screen.pointer), screen=screen.id, seq=screen.seq)


def retained_pointers() -> Iterable[Message]:
    """The newest pointer of every screen that has one."""
    screens = Screen.objects.filter(revoked=None).exclude(playlist_sha256="").only("id", "pointer", "seq")
    return (pointer_message(screen) for screen in screens.iterator(500))


def compose_now(
    playlists: Playlists, screen_ids: Collection[str], signer: Signer, now: datetime, *, force: bool = False
) -> list[Message]:
    """`Playlists.compose` in a transaction of its own."""
    with transaction.atomic():
        return playlists.compose(screen_ids, signer, now, force=force)
