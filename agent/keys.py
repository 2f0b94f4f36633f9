"""The key ring of this screen: the root key it learned at its claim and the newest key set that root signed."""

from __future__ import annotations

import logging
from datetime import datetime

from agent import trust
from agent.store import Store
from player.model import KeySet

log = logging.getLogger(__name__)


class Keys:
    """Holds the key set in force. Starts from the newest of the stored one and the claim's.

    Raises trust.Refusal if neither is signed by `root`: the identity file has been tampered with.
    """

    def __init__(self, store: Store, root: str, claimed: bytes) -> None:
        self._store = store
        first = trust.stored_keys(claimed, root)
        stored = store.status("keys")
        newest = first
        if stored is not None:
            found = trust.stored_keys(stored.encode(), root)
            newest = found if found.value.seq >= first.value.seq else first
        self.ring = trust.KeyRing(root, newest.value)

    def take(self, envelope: bytes, instant: trust.Instant) -> KeySet | None:
        """Put a newer key set in force, stored first; None when nothing is new. Raises trust.Refusal."""
        found = trust.keys(envelope, self.ring.root, self._store.floor("keys", "root"), instant)
        if found is None:
            return None
        if found.value.seq < self.ring.keys.seq:
            raise trust.Refusal("keys", "seq", f"seq {found.value.seq} is older than {self.ring.keys.seq}")
        self._store.accept_keys(found, envelope)
        if found.value == self.ring.keys:
            return None
        log.info("key set %d is in force: %d signing keys", found.value.seq, len(found.value.keys))
        self.ring = trust.KeyRing(self.ring.root, found.value, retired=self.ring.keys)
        return found.value

    def overdue(self, now: datetime) -> bool:
        """Whether the publisher should have renewed the set. It stays in force: an emergency must get through."""
        return self.ring.keys.expires <= now
