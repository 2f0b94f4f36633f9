"""LEDs behind the network: frames as packets, by whichever protocol the driver's name says."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from drivers.leds import framing_artnet, framing_ddp, framing_e131
from drivers.leds.framing import Buffer, Framing, Packet
from drivers.leds.framing_artnet import ArtNet
from drivers.leds.framing_colorlight import ColorLight
from drivers.leds.framing_ddp import Ddp
from drivers.leds.framing_e131 import E131, group_of
from drivers.leds.mapping import grid_of
from drivers.leds.sink import SinkError
from drivers.leds.wire_pixels import WirePixels

Send = Callable[[tuple[Buffer, ...], int], object]

_SEND_BUFFER_B: Final = 1 << 20
_LAST_UNIVERSES: Final = {"e131": framing_e131.LAST_UNIVERSE, "artnet": framing_artnet.LAST_UNIVERSE}
_PORTS: Final = {"ddp": framing_ddp.PORT, "e131": framing_e131.PORT, "artnet": framing_artnet.PORT}


class Sink:
    """Sends each picture whole. A packet that cannot be sent is counted, told with its reason, and the rest goes on."""

    def __init__(self, driver: str, size: tuple[int, int], options: Mapping[str, Any]) -> None:
        self._driver = driver
        self._options = options
        self._grid = grid_of(*size, options)
        self._pixels = WirePixels(self._grid, options["colour_order"])
        self.picture = self._pixels.picture
        self.framing = self._framed()
        self._socket: socket.socket | None = None
        self._latch_s = options.get("latch_ms", 0) / 1000
        self._frames = self._failed = 0
        self._error = ""

    def open(self) -> None:
        try:
            self._socket, self._send = (_raw if self._driver == "colorlight" else _udp)(self._driver, self._options)
        except OSError as exc:
            raise SinkError(f"{self._driver}: {_place(self._options)}: {exc.strerror or exc}") from exc

    def show(self) -> None:
        self._pixels.take()
        self.send()

    def send(self) -> None:
        """The bytes on the wire as they are now."""
        self.framing.stamp()
        failed = self._send_all(self.framing.packets)
        if self.framing.latch:
            if self._latch_s:
                time.sleep(self._latch_s)
            failed += self._send_all(self.framing.latch)
        self._frames += 1
        self._failed += failed
        if not failed:
            self._error = ""

    def facts(self) -> dict[str, Any]:
        packets = len(self.framing.packets) + len(self.framing.latch)
        return {"frames": self._frames, "packets": packets, "failed": self._failed, "error": self._error}

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _send_all(self, packets: Sequence[Packet]) -> int:
        failed = 0
        send = self._send
        for buffers, universe in packets:
            try:
                send(buffers, universe)
            except OSError as exc:
                failed += 1
                self._error = exc.strerror or str(exc)
        return failed

    def _framed(self) -> Framing:
        wire, given = self._pixels.wire, self._options
        if self._driver == "ddp":
            return Ddp(wire, data_type=given["data_type"], destination=given["destination"])
        if self._driver == "colorlight":
            return ColorLight(
                wire, self._grid.wire_px, row_mark=given["row_mark"], first_row=given["first_row"],
                latches=given["latches"], brightness_frame=given["brightness_frame"],
            )  # fmt: skip
        each, first = given["pixels_per_universe"], given["universe"]
        last = first + -(-len(wire) // (3 * each)) - 1
        if last > _LAST_UNIVERSES[self._driver]:
            raise SinkError(
                f"{self._driver}: universe={first} with pixels_per_universe={each} would need universes up to {last}; "
                f"the last there is is {_LAST_UNIVERSES[self._driver]}"
            )
        if self._driver == "artnet":
            return ArtNet(wire, universe=first, pixels_per_universe=each, sync=given["sync"])
        return E131(
            wire, universe=first, pixels_per_universe=each, sync_universe=given["sync_universe"],
            priority=given["priority"], cid=uuid.uuid5(uuid.NAMESPACE_URL, f"bangtin:{uuid.getnode()}").bytes,
        )  # fmt: skip


def _udp(driver: str, options: Mapping[str, Any]) -> tuple[socket.socket, Send]:
    """To one receiver; or, without one, to the multicast group of each universe."""
    host, port = options["host"], options["port"] or _PORTS[driver]
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_B)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    if options["from_ip"]:
        line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(options["from_ip"]))
        line.bind((options["from_ip"], 0))
    plain = line.sendmsg
    if host:
        line.connect((host, port))
        return line, lambda buffers, universe: plain(buffers)
    return line, lambda buffers, universe: plain(buffers, (), 0, (group_of(universe), port))


def _raw(driver: str, options: Mapping[str, Any]) -> tuple[socket.socket, Send]:
    """Bare Ethernet on one interface; the kernel asks for the right to it (CAP_NET_RAW)."""
    line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_B)
    line.bind((options["interface"], 0))
    plain = line.sendmsg
    return line, lambda buffers, universe: plain(buffers)


def _place(options: Mapping[str, Any]) -> str:
    if "interface" in options:
        return f"interface={options['interface']}"
    return f"host={options['host']} from_ip={options['from_ip']}"
