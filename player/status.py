"""The player's word on itself: one small JSON file in the run folder, renamed into place."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

log = logging.getLogger(__name__)

EVERY_S: Final = 5.0


class StatusFile:
    """Writes what `describe` says to `path`: every few seconds, and at once when `mark` differs from last time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._due_s = float("-inf")
        self._mark: object = None
        self._failed = False
        path.parent.mkdir(parents=True, exist_ok=True)

    def tick(self, monotonic_s: float, mark: object, describe: Callable[[], dict[str, Any]]) -> bool:
        """True if the file was written."""
        if monotonic_s < self._due_s and mark == self._mark:
            return False
        self._due_s, self._mark = monotonic_s + EVERY_S, mark
        self._write(describe())
        return True

    def next_s(self, monotonic_s: float) -> float:
        return max(0.0, self._due_s - monotonic_s)

    def _write(self, facts: dict[str, Any]) -> None:
        try:
            self._part.write_text(json.dumps(facts, ensure_ascii=False, default=str), encoding="utf-8")
            self._part.replace(self._path)
        except OSError as exc:
            if not self._failed:
                log.warning("%s cannot be written: %s", self._path, exc)
            self._failed = True
        else:
            self._failed = False


def memory_kb() -> int:
    """Resident memory of this process, 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    except (OSError, ValueError, IndexError):
        return 0
