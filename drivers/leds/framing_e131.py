"""E1.31 (sACN, ANSI E1.31-2018): universes of up to 512 values, shown together at a synchronisation packet.

Each packet is three layers, all big-endian: root (who sends), framing (which universe, in which
order), DMP (the values, after a start code of 0).
"""

from __future__ import annotations

import struct
from typing import Final

from drivers.leds.framing import Packet, pieces

PORT: Final = 5568
LAST_UNIVERSE: Final = 63_999
MOST_PIXELS: Final = 170  # three values each, of 512
_ACN: Final = struct.pack(">HH12s", 0x0010, 0, b"ASC-E1.17")
_DATA, _EXTENDED = 0x00000004, 0x00000008
_FRAME, _SYNCHRONISE = 0x00000002, 0x00000001
_FRAMING: Final = struct.Struct(">HI64sBHBBH")
_DMP: Final = struct.Struct(">HBBHHHB")
_SEQUENCE_AT, _SYNC_SEQUENCE_AT = 111, 44


class E131:
    """`cid` names this sender for good (16 bytes); `sync_universe` 0 sends no synchronisation."""

    def __init__(
        self,
        pixels: memoryview,
        *,
        universe: int = 1,
        pixels_per_universe: int = MOST_PIXELS,
        sync_universe: int = 0,
        priority: int = 100,
        cid: bytes = bytes(16),
        source: str = "Bang Tin",
    ) -> None:
        self._sequence = 0
        self._headers: list[bytearray] = []
        packets = []
        for number, (offset, length) in enumerate(pieces(len(pixels), 3 * pixels_per_universe), universe):
            root = _ACN + struct.pack(">HI16s", _length(110 + length), _DATA, cid)
            name = source.encode()[:63]
            frame = _FRAMING.pack(_length(88 + length), _FRAME, name, priority, sync_universe, 0, 0, number)
            header = bytearray(root + frame + _DMP.pack(_length(11 + length), 0x02, 0xA1, 0, 1, 1 + length, 0))
            self._headers.append(header)
            packets.append(Packet((header, pixels[offset : offset + length]), number))
        self.packets = tuple(packets)
        self._sync = bytearray(_sync_packet(cid, sync_universe))
        self.latch = (Packet((self._sync,), sync_universe),) if sync_universe else ()

    def stamp(self) -> None:
        """One number for all universes of a frame: each universe counts its own packets, and each has one a frame."""
        self._sequence = (self._sequence + 1) % 256
        for header in self._headers:
            header[_SEQUENCE_AT] = self._sequence
        self._sync[_SYNC_SEQUENCE_AT] = self._sequence


def group_of(universe: int) -> str:
    """The multicast address of a universe (E1.31, 9.3.1)."""
    return f"239.255.{universe >> 8}.{universe & 255}"


def _length(octets: int) -> int:
    """Flags and length field: the length counts from this field on."""
    return 0x7000 | octets


def _sync_packet(cid: bytes, sync_universe: int) -> bytes:
    root = _ACN + struct.pack(">HI16s", _length(33), _EXTENDED, cid)
    return root + struct.pack(">HIBHH", _length(11), _SYNCHRONISE, 0, sync_universe, 0)
