"""Packets against the published layouts, read back by code written from the standard's tables alone."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from drivers.leds.framing import Framing, Packet
from drivers.leds.framing_artnet import ArtNet
from drivers.leds.framing_colorlight import ColorLight, brightness_packet, latch_packet
from drivers.leds.framing_ddp import Ddp
from drivers.leds.framing_e131 import E131, group_of

SIZES = [(1, 1), (7, 5), (64, 32), (170, 1), (171, 1), (480, 1), (481, 3), (499, 2), (128, 64)]


def pixels(width: int, height: int) -> bytes:
    return bytes((7 * value + value // 251) % 256 for value in range(3 * width * height))


def datagram(packet: Packet) -> bytes:
    return b"".join(packet.buffers)


def sent(framing: Framing) -> list[bytes]:
    framing.stamp()
    return [datagram(packet) for packet in (*framing.packets, *framing.latch)]


# --- DDP ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_ddp_places_every_byte_and_pushes_with_the_last_packet_only(size: tuple[int, int]) -> None:
    picture = pixels(*size)
    shown = bytearray(len(picture))
    packets = sent(Ddp(memoryview(picture)))
    for packet in packets:
        flags, _, kind, destination, offset, length = struct.unpack(">BBBBIH", packet[:10])
        assert (flags & 0xFE, kind, destination, length) == (0x40, 0x0B, 1, len(packet) - 10)
        assert bool(flags & 1) == (packet is packets[-1])
        shown[offset : offset + length] = packet[10:]
    assert bytes(shown) == picture


def test_ddp_numbers_packets_1_to_15_across_frames() -> None:
    framing = Ddp(memoryview(pixels(480, 4)))
    numbers = [packet[1] for _ in range(8) for packet in sent(framing)]
    assert numbers == [number % 15 + 1 for number in range(32)]


def test_ddp_says_the_type_and_destination_it_was_told() -> None:
    packet = sent(Ddp(memoryview(b"abc"), data_type=0x01, destination=250))[0]
    assert packet[2:4] == bytes((0x01, 250))


# --- E1.31 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("each", [1, 100, 170])
def test_e131_fills_universe_after_universe(size: tuple[int, int], each: int) -> None:
    picture = pixels(*size)
    universes = sent(E131(memoryview(picture), universe=5, pixels_per_universe=each, cid=b"c" * 16))
    shown = b""
    for number, packet in enumerate(universes, 5):
        data = packet[126:]
        assert packet[:16] == b"\x00\x10\x00\x00ASC-E1.17\x00\x00\x00"
        assert struct.unpack(">HI", packet[16:22]) == (0x7000 | (len(packet) - 16), 4)
        assert packet[22:38] == b"c" * 16
        assert struct.unpack(">HI", packet[38:44]) == (0x7000 | (len(packet) - 38), 2)
        assert packet[44:108].rstrip(b"\0") == b"Bang Tin"
        assert struct.unpack(">BHBBH", packet[108:115]) == (100, 0, 1, 0, number)
        assert struct.unpack(">HBBHHHB", packet[115:126]) == (
            0x7000 | (len(packet) - 115), 2, 0xA1, 0, 1, len(data) + 1, 0,
        )  # fmt: skip
        shown += data
    assert shown == picture


def test_e131_ends_a_frame_with_a_synchronisation_of_the_same_number() -> None:
    framing = E131(memoryview(pixels(171, 1)), sync_universe=7000)
    for number in (*range(1, 256), 0, 1):
        first, second, sync = sent(framing)
        assert struct.unpack(">HB", first[109:112]) == struct.unpack(">HB", second[109:112]) == (7000, number)
    assert len(sync) == 49
    assert struct.unpack(">HI", sync[16:22]) == (0x7000 | 33, 8)
    assert struct.unpack(">HIBHH", sync[38:49]) == (0x7000 | 11, 1, 1, 7000, 0)
    assert [packet.universe for packet in framing.latch] == [7000]


def test_a_universe_has_its_own_multicast_group() -> None:
    assert (group_of(1), group_of(63_999)) == ("239.255.0.1", "239.255.249.255")


# --- Art-Net --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("each", [1, 100, 170])
def test_art_net_fills_universe_after_universe_with_even_lengths(size: tuple[int, int], each: int) -> None:
    picture = pixels(*size)
    *universes, sync = sent(ArtNet(memoryview(picture), universe=250, pixels_per_universe=each))
    shown = b""
    for number, packet in enumerate(universes, 250):
        assert packet[:8] == b"Art-Net\0"
        assert struct.unpack("<H", packet[8:10]) == (0x5000,)
        assert struct.unpack(">HBB", packet[10:14]) == (14, 1, 0)
        assert struct.unpack("<H", packet[14:16]) == (number,)
        (length,) = struct.unpack(">H", packet[16:18])
        assert length == len(packet) - 18
        assert length % 2 == 0
        shown += packet[18 : 18 + 3 * each]
    assert shown[: len(picture)] == picture
    assert sync == b"Art-Net\0\x00\x52\x00\x0e\x00\x00"


def test_art_net_never_numbers_a_frame_0() -> None:
    framing = ArtNet(memoryview(b"abc"), sync=False)
    assert [sent(framing)[0][12] for _ in range(257)] == [*range(1, 256), 1, 2]


# --- ColorLight -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_colorlight_sends_row_after_row_in_pieces_that_fit_a_frame(size: tuple[int, int]) -> None:
    width, height = size
    picture = pixels(width, height)
    shown = bytearray(len(picture))
    brightness, *rows, latch = sent(ColorLight(memoryview(picture), size))
    for row in rows:
        assert row[:13] == bytes.fromhex("112233445566 222233445566 55")
        line, x, count, *mark = struct.unpack(">HHHBB", row[13:21])
        assert mark == [0x08, 0x88]
        assert (count <= 497, len(row) <= 1514) == (True, True)
        at = 3 * (line * width + x)
        shown[at : at + 3 * count] = row[21:]
    assert bytes(shown) == picture
    assert (brightness, latch) == (brightness_packet(255), latch_packet(255))


def test_colorlight_latches_with_full_brightness_at_the_bytes_found_by_others() -> None:
    latch = latch_packet(0x76)
    assert len(latch) == 112
    assert latch[12:14] == b"\x01\x07"
    assert (latch[35], latch[36], latch[38:41]) == (0x76, 0x05, b"\x76" * 3)
    assert sum(latch[13:]) == 0x07 + 0x05 + 4 * 0x76


def test_colorlight_sends_its_brightness_in_all_colours() -> None:
    assert brightness_packet(9)[12:] == bytes((0x0A, 9, 9, 9, 0xFF)) + bytes(60)


def test_colorlight_differences_between_cards_are_options() -> None:
    framing = ColorLight(
        memoryview(bytes(6)), (1, 2), row_mark=(0x08, 0x80), first_row=16, latches=3, brightness_frame=False
    )
    first, second, *latches = sent(framing)
    assert first[13:21] == bytes((0, 16, 0, 0, 0, 1, 0x08, 0x80))
    assert second[14] == 17
    assert latches == [latch_packet(255)] * 3


@pytest.mark.parametrize("make", [Ddp, E131, ArtNet, lambda view: ColorLight(view, (2, 1))])
def test_packets_are_windows_on_the_pixels(make: Callable[[memoryview], Framing]) -> None:
    memory = bytearray(6)
    framing = make(memoryview(memory))
    memory[:] = b"abcdef"
    assert b"abcdef" in b"".join(sent(framing))
