"""The last presented frame in shared memory, for other processes to read while the player goes on.

The memory is a file by name (benches, tests) or without one, handed over as a descriptor (LED helpers).

Layout, little-endian: magic "BTF1", width u32, height u32, 4 bytes unused, then as u64: frames
presented, CLOCK_MONOTONIC ns and CLOCK_REALTIME ns of the last one, a sequence lock; at byte 64
the pixels, h rows of w BGRX. The pixels are kept as the panel has them, because turning them to
RGB costs the writer more than the frame itself; a reader that wants RGB pays for it. X means nothing.

The lock is odd while the writer is at work; a reader that sees it odd, or changed, reads again.
"""

from __future__ import annotations

import mmap
import os
import struct
import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Final, NamedTuple

import pygame

MAGIC: Final = b"BTF1"
HEADER_BYTES: Final = 64
_SIZE: Final = struct.Struct("<4sII")
_TRIES: Final = 3
_PRESENTED, _MONO, _REAL, _LOCK = 2, 3, 4, 5  # places of the u64 fields, counted in u64


class ExportError(Exception):
    """There is no frame file there, or its writer died in the middle of a frame."""


class Exported(NamedTuple):
    """A frame read from another process: `rgb` as in `Frame.data`, instants in nanoseconds."""

    w: int
    h: int
    presented: int
    mono_ns: int
    real_ns: int
    rgb: bytes


class FrameWriter:
    """Keeps the stamps of a frame in `mapped`, a whole frame memory.

    `surface` is its pixels: what is drawn on it between `begin` and `commit` is there for others, with no
    copy of it anywhere else. `pixels` is the same as bytes.
    """

    def __init__(self, mapped: memoryview, size: tuple[int, int]) -> None:
        self.pixels = mapped[HEADER_BYTES:]
        self.surface = pygame.image.frombuffer(self.pixels, size, "BGRA")
        self._fields = mapped[:HEADER_BYTES].cast("Q")

    @classmethod
    def at(cls, path: Path, size: tuple[int, int]) -> FrameWriter:
        """In a file: complete before it gets its name, and left behind."""
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        with part.open("w+b") as file:
            mapped = new_memory(file.fileno(), size)
        part.replace(path)
        return cls(mapped, size)

    def begin(self) -> None:
        """From here on readers wait: an odd lock, also after a present that broke off."""
        self._fields[_LOCK] |= 1

    def commit(self, presented: int) -> None:
        self._fields[_PRESENTED] = presented
        self._fields[_MONO] = time.monotonic_ns()
        self._fields[_REAL] = time.time_ns()
        self._fields[_LOCK] = (self._fields[_LOCK] | 1) + 1


def new_memory(fd: int, size: tuple[int, int]) -> memoryview:
    """Makes the empty file behind `fd` a frame memory of that size, and maps it. Raises OSError."""
    os.pwrite(fd, _SIZE.pack(MAGIC, *size), 0)
    os.ftruncate(fd, HEADER_BYTES + size[0] * size[1] * 4)
    return memoryview(mmap.mmap(fd, 0))


class FrameMemory:
    """Reads a frame memory by its descriptor, at speed: one copy, no system call. Raises ExportError if it is none."""

    def __init__(self, fd: int) -> None:
        mapped = memoryview(mmap.mmap(fd, 0, access=mmap.ACCESS_READ))
        magic, *size = _SIZE.unpack_from(mapped)
        if magic != MAGIC or len(mapped) != HEADER_BYTES + size[0] * size[1] * 4:
            raise ExportError("not a frame memory")
        self.size = (size[0], size[1])
        self._fields = mapped[:HEADER_BYTES].cast("Q")
        self._pixels = mapped[HEADER_BYTES:]

    @property
    def presented(self) -> int:
        return self._fields[_PRESENTED]

    def copy_to(self, pixels: memoryview) -> bool:
        """One whole frame; False if the writer is in the middle of one and will say when it is done."""
        for _ in range(_TRIES):
            before = self._fields[_LOCK]
            pixels[:] = self._pixels
            if self._fields[_LOCK] == before and not before % 2:
                return True
        return False


class ExportedFrame:
    """Reads what a `FrameWriter` in another process shows, and follows it when that process is started again."""

    def __init__(self, path: Path, now_s: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._now_s = now_s
        self._file: FileIO | None = None

    @classmethod
    def open(cls, path: Path) -> ExportedFrame:
        """Raises ExportError if no frame file is there."""
        frame = cls(path)
        frame._follow()
        return frame

    def read(self, timeout_s: float = 1.0) -> Exported:
        """One whole frame. Raises ExportError when none can be had within `timeout_s`."""
        deadline_s = self._now_s() + timeout_s
        while True:
            file = self._follow()
            before = _header(file)
            if not before.lock % 2:
                file.seek(HEADER_BYTES)
                pixels = file.read(before.w * before.h * 4)
                if _header(file) == before:
                    return _exported(before, pixels)
            if self._now_s() > deadline_s:
                raise ExportError(f"{self._path}: the writer stopped in the middle of frame {before.presented + 1}")
            time.sleep(0.0005)

    def presented(self) -> int:
        """Frames presented so far; cheap, for waiting on the next one."""
        return _header(self._follow()).presented

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _follow(self) -> FileIO:
        try:
            there = self._path.stat()
            if self._file is None or os.fstat(self._file.fileno()).st_ino != there.st_ino:
                self.close()
                self._file = self._path.open("rb", buffering=0)
        except OSError as exc:
            raise ExportError(f"{self._path}: no frame file ({exc.strerror})") from exc
        assert self._file is not None  # noqa: S101 -- opened above
        return self._file


class _Header(NamedTuple):
    w: int
    h: int
    presented: int
    mono_ns: int
    real_ns: int
    lock: int


def _header(file: FileIO) -> _Header:
    raw = os.pread(file.fileno(), HEADER_BYTES, 0)
    if len(raw) < HEADER_BYTES or not raw.startswith(MAGIC):
        raise ExportError(f"{file.name}: not a frame file")
    _, width, height = _SIZE.unpack_from(raw)
    return _Header(width, height, *struct.unpack_from("<4Q", raw, 16))


def _exported(header: _Header, bgrx: bytes) -> Exported:
    surface = pygame.image.frombuffer(bgrx, (header.w, header.h), "BGRA")
    return Exported(*header[:5], pygame.image.tobytes(surface, "RGB"))
