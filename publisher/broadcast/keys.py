"""The publisher's keys: a root key that vouches for signing keys, and the signing key in use.

`root.key` is needed only to make a key set: after `init` it may be carried away and brought back
(`root_path`) for a rotation. `root.pub`, `<id>.key` and `keyset.json` are what the running
publisher reads. Private keys are 32 raw bytes in hex, readable by their owner alone.

The root itself is changed in steps of which each leaves files that load (`rotate_root`): the next
root's private key as `root.next`, the key set signed by it, `root.pub`, and last `root.next` in the
place of `root.key`. While `root.next` is there the change is not over, and is taken up again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drivers.disk import replace_file
from player import roots, seal, wire
from player.enrolment import KeySet, SigningKey
from player.model import SCHEMA

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
        self._next = self._root.with_name("root.next")

    def create(self, now: datetime) -> bool:
        """Make the root, the first signing key and the first key set; False if they are already there."""
        if self._has_set():
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
        if self._next.exists():
            raise KeyStoreError(f"{self._next}: a change of the root key was not finished; do `keys rotate-root` again")
        root = self._root_key()
        private = Ed25519PrivateKey.generate()
        key = SigningKey(public=seal.public_hex(private), kinds=SIGNED_KINDS)
        keyset = self._fresh(now, (key,), self.keyset().roots if self._has_set() else ())
        _write_private(self._folder / f"{seal.key_id(key.public)}.key", private)
        self._write_public("keyset.json", seal.seal("keys", wire.encode(keyset), root))
        self._remove_old(seal.key_id(key.public))
        return keyset

    def rotate_root(self, now: datetime) -> KeySet:
        """Replace the root key; the old one is gone after that, and the signing key stays.

        Done again after a crash it goes on with the same new root: a screen may know it already.
        Raises KeyStoreError if the root key is away, or so many changes fit in no key set.
        """
        if not self._has_set():
            raise KeyStoreError(f"{self._folder / 'keyset.json'} is missing: run `bangtin publisher init`")
        if not self._next.exists():
            self._sealed_set(now, self._root_key(), Ed25519PrivateKey.generate())  # before anything is written
            _write_private(self._next, Ed25519PrivateKey.generate())
        new = _read_private(self._next)
        if self.load().root_public != seal.public_hex(new):
            self._write_public("keyset.json", self._sealed_set(now, self._root_key(), new))
        self._write_public("root.pub", seal.public_hex(new).encode())
        replace_file(self._root, self._next.read_bytes(), 0o600)
        self._next.unlink()
        return self.keyset()

    def _sealed_set(self, now: datetime, old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> bytes:
        before = self.keyset()
        keyset = self._fresh(now, before.keys, (*before.roots, roots.change(old, new)))
        sealed = seal.seal("keys", wire.encode(keyset), new)
        if len(sealed) > wire.ENVELOPE_LIMIT_B:
            raise KeyStoreError(
                f"the root key was changed {len(before.roots)} times and no more changes fit in a key set of "
                f"{wire.ENVELOPE_LIMIT_B} bytes: make a new root in an empty folder and claim the boards anew"
            )
        return sealed

    def _fresh(self, now: datetime, keys: tuple[SigningKey, ...], changes: tuple[str, ...]) -> KeySet:
        instant = wire.utc(now)
        seq = max(self._last_seq() + 1, int(now.timestamp()))
        return KeySet(SCHEMA, seq, issued=instant, expires=instant + KEYSET_LIFE, keys=keys, roots=changes)

    def load(self) -> Signer:
        """The keys in force. Raises KeyStoreError if `init` was not run or a file does not fit the others."""
        envelope = self._read("keyset.json")
        root_public = roots.follow(envelope, self._read("root.pub").decode("ascii").strip())
        keyset = self._open(envelope, root_public)
        for key in keyset.keys:
            path = self._folder / f"{seal.key_id(key.public)}.key"
            if path.exists():
                return Signer(root_public, envelope, _read_private(path))
        raise KeyStoreError(f"{self._folder}: none of the key set's private keys is here")

    def keyset(self) -> KeySet:
        """The key set in force, checked against the root."""
        envelope = self._read("keyset.json")
        return self._open(envelope, roots.follow(envelope, self._read("root.pub").decode("ascii").strip()))

    def _open(self, envelope: bytes, root_public: str) -> KeySet:
        try:
            return wire.decode(seal.unseal("keys", envelope, (root_public,)), KeySet)
        except (seal.SealError, wire.WireError) as exc:
            raise KeyStoreError(f"{self._folder / 'keyset.json'}: {exc}") from exc

    def _last_seq(self) -> int:
        return self.keyset().seq if self._has_set() else 0

    def _has_set(self) -> bool:
        return (self._folder / "keyset.json").exists()

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
