"""The folder of prepared frames: one sub-folder a key, and one of parts that many shows share.

It outlives the processes: after a restart the first picture comes from here. Anything in it may
be deleted at any time; what is missing or torn is made again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from player import wire
from player.prepare import frames
from player.prepare.frames import File
from player.show import Prepared, Strip

_INDEX: Final = "prepared.json"
SHARED: Final = "shared"
_YOUNG_S: Final = 600.0  # a shared part this new may belong to a show still in the making


@dataclass(frozen=True, slots=True)
class FrameCache:
    """Reads and writes prepared shows below `folder`. Frame names in a Prepared are paths below it."""

    folder: Path

    def path(self, name: str) -> str:
        """Where the frame, or the show, of that name lies.

        Joined as text, as everywhere here: `pathlib` enters every part of every path into the interpreter's table
        of strings, and a player and its workers run for years and meet new names every day.
        """
        return os.path.join(self.folder, name)

    def read(self, key: str) -> Prepared | None:
        """The finished show, if its index and all its frames are here at full length."""
        try:
            with open(self.path(f"{key}/{_INDEX}"), "rb") as file:
                prepared = wire.decode(file.read(), Prepared)
        except (OSError, wire.WireError):
            return None
        return prepared if all(frames.complete(self.path(name)) for name in names(prepared)) else None

    def begin(self, key: str) -> None:
        """Makes the folders a show is written into; what a killed worker left half done there goes. Raises OSError."""
        os.makedirs(self.path(key), exist_ok=True)
        os.makedirs(self.path(SHARED), exist_ok=True)
        for entry in _entries(self.path(key)):
            if entry.name.endswith((frames.BARE, frames.PART)):
                os.unlink(entry.path)

    def finish(self, prepared: Prepared) -> None:
        """Makes the show readable. One with problems is not kept: the next request tries again. Raises OSError."""
        if not prepared.problems:
            frames.write_whole(self.path(f"{prepared.key}/{_INDEX}"), wire.encode(prepared))

    def touch(self, key: str) -> None:
        """Marks the show as used now, so that it is evicted last."""
        with contextlib.suppress(OSError):
            os.utime(self.path(key))

    def discard(self, key: str) -> None:
        """Forgets a show, its shared parts too, since one of them may be what was torn."""
        prepared = self.read(key)
        for name in names(prepared) if prepared else ():
            with contextlib.suppress(OSError):
                os.unlink(self.path(name))
        shutil.rmtree(self.path(key), ignore_errors=True)

    def trim(self, budget_mb: float, keep: Collection[str], now_s: float) -> int:
        """Evicts shows not in `keep`, least recently used first, until the folder is within its budget.

        Returns the bytes that remain. `now_s` is the file system's time in seconds since 1970. While there is room,
        which is nearly always, no list of the shows is made: they may be many thousands.
        """
        budget_b = budget_mb * 1_000_000
        total_b = sum(_size_b(entry.path) for entry in _folders(self.folder))
        if total_b > budget_b:
            total_b = self._evict(budget_b, keep)
        return total_b - self._sweep_shared(now_s)

    def _evict(self, budget_b: float, keep: Collection[str]) -> int:
        """Evicts until all is within the budget; returns what remains."""
        sizes = {entry.path: _size_b(entry.path) for entry in _folders(self.folder)}
        total_b = sum(sizes.values())
        stay = {self.path(name) for name in (*keep, SHARED)}
        for path in sorted(sizes.keys() - stay, key=_used_s):
            if total_b <= budget_b:
                break
            shutil.rmtree(path, ignore_errors=True)
            total_b -= sizes[path]
        return total_b

    def _sweep_shared(self, now_s: float) -> int:
        """Deletes shared parts that no show names any more; returns the bytes freed."""
        used = self._shared_used()
        freed = 0
        for entry in _entries(self.path(SHARED)):
            with contextlib.suppress(OSError):
                stat = entry.stat()
                if f"{SHARED}/{entry.name}" not in used and now_s - stat.st_mtime > _YOUNG_S:
                    os.unlink(entry.path)
                    freed += stat.st_size
        return freed

    def _shared_used(self) -> set[str]:
        used: set[str] = set()
        for entry in _folders(self.folder):
            with contextlib.suppress(OSError, wire.WireError), open(f"{entry.path}/{_INDEX}", "rb") as index:
                prepared = wire.decode(index.read(), Prepared)
                used.update(name for name in names(prepared) if name.startswith(f"{SHARED}/"))
        return used


def names(prepared: Prepared) -> tuple[str, ...]:
    """Every frame file the show needs, each once."""
    strips: list[Strip | None] = [prepared.ticker, *(page.strip for page in prepared.pages)]
    glyphs = [glyph for face in prepared.faces for glyph in face.glyphs]
    return tuple(
        dict.fromkeys([page.frame for page in prepared.pages] + [strip.frame for strip in strips if strip] + glyphs)
    )


def _entries(folder: File) -> Iterator[os.DirEntry[str]]:
    """What lies in `folder`, one after the other; nothing if another worker took it away."""
    with contextlib.suppress(OSError), os.scandir(os.fspath(folder)) as entries:
        yield from entries


def _folders(folder: File) -> Iterator[os.DirEntry[str]]:
    for entry in _entries(folder):
        with contextlib.suppress(OSError):
            if entry.is_dir():
                yield entry


def _size_b(folder: str) -> int:
    """What lies in `folder`; whatever another worker took away meanwhile counts nothing."""
    total = 0
    for entry in _entries(folder):
        with contextlib.suppress(OSError):
            total += entry.stat().st_size
    return total


def _used_s(folder: str) -> float:
    """When a show was last used; one that another worker took away meanwhile is older than all."""
    try:
        return os.stat(folder).st_mtime
    except OSError:
        return 0.0
