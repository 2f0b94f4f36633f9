"""The folder of prepared frames: one sub-folder a key, and one of parts that many shows share.

It outlives the processes: after a restart the first picture comes from here. Anything in it may
be deleted at any time; what is missing or torn is made again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from player import wire
from player.prepare import frames
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

        Joined as text: `pathlib` enters every part of every path into the interpreter's table of strings,
        and a player that runs for years meets new names every day.
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
        """Makes the folders a show is written into. Raises OSError."""
        (self.folder / key).mkdir(parents=True, exist_ok=True)
        (self.folder / SHARED).mkdir(exist_ok=True)
        for left_behind in (self.folder / key).glob("*.bare"):
            left_behind.unlink()

    def finish(self, prepared: Prepared) -> None:
        """Makes the show readable. One with problems is not kept: the next request tries again. Raises OSError."""
        if not prepared.problems:
            frames.write_whole(self.folder / prepared.key / _INDEX, wire.encode(prepared))

    def touch(self, key: str) -> None:
        """Marks the show as used now, so that it is evicted last."""
        with contextlib.suppress(OSError):
            os.utime(self.path(key))

    def discard(self, key: str) -> None:
        """Forgets a show, its shared parts too, since one of them may be what was torn."""
        prepared = self.read(key)
        for name in names(prepared) if prepared else ():
            with contextlib.suppress(OSError):
                (self.folder / name).unlink()
        shutil.rmtree(self.folder / key, ignore_errors=True)

    def trim(self, budget_mb: float, keep: Collection[str], now_s: float) -> int:
        """Evicts shows not in `keep`, least recently used first, until the folder is within its budget.

        Returns the bytes that remain. `now_s` is the file system's time in seconds since 1970.
        """
        if not self.folder.is_dir():
            return 0
        sizes = {path: _size_b(path) for path in self.folder.iterdir() if path.is_dir()}
        total = sum(sizes.values())
        for path in sorted((p for p in sizes if p.name not in (*keep, SHARED)), key=_used_s):
            if total <= budget_mb * 1_000_000:
                break
            shutil.rmtree(path, ignore_errors=True)
            total -= sizes[path]
        return total - self._sweep_shared(now_s)

    def _sweep_shared(self, now_s: float) -> int:
        """Deletes shared parts that no show names any more; returns the bytes freed."""
        used: set[str] = set()
        for index in self.folder.glob(f"*/{_INDEX}"):
            with contextlib.suppress(OSError, wire.WireError):
                used.update(names(wire.decode(index.read_bytes(), Prepared)))
        freed = 0
        for path in (self.folder / SHARED).glob("*"):
            with contextlib.suppress(OSError):
                stat = path.stat()
                if f"{SHARED}/{path.name}" not in used and now_s - stat.st_mtime > _YOUNG_S:
                    path.unlink()
                    freed += stat.st_size
        return freed


def names(prepared: Prepared) -> tuple[str, ...]:
    """Every frame file the show needs, each once."""
    strips: list[Strip | None] = [prepared.ticker, *(page.strip for page in prepared.pages)]
    glyphs = [glyph for face in prepared.faces for glyph in face.glyphs]
    return tuple(
        dict.fromkeys([page.frame for page in prepared.pages] + [strip.frame for strip in strips if strip] + glyphs)
    )


def _size_b(folder: Path) -> int:
    """What lies in `folder`; whatever another worker took away meanwhile counts nothing."""
    total = 0
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                total += path.stat().st_size
    return total


def _used_s(folder: Path) -> float:
    """When a show was last used; one that another worker took away meanwhile is older than all."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
