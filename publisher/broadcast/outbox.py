"""The transactional outbox: a change and its announcement are written together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publisher.broadcast.models import Task


def put(kind: str, target: str, detail: Mapping[str, Any] | None = None) -> None:
    """Note inside the caller's transaction that `target` needs an announcement of `kind` (see Task)."""
    Task.objects.create(kind=kind, target=target, detail=dict(detail or {}))
