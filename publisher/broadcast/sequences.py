"""Sequence numbers: never reused and never going backwards, even when the database is restored from a copy."""

from __future__ import annotations

from datetime import datetime

from publisher.broadcast.models import Sequence


def next_seq(kind: str, target: str, now: datetime) -> int:
    """max(last + 1, unix seconds) for this kind and target; belongs in the transaction that stores the content."""
    row, _ = Sequence.objects.get_or_create(kind=kind, target=target)
    row.last = max(row.last + 1, int(now.timestamp()))
    row.save(update_fields=["last"])
    return row.last
