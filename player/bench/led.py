"""The frame of an LED panel: as a copy of baked pixels, corrected as it comes, and on its way through the network."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pygame

from drivers.exported import new_memory
from drivers.leds.linked import SharedCanvas
from drivers.leds.sink_network import Sink
from drivers.options import read_options
from drivers.panels import ddp as panel_ddp
from drivers.surfaces import new_surface, surface_bytes
from drivers.tone import LED_GAMMA
from player.bench.figures import Effort, Work, in_turn, measured
from player.bench.screen import LED

_SIZE: Final = (LED.width_px, LED.height_px)
_FILM_FRAMES: Final = 64  # a few seconds of film: too many to stay in the processor's own memory
_ROUNDS: Final = 10  # for each of the others'
_GRID: Final = {"module": [64, 32], "serpentine": "flip"}


def led_frame_baked(work: Path, effort: Effort) -> dict[str, Any]:
    """A drawn frame of baked pictures handed to the LED helper, wake-up and all, against a copy of its bytes."""
    with _shared() as (canvas, wake):
        picture = _frame(0)
        canvas.bake(picture)
        canvas.surface.blit(picture, (0, 0))  # memory that nobody wrote to is one page of zeroes to the processor
        source, target = surface_bytes(canvas.surface), _room()

        def ours(_: int) -> None:
            canvas.present(None)
            wake()

        def copy(_: int) -> None:
            target[:] = source

        mine, bare = in_turn(ours, copy, effort.rounds, effort.frames)
    return measured(mine / bare, mine, bare, "ratio of us", effort.rounds)


def led_frame_live(work: Path, effort: Effort) -> dict[str, Any]:
    """A frame of a film: corrected by the table, drawn and handed over, against a copy of that frame's bytes."""
    film = [_frame(number) for number in range(_FILM_FRAMES)]
    pixels = [surface_bytes(frame) for frame in film]
    with _shared() as (canvas, wake):
        target = _room()

        def ours(number: int) -> None:
            frame = film[number % _FILM_FRAMES]
            canvas.bake(frame)
            canvas.surface.blit(frame, (0, 0))
            canvas.present(None)
            wake()

        def copy(number: int) -> None:
            target[:] = pixels[(number + _FILM_FRAMES // 2) % _FILM_FRAMES]  # not the one just drawn, still at hand

        mine, bare = _one_by_one(ours, copy, effort)
    return measured(mine / bare, mine, bare, "ratio of us", effort.rounds * _ROUNDS)


def ddp_frame(work: Path, effort: Effort) -> dict[str, Any]:
    """A frame sent, against a bare send of the same packets made before; `mapped` puts its pixels in order as well."""
    with _listener() as port, _sink(port) as plain, _sink(port, **_GRID) as mapped, _bare_line(port) as send:
        packets = [b"".join(packet.buffers) for packet in plain.framing.packets]

        def bare(_: int) -> None:
            for packet in packets:
                send(packet)

        alone = _one_by_one(lambda _: plain.send(), bare, effort)
        whole = _one_by_one(lambda _: mapped.show(), bare, effort)
    found = measured(alone[0] / alone[1], *alone, "ratio of us", effort.rounds * _ROUNDS)
    return found | {"mapped": measured(whole[0] / whole[1], *whole, "ratio of us", effort.rounds * _ROUNDS)}


def _one_by_one(ours: Work, bare: Work, effort: Effort) -> tuple[float, float]:
    """Frame by frame in turn: one so long that it outlasts the system's own turns measures the other processes."""
    return in_turn(ours, bare, effort.rounds * _ROUNDS, 1)


@contextmanager
def _shared() -> Iterator[tuple[SharedCanvas, Callable[[], None]]]:
    """The player's side of an LED panel, and what wakes the helper."""
    memory, counter = os.memfd_create("bench"), os.eventfd(0, os.EFD_NONBLOCK)
    try:
        yield SharedCanvas(new_memory(memory, _SIZE), _SIZE, LED_GAMMA), lambda: os.eventfd_write(counter, 1)
    finally:
        os.close(memory)
        os.close(counter)


@contextmanager
def _listener() -> Iterator[int]:
    """The port of a receiver that lets everything go by."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        yield line.getsockname()[1]


@contextmanager
def _sink(port: int, **grid: Any) -> Iterator[Sink]:
    options = read_options("ddp", panel_ddp.OPTIONS, {"host": "127.0.0.1", "port": port, **grid})
    sink = Sink("ddp", _SIZE, options)
    sink.open()
    try:
        yield sink
    finally:
        sink.close()


@contextmanager
def _bare_line(port: int) -> Iterator[Callable[[bytes], int]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect(("127.0.0.1", port))
        yield line.send


def _room() -> memoryview:
    return memoryview(bytearray(4 * _SIZE[0] * _SIZE[1]))


def _frame(number: int) -> pygame.Surface:
    frame = new_surface(*_SIZE)
    frame.fill((number, 200, 255 - number))
    return frame
