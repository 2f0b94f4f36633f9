"""What the agent leaves free on the disk, and who else may use its files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

RESERVE_B: Final = 32 * 1024 * 1024
PRIVATE: Final = 0o600  # for the agent alone
SHARED: Final = 0o660  # with the player, by the group of both


def has_room(folder: Path, size: int) -> bool:
    """Whether `size` bytes more leave the disk enough for what must always be possible: to commit an emergency."""
    return shutil.disk_usage(folder).free >= size + RESERVE_B
