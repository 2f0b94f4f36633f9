"""Keeps the disk from filling: fetched files and clips that nothing on air needs go, the oldest first."""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from agent.store import Store
from agent.sync import media_of, sounds_of
from player.model import Alert, Playlist

log = logging.getLogger(__name__)

PART_LIFE_S: Final = 7 * 86_400
_MB: Final = 1024 * 1024


class Sweeper:
    """`trim_clips(budget_bytes, keep)` makes the clip folder fit, sparing the names in `keep`."""

    def __init__(self, store: Store, budget_mb: int, trim_clips: Callable[[int, Collection[str]], object]) -> None:
        self._store = store
        self._budget_b = budget_mb * _MB
        self._trim_clips = trim_clips

    def sweep(self, current: Playlist | None, alerts: Iterable[Alert] = (), everything: bool = False) -> None:
        """Make media and clips fit the budget; with `everything`, all media that nothing needs goes at once."""
        needed = {media.sha256 for media in media_of(current)} if current else set()
        needed |= {media.sha256 for media in sounds_of(current, alerts)}
        budget_b = 0 if everything else self._budget_b
        gone = sweep_media(self._store.media_dir, needed, budget_b, time.time() - PART_LIFE_S)
        if gone:
            self._store.forget_media(gone)
            log.info("%d media files were swept", len(gone))
        self._trim_clips(self._budget_b, self._store.clip_files())


def sweep_media(folder: Path, needed: Collection[str], budget_b: int, parts_before: float) -> list[str]:
    """Delete files not `needed`, oldest first, until the folder holds at most `budget_b`; the names that went.

    Broken-off downloads last changed before `parts_before` go in any case.
    """
    entries = list(_files(folder))
    total = sum(facts.st_size for _, facts in entries)
    gone = []
    for path, facts in sorted(entries, key=lambda entry: entry[1].st_mtime):
        if path.suffix == ".part":
            excess = facts.st_mtime < parts_before
        else:
            excess = total > budget_b and path.name not in needed
        if excess:
            path.unlink(missing_ok=True)
            total -= facts.st_size
            gone.append(path.name)
    return gone


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """The files that are there; another thread may give a download its name while this one looks."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            found = path.stat()
            if stat.S_ISREG(found.st_mode):
                yield path, found
