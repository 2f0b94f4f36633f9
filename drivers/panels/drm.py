"""Which graphics card has a screen on it. On a Pi 5 the cards' order is not the same at each start."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from drivers.kernel import text_of
from drivers.panel import PanelError

SYSFS: Final = Path("/sys")
LOOK_S: Final = 1.0
_PLUGGED: Final = {"connected": True, "disconnected": False}


class Connector(NamedTuple):
    """One socket of a card; `connected` is None where the driver cannot tell (a forced mode, no hotplug line)."""

    card: int
    name: str
    connected: bool | None


def connectors(sysfs: Path = SYSFS) -> list[Connector]:
    """All sockets of all cards, by card and name; virtual ones that only write back to memory are left out."""
    found = []
    for folder in (sysfs / "class/drm").glob("card*-*"):
        match = re.fullmatch(r"card(\d+)-(.+)", folder.name)
        if match and not match[2].startswith("Writeback"):
            found.append(Connector(int(match[1]), match[2], _PLUGGED.get(text_of(folder / "status"))))
    return sorted(found)


def card_to_use(sysfs: Path = SYSFS) -> int | None:
    """The card to show on: the first with something connected, else the first with a socket, else None.

    A socket without a screen is still used: an LED sending card often powers up after the Pi, and the
    mode is then forced on the kernel's command line.
    """
    sockets = connectors(sysfs)
    lit = [socket.card for socket in sockets if socket.connected]
    return next(iter(lit or [socket.card for socket in sockets]), None)


class SocketWatch:
    """Notices that a screen was unplugged, plugged in, or moved to another socket: the panel must then be opened anew.

    SDL does not follow that by itself. A socket whose state nobody knows is not watched.
    """

    def __init__(self, sysfs: Path = SYSFS, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._sysfs = sysfs
        self._monotonic_s = monotonic_s
        self._lit: tuple[str, ...] = ()
        self._was_lit = False
        self._due_s = 0.0

    def begin(self) -> None:
        """From now on this is how it should be. Raises PanelError while a screen that was there is missing."""
        self._lit = self._now_lit()
        if self._was_lit and not self._lit:
            raise PanelError("sdl: no screen is plugged in")
        self._was_lit = bool(self._lit)

    def check(self) -> None:
        """Once a second at most, it looks. Raises PanelError when it is otherwise than at `begin`."""
        now_s = self._monotonic_s()
        if now_s < self._due_s:
            return
        self._due_s = now_s + LOOK_S
        lit = self._now_lit()
        if lit != self._lit:
            gone, new = sorted({*self._lit} - {*lit}), sorted({*lit} - {*self._lit})
            words = [f"{name} was unplugged" for name in gone] + [f"{name} was plugged in" for name in new]
            raise PanelError(f"sdl: {', '.join(words)}")

    def _now_lit(self) -> tuple[str, ...]:
        return tuple(f"card{socket.card}-{socket.name}" for socket in connectors(self._sysfs) if socket.connected)
