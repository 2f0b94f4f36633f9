"""What a screen obeys: bytes in, a value or one reasoned refusal out. No clock, no disk, no network.

The rules, in the order they are judged; the first one broken is the reason given.

 1. size       an envelope is at most `wire.ENVELOPE_LIMIT_B` long
 2. malformed  it is a DSSE envelope
 3. kind       its payload type is the kind that its topic carries
 4. signature  a key that the key set in force allows for this kind signed these very bytes;
               the key set itself only the root key may sign, which the claim code vouched for,
               or the root to which changes lead that each root before it signed (`player.roots`)
 5. schema     the payload is exactly one value of that kind, no field missing, none unknown
 6. target     it names this screen, or a group this screen is in, and the topic names the same
 7. seq        it is above the floor of its (kind, target); equal seq with equal hash is a
               repetition and changes nothing; equal seq with another hash is an alarm, because
               somebody signed two different things under one number
 8. expired    its expiry lies after the instant (a playlist's is judged here and never again)
 9. future     it was not issued more than a day after a clock that is trusted

Rule 4 knows one exception, which obeys nobody: until the publisher has signed anew, a broker repeats
what it retains under a key that was retired since. What such a key signed and what is here already
is a repetition too, not foul play.

For a playlist the hash of rule 7 is its body's, so that a publisher that moved may announce the
same playlist from another address. A body must have the size and the hash its pointer names, be
valid by rule 5, and repeat the pointer's screen, seq and dates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, NamedTuple, TypeVar

from player import wire
from player.enrolment import KeySet
from player.model import Alert, Command, Playlist, Pointer, Value
from player.seal import KINDS, SealError, unseal

T = TypeVar("T", bound=Value)

FUTURE_LIMIT: Final = timedelta(days=1)
_SIGNED_BY_KEY_SET: Final = frozenset(KINDS) - {"keys", "root"}


class Refusal(Exception):  # noqa: N818 - a judgement, not a fault of ours
    """The screen will not obey this object. `reason` is the rule's word; an `alarm` means foul play is likely."""

    def __init__(self, kind: str, reason: str, detail: str, alarm: bool = False) -> None:
        super().__init__(f"{kind}: {reason}: {detail}")
        self.kind = kind
        self.reason = reason
        self.detail = detail
        self.alarm = alarm


class Floor(NamedTuple):
    """The newest object of a (kind, target) that was accepted."""

    seq: int
    sha256: str


class Instant(NamedTuple):
    """The earliest it can be, and whether that is also what it is: see `clockwatch`."""

    at: datetime
    trusted: bool


