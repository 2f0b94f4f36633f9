"""What a scene is made of: frozen boxes in whole pixels, before anything is drawn.

Coordinates are those of the panel as a reader sees it; `render` turns the finished frames of a
rotated panel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from player.layout.fonts import Type
from player.layout.theme import Colour
from player.show import Box, PanelShape

FIGURES: Final = tuple("0123456789:")


@dataclass(frozen=True, slots=True)
class Fill:
    box: Box
    colour: Colour


@dataclass(frozen=True, slots=True)
class Polygon:
    points: tuple[tuple[int, int], ...]
    colour: Colour


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text; `y` is the top of its line box."""

    x: int
    y: int
    text: str
    kind: Type
    colour: Colour


@dataclass(frozen=True, slots=True)
class Band:
    """A strip that moves through `box`: its length along the motion, and what stands on it."""

    box: Box
    length_px: int
    ground: Colour
    labels: tuple[Label, ...]
    speed_px_s: float
    vertical: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class ScenePage:
    """One page: drawn in the order fills, polygons, picture, crest, labels. `read_s` is the time its text asks for."""

    ground: Colour
    fills: tuple[Fill, ...] = ()
    polygons: tuple[Polygon, ...] = ()
    picture: Box | None = None
    labels: tuple[Label, ...] = ()
    crest: Box | None = None
    band: Band | None = None
    read_s: float = 6.0
    furniture: int = 0  # how many of the labels, from the first, are no part of the content


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """Room for the clock, five figures of equal advance, or for the longest date of a form; fields as in ClockFace."""

    box: Box
    kind: Type
    colour: Colour
    ground: Colour
    words: tuple[str, ...] = FIGURES
    form: str = ""
    align_pct: int = 100


@dataclass(frozen=True, slots=True)
class Scene:
    """All pages of one thing to show on one panel; `dwell_s` is what they ask for together."""

    shape: PanelShape
    pages: tuple[ScenePage, ...]
    clock: ClockPlan | None = None
    ticker: Band | None = None
    dates: tuple[ClockPlan, ...] = ()
    voice: tuple[Fill, ...] = ()  # the loudspeaker that stands there while this is read
    mark: Colour | None = None  # of the bar beside the lines that are being read; None: no room for one

    @property
    def dwell_s(self) -> float:
        return sum(page.read_s for page in self.pages)
