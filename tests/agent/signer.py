"""A publisher's keys and sequences: every value a screen takes, and its envelope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from agent.trust import KeyRing, digest
from player import seal, wire
from player.enrolment import KeySet, SigningKey
from player.model import Alert, Command, Item, Playlist, Pointer, Priority, Unit, Value, Verb, Version

SCREEN = "s-test01"
GROUP = "25357"


@dataclass
class Signer:
    """Keys and sequences as a publisher has them; each method gives the value and its envelope."""

    root: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    seq: int = 1000

    @property
    def root_hex(self) -> str:
        return seal.public_hex(self.root)

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def keys(self, *privates: Ed25519PrivateKey, **changes: Any) -> KeySet:
        signing = tuple(
            SigningKey(seal.public_hex(private), ("desired", "alert", "command")) for private in privates or (self.key,)
        )
        return replace(KeySet(1, self.next_seq(), self.now, self.now + timedelta(days=365), signing), **changes)

    def key_envelope(self, keys: KeySet | None = None, by: Ed25519PrivateKey | None = None) -> bytes:
        return seal.seal("keys", wire.encode(keys or self.keys()), by or self.root)

    def ring(self) -> KeyRing:
        return KeyRing(self.root_hex, self.keys())

    def item(self, title: str = "Thông báo", **changes: Any) -> Item:
        versions = (Version("vi", title=title, body="Nội dung"),)
        return replace(Item(digest(title.encode())[:12], 1, Priority.ROUTINE, versions, 10.0), **changes)

    def playlist(self, *items: Item, **changes: Any) -> Playlist:
        expires, unit = self.now + timedelta(days=7), Unit(GROUP, "Xã Tân Khai")
        made = Playlist(1, SCREEN, self.next_seq(), self.now, expires, unit, items, (GROUP,))
        return replace(made, **changes)

    def pointer(self, playlist: Playlist, body: bytes | None = None, **changes: Any) -> Pointer:
        body = wire.encode(playlist) if body is None else body
        made = Pointer(
            1, playlist.screen, playlist.seq, digest(body), len(body), f"/content/{digest(body)}",
            playlist.issued, playlist.expires,
        )  # fmt: skip
        return replace(made, **changes)

    def alert(self, **changes: Any) -> Alert:
        versions = (Version("vi", title="BÃO KHẨN CẤP", body="Sơ tán ngay"),)
        expires = self.now + timedelta(hours=6)
        return replace(Alert(1, "bao-so-3", GROUP, self.next_seq(), 1, self.now, expires, versions), **changes)

    def command(self, verb: Verb, **changes: Any) -> Command:
        seq, expires = self.next_seq(), self.now + timedelta(minutes=5)
        return replace(Command(1, f"c{seq}", SCREEN, seq, verb, self.now, expires), **changes)

    def seal(self, value: Value, by: Ed25519PrivateKey | None = None, kind: str = "") -> bytes:
        kinds = {Pointer: "desired", Alert: "alert", Command: "command", KeySet: "keys"}
        return seal.seal(kind or kinds[type(value)], wire.encode(value), by or self.key)
