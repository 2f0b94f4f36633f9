"""What a file is by its first bytes, never by its name: who is to open it. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

HEAD_B: Final = 4096
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_FILMS: Final = (b"\x1a\x45\xdf\xa3", b"OggS", b"fLaC", b"ID3", b"\x00\x00\x01\xba")
_HEIC: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_PDF_WITHIN: Final = 1024  # a reader accepts the mark anywhere in the first 1,024 bytes (ISO 32000-1, annex H)
_TS_PACKET_B: Final = 188


class Kind(StrEnum):
    PICTURE = "picture"
    HEIC = "heic"
    DOCUMENT = "document"
    FILM = "film"  # with pictures or without
    NONE = ""


def kind_of(head: bytes) -> Kind:
    """The kind of the file that begins with `head`, its first HEAD_B bytes."""
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Kind.PICTURE
    if head[4:8] == b"ftyp":
        return Kind.HEIC if head[8:12] in _HEIC else Kind.FILM
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return Kind.DOCUMENT
    riff = head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"WAVE")
    if riff or head.startswith(_FILMS) or _transport(head) or _mpeg_audio(head) or head[4:8] in (b"moov", b"mdat"):
        return Kind.FILM
    return Kind.NONE


def _transport(head: bytes) -> bool:
    """MPEG transport stream: packets of 188 bytes that each begin with 0x47 (ISO/IEC 13818-1)."""
    marks = head[::_TS_PACKET_B][:5]
    return len(marks) == 5 and set(marks) == {0x47}


def _mpeg_audio(head: bytes) -> bool:
    """An MPEG audio frame or ADTS: eleven set bits, no forbidden rate (ISO/IEC 11172-3, 13818-7).

    Layer I, which nobody uses, is the mark of a UTF-16 text.
    """
    return len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 6 != 6 and head[2] >> 4 != 0xF
