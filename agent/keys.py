"""The key ring of this screen: the root key it learned at its claim and the newest key set that root signed.

Another root is in force once the old one named it; the key set that is stored leads to it from the claim's.
"""

from __future__ import annotations

import logging
from datetime import datetime

from agent import trust
from agent.store import Store
from player import roots
from player.enrolment import KeySet
from player.seal import key_id

log = logging.getLogger(__name__)


class Keys:
    """Holds the key set in force. Starts from the newest of the stored one and the claim's.

    Raises trust.Refusal if the claim's is not signed by `root`: the identity file has been tampered with.
    """

    def __init__(self, store: Store, root: str, claimed: bytes) -> None:
        self._store = store
        self.ring = _ring(claimed, root)
        stored = store.status("keys")
        if stored is not None:
            self._take_up(stored.encode(), root)

    def _take_up(self, stored: bytes, root: str) -> None:
        try:
            ring = _ring(stored, root)
        except trust.Refusal as exc:  # claimed anew since, by a publisher with another root
            log.warning("the stored key set is left out, the claim's is in force: %s", exc)
            return
        if ring.keys.seq >= self.ring.keys.seq:
            self.ring = ring

    def take(self, envelope: bytes, instant: trust.Instant) -> KeySet | None:
        """Put a newer key set in force, stored first; None when nothing is new. Raises trust.Refusal."""
        root = roots.follow(envelope, self.ring.root)
        found = trust.keys(envelope, root, self._store.floor("keys", "root"), instant)
        if found is None:
            return None
        if found.value.seq < self.ring.keys.seq:
            raise trust.Refusal("keys", "seq", f"seq {found.value.seq} is older than {self.ring.keys.seq}")
        self._store.accept_keys(found, envelope)
        if found.value == self.ring.keys:
            return None
        log.info("key set %d is in force: %d signing keys", found.value.seq, len(found.value.keys))
        if root != self.ring.root:
            log.info("the root key is %s from now on", key_id(root))
        self.ring = trust.KeyRing(root, found.value, retired=self.ring.keys)
        return found.value

    def overdue(self, now: datetime) -> bool:
        """Whether the publisher should have renewed the set. It stays in force: an emergency must get through."""
        return self.ring.keys.expires <= now


def _ring(envelope: bytes, root: str) -> trust.KeyRing:
    """A ring from a key set accepted earlier, for one who knew `root`. Raises trust.Refusal."""
    root = roots.follow(envelope, root)
    return trust.KeyRing(root, trust.stored_keys(envelope, root).value)
