"""What a power cut leaves: files and names that are on the disk before anybody relies on them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO


def settle(file: IO[bytes]) -> None:
    """Have all that was written to `file` on the disk. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())


def settle_names(folder: Path) -> None:
    """Have the names in `folder` on the disk: of what was made, renamed or linked there. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
