"""How one frame of pixels is cut into packets: the contract of the network LED protocols.

A framing is made once for a buffer of wire pixels. Its headers are made then too; each packet is a
short list of buffers, the pixels among them a window on that very buffer, so that sending a frame
copies nothing. Between two frames only sequence numbers change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

Buffer = bytes | bytearray | memoryview


class Packet(NamedTuple):
    """The buffers one datagram is gathered from, and the universe it belongs to (0: the protocol has none)."""

    buffers: tuple[Buffer, ...]
    universe: int = 0


class Framing(Protocol):
    """`packets` of one frame in sending order, after `stamp` has counted it; `latch` goes out when they all have."""

    @property
    def packets(self) -> Sequence[Packet]: ...
    @property
    def latch(self) -> Sequence[Packet]: ...
    def stamp(self) -> None: ...


def pieces(length: int, largest: int) -> Iterator[tuple[int, int]]:
    """(offset, length) of each piece of at most `largest`."""
    for offset in range(0, length, largest):
        yield offset, min(largest, length - offset)
