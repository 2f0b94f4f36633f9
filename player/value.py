"""The base of every value that flows between rooms and over the wire."""

from __future__ import annotations

from msgspec import Struct


class Value(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Frozen, strict, defaults left out of the bytes."""
