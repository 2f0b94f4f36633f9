"""One tar file with all that a publisher is: database, keys, content, settings."""

from __future__ import annotations

import os
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from publisher.home import Home

KEPT: Final = ("keys", "content", "secret.key", "publisher.yaml", "broker/port")


class Command(BaseCommand):
    help = "Write database, keys, content and settings to one tar file; the publisher may go on running."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path)

    def handle(self, *args: Any, target: Path, **options: Any) -> None:
        if target.exists():
            raise CommandError(f"{target} is there already; name another file")
        try:
            write(settings.HOME, target)
        except OSError as exc:
            raise CommandError(f"{target}: {exc.strerror or exc}") from exc
        self.stdout.write(f"{target} holds the publisher as of now, its private keys too: keep it safe")


def write(home: Home, target: Path) -> None:
    """The database first: content it speaks of is on the disk before it, and never changes. Raises OSError."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        partial, copy = Path(folder) / "backup.tar", Path(folder) / "publisher.db"
        _copy_database(home.database, copy)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            tar.add(copy, "publisher.db")
            for name in KEPT:
                if (home.root / name).exists():
                    tar.add(home.root / name, name)
        partial.rename(target)


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own online copy: consistent while others write."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()
