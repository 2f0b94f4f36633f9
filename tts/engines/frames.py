"""How a voice worker and the house talk: one JSON line per request in, one frame per answer out.

A frame is a header (magic, kind, request number, length) and its payload: sound as PCM of the house's
format, what else was asked for, or the text of an error.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final, NamedTuple

HEADER: Final = struct.Struct("!4sIII")
MAGIC: Final = b"BTV1"
MAX_PAYLOAD: Final = 64 * 1024 * 1024  # over twenty minutes of sound: more is a worker gone mad


class Kind(IntEnum):
    READY = 0  # the engine is loaded; sent once, as request 0
    ANSWER = 1  # sound, or what else was asked for
    REFUSED = 2  # this request cannot be spoken; the worker lives on


class Frame(NamedTuple):
    kind: Kind
    request: int
    payload: bytes


class FrameError(Exception):
    """The bytes are not a frame: something else wrote into the pipe."""


def encode(frame: Frame) -> bytes:
    return HEADER.pack(MAGIC, frame.kind, frame.request, len(frame.payload)) + frame.payload


def take(buffer: bytearray) -> Frame | None:
    """The first frame of the buffer, removed from it; None while it is incomplete. Raises FrameError."""
    if len(buffer) < HEADER.size:
        return None
    magic, kind, request, length = HEADER.unpack_from(buffer)
    if magic != MAGIC or kind not in Kind.__members__.values() or length > MAX_PAYLOAD:
        raise FrameError(f"not a frame: {bytes(buffer[:16])!r}")
    if len(buffer) < HEADER.size + length:
        return None
    payload = bytes(buffer[HEADER.size : HEADER.size + length])
    del buffer[: HEADER.size + length]
    return Frame(Kind(kind), request, payload)
