"""Which letters a font file holds: read from its own tables, because a renderer draws a box for the rest.

Knows the Unicode `cmap` of TrueType and OpenType files (formats 4 and 12), the encoding table of
X11 bitmap files (PCF, gzipped or not) and the encodings of bitmap files in plain text (BDF). A file
is read whole and held against its own checksums first: a renderer draws nothing for the letters of a
file that was cut off, and some garbage takes its process with it.
"""

from __future__ import annotations

import gzip
import itertools
import struct
import sys
import zlib
from array import array
from bisect import bisect_right
from pathlib import Path
from typing import Final

_SFNT_MAGIC: Final = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_HEAD_SUM: Final = slice(8, 12)  # checkSumAdjustment counts as zero in its own table's sum
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
    """The code points `path` has a glyph for. Raises FontFileError, also for a damaged file, or OSError."""
    data = path.read_bytes()
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        points = _points(data)
    except (ValueError, struct.error, IndexError, EOFError, gzip.BadGzipFile, zlib.error) as exc:
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
    if lines[-1] != b"ENDFONT" or b"\x00" in data:
        raise ValueError("no ENDFONT, or zeros in the text: the file was cut off or is damaged")
    if not lines.count(b"STARTCHAR") == lines.count(b"ENDCHAR") == int(lines[lines.index(b"CHARS") + 1]):
        raise ValueError("not as many letters as it says")
    found = {int(value) for word, value in itertools.pairwise(lines) if word == b"ENCODING"}
    return {point for point in found if point >= 0}


def _cmap_points(data: bytes) -> set[int]:
    """The points of a TrueType or OpenType file, every table of it held against its checksum."""
    if data[:4] not in _SFNT_MAGIC:
        raise ValueError("neither TrueType nor OpenType nor a bitmap font")
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, checksum, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        table = data[offset : offset + length]
        if len(table) != length or _table_sum(tag, table) != checksum:
            raise ValueError(f"the table {tag!r} is cut off or damaged")
        if tag == b"cmap":
            found = _unicode_points(data, offset)
    return found


def _table_sum(tag: bytes, table: bytes) -> int:
    """The sum of the table's 32-bit words, as the OpenType specification has it (the table directory)."""
    if tag == b"head":
        table = table[: _HEAD_SUM.start] + bytes(4) + table[_HEAD_SUM.stop :]
    words = array("I", table.ljust(-(-len(table) // 4) * 4, b"\x00"))
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF


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
