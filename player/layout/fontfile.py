"""Which letters a font file holds: read from its own tables, because a renderer draws a box for the rest.

Knows the Unicode `cmap` of TrueType and OpenType files (formats 4 and 12), the encoding table of
X11 bitmap files (PCF, gzipped or not) and the encodings of bitmap files in plain text (BDF).
"""

from __future__ import annotations

import gzip
import itertools
import struct
from bisect import bisect_right
from pathlib import Path
from typing import Final

_BDF_MAGIC: Final = b"STARTFONT "
_PCF_MAGIC: Final = b"\x01fcp"
_PCF_ENCODINGS: Final = 1 << 5
_PCF_BIG_ENDIAN: Final = 1 << 2
_NO_GLYPH: Final = 0xFFFF


class FontFileError(ValueError):
    """The file is not a font of a kind this reader knows; the message names the file."""


class Letters:
    """An immutable set of code points, kept as sorted, half-open ranges."""

    def __init__(self, points: set[int]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for point in sorted(points):
            if self._ends and self._ends[-1] == point:
                self._ends[-1] = point + 1
            else:
                self._starts.append(point)
                self._ends.append(point + 1)

    def __contains__(self, letter: object) -> bool:
        if not isinstance(letter, str):
            return False
        index = bisect_right(self._starts, ord(letter)) - 1
        return index >= 0 and ord(letter) < self._ends[index]

    def __len__(self) -> int:
        return sum(end - start for start, end in zip(self._starts, self._ends, strict=True))


def letters(path: Path) -> Letters:
    """The code points `path` has a glyph for. Raises FontFileError, or OSError if it cannot be read."""
    data = path.read_bytes()
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        points = _points(data)
    except (ValueError, struct.error, IndexError, EOFError, gzip.BadGzipFile) as exc:
        raise FontFileError(f"{path}: not a readable font file ({exc})") from exc
    if not points:
        raise FontFileError(f"{path}: no Unicode letters in this font file")
    return Letters(points)


def _points(data: bytes) -> set[int]:
    if data.startswith(_BDF_MAGIC):
        return _bdf_points(data)
    return _pcf_points(data) if data[:4] == _PCF_MAGIC else _cmap_points(data)


def _bdf_points(data: bytes) -> set[int]:
    """The code points between STARTFONT and ENDFONT; -1 is a glyph without one."""
    lines = data.split()
    if lines[-1] != b"ENDFONT":
        raise ValueError("no ENDFONT: the file was cut off")
    found = {int(value) for word, value in itertools.pairwise(lines) if word == b"ENCODING"}
    return {point for point in found if point >= 0}


def _cmap_points(data: bytes) -> set[int]:
    tables = struct.unpack_from(">H", data, 4)[0]
    for index in range(min(tables, 64)):
        tag, _checksum, offset, _length = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        if tag == b"cmap":
            return _unicode_points(data, offset)
    return set()


def _unicode_points(data: bytes, cmap: int) -> set[int]:
    """The points of the widest Unicode sub-table."""
    best: set[int] = set()
    for index in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * index)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            kind = struct.unpack_from(">H", data, cmap + offset)[0]
            reader = {4: _format4, 12: _format12}.get(kind)
            points = reader(data, cmap + offset) if reader else set()
            best = max(best, points, key=len)
    return best


def _format4(data: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", data, offsets_at)
    points: set[int] = set()
    for i in range(count):
        for point in range(starts[i], min(ends[i], 0xFFFE) + 1):
            glyph = point
            if offsets[i]:
                place = offsets_at + 2 * i + offsets[i] + 2 * (point - starts[i])
                glyph = struct.unpack_from(">H", data, place)[0]
                if glyph == 0:
                    continue
            if (glyph + deltas[i]) & 0xFFFF:
                points.add(point)
    return points


def _format12(data: bytes, at: int) -> set[int]:
    points: set[int] = set()
    for index in range(struct.unpack_from(">L", data, at + 12)[0]):
        start, end, glyph = struct.unpack_from(">LLL", data, at + 16 + 12 * index)
        if end >= 0x110000:
            raise IndexError(f"a code point beyond Unicode: {end:#x}")
        points.update(range(start if glyph else start + 1, end + 1))
    return points


def _pcf_points(data: bytes) -> set[int]:
    for index in range(struct.unpack_from("<L", data, 4)[0]):
        kind, _format, _size, offset = struct.unpack_from("<LLLL", data, 8 + 16 * index)
        if kind == _PCF_ENCODINGS:
            return _pcf_encodings(data, offset)
    return set()


def _pcf_encodings(data: bytes, at: int) -> set[int]:
    order = ">" if struct.unpack_from("<L", data, at)[0] & _PCF_BIG_ENDIAN else "<"
    low_min, low_max, high_min, high_max, _default = struct.unpack_from(f"{order}5H", data, at + 4)
    width = low_max - low_min + 1
    glyphs = struct.unpack_from(f"{order}{width * (high_max - high_min + 1)}H", data, at + 14)
    return {
        (high_min + place // width) << 8 | (low_min + place % width)
        for place, glyph in enumerate(glyphs)
        if glyph != _NO_GLYPH
    }
