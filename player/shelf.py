"""The pictures at hand: what is prepared, what is being prepared, what failed, and the surfaces now in memory."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, Protocol

import pygame

from player.show import Prepared, Show, key

log = logging.getLogger(__name__)

TRY_AGAIN_S: Final = 600.0  # after a failure: a picture that was broken may have been replaced
BYTES_PX: Final = 4


class Done(Protocol):
    """What a worker hands back is `Prepared`, or something with a key and a reason."""

    @property
    def key(self) -> str: ...


class Preparer(Protocol):
    """The workers, as far as the stage knows them."""

    def cached(self, show: Show) -> Prepared | None: ...
    def request(self, show: Show, urgent: bool = False) -> str: ...
    def finished(self) -> Sequence[Done]: ...
    def discard(self, key: str) -> None: ...
    def fileno(self) -> int: ...


class Skip(NamedTuple):
    """A thing that cannot be shown, and why."""

    name: str
    reason: str
    until_s: float


class Shelf:
    """`load(frame)` gives the surface of one finished frame and raises OSError or ValueError if it is not whole.

    `budget_px` is how many pixels of surfaces stay in memory beside the ones being drawn.
    """

    def __init__(self, preparer: Preparer, load: Callable[[str], pygame.Surface], budget_px: int) -> None:
        self._preparer = preparer
        self._load = load
        self._budget_px = budget_px
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._asked: dict[str, tuple[str, bool]] = {}  # key -> (name, urgent)
        self._skipped: dict[str, Skip] = {}
        self._surfaces: OrderedDict[str, pygame.Surface] = OrderedDict()

    def prepared(self, show: Show) -> Prepared | None:
        """The finished frames of `show`, from memory or from the cache on disk."""
        name = key(show)
        found = self._prepared.get(name)
        if found is None and name not in self._asked:  # what is being made cannot be on the disk
            found = self._preparer.cached(show)
        if found is not None:
            self._prepared[name] = found
            self._prepared.move_to_end(name)
            while len(self._prepared) > 64:
                self._prepared.popitem(last=False)
        return found

    def want(self, show: Show, name: str, *, urgent: bool = False) -> None:
        """Has `show` prepared unless that is under way already; `name` is for people."""
        wanted = key(show)
        if wanted in self._asked and (self._asked[wanted][1] or not urgent):
            return
        self._asked[wanted] = (name, urgent)
        self._preparer.request(show, urgent)

    def collect(self, monotonic_s: float) -> bool:
        """Takes what the workers finished; True if there was anything."""
        done = self._preparer.finished()
        for one in done:
            name, _ = self._asked.pop(one.key, ("", False))
            if isinstance(one, Prepared):
                self._prepared[one.key] = one
                self._skipped.pop(one.key, None)
            else:
                reason = str(getattr(one, "reason", "it could not be prepared"))
                self._skip(one.key, name or one.key, reason, monotonic_s)
        return bool(done)

    def fileno(self) -> int:
        """Readable when `collect` has something to take."""
        return self._preparer.fileno()

    def waiting(self) -> tuple[bool, bool]:
        """Whether anything is being prepared, and whether anything urgent is."""
        return bool(self._asked), any(urgent for _, urgent in self._asked.values())

    def skipped(self, show: Show, monotonic_s: float) -> bool:
        """Whether `show` failed, and not so long ago that it is worth another try."""
        skip = self._skipped.get(key(show))
        if skip is not None and monotonic_s >= skip.until_s:
            del self._skipped[key(show)]
            return False
        return skip is not None

    def skips(self) -> tuple[Skip, ...]:
        return tuple(self._skipped.values())

    def surface(self, prepared: Prepared, frame: str) -> pygame.Surface | None:
        """The frame's surface, loaded if it is not in memory; None if its file is gone or damaged.

        Then the whole show counts as not prepared, and the next `want` makes it anew.
        """
        if frame in self._surfaces:
            self._surfaces.move_to_end(frame)
            return self._surfaces[frame]
        try:
            surface = self._load(frame)
        except (OSError, ValueError, pygame.error) as exc:
            log.warning("frame %s of %s is lost (%s): it is prepared again", frame, prepared.key, exc)
            self._prepared.pop(prepared.key, None)
            self._preparer.discard(prepared.key)
            return None
        self._surfaces[frame] = surface
        self._evict()
        return surface

    def pixels(self) -> int:
        """How many pixels of surfaces are held."""
        return sum(surface.get_width() * surface.get_height() for surface in self._surfaces.values())

    def health(self) -> dict[str, Any]:
        return {
            "prepared": len(self._prepared),
            "preparing": len(self._asked),
            "surfaces_kb": self.pixels() * BYTES_PX // 1024,
        }

    def _skip(self, name: str, what: str, reason: str, monotonic_s: float) -> None:
        log.warning("%s is skipped: %s", what, reason)
        self._skipped[name] = Skip(what, reason, monotonic_s + TRY_AGAIN_S)

    def _evict(self) -> None:
        while len(self._surfaces) > 1 and self.pixels() > self._budget_px:
            self._surfaces.popitem(last=False)
