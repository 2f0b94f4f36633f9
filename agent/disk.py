"""This machine's disk: whether there is room on it, and files that a power cut leaves whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

RESERVE_B: Final = 32 * 1024 * 1024
PRIVATE: Final = 0o600  # for the agent alone
SHARED: Final = 0o660  # with the player, by the group of both


def has_room(folder: Path, size: int) -> bool:
    """Whether `size` bytes more leave the disk enough for what must always be possible: to commit an emergency."""
    return shutil.disk_usage(folder).free >= size + RESERVE_B


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(file: Path, data: bytes, mode: int) -> None:
    """Put `data` at `file` with these permissions, whatever the umask: afterwards it holds the old bytes or the new.

    Raises OSError, and then it holds the old ones.
    """
    part = file.with_name(file.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as out:
            os.fchmod(out.fileno(), mode)
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)
