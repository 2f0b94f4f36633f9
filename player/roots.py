"""From the root key that a screen knows to the one in force: the old root and the new one both sign each change.

A key set carries all changes there ever were, so that a screen which was away for years finds its
way with one message, one file of a bundle or one answer. The old root consents, so that nobody else
can name another; the new one consents, so that nobody is sent to a key that is not held. The rule
is that of TUF (specification 1.0, 5.3: a new root is signed by both).
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from player import seal, wire
from player.enrolment import KeySet, RootChange
from player.model import SCHEMA


def change(old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> str:
    """The envelope, as text, that leads from one root key to the next."""
    payload = wire.encode(RootChange(schema=SCHEMA, root=seal.public_hex(new)))
    return seal.seal("root", payload, old, new).decode()


def follow(envelope: bytes, root: str) -> str:
    """The root key that must have signed the key set in `envelope`, for one who knows `root` (both public, hex).

    Nothing in the set is believed for that but changes which start at `root`; those that `root` has
    behind it lead nowhere. `root` itself for what cannot be read: whoever opens it says why.
    """
    if len(envelope) > wire.ENVELOPE_LIMIT_B:
        return root
    try:
        changes = wire.decode(seal.unverified("keys", envelope), KeySet).roots
    except (seal.SealError, wire.WireError):
        return root
    for each in changes:
        root = _after(each.encode(), root)
    return root


def _after(envelope: bytes, root: str) -> str:
    """The new root if this change starts at `root` and both signed it, else `root`."""
    try:
        new = wire.decode(seal.unseal("root", envelope, (root,)), RootChange).root
        seal.unseal("root", envelope, (new,))
    except (seal.SealError, wire.WireError):
        return root
    return new
