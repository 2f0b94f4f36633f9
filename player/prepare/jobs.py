"""What passes between the player and its prepare workers: jobs and answers, length-prefixed JSON on pipes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from msgspec import UNSET, UnsetType

from player import wire
from player.model import Value
from player.show import Prepared, Show

_LENGTH: Final = struct.Struct("<I")
READY: Final = "ready"  # the key of a worker's first answer: warm, waiting for work


class Failed(Value, frozen=True):
    """A job that came to nothing. `reason` begins with one word: truncated, bomb, format, missing, memory, time, ..."""

    key: str
    reason: str


class Inspected(Value, frozen=True):
    """A file that can be shown or heard, with its size after its own rotation; sound alone has none."""

    key: str
    mime: str
    width_px: int
    height_px: int
    pages: int = 1  # of a document
    length_s: float = 0.0  # of a film, a sound, or one round of an animated picture; 0: it stands still
    sound: bool = False
    note: str = ""  # what of it will not be shown, and why


class Job(Value, frozen=True):
    """Either a show to prepare or the path of a file to inspect."""

    key: str
    show: Show | UnsetType = UNSET
    path: str | UnsetType = UNSET
    urgent: bool = False  # somebody waits for it now: its first page is handed over ahead of the rest


class Answer(Value, frozen=True):
    """Exactly one part is set, or none for READY."""

    key: str
    prepared: Prepared | UnsetType = UNSET
    inspected: Inspected | UnsetType = UNSET
    failed: Failed | UnsetType = UNSET


def is_partial(answer: Answer) -> bool:
    """Whether more will come for the same job."""
    return isinstance(answer.prepared, Prepared) and answer.prepared.partial


def pack(value: Value) -> bytes:
    """The value with its length before it, as it goes through a pipe."""
    data = wire.encode(value)
    return _LENGTH.pack(len(data)) + data


class Inbox:
    """Bytes from a pipe on one side, whole messages on the other."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def add(self, data: bytes) -> None:
        self._buffer += data

    def messages(self) -> Iterator[bytes]:
        """Every message that is complete by now."""
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            message = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            yield message
