"""The publisher's keys: a root key that vouches for signing keys, and the signing key in use.

`root.key` is needed only to make a key set: after `init` it may be carried away and brought back
(`root_path`) for a rotation. `root.pub`, `signing.key` and `keyset.json` are what the running
publisher reads. Private keys are 32 raw bytes in hex, readable by their owner alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from player import seal, wire
from player.model import SCHEMA, KeySet, SigningKey
from publisher.files import replace_file

KEYSET_LIFE: Final = timedelta(days=730)
SIGNED_KINDS: Final = ("desired", "alert", "command")


class KeyStoreError(RuntimeError):
    """A key is missing or is not the one it should be; the message names the file."""


@dataclass(frozen=True)
class Signer:
    """What the broadcast needs: the root's public key, the key set's envelope, and the private signing key."""

    root_public: str
    keyset: bytes
    private: Ed25519PrivateKey

    def seal(self, kind: str, payload: bytes) -> bytes:
        return seal.seal(kind, payload, self.private)

    @property
    def key_id(self) -> str:
        return seal.key_id(seal.public_hex(self.private))

    def signed(self, envelope: bytes) -> bool:
        """Whether `envelope` names the present signing key; one made before a rotation does not."""
        try:
            return self.key_id in seal.signers(envelope)
        except seal.SealError:
            return False


class KeyStore:
    """The key files. `root_path` is where the root's private key lies, by default beside the others."""

    def __init__(self, folder: Path, root_path: Path | None = None) -> None:
        self._folder = folder
        self._root = root_path or folder / "root.key"

    def create(self, now: datetime) -> bool:
        """Make the root, the first signing key and the first key set; False if they are already there."""
        if (self._folder / "keyset.json").exists():
            return False
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._root.exists():
            _write_private(self._root, Ed25519PrivateKey.generate())
        self._write_public("root.pub", seal.public_hex(self._root_key()).encode())
        self.rotate(now)
        return True

    def rotate(self, now: datetime) -> KeySet:
        """Replace the signing key and sign the new key set by the root.

        The new private key is in place before the set that names it, and the old one goes last: a crash
        in between leaves either set whole. Raises KeyStoreError if the root key is away.
        """
        root = self._root_key()
        private = Ed25519PrivateKey.generate()
        key = SigningKey(public=seal.public_hex(private), kinds=SIGNED_KINDS)
        instant = wire.utc(now)
        keyset = KeySet(
            schema=SCHEMA,
            seq=max(self._last_seq() + 1, int(now.timestamp())),
            issued=instant,
            expires=instant + KEYSET_LIFE,
            keys=(key,),
        )
        _write_private(self._folder / f"{seal.key_id(key.public)}.key", private)
        self._write_public("keyset.json", seal.seal("keys", wire.encode(keyset), root))
        self._remove_old(seal.key_id(key.public))
        return keyset

    def load(self) -> Signer:
        """The keys in force. Raises KeyStoreError if `init` was not run or a file does not fit the others."""
        root_public = self._read("root.pub").decode("ascii").strip()
        envelope = self._read("keyset.json")
        keyset = self._open(envelope, root_public)
        for key in keyset.keys:
            path = self._folder / f"{seal.key_id(key.public)}.key"
            if path.exists():
                return Signer(root_public, envelope, _read_private(path))
        raise KeyStoreError(f"{self._folder}: none of the key set's private keys is here")

    def keyset(self) -> KeySet:
        """The key set in force, checked against the root."""
        return self._open(self._read("keyset.json"), self._read("root.pub").decode("ascii").strip())

    def _open(self, envelope: bytes, root_public: str) -> KeySet:
        try:
            return wire.decode(seal.unseal("keys", envelope, (root_public,)), KeySet)
        except (seal.SealError, wire.WireError) as exc:
            raise KeyStoreError(f"{self._folder / 'keyset.json'}: {exc}") from exc

    def _last_seq(self) -> int:
        return self.keyset().seq if (self._folder / "keyset.json").exists() else 0

    def _root_key(self) -> Ed25519PrivateKey:
        if not self._root.exists():
            raise KeyStoreError(f"{self._root}: the root key is not here; bring it back or name its path")
        root = _read_private(self._root)
        public = self._folder / "root.pub"
        if public.exists() and public.read_text("ascii").strip() != seal.public_hex(root):
            raise KeyStoreError(f"{self._root}: this is not the root key the screens know")
        return root

    def _read(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError as exc:
            raise KeyStoreError(f"{self._folder / name} is missing: run `bangtin publisher init`") from exc

    def _write_public(self, name: str, data: bytes) -> None:
        replace_file(self._folder / name, data, 0o644)

    def _remove_old(self, kept: str) -> None:
        for path in self._folder.glob("*.key"):
            if path.stem not in (kept, "root") and path != self._root:
                path.unlink()


def _write_private(path: Path, key: Ed25519PrivateKey) -> None:
    replace_file(path, key.private_bytes_raw().hex().encode(), 0o600)


def _read_private(path: Path) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))
    except ValueError as exc:
        raise KeyStoreError(f"{path}: needs 64 hex digits of an Ed25519 private key") from exc


def key_store(folder: Path, root_key: str | None) -> KeyStore:
    """The key store as the options describe it: `root_key` is the path of a root that lies elsewhere."""
    return KeyStore(folder, Path(root_key) if root_key else None)
