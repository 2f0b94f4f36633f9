"""A clip that is heard while it is still being made: its tones sound at once, and hide how long the first words take.

The maker writes `<key>.growing` and renames it to `<key>.wav` when it is whole, or deletes it when the
voice fails. Who reads it needs no word from the maker: an open file keeps its bytes under any name.
"""

from __future__ import annotations

import io
import os
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

SUFFIX: Final = ".growing"
STALL_S: Final = 100.0  # a voice may load its model and make its first piece, then its worker is ended
_HEADER_BYTES: Final = 44  # what `wave` writes before the first sample
_POLL_S: Final = 0.02


class Eager(io.BufferedWriter):
    """Writes what it is given at once, and all of it."""

    def write(self, data: Any, /) -> int:
        written = super().write(data)
        self.flush()
        return written


def growing(path: Path, chunk_frames: int) -> Iterator[bytes]:
    """The sound at `path` as it comes, in chunks of at most that many frames.

    Raises FileNotFoundError at once; later wave.Error when its maker gave it up or makes no more of it.
    """
    file = path.open("rb")
    return _follow(file, path, 2 * chunk_frames)


def _follow(file: BinaryIO, path: Path, chunk_bytes: int) -> Iterator[bytes]:
    with file:
        file.seek(_HEADER_BYTES)
        rest = b""
        while True:
            over = not _grows(file, path)  # looked at before reading: what was written until then is read below
            data = rest + file.read(chunk_bytes)
            even = len(data) // 2 * 2
            rest = data[even:]
            if even:
                yield data[:even]
            elif over:
                break
            else:
                _await_more(file, path)
        if os.fstat(file.fileno()).st_nlink == 0:
            raise wave.Error(f"{path.name}: the voice gave up in the middle")


def _await_more(file: BinaryIO, path: Path) -> None:
    """Wait until there is more to read or the file has another name or none. Raises wave.Error after `STALL_S`."""
    end_s = time.monotonic() + STALL_S
    while os.fstat(file.fileno()).st_size <= file.tell() and _grows(file, path):
        if time.monotonic() > end_s:
            raise wave.Error(f"{path.name}: no sound for {STALL_S:.0f} s")
        time.sleep(_POLL_S)


def _grows(file: BinaryIO, path: Path) -> bool:
    """Whether the open file still has its name: a voice that begins anew makes another one of that name."""
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False
