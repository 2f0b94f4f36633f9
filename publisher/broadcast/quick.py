"""Commits that do not wait for the disk, for what can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def quick_commits() -> Iterator[None]:
    """Inside, a commit is safe from a killed process but the last ones may be lost in a power cut, whole and in order.

    Right for announcing: what is lost is a task done, which is then done again, with a seq that is
    higher all the same because it follows the clock. Wrong for reports: the broker forgets them.
    """
    if connection.vendor != "sqlite":
        yield
        return
    _set("NORMAL")
    try:
        yield
    finally:
        _set("FULL")


def _set(mode: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={mode}")
