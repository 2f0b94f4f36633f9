"""The films of a player: one that shows, one that is about to, and a sound file that accompanies a still page.

Each runs in a process of its own, which decodes ahead; here the frame that is due is copied onto the
page, and nothing is waited for. What is late is not there yet: the frame before it stands, at first
the one the page itself holds.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import pygame

from drivers.film import Planes
from drivers.panel import Overlay, Panel, PanelError, Rect
from player.film.process import FilmProcess
from player.film.soundtrack import Soundtrack
from player.film.tally import Tally
from player.show import Live

log = logging.getLogger(__name__)

NEVER_S: Final = math.inf
MEMORY_MB: Final = 1024  # of address space: a film of 4K in a codec of today, with its library
_NO_PICTURE: Final = (0, 0)

Start = Callable[[Path, tuple[int, int], int], FilmProcess]
Bake = Callable[[pygame.Surface], None]


class Screening:
    """A film in its box on a page. `bake` corrects what was drawn for the panel.

    With an `overlay` the panel is given the frames as they were decoded, as long as the page lies there whole;
    before that, while it comes in unseen or by and by, they are drawn as pixels. `tally` counts what comes up.
    """

    def __init__(
        self, live: Live, film: FilmProcess, bake: Bake, overlay: Overlay | None = None, tally: Tally | None = None
    ) -> None:
        self.live, self.film = live, film
        self._tally = tally or Tally(math.inf)
        self.touched = Rect(live.box.x, live.box.y, live.box.w, live.box.h)
        self._bake = bake
        self._overlay = overlay
        self._lies = False
        self._number: int | None = None
        if overlay is not None:
            film.take_planes(False)

    def draw(self, target: pygame.Surface, offset_s: float) -> Rect | None:
        """Brings the box to `offset_s` seconds into the page; None if no other frame stands there then.

        Else the part of `target` that was touched: nothing of it where the panel has the frame above it.
        """
        self.film.want(offset_s)
        picture = self.film.picture()
        if picture is None or picture.number == self._number:
            return None
        frame = picture.frame
        if isinstance(frame, Planes):
            return self._hand_over(frame, picture.number)
        self._came_up(picture.number)
        target.blit(frame, self.touched[:2])
        self._bake(target.subsurface(self.touched))
        if self._overlay is not None:
            self._overlay.clear()
        return self.touched

    def lie(self) -> None:
        """The page lies on the panel from now on; what stood above it from before goes."""
        if self._overlay is None:
            return
        self._lies = True
        self.film.take_planes(True)
        picture = self.film.picture()
        if picture is not None and isinstance(picture.frame, Planes):
            self._hand_over(picture.frame, picture.number)

    def leave(self, *, kept: bool) -> None:
        """The page gives way; `kept`: what is seen of it stays on the panel's surface, to be covered."""
        if self._overlay is not None and self._lies:
            if kept:
                self._overlay.settle()
            self._overlay.clear()

    def _hand_over(self, planes: Planes, number: int) -> Rect | None:
        """A chip that has no room for a frame does not take the panel with it: the film goes on in pixels."""
        if self._overlay is None or not self._lies:
            return None
        try:
            self._overlay.show(planes, self.touched)
        except PanelError as exc:
            log.warning("the film goes on in pixels, the panel takes no planes: %s", exc)
            self._overlay.clear()
            self._overlay = None
            self.film.take_planes(False)
            return None
        self._came_up(number)
        return Rect(self.touched.x, self.touched.y, 0, 0)

    def _came_up(self, number: int) -> None:
        self._number = number
        self._tally.show(number, self.film.position_s, self.film.jumps, self.film.skipped)

    def next_s(self) -> float:
        """Seconds until another frame is due; infinity if none is to come."""
        return self.film.next_s()


class Screens(Protocol):
    """Where the painter has what moves from."""

    def screen(self, live: Live) -> Screening | None: ...
    def cue(self, live: Live) -> None: ...
    def rest(self) -> None: ...


class Stills:
    """No projector: what moves shows its first frame, as in a preview."""

    def screen(self, live: Live) -> Screening | None:
        return None

    def cue(self, live: Live) -> None: ...

    def rest(self) -> None: ...


class _Running(NamedTuple):
    """A film that shows or is about to."""

    live: Live
    film: FilmProcess
    tally: Tally

    def health(self) -> dict[str, Any]:
        kind = "animation" if self.live.loops else "film"
        told = {"kind": kind, "file": self.live.file, "length_s": self.live.length_s}
        told |= {"position_s": round(self.film.position_s, 1), "skipped": self.film.skipped}
        return told | self.tally.health() | {"trouble": self.film.trouble}