class Believed(NamedTuple, Generic[T]):
    """A value out of a signed envelope, with the exact bytes that were signed and their SHA-256."""

    value: T
    payload: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The root key of the claim and the key set in force, whose signing keys it hands out by kind.

    `retired` is the set that was in force before it, if this process saw the change.
    """

    root: str
    keys: KeySet
    retired: KeySet | None = None

    def allowed(self, kind: str) -> tuple[str, ...]:
        if kind not in _SIGNED_BY_KEY_SET:
            return (self.root,) if kind == "keys" else ()
        return _keys_for(kind, self.keys)

    def formerly_allowed(self, kind: str) -> tuple[str, ...]:
        return _keys_for(kind, self.retired) if self.retired is not None else ()


def _keys_for(kind: str, keys: KeySet) -> tuple[str, ...]:
    return tuple(key.public for key in keys.keys if kind in key.kinds)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pointer(envelope: bytes, ring: KeyRing, screen: str, floor: Floor | None, now: Instant) -> Pointer | None:
    """The announced playlist, or None when it is the one already here. Raises Refusal."""
    try:
        value = _open("desired", Pointer, envelope, ring.allowed("desired")).value
    except Refusal as exc:
        former = _formerly_signed(exc, Pointer, envelope, ring)
        if former is None or Floor(former.value.seq, former.value.sha256) != floor:
            raise
        return None
    _same("desired", "screen", value.screen, screen)
    if not _is_new("desired", value.seq, value.sha256, floor):
        return None
    _in_time("desired", value.issued, value.expires, now)
    return value


def command(envelope: bytes, ring: KeyRing, screen: str, floor: Floor | None, now: Instant) -> Believed[Command] | None:
    """The command, or None when it was carried out before. Raises Refusal."""
    found = _open("command", Command, envelope, ring.allowed("command"))
    _same("command", "screen", found.value.screen, screen)
    if not _is_new("command", found.value.seq, found.sha256, floor):
        return None
    _in_time("command", found.value.issued, found.value.expires, now)
    return found


def alert(
    envelope: bytes,
    ring: KeyRing,
    topic: tuple[str, str],
    groups: Collection[str],
    *,
    floor: Floor | None,
    now: Instant,
) -> Believed[Alert] | None:
    """The alert that came in under `topic` (group, alert id), or None when it is already here. Raises Refusal."""
    try:
        found = _open("alert", Alert, envelope, ring.allowed("alert"))
    except Refusal as exc:
        former = _formerly_signed(exc, Alert, envelope, ring)
        if former is None or Floor(former.value.seq, former.sha256) != floor:
            raise
        return None
    value = found.value
    _same("alert", "group", value.group, topic[0])
    _same("alert", "alert id", value.id, topic[1])
    if value.group not in groups:
        raise Refusal("alert", "target", f"it is for group {value.group!r}, which this screen is not in")
    if not _is_new("alert", value.seq, found.sha256, floor):
        return None
    _in_time("alert", value.issued, value.expires, now)
    if not value.versions and not value.ended:
        raise Refusal("alert", "schema", "an alert without a text can only be the end of one")
    return found


def keys(envelope: bytes, root: str, floor: Floor | None, now: Instant) -> Believed[KeySet] | None:
    """The new key set, or None when it is the one in force. Raises Refusal."""
    found = _open("keys", KeySet, envelope, (root,))
    if not _is_new("keys", found.value.seq, found.sha256, floor):
        return None
    _in_time("keys", found.value.issued, found.value.expires, now)
    return found


def stored_keys(envelope: bytes, root: str) -> Believed[KeySet]:
    """A key set that was accepted earlier: only signature and form are judged again. Raises Refusal."""
    return _open("keys", KeySet, envelope, (root,))


def playlist(announced: Pointer, body: bytes) -> Playlist:
    """The playlist in `body`, if that is what the pointer announced. Raises Refusal."""
    if len(body) != announced.size:
        raise Refusal("desired", "size", f"the body has {len(body)} bytes, the pointer says {announced.size}")
    if digest(body) != announced.sha256:
        raise Refusal("desired", "hash", f"the body is not the announced {announced.sha256[:12]}…")
    value = _decode("desired", body, Playlist)
    for name in ("screen", "seq", "issued", "expires"):
        _same("desired", name, getattr(value, name), getattr(announced, name))
    return value


def _open(kind: str, cls: type[T], envelope: bytes, allowed: Collection[str]) -> Believed[T]:
    if len(envelope) > wire.ENVELOPE_LIMIT_B:
        raise Refusal(kind, "size", f"the envelope has {len(envelope)} bytes, at most {wire.ENVELOPE_LIMIT_B} are read")
    try:
        payload = unseal(kind, envelope, allowed)
    except SealError as exc:
        raise Refusal(kind, exc.reason, exc.detail, alarm=exc.reason == "signature") from exc
    return Believed(_decode(kind, payload, cls), payload, digest(payload))


def _formerly_signed(refusal: Refusal, cls: type[T], envelope: bytes, ring: KeyRing) -> Believed[T] | None:
    """The value that a retired key signed, if that is why it was refused."""
    if refusal.reason != "signature":
        return None
    try:
        return _open(refusal.kind, cls, envelope, ring.formerly_allowed(refusal.kind))
    except Refusal:
        return None


def _decode(kind: str, payload: bytes, cls: type[T]) -> T:
    try:
        return wire.decode(payload, cls)
    except wire.WireError as exc:
        raise Refusal(kind, "schema", str(exc)) from exc


def _same(kind: str, what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Refusal(kind, "target", f"its {what} is {found}, not {wanted}", alarm=True)


def _is_new(kind: str, seq: int, sha256: str, floor: Floor | None) -> bool:
    if floor is None or seq > floor.seq:
        return True
    if seq < floor.seq:
        raise Refusal(kind, "seq", f"seq {seq} is older than {floor.seq}, which is here")
    if sha256 != floor.sha256:
        raise Refusal(kind, "seq", f"seq {seq} was already given to other content", alarm=True)
    return False


def _in_time(kind: str, issued: datetime, expires: datetime, now: Instant) -> None:
    if expires <= now.at:
        raise Refusal(kind, "expired", f"it expired {expires.isoformat()}, now it is {now.at.isoformat()} or later")
    if now.trusted and issued > now.at + FUTURE_LIMIT:
        raise Refusal(kind, "future", f"it says it was issued {issued.isoformat()}, now it is {now.at.isoformat()}")
