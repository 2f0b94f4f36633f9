"""Colours of the board, and the measures a layout takes from the size of its panel.

In the house's own colours every pair of text and ground keeps a contrast of at least 7:1 (WCAG AAA), in
those a unit chooses 4.5:1, and 7:1 for emergencies. The colours of the disaster levels are those of
Decision 18/2021/QĐ-TTg, Article 4: light blue, light yellow, orange, red, violet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from player.layout.fonts import BOLD, FIXED_13, LED_FLOOR_PX, REGULAR, Face
from player.model import Colours, Priority, UnitTheme
from player.show import PanelShape


class Colour(NamedTuple):
    r: int
    g: int
    b: int


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one page: ground and text of the body, of the header, and the accent."""

    ground: Colour
    text: Colour
    title: Colour
    header: Colour
    header_text: Colour
    accent: Colour
    dim: Colour  # page number, unlit part of the progress line


@dataclass(frozen=True, slots=True)
class Theme:
    """The palettes of a board by what is shown."""

    routine: Palette
    priority: Palette
    led: Palette
    levels: tuple[Palette, ...]  # by disaster level, 0 (none given) to 5


_BLACK: Final = Colour(0, 0, 0)
WHITE: Final = Colour(255, 255, 255)
_NIGHT: Final = Colour(9, 22, 43)
_BAR: Final = Colour(17, 42, 78)
_PAPER: Final = Colour(240, 244, 250)
_GOLD: Final = Colour(255, 205, 74)
_TEAL: Final = Colour(64, 178, 214)
_SLATE_GREY: Final = Colour(168, 184, 208)


def _level(ground: Colour, text: Colour, header: Colour, header_text: Colour) -> Palette:
    return Palette(ground, text, text, header, header_text, text, text)


_INK: Final = Colour(12, 14, 20)
THEME: Final = Theme(
    routine=Palette(_NIGHT, _PAPER, _GOLD, _BAR, WHITE, _TEAL, _SLATE_GREY),
    priority=Palette(_NIGHT, _PAPER, _GOLD, Colour(92, 44, 6), WHITE, Colour(255, 150, 40), _SLATE_GREY),
    led=Palette(_BLACK, WHITE, _GOLD, _BLACK, Colour(120, 205, 255), Colour(0, 140, 200), Colour(128, 128, 128)),
    levels=(
        _level(Colour(140, 8, 20), WHITE, Colour(90, 0, 10), WHITE),
        _level(Colour(166, 216, 255), _INK, Colour(10, 52, 110), WHITE),
        _level(Colour(255, 240, 150), _INK, Colour(84, 62, 0), WHITE),
        _level(Colour(255, 152, 32), _INK, Colour(92, 38, 0), WHITE),
        _level(Colour(168, 4, 18), WHITE, Colour(96, 0, 8), WHITE),
        _level(Colour(88, 22, 140), WHITE, Colour(50, 8, 86), WHITE),
    ),
)
_LED_LEVELS: Final = (  # on LED the ground stays dark, so that lit letters do not drown; the colour frames it
    Colour(255, 116, 104), Colour(130, 200, 255), Colour(255, 236, 120),
    Colour(255, 150, 20), Colour(255, 110, 98), Colour(190, 120, 255),
)  # fmt: skip


LEAST_CONTRAST: Final = 4.5  # WCAG 2.1 AA, for a text
LEAST_ALARM_CONTRAST: Final = 7.0  # AAA, for an emergency
_PAIRS: Final = (("text", "ground"), ("title", "ground"), ("dim", "ground"), ("header_text", "header"))


class ThemeError(ValueError):
    """Colours that cannot be read on one another; `faults` names each pair, its contrast and what is wanted."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


def theme_of(chosen: UnitTheme | None) -> Theme:
    """The house's theme with the colours a unit chose. Raises ThemeError if a text would be hard to read."""
    if chosen is None:
        return THEME
    routine, priority = _chosen(THEME.routine, chosen.routine), _chosen(THEME.priority, chosen.priority)
    led, emergency = _chosen(THEME.led, chosen.led), _chosen(THEME.levels[0], chosen.emergency)
    faults = (
        *_faint("routine", routine, LEAST_CONTRAST), *_faint("priority", priority, LEAST_CONTRAST),
        *_faint("led", led, LEAST_CONTRAST), *_faint("emergency", emergency, LEAST_ALARM_CONTRAST),
    )  # fmt: skip
    if faults:
        raise ThemeError(faults)
    return Theme(routine, priority, led, (emergency, *THEME.levels[1:]))


def _chosen(own: Palette, colours: Colours) -> Palette:
    given = {name: getattr(colours, name) for name in Palette.__dataclass_fields__}
    return replace(own, **{name: _colour(value) for name, value in given.items() if value is not None})


