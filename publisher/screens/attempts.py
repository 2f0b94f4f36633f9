"""Wrong claim codes are counted by address and altogether, so that guessing becomes slow."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

WINDOW_S: Final = 600
ADDRESS_LIMIT: Final = 10
# 80 bits are not guessed; the limit for all keeps a botnet from keeping the database busy.
TOTAL_LIMIT: Final = 200


def allowed(address: str) -> bool:
    """Whether `address` may try a code now."""
    return bool(cache.get(_key(address), 0) < ADDRESS_LIMIT and cache.get(_key("all"), 0) < TOTAL_LIMIT)


def note_failure(address: str) -> None:
    """A wrong code came from `address`."""
    for key in (_key(address), _key("all")):
        cache.add(key, 0, WINDOW_S)
        cache.incr(key)


def _key(whom: str) -> str:
    return f"claim-failures:{whom}"
