"""Art-Net 4: universes of up to 512 values in ArtDmx packets, shown together at an ArtSync.

The op-code and the port address are little-endian, the rest is big-endian; the number of values is even.
"""

from __future__ import annotations

import struct
from typing import Final

from drivers.leds.framing import Buffer, Packet, pieces

PORT: Final = 6454
LAST_UNIVERSE: Final = 32_767
MOST_PIXELS: Final = 170
_ID: Final = b"Art-Net\0"
_DMX, _SYNC = 0x5000, 0x5200
_REVISION: Final = 14
_SEQUENCE_AT: Final = 12


class ArtNet:
    def __init__(
        self, pixels: memoryview, *, universe: int = 0, pixels_per_universe: int = MOST_PIXELS, sync: bool = True
    ) -> None:
        self._sequence = 0
        self._headers: list[bytearray] = []
        packets = []
        for number, (offset, length) in enumerate(pieces(len(pixels), 3 * pixels_per_universe), universe):
            odd = length % 2
            opening = _ID + struct.pack("<H", _DMX) + struct.pack(">HBB", _REVISION, 0, 0)
            header = bytearray(opening + struct.pack("<H", number) + struct.pack(">H", length + odd))
            buffers: tuple[Buffer, ...] = (header, pixels[offset : offset + length])
            self._headers.append(header)
            packets.append(Packet(buffers + ((b"\0",) if odd else ()), number))
        self.packets = tuple(packets)
        together = _ID + struct.pack("<H", _SYNC) + struct.pack(">HBB", _REVISION, 0, 0)
        self.latch = (Packet((together,)),) if sync else ()

    def stamp(self) -> None:
        """1 to 255; 0 would say that packets are not numbered."""
        self._sequence = self._sequence % 255 + 1
        for header in self._headers:
            header[_SEQUENCE_AT] = self._sequence
