"""The film process: one film or animated picture, decoded a little ahead of the position the player wants.

It has no clock of its own. Whenever the player says that it moved on, frames are put into the ring
until it is full; those whose time has passed already are left out; a jump begins anew from there.
It ends when its stdin closes or with its parent.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from drivers import process
from drivers.speaker import RATE_HZ
from player.film.footage import Reel, Shot
from player.film.ring import BACK_US, ON_US, SOUND_S, Ring, State
from player.prepare.gallery import GalleryError
from player.prepare.kinds import HEAD_B, Kind, kind_of

_REELS: Final = {Kind.PICTURE: "player.film.animation", Kind.FILM: "player.film.decode"}
_US: Final = 1_000_000
_ROUGH_US: Final = 500_000  # a machine too slow for the film still shows a frame this often
_HEARD_AHEAD: Final = SOUND_S * RATE_HZ // 2  # the other half is being listened to


class Filmer:
    """Fills `ring` from `reel`; `bell_fd` is readable when the player moved on, and at its end."""

    def __init__(self, ring: Ring, reel: Reel, bell_fd: int) -> None:
        self._ring = ring
        self._reel = reel
        self._bell_fd = bell_fd
        self._shots: Iterator[Shot] = iter(())
        self._pieces: Iterator[tuple[int, memoryview]] | None = None
        self._next: Shot | None = None
        self._shown_us = 0
        self._begun_us = 0
        self._wanted_us = 0

    def run(self) -> None:
        """Until the player closes its end. Raises ValueError, OSError or MemoryError if the file cannot be played."""
        self._begin(self._ring.wanted_us)
        while True:
            wanted_us = self._ring.wanted_us
            if not -BACK_US < wanted_us - self._wanted_us < ON_US:
                self._begin(wanted_us)
            self._wanted_us = wanted_us
            seen, heard = self._see(wanted_us), self._hear(wanted_us)
            if not (seen or heard) and not os.read(self._bell_fd, 4096):
                return

    def _begin(self, at_us: int) -> None:
        self._ring.empty()
        self._wanted_us = self._shown_us = self._begun_us = at_us
        footage, sound = self._reel
        self._shots = footage.shots(at_us) if footage else iter(())
        self._pieces = sound.pieces(at_us) if sound else None
        self._next = next(self._shots, None)
        self._ring.tell(State.RUNNING)

    def _see(self, wanted_us: int) -> bool:
        """One frame further; False if there is no room or nothing left."""
        shot = self._next
        slot = self._ring.free() if shot is not None else None
        if shot is None or slot is None:
            return False
        self._next = next(self._shots, None)
        late = self._next is not None and self._next.pts_us <= wanted_us
        if late and shot.pts_us - self._shown_us < _ROUGH_US:
            if self._next is not None and self._next.pts_us > self._begun_us:  # the way from the key frame is no loss
                self._ring.drop()
        else:
            put(shot, self._ring, slot)
            self._shown_us = shot.pts_us
        if self._next is None:
            self._ring.tell(State.ENDED)
        return True

    def _hear(self, wanted_us: int) -> bool:
        """One piece of sound further; False if there is enough or nothing left."""
        ahead = self._ring.sound_to - wanted_us * RATE_HZ // _US
        if self._pieces is None or ahead > _HEARD_AHEAD:
            return False
        piece = next(self._pieces, None)
        if piece is None:
            self._pieces = None
            return False
        self._ring.hear(*piece)
        return True


def put(shot: Shot, ring: Ring, slot: int) -> None:
    """The shot is a frame in that slot: its planes where those are welcome and it has such, else its pixels."""
    room = ring.room(slot)
    layout = shot.planes(room) if ring.planes_welcome else None
    if layout is None:
        shot.draw(room)
    ring.show(slot, shot.pts_us, layout)


def reel_of(path: Path, size: tuple[int, int], rotation: int) -> Reel:
    """What is in the file, by the decoder of its kind. Raises ValueError, OSError."""
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD_B))
    if kind not in _REELS:
        raise GalleryError(f"format: {path.name} does not move")
    found: Reel = importlib.import_module(_REELS[kind]).reel(path, size, rotation)
    return found


def main() -> None:
    """Reads the command line, limits itself and works until its player is gone."""
    arguments = _arguments()
    process.die_with_parent(arguments.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process.cap_memory(arguments.memory_cap_mb)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(arguments.nice)
    ring = Ring(arguments.ring)
    try:
        with open(arguments.file, "rb") as kept:
            path = Path(f"/proc/self/fd/{kept.fileno()}")
            Filmer(ring, reel_of(path, ring.size, arguments.rotation), 0).run()
    except (ValueError, OSError) as exc:
        ring.tell(State.FAILED, reason=str(exc))
    except MemoryError:
        ring.tell(State.FAILED, reason="memory: the film needs more than a film process may take")
    with contextlib.suppress(OSError):
        while os.read(0, 4096):  # what it has decoded stays to be shown
            pass


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="film process")
    parser.add_argument("--file", required=True)
    parser.add_argument("--ring", type=int, required=True, help="descriptor of the shared memory")
    parser.add_argument("--rotation", type=int, default=0)
    parser.add_argument("--memory-cap-mb", type=int, required=True)
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--parent", type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
