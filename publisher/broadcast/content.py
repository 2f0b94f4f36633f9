"""The content store: files named by the SHA-256 of their bytes. Playlist bodies lie in a folder of their own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

from drivers.disk import replace_file


class ContentStore:
    """`folder` holds checked media, `folder/playlists` the bodies composed here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bodies = folder / "playlists"

    def put_body(self, body: bytes, sha256: str) -> None:
        """Store a playlist body under its hash.

        Not forced to the disk: what a power cut tears is noticed at the next start and composed again.
        """
        path = self._bodies / sha256
        if not path.exists():
            self._bodies.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(path, body, durable=False)

    def has_body(self, sha256: str) -> bool:
        """Whether the body is here and whole."""
        try:
            return hashlib.sha256((self._bodies / sha256).read_bytes()).hexdigest() == sha256
        except OSError:
            return False

    def find(self, sha256: str) -> Path | None:
        """The file of that name, media or body; None if there is none."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            return None
        return next((path for path in (self._folder / sha256, self._bodies / sha256) if path.is_file()), None)

    def prune_bodies(self, kept: Collection[str], older_than: float) -> int:
        """Delete bodies that are not in `kept` and were last written before `older_than` (unix seconds); how many."""
        old = [
            path
            for path in (self._bodies.iterdir() if self._bodies.is_dir() else ())
            if path.name not in kept and path.stat().st_mtime < older_than
        ]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)
