"""From a slot of the time line to the picture it asks for: what is to stand on the panel, and under which name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from player.model import Item, Media, Unit, alert_item, seen
from player.show import Box, PanelShape, Show
from player.store import Snapshot
from player.timeline import Kind, Programme, Slot, dwell_s

NAMELESS: Final = Unit(code="0", name="Bảng Tin")  # a screen that was not claimed yet
GENTLE: Final = (Kind.ITEM, Kind.ALWAYS, Kind.SLATE)
LOOK_ON: Final = 40  # slots looked through for one that can be shown instead of a broken one


@dataclass(frozen=True, slots=True)
class Aim:
    """What should be on the panel during `slot`. `show` None: blank."""

    kind: str
    slot: Slot
    show: Show | None
    item: Item | None = None

    @property
    def what(self) -> tuple[str, str, int]:
        """Kind, item and revision: a play is one stretch of one of these."""
        return (self.kind, self.item.id, self.item.revision) if self.item is not None else (self.kind, "", 0)

    @property
    def name(self) -> str:
        """For people: which thing this is."""
        return _name(self.item) if self.item is not None else self.kind

    @property
    def dwell_s(self) -> float:
        if self.slot.item is not None:
            return dwell_s(self.slot.item)
        return max(1.0, (self.slot.end - self.slot.start).total_seconds())

    @property
    def gives_way(self) -> bool:
        """Whether it may come up by and by: an emergency, and what somebody asked to see, stand there at once."""
        return self.kind in GENTLE

    def offset_s(self, now: datetime) -> float:
        return min(self.dwell_s, max(0.0, self.slot.position_s(now)))


class Aimer:
    """Makes shows for the panel of `shape`; pictures lie in `media_dir` under their hash.

    `modules` are those of an LED panel, for the test pattern.
    """

    def __init__(self, shape: PanelShape, media_dir: Path, modules: tuple[Box, ...] = ()) -> None:
        self._shape = shape
        self._modules = modules
        self._media_dir = media_dir

    def aim(self, snapshot: Snapshot, slot: Slot) -> Aim:
        """What `slot` asks for."""
        if slot.kind is Kind.BLANK:
            return Aim(slot.kind.value, slot, None)
        item = slot.item
        playlist = snapshot.playlist
        ticker = playlist.ticker if playlist is not None and slot.kind is not Kind.ALERT else ()
        unit = unit_of(snapshot)
        show = Show(unit, self._shape, item, ticker, self._picture(item), crest=self._path(unit.crest))
        return Aim(slot.kind.value, slot, show, item)

    def slate(self, snapshot: Snapshot) -> Show:
        """The picture of last resort."""
        playlist = snapshot.playlist
        unit, ticker = unit_of(snapshot), playlist.ticker if playlist is not None else ()
        return Show(unit, self._shape, ticker=ticker, crest=self._path(unit.crest))

    def stand_in(self, snapshot: Snapshot, programme: Programme, slot: Slot, broken: Callable[[Show], bool]) -> Aim:
        """The next thing on the time line that can be shown, for a `slot` whose own cannot; else the slate."""
        for other in _substitutes(programme, slot):
            aim = self.aim(snapshot, other)
            if aim.show is not None and not broken(aim.show):
                return Aim(aim.kind, slot, aim.show, aim.item)
        return Aim(Kind.SLATE.value, slot, self.slate(snapshot))

    def command(self, snapshot: Snapshot, layout: str, slot: Slot) -> Aim:
        """A picture shown because someone asked for it: "identify" or "test-pattern"."""
        label = snapshot.playlist.screen if snapshot.playlist is not None else unit_of(snapshot).name
        modules = self._modules if layout == "test-pattern" else ()
        return Aim(layout, slot, Show(unit_of(snapshot), self._shape, layout=layout, label=label, modules=modules))

    def _picture(self, item: Item | None) -> str:
        return self._path(seen(item) if item is not None else None)

    def _path(self, media: Media | None) -> str:
        return os.path.join(self._media_dir, media.sha256) if media is not None else ""  # as `FrameCache.path`


def _substitutes(programme: Programme, slot: Slot) -> Iterator[Slot]:
    """What comes after `slot`, then the always-items: they fill what the loop leaves empty, but no emergency.

    Only what is on air already: a bulletin whose time has not come is nobody's stand-in.
    """
    on_air = programme.on_air(slot.start)
    known = {(item.id, item.revision) for item in on_air}
    for later in programme.upcoming(slot.start, LOOK_ON)[1:]:
        if later.item is not None and (later.item.id, later.item.revision) in known:
            yield later
    if slot.kind is not Kind.ALERT:
        yield from (replace(slot, kind=Kind.ALWAYS, item=item) for item in on_air if item.always)


def unit_of(snapshot: Snapshot) -> Unit:
    """Whose screen this is."""
    if snapshot.playlist is not None:
        return snapshot.playlist.unit
    return snapshot.unit or NAMELESS


def names(snapshot: Snapshot) -> frozenset[str]:
    """`Aim.name` of all that the time line may come to, whatever its instant."""
    items = snapshot.playlist.items if snapshot.playlist is not None else ()
    return frozenset((*Kind, *map(_name, items), *(_name(alert_item(alert)) for alert in snapshot.alerts)))


def _name(item: Item) -> str:
    return f"{item.id} r{item.revision}"
