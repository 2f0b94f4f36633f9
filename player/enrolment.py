"""The vocabulary of trust: the keys a board believes, and what a new board and its centre say to each other once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from player.model import GroupCode, ScreenId, Seq, Unit
from player.value import Value

PublicKey = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]  # Ed25519, hex


class SigningKey(Value, frozen=True):
    """A public key and the kinds of object it may sign."""

    public: PublicKey
    kinds: tuple[str, ...]


class RootChange(Value, frozen=True):
    """The root key that follows another; signed by both (see `player.roots`)."""

    schema: int
    root: PublicKey


class KeySet(Value, frozen=True):
    """The signing keys in force, signed by the root key alone; a higher seq replaces the set whole.

    `roots` holds the envelope of each change of the root key, the oldest first.
    """

    schema: int
    seq: Seq
    issued: datetime
    expires: datetime
    keys: tuple[SigningKey, ...]
    roots: tuple[str, ...] = ()


class ClaimRequest(Value, frozen=True):
    """Sent once over HTTP by a new screen. `device` lets the same device repeat a claim whose answer was lost."""

    secret: Annotated[str, Meta(min_length=8, max_length=64)]
    device: Annotated[str, Meta(min_length=16, max_length=64)]
    panel: str = ""
    width_px: int = 0
    height_px: int = 0


class MqttAccess(Value, frozen=True):
    host: str
    port: int
    username: str
    password: str
    tls: bool = False


class ClaimAnswer(Value, frozen=True):
    """Everything a screen needs for life; `root` is believed only if the claim code vouches for it."""

    screen: ScreenId
    root: PublicKey
    keys: str  # the key set's envelope, JSON text
    token: str  # bearer token for /content and /device
    mqtt: MqttAccess
    unit: Unit
    groups: tuple[GroupCode, ...] = ()
