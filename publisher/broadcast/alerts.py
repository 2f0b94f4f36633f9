"""Emergencies: complete in one signed envelope of at most 4 kB, retained for each group until they expire.

Ending or re-aiming one sends an envelope with `ended`, kept as long as the text itself would have
been, so that a screen that slept through it learns of the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from player import seal, wire
from player.model import SCHEMA, Alert, Version
from publisher.broadcast import delivery
from publisher.broadcast.keys import Signer
from publisher.broadcast.models import AlertEnvelope
from publisher.broadcast.onair import FALLBACK_DWELL_S, Revision, version_of
from publisher.broadcast.playlists import Message
from publisher.broadcast.sequences import next_seq
from publisher.bulletins.models import Bulletin, Placement
from publisher.screens.models import Delivery, Screen
from publisher.units.services import screens_under

DEFAULT_LIFE: Final = timedelta(hours=24)  # of an emergency for which nobody wrote an end
LONGEST_SEQ: Final = 2**53


class Alerts:
    """Makes what `group/<code>/down/alert/<uid>` says."""

    def issue(self, bulletin: Bulletin, signer: Signer, now: datetime) -> list[Message]:
        """Sign the present state of an emergency for each of its groups; the messages to announce.

        Belongs in a transaction. Raises ValueError if it does not fit.
        """
        expires = expiry_of(bulletin, now)
        on_air = bulletin.status == Bulletin.Status.ON_AIR and expires > now
        wanted = groups_of(bulletin) if on_air else frozenset()
        left = AlertEnvelope.objects.filter(bulletin=bulletin, ended=False, expires__gt=now).exclude(group__in=wanted)
        over = [self._say(bulletin, row.group, signer, now, row.expires, ended=True) for row in left.order_by("group")]
        return [self._say(bulletin, group, signer, now, expires, ended=False) for group in sorted(wanted)] + over

    def _say(
        self, bulletin: Bulletin, group: str, signer: Signer, now: datetime, expires: datetime, *, ended: bool
    ) -> Message:
        seq = next_seq("alert", f"{group}/{bulletin.uid}", now)
        versions = () if ended else versions_of(bulletin)
        alert = alert_of(bulletin, versions, group=group, seq=seq, now=now, expires=expires, ended=ended)
        envelope = signer.seal("alert", wire.encode(alert))
        if len(envelope) > wire.ENVELOPE_LIMIT_B:
            raise ValueError(f"alert {bulletin.uid} takes {len(envelope)} bytes, at most {wire.ENVELOPE_LIMIT_B} fit")
        row = AlertEnvelope(
            bulletin=bulletin, group=group, seq=seq, envelope=envelope, expires=wire.utc(expires), ended=ended
        )
        AlertEnvelope.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["bulletin", "group"],
            update_fields=["seq", "envelope", "expires", "ended"],
        )
        return _message(bulletin.uid, row, now)


def retained_alerts(now: datetime) -> Iterable[Message]:
    """Every envelope that still counts, for a broker that forgot them."""
    rows = AlertEnvelope.objects.filter(expires__gt=now).select_related("bulletin")
    return (_message(row.bulletin.uid, row, now) for row in rows.iterator(500))


def stale_alerts(signer: Signer, now: datetime) -> list[str]:
    """Uids of emergencies whose envelopes were signed by a key no longer in force."""
    rows = AlertEnvelope.objects.filter(expires__gt=now).values_list("bulletin__uid", "envelope")
    return sorted({uid for uid, envelope in rows if not signer.signed(bytes(envelope))})


def groups_of(bulletin: Bulletin) -> frozenset[str]:
    """The groups an emergency is for: its target units or its own unit, and single screens as groups of one."""
    groups = {*bulletin.targets.values_list("code", flat=True), *bulletin.screens.values_list("id", flat=True)}
    return frozenset(groups or {bulletin.unit_id})


def expiry_of(bulletin: Bulletin, now: datetime) -> datetime:
    """When it goes off by itself."""
    return wire.utc(bulletin.ends or (bulletin.approved or now) + DEFAULT_LIFE)


def versions_of(bulletin: Bulletin) -> tuple[Version, ...]:
    return tuple(version_of(text) for text in bulletin.texts.select_related("audio"))


def alert_of(
    bulletin: Bulletin,
    versions: tuple[Version, ...],
    *,
    group: str,
    seq: int,
    now: datetime,
    expires: datetime,
    ended: bool = False,
) -> Alert:
    return Alert(
        schema=SCHEMA,
        id=bulletin.uid,
        group=group,
        seq=seq,
        revision=bulletin.revision,
        issued=wire.utc(now),
        expires=wire.utc(expires),
        versions=versions,
        level=bulletin.level,
        dwell_s=_longest_dwell_s(bulletin),
        repeat_s=bulletin.repeat_s,
        ended=ended,
    )


def bytes_left(bulletin: Bulletin, versions: tuple[Version, ...], now: datetime) -> int:
    """How many bytes of the 4 kB an emergency with these texts would leave; negative: it cannot be published.

    Measured on an envelope with the longest group code and seq there can be, so that what fits here
    fits for every group. A letter with a tone mark takes up to 4 bytes.
    """
    expires = expiry_of(bulletin, now)
    alert = alert_of(bulletin, versions, group="g" * 32, seq=LONGEST_SEQ, now=now, expires=expires)
    probe = seal.seal("alert", wire.encode(alert), Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
    return wire.ENVELOPE_LIMIT_B - len(probe)


def alert_fits(bulletin: Bulletin, now: datetime) -> int:
    """`bytes_left` for the stored texts of a bulletin."""
    return bytes_left(bulletin, versions_of(bulletin), now)


def _longest_dwell_s(bulletin: Bulletin) -> float:
    """One envelope serves panels of every shape: it stands as long as the slowest of them needs."""
    if bulletin.pk is None:
        return FALLBACK_DWELL_S
    measured = Placement.objects.filter(bulletin=bulletin, revision=bulletin.revision)
    return max(measured.values_list("dwell_s", flat=True), default=20.0)


def _message(uid: str, row: AlertEnvelope, now: datetime) -> Message:
    expiry_s = int((row.expires - now).total_seconds())
    return Message(wire.alert_topic(row.group, uid), bytes(row.envelope), expiry_s)


def note_deliveries(bulletin: Bulletin) -> None:
    """Deliveries: begun for every screen of the groups, ended for those no longer meant; harmless to repeat."""
    rows = AlertEnvelope.objects.filter(bulletin=bulletin).order_by("-seq").values_list("group", "seq", "ended")
    if not rows:
        return
    seq = max(seq for _group, seq, _ended in rows)
    screens = _screens(group for group, _seq, ended in rows if not ended)
    on_way = Delivery.objects.filter(bulletin=bulletin, gone_seq=0)
    on_way.exclude(screen__in=screens, revision=bulletin.revision).update(gone_seq=seq)
    known = set(on_way.filter(revision=bulletin.revision).values_list("screen_id", flat=True))
    key = Revision(bulletin.pk, bulletin.revision)
    delivery.begin((screen, seq, key) for screen in sorted(screens - known))


def _screens(groups: Iterable[str]) -> set[str]:
    asked = set(groups)
    meant = {*screens_under(asked), *asked}
    in_service = Screen.objects.filter(pk__in=meant, revoked=None).exclude(claimed=None)
    return set(in_service.values_list("pk", flat=True))
