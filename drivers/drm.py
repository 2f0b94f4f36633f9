"""Which graphics card has a screen on it. On a Pi 5 the cards' order is not the same at each start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

SYSFS: Final = Path("/sys")


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
            found.append(Connector(int(match[1]), match[2], _status(folder / "status")))
    return sorted(found)


def card_to_use(sysfs: Path = SYSFS) -> int | None:
    """The card to show on: the first with something connected, else the first with a socket, else None.

    A socket without a screen is still used: an LED sending card often powers up after the Pi, and the
    mode is then forced on the kernel's command line.
    """
    sockets = connectors(sysfs)
    lit = [socket.card for socket in sockets if socket.connected]
    return next(iter(lit or [socket.card for socket in sockets]), None)


def _status(path: Path) -> bool | None:
    try:
        word = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None
    return {"connected": True, "disconnected": False}.get(word)
