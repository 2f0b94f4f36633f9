"""Composing and storing the playlists of screens: body, pointer, seq and deliveries in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from player import wire
from player.model import Playlist
from publisher.broadcast import delivery
from publisher.broadcast.compose import RENEW_AFTER, compose, dated, fingerprint, pointer_to
from publisher.broadcast.content import ContentStore
from publisher.broadcast.keys import Signer
from publisher.broadcast.onair import OnAirReader, Placed, Revision, Target, linked_units
from publisher.broadcast.sequences import next_seqs
from publisher.screens.models import Screen
from publisher.speech.said import Said, unrecorded
from publisher.units.policy import CENTRAL, policy_of


@dataclass(frozen=True)
class Message:
    """A retained message to publish; an `expiry_s` of None stays until it is replaced."""

    topic: str
    payload: bytes
    expiry_s: int | None = None
    screen: str = ""  # whose delivery it announces, with `seq`; empty: an alert's or nobody's
    seq: int = 0


@dataclass(frozen=True)
class Draft:
    """What a screen should show, before it is known whether that is anything new."""

    screen: Screen
    playlist: Playlist
    mark: str
    held: frozenset[Revision]
    lacking: frozenset[Said] = frozenset()  # words it wants a file of, and there is none

    def is_news(self, signer: Signer) -> bool:
        """Whether it says something else than the pointer announced last, or that one's key is no longer in force."""
        return self.mark != self.screen.fingerprint or not signer.signed(bytes(self.screen.pointer))


@dataclass(frozen=True)
class Composed:
    """The pointers to announce, and all that was drawn up, be it news or not."""

    messages: list[Message]
    drafts: list[Draft]

    def lacking(self) -> dict[Said, frozenset[str]]:
        """Words that have no file yet, and the screens that want one."""
        words = {said for draft in self.drafts for said in draft.lacking}
        return {said: frozenset(draft.screen.id for draft in self.drafts if said in draft.lacking) for said in words}

    def note(self) -> None:
        """Note what is on its way to each screen and what no longer is; harmless when it was noted before."""
        delivery.note_playlists([(draft.screen.id, draft.screen.seq, draft.held) for draft in self.drafts])


class Playlists:
    """Makes what `screen/<id>/down/desired` says."""

    def __init__(self, store: ContentStore, reader: OnAirReader) -> None:
        self._store = store
        self._reader = reader

    def compose(self, screen_ids: Collection[str], signer: Signer, now: datetime, *, force: bool = False) -> Composed:
        """Compose for these screens and store what changed.

        A screen whose playlist would say the same keeps its seq, unless `force` asks for a new one.
        Belongs in a transaction; screens that are unknown, unclaimed or revoked are passed over.
        """
        drafts = self.drawn_up(screen_ids)
        changed = [draft for draft in drafts if force or draft.is_news(signer)]
        seqs = next_seqs("desired", [draft.screen.id for draft in changed], now)
        for draft in changed:
            self._store_one(draft, seqs[draft.screen.id], signer, now)
        return Composed([pointer_message(draft.screen) for draft in changed], drafts)

    def drawn_up(self, screen_ids: Collection[str]) -> list[Draft]:
        """What these screens should show now."""
        screens = Screen.objects.filter(pk__in=screen_ids, revoked=None).exclude(claimed=None)
        by_id = {screen.id: screen for screen in screens.defer("health", "state")}
        targets = self._reader.targets(by_id.values())
        placed = self._reader.for_each(targets)
        return [_draft(by_id[t.face.screen], t, placed[t.face.screen]) for t in targets]

    def lacking(self) -> dict[Said, frozenset[str]]:
        """Words without a file on every screen that is spoken for."""
        units = [unit.code for unit in linked_units().values() if policy_of(unit).speech == CENTRAL]
        screens = Screen.objects.filter(unit__in=units).values_list("id", flat=True)
        return Composed([], self.drawn_up(list(screens))).lacking()

    def _store_one(self, draft: Draft, seq: int, signer: Signer, now: datetime) -> None:
        playlist = dated(draft.playlist, seq, now)
        body = wire.encode(playlist)
        screen, pointer = draft.screen, pointer_to(playlist, body)
        self._store.put_body(body, pointer.sha256)
        screen.seq, screen.playlist_sha256, screen.composed, screen.fingerprint = seq, pointer.sha256, now, draft.mark
        screen.pointer = signer.seal("desired", wire.encode(pointer))
        screen.save(update_fields=["seq", "playlist_sha256", "composed", "fingerprint", "pointer"])

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


def _draft(screen: Screen, target: Target, placed: Sequence[Placed]) -> Draft:
    playlist = compose(target.face, [each.bulletin for each in placed])
    said = (said for item in playlist.items if target.central for said in unrecorded(item.versions))
    return Draft(screen, playlist, fingerprint(playlist), frozenset(each.key for each in placed), frozenset(said))


def pointer_message(screen: Screen) -> Message:
    return Message(wire.screen_down(screen.id, "desired"), bytes(screen.pointer), screen=screen.id, seq=screen.seq)


def retained_pointers() -> Iterable[Message]:
    """The newest pointer of every screen that has one."""
    screens = Screen.objects.filter(revoked=None).exclude(playlist_sha256="").only("id", "pointer", "seq")
    return (pointer_message(screen) for screen in screens.iterator(500))
