"""Frames over the loopback: receivers of each protocol rebuild what was presented, to the byte."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from drivers import panel
from drivers.leds.mapping import grid_of
from drivers.options import OptionError
from drivers.panel import Panel, PanelError
from tests.waiting import DEADLINE_S

WaitUntil = Callable[[Callable[[], bool]], None]
Receive = Callable[[socket.socket], bytes]
GRID = {"module": [16, 8], "parallel": 2, "serpentine": "flip", "multiplex": "stripe"}
OUTGOING = 4  # PACKET_OUTGOING of packet(7): the loopback shows each frame twice


def ddp(line: socket.socket) -> bytes:
    shown = bytearray()
    while True:
        flags, _, _, _, offset, length = struct.unpack(">BBBBIH", (packet := line.recv(2000))[:10])
        shown[offset : offset + length] = packet[10:]
        if flags & 1:
            return bytes(shown)


def e131(line: socket.socket) -> bytes:
    universes: dict[int, bytes] = {}
    while len(packet := line.recv(2000)) != 49:
        universes[int.from_bytes(packet[113:115], "big")] = packet[126:]
    return b"".join(universes[number] for number in sorted(universes))


def artnet(line: socket.socket) -> bytes:
    universes: dict[int, bytes] = {}
    while (packet := line.recv(2000))[8:10] != b"\x00\x52":
        universes[int.from_bytes(packet[14:16], "little")] = packet[18:]
    return b"".join(universes[number] for number in sorted(universes))


def colorlight(line: socket.socket) -> bytes:
    rows: dict[tuple[int, int], bytes] = {}
    while True:
        packet, (_, _, kind, _, _) = line.recvfrom(2000)
        if kind == OUTGOING or packet[:6] != bytes.fromhex("112233445566"):
            continue
        if packet[12] == 0x01:
            return b"".join(rows[place] for place in sorted(rows))
        if packet[12] == 0x55:
            row, x, count = struct.unpack(">HHH", packet[13:19])
            rows[row, x] = packet[21 : 21 + 3 * count]


RECEIVERS: dict[str, Receive] = {"ddp": ddp, "e131": e131, "artnet": artnet, "colorlight": colorlight}
# Bare Ethernet has no ports: two tests at once on one interface would hear each other.
ALONE = {"colorlight": pytest.mark.xdist_group("ethernet-on-loopback")}
PROTOCOLS = [pytest.param(name, marks=ALONE.get(name, ())) for name in RECEIVERS]


class Wall:
    """An open panel of one protocol and what listens to it."""

    def __init__(self, stack: ExitStack, name: str, size: tuple[int, int], **options: Any) -> None:
        self.line, where = listening(stack, name)
        self._name = name
        given = {"gamma": 1.0, "helper": "child", "resend_ms": 0, "latch_ms": 0} | where | options
        self.panel = panel.create(name, *size, given)
        self.panel.open()
        stack.callback(self.panel.close)

    def receive(self) -> bytes:
        return RECEIVERS[self._name](self.line)

    @property
    def helper_pid(self) -> int:
        link = getattr(self.panel, "_link")  # noqa: B009 -- the one thing only a test needs to know
        assert link.pid is not None
        return int(link.pid)


def listening(stack: ExitStack, name: str) -> tuple[socket.socket, dict[str, Any]]:
    if name != "colorlight":
        line = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        line.bind(("127.0.0.1", 0))
        where: dict[str, Any] = {"host": "127.0.0.1", "port": line.getsockname()[1]}
    else:
        try:
            line = stack.enter_context(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)))
        except PermissionError:
            pytest.skip("this user may not receive bare Ethernet frames (CAP_NET_RAW)")
        line.bind(("lo", 0))
        where = {"interface": "lo"}
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    line.settimeout(DEADLINE_S)
    return line, where


@pytest.fixture
def wall(own_environment: None) -> Iterator[Callable[..., Wall]]:
    with ExitStack() as stack:
        yield lambda name, size, **options: Wall(stack, name, size, **options)


def draw(shown: Panel, seed: int) -> list[tuple[int, int, int]]:
    """Other colours at each pixel; they come back in reading order."""
    width, height = shown.size
    colours = [((seed + 3 * n) % 256, (n // 7) % 256, (5 * n + seed) % 256) for n in range(width * height)]
    for number, colour in enumerate(colours):
        shown.surface.set_at((number % width, number // width), colour)
    return colours


def ordered(colours: list[tuple[int, int, int]], order: str) -> bytes:
    places = ["RGB".index(colour) for colour in order]
    return bytes(colour[place] for colour in colours for place in places)


@pytest.mark.parametrize("name", PROTOCOLS)
@pytest.mark.parametrize(
    ("size", "order"), [((33, 17), "RGB"), ((64, 32), "GRB"), ((171, 3), "BGR"), ((505, 2), "BRG")]
)
def test_a_receiver_sees_exactly_what_was_presented(
    wall: Callable[..., Wall], name: str, size: tuple[int, int], order: str
) -> None:
    there = wall(name, size, colour_order=order)
    for seed in (1, 100):
        colours = draw(there.panel, seed)
        there.panel.present()
        length = 3 * size[0] * size[1]
        assert there.receive()[:length] == ordered(colours, order)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_pixels_go_out_in_the_order_of_the_cables(wall: Callable[..., Wall], name: str) -> None:
    there = wall(name, (32, 32), colour_order="RGB", **GRID)
    colours = draw(there.panel, 9)
    there.panel.present()
    assert there.receive() == ordered([colours[source] for source in grid_of(32, 32, GRID).sources()], "RGB")


def test_gamma_and_brightness_reach_the_leds_as_baked(wall: Callable[..., Wall]) -> None:
    there = wall("ddp", (32, 16), gamma=2.0)
    there.panel.set_brightness(50)
    there.panel.surface.fill((255, 128, 0))
    there.panel.bake(there.panel.surface)
    there.panel.present()
    assert there.receive() == bytes((128, 32, 0)) * 512


def test_the_player_itself_has_no_network_socket(wall: Callable[..., Wall]) -> None:
    there = wall("ddp", (32, 16))
    there.panel.present()
    there.receive()
    ours = {
        os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if Path(f"/proc/self/fd/{fd}").exists()
    }
    udp = {f"socket:[{line.split()[9]}]" for line in Path("/proc/net/udp").read_text().splitlines()[1:]}
    listener = {os.readlink(f"/proc/self/fd/{there.line.fileno()}")}
    assert (ours & udp) - listener == set()


def test_a_still_picture_is_sent_again_before_receivers_go_dark(wall: Callable[..., Wall]) -> None:
    there = wall("ddp", (32, 16), resend_ms=20)
    colours = draw(there.panel, 3)
    there.panel.present()
    assert [there.receive() for _ in range(3)] == [ordered(colours, "RGB")] * 3


def test_nothing_is_sent_before_the_first_picture(wall: Callable[..., Wall]) -> None:
    there = wall("ddp", (32, 16), resend_ms=1)
    there.line.settimeout(0.1)
    with pytest.raises(TimeoutError):
        there.receive()


def test_a_helper_that_is_killed_is_replaced_and_shows_the_picture_again(
    wall: Callable[..., Wall], wait_until: WaitUntil
) -> None:
    there = wall("ddp", (32, 16))
    colours = draw(there.panel, 3)
    there.panel.present()
    there.receive()
    os.kill(there.helper_pid, 9)
    wait_until(lambda: there.panel.pump() and there.panel.health()["helper"] == "lost")
    there.panel.present()  # goes on without waiting
    wait_until(lambda: there.panel.pump() and there.panel.health()["helper"] == "running")
    assert there.receive() == ordered(colours, "RGB")
    assert there.panel.health()["replaced"] == 1
    assert there.panel.health()["trouble"] == ""


def test_health_tells_that_nobody_listens(wall: Callable[..., Wall], wait_until: WaitUntil) -> None:
    there = wall("ddp", (32, 16), resend_ms=10)
    there.line.close()
    there.panel.present()
    wait_until(lambda: there.panel.pump() and there.panel.health()["error"] == "Connection refused")
    assert there.panel.health()["failed"] > 0


def test_an_interface_that_is_not_there_is_named() -> None:
    shown = panel.create("colorlight", 32, 16, {"interface": "eth77", "helper": "child"})
    with pytest.raises(PanelError, match=r"colorlight: interface=eth77: (No such device|Operation not permitted)"):
        shown.open()


def test_universes_beyond_the_last_are_refused_by_number() -> None:
    shown = panel.create("e131", 64, 32, {"universe": 63_998, "host": "127.0.0.1", "helper": "child"})
    with pytest.raises(PanelError, match=r"universe=63998 with pixels_per_universe=170 .* up to 64010.* 63999"):
        shown.open()


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_geometry_that_does_not_match_is_refused_with_the_settings(name: str) -> None:
    with pytest.raises(OptionError, match=rf"{name}: a panel of 64×32 px is 2 × 2 = 4 modules of 32×16 px; chain=3"):
        panel.create(name, 64, 32, {"module": [32, 16], "chain": 3})


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("colour_order", "RBG ", "RBG, GRB.*did you mean 'RBG'"),
        ("host", "led-wall", "IPv4 address such as"),
        ("data_type", 256, "0 to 255"),
        ("gamma", 9, "0.5 to 4"),
    ],
)
def test_a_wrong_option_says_what_is_allowed(option: str, value: object, allowed: str) -> None:
    with pytest.raises(OptionError, match=f"ddp: {option}={value!r}.*{allowed}"):
        panel.create("ddp", 64, 32, {option: value})
