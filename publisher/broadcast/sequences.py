"""Sequence numbers: never reused and never going backwards, even when the database is restored from a copy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from publisher.broadcast.models import Sequence


def next_seqs(kind: str, targets: Iterable[str], now: datetime) -> dict[str, int]:
    """max(last + 1, unix seconds) for each target; belongs in the transaction that stores the content."""
    last = dict.fromkeys(targets, 0)
    last.update(Sequence.objects.filter(kind=kind, target__in=last).values_list("target", "last"))
    given = {target: max(seq + 1, int(now.timestamp())) for target, seq in last.items()}
    Sequence.objects.bulk_create(
        [Sequence(kind=kind, target=target, last=seq) for target, seq in given.items()],
        update_conflicts=True,
        unique_fields=["kind", "target"],
        update_fields=["last"],
    )
    return given


def next_seq(kind: str, target: str, now: datetime) -> int:
    """`next_seqs` for one."""
    return next_seqs(kind, [target], now)[target]
