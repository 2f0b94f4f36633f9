"""The file of one prepared frame: small on disk, checked when read, loaded straight into a surface.

Layout, little-endian: magic, width, height, number of bands, length and CRC-32 of what follows;
then the bands (rows stored, times the last of them is repeated) and the stored rows, BGRX, as one
zlib stream. A page of text is mostly equal rows, so half of it is never compressed at all. A file
appears under its name complete or not at all; one torn by a power cut fails its check and is
made again.
"""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from collections.abc import Iterator
from io import FileIO
from typing import Final, cast

import pygame

from drivers.surfaces import new_surface

_MAGIC: Final = b"BTF3"
_HEADER: Final = struct.Struct("<4sIIIII")
_BAND: Final = struct.Struct("<HH")
_SIZE: Final = struct.Struct("<II")
_LEVEL: Final = 1  # half of the gain for a tenth of the time; unpacked files take longer still to write
_LARGEST_PX: Final = 200_000
BARE: Final = ".bare"  # a frame handed over before it is packed
PART: Final = ".part"  # a file in the making
File = str | os.PathLike[str]


class FrameError(ValueError):
    """The file is torn or no frame; the message names it. Make it again."""


def save(surface: pygame.Surface, path: File) -> None:
    """Writes the pixels of a 32-bit surface beside `path` and renames them into place. Raises OSError."""
    width, height = surface.get_size()
    pixels = surface.get_buffer().raw
    packer = zlib.compressobj(_LEVEL)
    table, packed = [], []
    for start, stored, repeats in _bands(pixels, width * 4, height):
        table.append(_BAND.pack(stored, repeats))
        packed.append(packer.compress(pixels[start * width * 4 : (start + stored) * width * 4]))
    body = b"".join((*table, *packed, packer.flush()))
    header = _HEADER.pack(_MAGIC, width, height, len(table), len(body), zlib.crc32(body))
    write_whole(path, header + body)


def hand_over(surface: pygame.Surface, path: File) -> None:
    """Leaves the bare pixels for a reader that waits for them, until `save` has put the file there. Raises OSError."""
    write_whole(_bare(path), _SIZE.pack(*surface.get_size()), cast(bytearray, surface.get_view("0")))


def take_back(path: File) -> None:
    """Removes what `hand_over` left."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(_bare(path))


def _bare(path: File) -> str:
    return f"{os.path.splitext(path)[0]}{BARE}"


def _bands(pixels: bytes, pitch: int, height: int) -> Iterator[tuple[int, int, int]]:
    """(first row, rows to store, repeats of the last of them) for the whole height."""
    start = row = 0
    while row < height:
        line = pixels[row * pitch : (row + 1) * pitch]
        same = row + 1
        while same < height and same - row < 0xFFFF and pixels.startswith(line, same * pitch):
            same += 1
        if same - row > 1 or same == height or same - start >= 0xFFFF:
            yield start, row + 1 - start, same - row - 1
            start = same
        row = same


def load(path: File) -> pygame.Surface:
    """The frame as a 32-bit BGRX surface. Raises FrameError if it is torn, OSError if it is not there.

    A frame that is still being packed is taken as it was handed over.
    """
    try:
        return _load_packed(path)
    except FileNotFoundError:
        with contextlib.suppress(FileNotFoundError):
            return _load_bare(_bare(path))
        return _load_packed(path)  # the one came as the other went


def _load_bare(path: File) -> pygame.Surface:
    with open(path, "rb") as file:
        head = file.read(_SIZE.size)
        width, height = _SIZE.unpack(head) if len(head) == _SIZE.size else (0, 0)
        if not (0 < width <= _LARGEST_PX and 0 < height <= _LARGEST_PX):
            raise FrameError(f"{path}: not a handed-over frame")
        surface = new_surface(width, height)
        if file.readinto(cast(bytearray, surface.get_view("0"))) != width * height * 4:
            raise FrameError(f"{path}: torn, it is too short")
    return surface


def _load_packed(path: File) -> pygame.Surface:
    with open(path, "rb") as file:
        data = file.read()
    width, height, bands = _checked(data, path)
    surface = new_surface(width, height)
    table = [_BAND.unpack_from(data, _HEADER.size + n * _BAND.size) for n in range(bands)]
    try:
        rows = zlib.decompress(memoryview(data)[_HEADER.size + bands * _BAND.size :])
    except zlib.error as exc:
        raise FrameError(f"{path}: {exc}") from exc
    pitch = width * 4
    if len(rows) != sum(stored for stored, _ in table) * pitch or sum(map(sum, table)) != height:
        raise FrameError(f"{path}: its rows do not make up {width}x{height}")
    _fill(surface, memoryview(rows), table, pitch)
    return surface


def _fill(surface: pygame.Surface, rows: memoryview, table: list[tuple[int, int]], pitch: int) -> None:
    target = surface.get_buffer()
    read = write = 0
    for stored, repeats in table:
        target.write(bytes(rows[read : read + stored * pitch]), write)
        read += stored * pitch
        write += stored * pitch
        if repeats:
            target.write(bytes(rows[read - pitch : read]) * repeats, write)
            write += repeats * pitch


def _checked(data: bytes, path: File) -> tuple[int, int, int]:
    if len(data) < _HEADER.size:
        raise FrameError(f"{path}: {len(data)} bytes are too few for a frame")
    magic, width, height, bands, length, crc = _HEADER.unpack_from(data)
    if magic != _MAGIC or not (0 < width <= _LARGEST_PX and 0 < height <= _LARGEST_PX):
        raise FrameError(f"{path}: not a frame of this version")
    if length != len(data) - _HEADER.size or zlib.crc32(memoryview(data)[_HEADER.size :]) != crc:
        raise FrameError(f"{path}: torn, its length or checksum is wrong")
    return width, height, bands


def complete(path: File) -> bool:
    """Whether `path` is a frame of its full length; a look at the header, not at the pixels."""
    try:
        with open(path, "rb") as file:
            header = file.read(_HEADER.size)
            if len(header) != _HEADER.size:
                return False
            magic, _w, _h, _bands, length, _crc = _HEADER.unpack(header)
            return bool(magic == _MAGIC and os.fstat(file.fileno()).st_size == _HEADER.size + length)
    except OSError:
        return False


def write_whole(path: File, *parts: bytes | bytearray) -> None:
    """Puts `parts` under `path` by a rename, so that no reader meets half of it. Raises OSError."""
    beside = f"{os.fspath(path)}.{os.getpid()}{PART}"
    try:
        with open(beside, "wb", buffering=0) as file:
            for part in parts:
                _write(file, memoryview(part))
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _write(file: FileIO, data: memoryview) -> None:
    while data:
        data = data[file.write(data) or 0 :]
