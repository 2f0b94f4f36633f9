"""What kind of sound file some bytes are, by how they begin: never by a name somebody gave them.

Only these are handed to the decoder, and each by its own kind: a decoder that may choose would also take
play lists, which point at other files.
"""

from __future__ import annotations

from typing import Final, NamedTuple

HEAD_BYTES: Final = 64


class Container(NamedTuple):
    """`demuxer` is FFmpeg's name of it, `mime` the one it is kept and sent under."""

    demuxer: str
    mime: str


WAV: Final = Container("wav", "audio/wav")
OGG: Final = Container("ogg", "audio/ogg")  # Opus or Vorbis
WEBM: Final = Container("matroska", "audio/webm")  # what Chromium and Firefox record
MP4: Final = Container("mov", "audio/mp4")  # what Safari and telephones record
MP3: Final = Container("mp3", "audio/mpeg")
FLAC: Final = Container("flac", "audio/flac")


def container_of(head: bytes) -> Container | None:
    """The container whose first bytes these are (`HEAD_BYTES` are enough); None if it is none of ours."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return WAV
    for mark, container in ((b"OggS", OGG), (b"fLaC", FLAC), (b"\x1a\x45\xdf\xa3", WEBM), (b"ID3", MP3)):
        if head.startswith(mark):
            return container
    if head[4:8] == b"ftyp":
        return MP4
    return MP3 if _starts_mp3_frame(head) else None


def _starts_mp3_frame(head: bytes) -> bool:
    """Frame sync, layer III, and neither a reserved version, a bad bit rate nor a reserved sampling rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[1] >> 3 & 3 != 1 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
