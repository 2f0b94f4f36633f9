"""The Panel contract: where finished pixels go. One file in `drivers.panels` is one driver.

A driver's module is named after it, holds one class `Driver` and states its own options as
`OPTIONS`; it is imported only when it is asked for by name. All drivers pass the same contract
test, the ones that only remember frames included: those ship too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

from drivers.film import Planes
from drivers.loading import driver_module
from drivers.options import read_options

DRIVERS: Final = ("memory", "sdl", "emulator", "png", "hub75", "piomatter", "ddp", "e131", "artnet", "colorlight")


class Rect(NamedTuple):
    x: int
    y: int
    w: int
    h: int


class Frame(NamedTuple):
    """Pixels as the panel shows them: `data` holds h rows of w RGB triples, no padding. `presented` counts frames."""

    w: int
    h: int
    data: bytes
    presented: int


class Power(StrEnum):
    """Three-valued: what the panel could confirm, not what it was asked."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class PanelError(Exception):
    """The panel cannot be opened or has gone; the message names the driver and what to look at."""


class Overlay(Protocol):
    """Shows a film's frames as they were decoded, above what is drawn on the panel's `surface`.

    `show` has a frame stand in `area`, scaled and turned, from the next `present` on, dimmed as what is baked now.
    `clear` takes it off with the next `present`; it may be called at any time, also when the panel has gone.
    `settle` makes what is seen in the area a part of `surface`, where it can fade or be covered.
    """

    def show(self, planes: Planes, area: Rect) -> None: ...
    def clear(self) -> None: ...
    def settle(self) -> None: ...


class Panel(Protocol):
    """A panel of `size` pixels. `surface` is the pygame Surface to draw on, 32 bits, BGRX in memory.

    `open` takes the device, `close` gives it back and may be called twice. `bake` corrects a picture in
    place for this panel's gamma and brightness; only baked pictures are drawn on `surface`, so that a
    frame is a mere copy. `present` shows what was drawn in the `dirty` rectangles (None: all of it) and
    counts one frame; the player calls it only when something changed. `set_brightness` (0 to 100) holds
    for what is baked from then on: whoever keeps baked pictures makes them anew. `capture` is the last
    presented picture as people see it, dimmed but not bent by gamma, black before the first.
    `pump` lets a window answer its system and returns False once the user closed it.
    `overlay` takes films as they were decoded; None on a panel that takes pixels alone. Known once it is open.
    """

    size: tuple[int, int]
    refresh_hz: float

    @property
    def surface(self) -> Any: ...
    @property
    def overlay(self) -> Overlay | None: ...
    def open(self) -> None: ...
    def bake(self, picture: Any) -> None: ...
    def present(self, dirty: Sequence[Rect] | None = None) -> None: ...
    def set_brightness(self, pct: int) -> None: ...
    def set_power(self, on: bool) -> Power: ...
    def capture(self) -> Frame: ...
    def pump(self) -> bool: ...
    def health(self) -> dict[str, Any]: ...
    def close(self) -> None: ...


def create(name: str, width: int, height: int, raw: Mapping[str, Any]) -> Panel:
    """The named driver, not yet opened, with `raw` options checked against those it declares.

    Raises OptionError naming the option, its value and what is allowed; PanelError for an unknown driver.
    """
    module = driver_module("panel", name, DRIVERS, PanelError)
    panel: Panel = module.Driver(width, height, **read_options(name, module.OPTIONS, raw))
    return panel
