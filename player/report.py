"""What the player says of itself in its status file: what stands on the panel, figures, and what was passed over."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from drivers.panel import Panel
from player.aim import Aim
from player.grip import Grip
from player.jumps import Jumps
from player.leafing import reading_instants
from player.ledger import Ledger
from player.painter import Painter
from player.plays import Plays, stamp
from player.shelf import Shelf
from player.speech import Desk
from player.status import StatusFile, memory_kb


class Report:
    """Keeps the figures and writes the file when something worth telling changed.

    `source_trouble` says why nothing new is seen of what the agent commits; empty while all is well.
    `playlist` tells which one shows and how long it is, `moving` of films and their sound. `jumps` watches the wall
    clock; there is none where that clock is set by hand (`stands_still`): then each new instant is worth telling,
    and none is a fault.
    """

    def __init__(
        self,
        file: StatusFile,
        *,
        panel: Panel,
        painter: Painter,
        shelf: Shelf,
        desk: Desk,
        ledger: Ledger,
        plays: Plays,
        grip: Grip,
        source_trouble: Callable[[], str] = str,
        playlist: Callable[[], dict[str, Any]] = dict,
        moving: Callable[[], dict[str, Any]] = dict,
        light: Callable[[], dict[str, Any]] = dict,
        jumps: Jumps | None = None,
        stands_still: bool = False,
    ) -> None:
        self._file = file
        self._panel = panel
        self._painter = painter
        self._shelf = shelf
        self._desk = desk
        self._ledger = ledger
        self._plays = plays
        self._grip = grip
        self._source_trouble = source_trouble
        self._playlist = playlist
        self._moving = moving
        self._light = light
        self._jumps = jumps
        self._stands_still = stands_still
        self._late = 0
        self._worst_late_s = 0.0

    def began(self, late_s: float, frame_s: float) -> None:
        """A turn began `late_s` after it was due, whatever held it up; more than a frame of it is worth counting."""
        self._late += late_s > frame_s
        self._worst_late_s = max(self._worst_late_s, late_s)

    def tick(self, monotonic_s: float, now: datetime, *, settled: bool, aim: Aim) -> None:
        """Writes if it is time, or if the panel shows, or the loudspeaker says, something else than the file says."""
        if self._jumps is not None:
            self._jumps.look(now, monotonic_s)
        jumped = self._jumps.count if self._jumps is not None else 0
        standing = now if self._stands_still else None
        said = self._desk.saying(now)
        where = (aim.slot.start, aim.what, self._painter.page, said and (said.item, said.since))
        mark = (settled, where, self._troubles(), self._shelf.skips(), standing, jumped)
        self._file.tick(monotonic_s, mark, lambda: self._describe(monotonic_s, now, settled, aim))

    def read_at(self) -> tuple[datetime, ...]:
        """The instants at which to look at what stands on the panel, to read all of it."""
        prepared, aim = self._painter.prepared, self._ledger.aim
        return reading_instants(prepared, aim.slot, aim.dwell_s) if prepared is not None and aim is not None else ()

    def next_s(self, monotonic_s: float) -> float:
        return self._file.next_s(monotonic_s)

    def _troubles(self) -> list[str]:
        return [words for words in (self._grip.trouble, self._source_trouble(), self._plays.trouble) if words]

    def _describe(self, monotonic_s: float, now: datetime, settled: bool, aim: Aim) -> dict[str, Any]:
        page, pages = self._painter.page
        showing = named(self._ledger.aim) | {
            "page": page,
            "pages": pages,
            "since": stamp(self._ledger.since) if self._ledger.since else "",
        }
        return {
            "instant": stamp(now),
            "settled": settled,
            "showing": showing,
            "wanted": named(aim),
            "slot": {"start": stamp(aim.slot.start), "end": stamp(aim.slot.end), "dwell_s": aim.dwell_s},
            "playlist": self._playlist(),
            "strips_px": self._painter.offsets_px,
            "read_at": [stamp(moment) for moment in self.read_at()] if self._stands_still else [],
            "presented": self._painter.presented,
            "late_frames": self._late,
            "worst_late_ms": round(self._worst_late_s * 1000, 1),
            "skipped": [{"what": skip.name, "why": skip.reason} for skip in self._shelf.skips()],
            "trouble": self._troubles(),
            "plays": {"uuid": self._plays.uuid, "lost": self._plays.lost},
            "speech": self._desk.health(),
            "panel": self._panel.health() | {"held": "no" if self._grip.trouble else "yes"},
            "light": self._light(),
            "cache": self._shelf.health(),
            "memory_kb": memory_kb(),
            "pid": os.getpid(),
            **self._moving(),
            **(self._jumps.health(monotonic_s) if self._jumps is not None else {}),
        }


def named(aim: Aim | None) -> dict[str, Any]:
    """Kind, item and revision of what an aim shows, for the status file."""
    if aim is None:
        return {"kind": "", "item": "", "revision": 0}
    kind, item, revision = aim.what
    return {"kind": kind, "item": item, "revision": revision}
