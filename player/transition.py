"""How one picture gives way to the next: at once, by a cross-fade, or as a page that is turned.

Each is a function of the time since the new picture is due, so that two panels turn together and a
late frame is left out instead of making the turn longer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

import pygame

from drivers.panel import Rect
from player import motion

CUT: Final = "cut"
FADE: Final = "fade"
TURN: Final = "turn"
AUTO: Final = "auto"
FADE_S: Final = 0.6
TURN_S: Final = 0.4
_FADE_HZ: Final = 30.0  # a fade redraws the whole panel; more steps than these nobody sees


class Passage(Protocol):
    """One old picture on its way out: `draw` brings `page` over it on `target` and returns what it touched."""

    def draw(self, target: pygame.Surface, page: pygame.Surface, since_s: float) -> list[Rect]: ...


class Transition(Protocol):
    """`begin` notes what stands on `target`, for as long as what it returns is kept."""

    length_s: float

    def begin(self, target: pygame.Surface) -> Passage: ...


class Cut:
    """The new picture stands there at once."""

    length_s = 0.0

    def begin(self, target: pygame.Surface) -> Cut:
        """Nothing of the old is needed."""
        return self

    def draw(self, target: pygame.Surface, page: pygame.Surface, since_s: float) -> list[Rect]:
        target.blit(page, (0, 0))
        return [_whole(target)]


class Fade:
    """The new picture comes through the old one, of which a copy is kept so long."""

    length_s = FADE_S

    def begin(self, target: pygame.Surface) -> Passage:
        return _Fading(target.copy())


class _Fading:
    def __init__(self, old: pygame.Surface) -> None:
        self._old = old
        self._alpha = -1

    def draw(self, target: pygame.Surface, page: pygame.Surface, since_s: float) -> list[Rect]:
        alpha = motion.fade_alpha(math.floor(since_s * _FADE_HZ) / _FADE_HZ, FADE_S)
        if alpha == self._alpha:
            return []
        self._alpha = alpha
        target.blit(self._old, (0, 0))
        page.set_alpha(alpha)
        target.blit(page, (0, 0))
        page.set_alpha(None)
        return [_whole(target)]


class PageTurn:
    """The new page is uncovered from the reader's right to the left; what both have alike seems to stand still."""

    length_s = TURN_S

    def __init__(self, rotation: int = 0) -> None:
        self._rotation = rotation

    def begin(self, target: pygame.Surface) -> PageTurn:
        """The old page stays on the panel until it is covered."""
        return self

    def draw(self, target: pygame.Surface, page: pygame.Surface, since_s: float) -> list[Rect]:
        area = uncovered(_whole(target), motion.turned(since_s, self.length_s), self._rotation)
        if not area.w or not area.h:
            return []
        target.blit(page, area[:2], area)
        return [area]


class Transitions(NamedTuple):
    """How bulletins give way to each other, and how the pages of one do."""

    items: Transition
    pages: Transition


def transitions(name: str, kind: str, rotation: int = 0) -> Transitions:
    """Those of a panel of that kind ("hdmi" or "led").

    "auto" fades between bulletins and turns the pages of one on HDMI; an LED panel cuts, as its
    letters are too coarse to be read half-way.
    """
    if name == AUTO:
        return Transitions(Fade(), PageTurn(rotation)) if kind == "hdmi" else Transitions(Cut(), Cut())
    kinds: dict[str, Callable[[], Transition]] = {
        CUT: Cut, FADE: Fade, TURN: lambda: PageTurn(rotation),
    }  # fmt: skip
    made = kinds[name]()
    return Transitions(made, made)


def uncovered(whole: Rect, share: float, rotation: int) -> Rect:
    """The part of the panel on which the new page is in sight, for a panel hung at `rotation` degrees clockwise."""
    if rotation in (90, 270):
        high = round(whole.h * share)
        return Rect(0, whole.h - high if rotation == 90 else 0, whole.w, high)
    wide = round(whole.w * share)
    return Rect(whole.w - wide if rotation == 0 else 0, 0, wide, whole.h)


def _whole(target: pygame.Surface) -> Rect:
    return Rect(0, 0, *target.get_size())