def _colour(value: str) -> Colour:
    return Colour(*bytes.fromhex(value[1:]))


def _faint(kind: str, colours: Palette, least: float) -> Iterator[str]:
    for one, other in _PAIRS:
        ratio = contrast(getattr(colours, one), getattr(colours, other))
        if ratio < least:
            yield f"{kind}: {one} / {other} {ratio:.1f}:1 < {least:g}:1"


def palette(theme: Theme, shape: PanelShape, priority: Priority, level: int) -> Palette:
    """The colours for an item of this class and disaster level (0-5) on this kind of panel."""
    if priority is Priority.EMERGENCY:
        if shape.kind != "led":
            return theme.levels[level]
        colour, solid = _LED_LEVELS[level], theme.levels[level]
        return Palette(_BLACK, WHITE, colour, solid.ground, solid.text, colour, colour)
    if shape.kind == "led":
        return theme.led
    return theme.priority if priority is Priority.PRIORITY else theme.routine


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.1 relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@dataclass(frozen=True, slots=True)
class Measures:
    """Sizes in pixels that every layout of one panel shares. `sizes` are body em sizes, comfortable one first."""

    margin_x: int
    margin_y: int
    header: int  # height of the header bar; 0: the panel is too low for one
    rule: int  # thickness of the accent line under the header
    ticker: int  # height of the ticker band, where there is one
    small: int  # em size of header, ticker and page number
    least: int  # em size below which nothing is set
    small_face: Face
    body_face: Face
    sizes: tuple[int, ...]
    title_ratio: float
    pitch: float  # line height in ems
    paragraph_gap: float  # above a new paragraph, in lines
    blank_gap: float  # where the writer left a blank line, in lines
    title_gap: float  # between title and text, in lines


_HDMI_STEPS: Final = (1.0, 1.1, 1.22, 1.36, 1.52, 1.7, 1.9, 2.15, 2.4)
_LED_SIZES: Final = (12, 14, 16, 18, 20, 23, 27, 32, 38, 46, 55, 66, 80, 96)
_TICKER_FROM_PX: Final = 80  # a lower LED panel has no room to give away
_LINE_BOX: Final = 1.362  # height of Noto's line box in ems
_LEAST_EM: Final = 12  # in smaller ones nobody tells Noto's ẵ from ẫ


def measures(shape: PanelShape) -> Measures:
    """The measures of a panel: on HDMI in proportion to its short side, on LED in rows of lamps."""
    return _led_measures(shape) if shape.kind == "led" else _hdmi_measures(shape)


def _hdmi_measures(shape: PanelShape) -> Measures:
    short = min(shape.width_px, shape.height_px)
    floor_em = max(shape.floor_px / _LINE_BOX, _LEAST_EM)
    comfortable = max(short * 0.052, floor_em)
    small = round(max(short * 0.034, floor_em))
    return Measures(
        margin_x=round(shape.width_px * 0.05), margin_y=round(short * 0.035),
        header=round(max(short * 0.088, small * 1.5)), rule=max(1, round(short * 0.005)),
        ticker=round(max(short * 0.076, small * 1.5)),
        small=small, least=math.ceil(floor_em), small_face=BOLD, body_face=REGULAR,
        sizes=tuple(round(comfortable * step) for step in _HDMI_STEPS), title_ratio=1.24,
        pitch=_LINE_BOX, paragraph_gap=0.22, blank_gap=0.55, title_gap=0.55,
    )  # fmt: skip


def _led_measures(shape: PanelShape) -> Measures:
    low = shape.height_px < 64 or shape.width_px < 96
    floor_em = max(shape.floor_px or LED_FLOOR_PX, LED_FLOOR_PX) / 1.333
    comfortable = max(12.0, min(shape.height_px / 12, shape.width_px / 16), floor_em)
    large = shape.height_px >= 144
    header = 0 if low else 19 if large else LED_FLOOR_PX
    return Measures(
        margin_x=1 if low else 2, margin_y=0 if low else 1,
        header=header, rule=0 if low else 2 if large else 1,
        ticker=0 if shape.height_px < _TICKER_FROM_PX else 20 if large else 17,
        small=13 if large else 12, least=12, small_face=BOLD if large else FIXED_13, body_face=BOLD,
        sizes=tuple(size for size in _LED_SIZES if size >= comfortable - 0.5) or (round(comfortable),),
        title_ratio=1.0, pitch=1.333, paragraph_gap=0.0, blank_gap=0.19,
        title_gap=0.0 if shape.height_px < _TICKER_FROM_PX else 0.2,  # there each row counts
    )  # fmt: skip
