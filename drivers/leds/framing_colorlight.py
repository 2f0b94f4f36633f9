"""ColorLight 5A-75 receiving cards: bare Ethernet frames with fixed addresses, a row of pixels each, then a latch.

After the two addresses comes one byte of type and at once the data, in place of an EtherType. The
layout is not published by the maker; it is the one that Falcon Player, PanelPlayer and others found:
0x55 a row (row u16, first pixel u16, pixels u16, two fixed bytes, values), 0x0A brightness, 0x01 latch.
They differ on the second fixed byte, the order of the colours and how many latches a frame takes.
"""

from __future__ import annotations

import struct
from typing import Final

from drivers.leds.framing import Packet, pieces

CARD: Final = bytes.fromhex("112233445566")
SENDER: Final = bytes.fromhex("222233445566")
LARGEST_PX: Final = 497  # of a row in one frame
ROW_MARK: Final = (0x08, 0x88)
_FULL: Final = 0xFF  # the pictures are dimmed already
_ROW, _BRIGHTNESS, _LATCH = 0x55, 0x0A, 0x01
_ROW_DATA: Final = struct.Struct(">HHHBB")


class ColorLight:
    """Pixels of a wire canvas of `size`; `latches` latch frames end each frame."""

    def __init__(
        self,
        pixels: memoryview,
        size: tuple[int, int],
        *,
        row_mark: tuple[int, ...] = ROW_MARK,
        first_row: int = 0,
        latches: int = 1,
        brightness_frame: bool = True,
    ) -> None:
        width, height = size
        rows = []
        for row in range(height):
            for x, count in pieces(width, LARGEST_PX):
                at = 3 * (row * width + x)
                header = _opening(_ROW) + _ROW_DATA.pack(row + first_row, x, count, *row_mark)
                rows.append(Packet((header, pixels[at : at + 3 * count])))
        bright = (Packet((brightness_packet(_FULL),)),) if brightness_frame else ()
        self.packets = (*bright, *rows)
        self.latch = (Packet((latch_packet(_FULL),)),) * latches

    def stamp(self) -> None:
        """These frames carry no number."""


def brightness_packet(level: int) -> bytes:
    return _opening(_BRIGHTNESS) + bytes((level, level, level, 0xFF)) + bytes(60)


def latch_packet(level: int) -> bytes:
    data = bytearray(99)
    data[0], data[22], data[23] = 0x07, level, 0x05
    data[25:28] = bytes((level, level, level))
    return _opening(_LATCH) + bytes(data)


def _opening(kind: int) -> bytes:
    return CARD + SENDER + bytes((kind,))