class Projector:
    """Runs the films that lie in `media_dir` for `panel`. `start` begins a film process."""

    def __init__(self, media_dir: Path, panel: Panel, start: Start | None = None) -> None:
        self._media_dir = media_dir
        self._panel = panel
        self._start = start or _start
        self._showing: _Running | None = None
        self._cued: _Running | None = None
        self._music: tuple[str, FilmProcess] | None = None
        self._past = Counter(shown=0, late=0, skipped=0)  # the figures of the films that are over

    def screen(self, live: Live) -> Screening:
        """`live` is on the panel from now on; what was there before it ends."""
        showing = self._showing
        if showing is None or showing.live != live:
            self.rest()
            self._showing = showing = self._taken(live)
        return Screening(live, showing.film, self._panel.bake, self._panel.overlay, showing.tally)

    def cue(self, live: Live) -> None:
        """`live` is about to be on the panel: its first frames are decoded already."""
        if any(one is not None and one.live == live for one in (self._showing, self._cued)):
            return
        self._drop_cue()
        self._cued = self._run(live)

    def rest(self) -> None:
        """Nothing that moves is on the panel."""
        if self._showing is not None:
            self._past.update(_counts(self._showing))
            self._showing.film.close()
            self._showing = None

    def accompany(self, file: str, position_s: float) -> None:
        """The sound file of the item that shows, and where it stands; "" if it has none."""
        if self._music is not None and self._music[0] != file:
            self._music[1].close()
            self._music = None
        if not file:
            return
        if self._music is None:
            self._music = (file, self._start(self._media_dir / file, _NO_PICTURE, 0))
        self._music[1].want(position_s)

    def soundtrack(self) -> Soundtrack | None:
        """What is to be heard of what shows now; None if there is no sound, or not yet."""
        for film in self._playing():
            if film.heard:
                return Soundtrack(f"{film.pid}/{film.jumps}", film.pcm)
        return None

    @property
    def trouble(self) -> str:
        """Why what shows cannot go on; begins with one word. Empty while it can."""
        return next((why for film in self._playing() if (why := film.trouble)), "")

    @property
    def rolling(self) -> bool | None:
        """Whether what shows has brought a frame, or cannot any more; None if nothing that moves shows."""
        if self._showing is None:
            return None
        film = self._showing.film
        return film.picture() is not None or bool(film.trouble)

    def pids(self) -> tuple[int, ...]:
        """The film processes alive now."""
        cued = [self._cued.film] if self._cued is not None else []
        return tuple(film.pid for film in (*self._playing(), *cued) if film.pid is not None)

    def health(self) -> dict[str, Any]:
        """`film`: what moves on the panel, and how its frames came; `music`: the sound file beside a page; each empty
        while there is none. `films`: the frames of all that moved since the start.
        """
        showing, films = self._showing, self._past.copy()
        films.update({} if showing is None else _counts(showing))
        return {
            "film": {} if showing is None else showing.health(),
            "music": {} if self._music is None else _music_health(*self._music),
            "films": dict(films),
        }

    def close(self) -> None:
        """Ends every film. May be called twice."""
        self.rest()
        self._drop_cue()
        self.accompany("", 0.0)

    def _taken(self, live: Live) -> _Running:
        if self._cued is not None and self._cued.live == live:
            taken, self._cued = self._cued, None
            return taken
        return self._run(live)

    def _playing(self) -> list[FilmProcess]:
        """Whose sound may be heard: what moves on the panel goes first."""
        moving = [self._showing.film] if self._showing is not None else []
        return moving + ([self._music[1]] if self._music is not None else [])

    def _drop_cue(self) -> None:
        if self._cued is not None:
            self._cued.film.close()
            self._cued = None

    def _run(self, live: Live) -> _Running:
        film = self._start(self._media_dir / live.file, (live.box.w, live.box.h), live.rotation)
        return _Running(live, film, Tally(1 / self._panel.refresh_hz))


def _counts(running: _Running) -> Counter[str]:
    return Counter(shown=running.tally.shown, late=running.tally.late, skipped=running.film.skipped)


def _music_health(file: str, film: FilmProcess) -> dict[str, Any]:
    heard = "yes" if film.heard else "no"
    return {"file": file, "position_s": round(film.position_s, 1), "decoded": heard, "trouble": film.trouble}


def _start(path: Path, size: tuple[int, int], rotation: int) -> FilmProcess:
    return FilmProcess(path, size, rotation, MEMORY_MB)
