"""The pictures at hand: what is prepared, what is being prepared, what failed, and the surfaces now in memory."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple, Protocol

import pygame

from player.model import wordless
from player.show import Prepared, Show, key

log = logging.getLogger(__name__)

TRY_AGAIN_S: Final = 600.0  # after a failure: a picture that was broken may have been replaced
BYTES_PX: Final = 4
PARTS_PX: Final = 4_000_000
PARTS_PAGES: Final = 12  # a part that so many pages did without is let go: yesterday's ticker comes no more
PREPARED_MOST: Final = 64


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

    One page is held: the next one, from shortly before its turn until it is on the panel. Strips
    and figures, which many pages share, are held up to `PARTS_PX`, and no longer than pages ask for them.
    """

    def __init__(self, preparer: Preparer, load: Callable[[str], pygame.Surface]) -> None:
        self._preparer = preparer
        self._load = load
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._asked: dict[str, tuple[str, bool]] = {}  # key -> (name, urgent)
        self._skipped: dict[str, Skip] = {}
        self._from_disk = self._ordered = 0
        self._lacking: OrderedDict[str, Skip] = OrderedDict()  # shown, but not all of it
        self._pages: OrderedDict[str, pygame.Surface] = OrderedDict()
        self._parts: OrderedDict[str, pygame.Surface] = OrderedDict()
        self._keyed: tuple[Show, str] | None = None  # the show that was asked about last, and its key
        self._part_used: dict[str, int] = {}  # at which page, counted in `_pages_shown`
        self._pages_shown = 0

    def prepared(self, show: Show) -> Prepared | None:
        """The finished frames of `show`, from memory or from the cache on disk."""
        name = self._key(show)
        found = self._prepared.get(name)
        if found is None and name not in self._asked:  # what is being made cannot be on the disk
            found = self._preparer.cached(show)
            self._from_disk += found is not None
        if found is not None:
            self._prepared[name] = found
            self._prepared.move_to_end(name)
            while len(self._prepared) > PREPARED_MOST:
                self._prepared.popitem(last=False)
        return found

    def want(self, show: Show, name: str, *, urgent: bool = False) -> None:
        """Has `show` prepared unless that is under way already; `name` is for people."""
        wanted = self._key(show)
        if wanted in self._asked and (self._asked[wanted][1] or not urgent):
            return
        self._ordered += wanted not in self._asked
        self._asked[wanted] = (name, urgent)
        self._preparer.request(show, urgent)

    def collect(self, monotonic_s: float) -> bool:
        """Takes what the workers finished; True if there was anything."""
        done = self._preparer.finished()
        for one in done:
            if isinstance(one, Prepared) and one.partial:
                self._prepared[one.key] = one
                continue
            name, _ = self._asked.pop(one.key, ("", False))
            if isinstance(one, Prepared):
                self._prepared[one.key] = one
                self._skipped.pop(one.key, None)
                self._lack(one, name, monotonic_s)
            else:
                reason = str(getattr(one, "reason", "it could not be prepared"))
                self._skip(one.key, name or one.key, reason, monotonic_s)
        return bool(done)

    def fileno(self) -> int:
        """Readable when `collect` has something to take."""
        return self._preparer.fileno()

    def skipped(self, show: Show, monotonic_s: float) -> bool:
        """Whether `show` failed, and not so long ago that it is worth another try."""
        skip = self._skipped.get(self._key(show))
        if skip is not None and monotonic_s >= skip.until_s:
            del self._skipped[self._key(show)]
            return False
        return skip is not None

    def fault(self, show: Show, name: str, reason: str, monotonic_s: float) -> None:
        """What was on the panel cannot go on: passed over if it has no words, else shown without what moves."""
        if show.item is not None and wordless(show.item):
            if self._key(show) not in self._skipped:
                self._skip(self._key(show), name, reason, monotonic_s)
        elif self._key(show) not in self._lacking:
            log.warning("%s is not shown whole: %s", name, reason)
            self._note(self._lacking, self._key(show), Skip(name, reason, monotonic_s + TRY_AGAIN_S))

    def hold(self, names: Collection[str]) -> None:
        """Nothing but what has one of these names may come up any more: of the rest no word is told, nor kept."""
        for held in (self._skipped, self._lacking):
            for gone in [known for known, skip in held.items() if skip.name not in names]:
                del held[gone]

    def skips(self) -> tuple[Skip, ...]:
        """What is passed over, and what is shown without a part of it."""
        return (*self._skipped.values(), *self._lacking.values())

    def page(self, prepared: Prepared, frame: str) -> pygame.Surface | None:
        """The surface of a page, loaded if it is not in memory; None if its file is gone or damaged.

        Then the whole show counts as not prepared, and the next `want` makes it anew.
        """
        if frame not in self._pages:
            self._pages.clear()  # before the next is loaded, so that there are never two
        return self._surface(self._pages, prepared, frame)

    def unload(self) -> None:
        """Every surface is loaded anew when it is next asked for: the panel bakes otherwise from now on."""
        self._pages.clear()
        self._parts.clear()
        self._part_used.clear()

    def put_away(self) -> None:
        """The page is on the panel now: its own surface is not needed any more."""
        self._pages.clear()
        self._pages_shown += 1
        for frame in [name for name, page in self._part_used.items() if self._pages_shown - page > PARTS_PAGES]:
            del self._part_used[frame]
            self._parts.pop(frame, None)

    def part(self, prepared: Prepared, frame: str) -> pygame.Surface | None:
        """The surface of a strip or a figure, under the same terms as a page's."""
        surface = self._surface(self._parts, prepared, frame)
        self._part_used[frame] = self._pages_shown
        while len(self._parts) > 1 and _pixels(self._parts) > PARTS_PX:
            self._parts.popitem(last=False)
        return surface

    def _surface(self, held: OrderedDict[str, pygame.Surface], prepared: Prepared, frame: str) -> pygame.Surface | None:
        if frame in held:
            held.move_to_end(frame)
            return held[frame]
        try:
            held[frame] = self._load(frame)
        except (OSError, ValueError, pygame.error) as exc:
            if prepared.partial:  # that page is still being made
                return None
            log.warning("frame %s of %s is lost (%s): it is prepared again", frame, prepared.key, exc)
            self._prepared.pop(prepared.key, None)
            self._preparer.discard(prepared.key)
            return None
        return held[frame]

    def health(self) -> dict[str, Any]:
        """Since the start: pictures found finished on the disk, and pictures that had to be made."""
        return {
            "from_disk": self._from_disk,
            "ordered": self._ordered,
            "prepared": len(self._prepared),
            "preparing": len(self._asked),
            "surfaces_kb": (_pixels(self._pages) + _pixels(self._parts)) * BYTES_PX // 1024,
        }

    def _key(self, show: Show) -> str:
        """While something moves it is the same show at every frame, and a long text takes long to hash."""
        if self._keyed is None or self._keyed[0] is not show:
            self._keyed = show, key(show)
        return self._keyed[1]

    def _lack(self, prepared: Prepared, name: str, monotonic_s: float) -> None:
        self._lacking.pop(prepared.key, None)
        words = "; ".join((*prepared.problems, *prepared.notes))
        if words:
            self._note(self._lacking, prepared.key, Skip(name or prepared.key, words, monotonic_s))
            while len(self._lacking) > PREPARED_MOST:
                self._lacking.popitem(last=False)

    def _skip(self, key: str, name: str, reason: str, monotonic_s: float) -> None:
        log.warning("%s is skipped: %s", name, reason)
        self._note(self._skipped, key, Skip(name, reason, monotonic_s + TRY_AGAIN_S))

    def _note(self, held: dict[str, Skip], key: str, skip: Skip) -> None:
        """One word a thing: what was said of it beside another ticker, or before, goes."""
        for other in [known for known, one in held.items() if one.name == skip.name]:
            del held[other]
        held[key] = skip


def _pixels(held: OrderedDict[str, pygame.Surface]) -> int:
    return sum(surface.get_width() * surface.get_height() for surface in held.values())
