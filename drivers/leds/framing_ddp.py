"""DDP, the Distributed Display Protocol: pixels in UDP datagrams of up to 1440 bytes, the last one says "show".

Header, big-endian (3waylabs, "Distributed Display Protocol"): flags, sequence 1-15 (0: not used),
data type, destination, byte offset u32, length u16.
"""

from __future__ import annotations

import struct
from typing import Final

from drivers.leds.framing import Packet, pieces

PORT: Final = 4048
LARGEST: Final = 1440  # bytes of pixels; 480 whole RGB pixels
VERSION_1: Final = 0x40
PUSH: Final = 0x01
RGB_8_BIT: Final = 0x0B
DISPLAY: Final = 1
_HEADER: Final = struct.Struct(">BBBBIH")


class Ddp:
    def __init__(self, pixels: memoryview, *, data_type: int = RGB_8_BIT, destination: int = DISPLAY) -> None:
        self._headers: list[bytearray] = []
        self._sequence = 0
        packets = []
        for offset, length in pieces(len(pixels), LARGEST):
            flags = VERSION_1 | (PUSH if offset + length == len(pixels) else 0)
            header = bytearray(_HEADER.pack(flags, 0, data_type, destination, offset, length))
            self._headers.append(header)
            packets.append(Packet((header, pixels[offset : offset + length])))
        self.packets = tuple(packets)
        self.latch: tuple[Packet, ...] = ()

    def stamp(self) -> None:
        """Every packet has the next number, so that a receiver can tell a lost one."""
        number = self._sequence
        for header in self._headers:
            number = number % 15 + 1
            header[1] = number
        self._sequence = number
