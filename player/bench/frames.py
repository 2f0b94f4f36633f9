"""The frame of a ticker: against a bare copy of its band, against drawing it anew, and what it allocates."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pygame

from drivers.panel import Panel, Rect
from player.bench.figures import Effort, in_turn, measured
from player.bench.screen import HDMI, LED, TICKER, TickerScene, open_panel, running_stage, ticker_scene
from player.clock import SettableClock
from player.layout.fonts import REGULAR, FontBook, Type
from player.show import PanelShape, Strip

_MAKERS: Final = frozenset(
    {"render", "copy", "convert", "convert_alpha", "subsurface", "premul_alpha", "to_surface", "make_surface"}
)
_MAKING_MODULES: Final = ("pygame.transform", "pygame.image")


def ticker_1080p(work: Path, effort: Effort) -> dict[str, Any]:
    """A frame of the ticker drawn by the painter; `presented` has the headless panel's hand-over in it too."""
    return _ticker(HDMI, work, effort)


def ticker_320x160(work: Path, effort: Effort) -> dict[str, Any]:
    """The same on an LED panel, where the band is so small that the calls cost more than the copy."""
    return _ticker(LED, work, effort)


def naive_1080p(work: Path, effort: Effort) -> dict[str, Any]:
    """What clearing, drawing the text and flipping costs each frame, in our frames."""
    with open_panel("sdl", HDMI) as panel:
        scene = ticker_scene(panel, HDMI, work)
        naive = _Naive(scene.strip, pygame.display.get_surface() or panel.surface)
        ours, theirs = in_turn(scene.step, naive.draw, effort.rounds, effort.frames, effort.naive_frames)
    return measured(theirs / ours, ours, theirs, "ratio of us", effort.rounds)


def steady_allocations(work: Path, effort: Effort) -> dict[str, Any]:
    """Renderings of text and new surfaces in one turn of the stage that presents a frame of the ticker."""
    clock = SettableClock(datetime(2026, 1, 5, 2, 0, 30, tzinfo=UTC))
    with running_stage(work, clock) as stage:
        clock.advance(1 / 60)
        stage.turn()
        with counted_surfaces() as count:
            for _ in range(effort.counted_frames):
                clock.advance(1 / 60)
                stage.turn()
    each = count() / effort.counted_frames
    return measured(each, each, None, "calls a frame", effort.counted_frames)


@contextmanager
def counted_surfaces() -> Iterator[Callable[[], int]]:
    """Counts, in this thread, calls that draw text or make a surface: methods, functions and the type itself."""
    found = 0

    class Counted(pygame.Surface):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            nonlocal found
            found += 1
            super().__init__(*args, **kwargs)

    def look(_: FrameType, event: str, function: Any) -> None:
        nonlocal found
        found += event == "c_call" and _makes(function)

    plain, before = pygame.Surface, sys.getprofile()
    pygame.Surface = Counted  # type: ignore[misc]
    sys.setprofile(look)
    try:
        yield lambda: found
    finally:
        sys.setprofile(before)
        pygame.Surface = plain  # type: ignore[misc]


class _Handed:
    """A panel that takes a frame for presented as it is drawn: what is left is the composing."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self.size, self.refresh_hz = panel.size, panel.refresh_hz
        self.surface = panel.surface

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
        """The pixels stay where they are."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._panel, name)


class _Naive:
    """The ticker as a first attempt draws it: everything, every frame."""

    def __init__(self, strip: Strip, window: pygame.Surface) -> None:
        self._strip = strip
        book = FontBook()
        size = max(8, round(strip.box.h * 0.6))
        while book.height(Type(REGULAR, size + 1)) <= strip.box.h:
            size += 1
        self._font = book.font(Type(REGULAR, size))
        self._text = "   •   ".join(TICKER)
        self._window = window

    def draw(self, frame: int) -> None:
        box = self._strip.box
        self._window.fill((0, 0, 0))
        ink = self._font.render(self._text, True, (255, 255, 255))
        self._window.blit(ink, (box.x - frame * 3 % ink.get_width(), box.y))
        pygame.display.flip()


def _ticker(shape: PanelShape, work: Path, effort: Effort) -> dict[str, Any]:
    with open_panel("sdl", shape) as panel:
        scene = ticker_scene(panel, shape, work)
        composed = scene.on(_Handed(panel))
        bare = _bare_blit(scene)
        whole = in_turn(scene.step, bare, effort.rounds, effort.frames)
        alone = in_turn(composed.step, bare, effort.rounds, effort.frames)
    found = measured(alone[0] / alone[1], *alone, "ratio of us", effort.rounds)
    return found | {"presented": measured(whole[0] / whole[1], *whole, "ratio of us", effort.rounds)}


def _bare_blit(scene: TickerScene) -> Callable[[int], object]:
    """One SDL blit of the same band from the same strip, without asking where it stands."""
    box, target = scene.strip.box, scene.panel.surface
    source = scene.shelf.part(scene.prepared, scene.strip.frame)
    if source is None:
        raise ValueError(f"the strip {scene.strip.frame} is lost")
    room = scene.strip.length_px - box.w
    return lambda frame: target.blit(source, (box.x, box.y), (frame * 3 % room, 0, box.w, box.h))


def _makes(function: Any) -> bool:
    """Whether this built-in gives back a new surface."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, pygame.Surface | pygame.font.Font):
        return getattr(function, "__name__", "") in _MAKERS
    module = getattr(function, "__module__", None) or ""
    return module.startswith(_MAKING_MODULES)
