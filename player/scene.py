"""Item and panel to scene: which layout, which pages, how long they take. Pure; draws nothing.

On HDMI a text that does not fit becomes pages. On LED it becomes a few pages, then moving lines;
on a panel too low for two lines it passes by sideways. Language versions follow each other, or
stand side by side where a wide panel has room for both at once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from player.layout.boxes import Scene
from player.layout.bulletin import BulletinPages
from player.layout.fonts import FontBook, system_book
from player.layout.notices import blank, identify, slate
from player.layout.pattern import test_pattern
from player.layout.theme import THEME, Theme, measures, palette
from player.model import Item, Priority, Unit, seen
from player.show import PanelShape, Show

LEAST_SLOT_S: Final = 6.0
LONGEST_SLOT_S: Final = 3600.0  # the most a playlist may say; a longer text is shown faster than it can be read


class Estimate(NamedTuple):
    """How many pages an item takes on a panel and the seconds they ask for."""

    pages: int
    dwell_s: float


def compose(show: Show, book: FontBook, theme: Theme = THEME) -> Scene:
    """The scene of `show`. Raises FontError if no basic face can be used."""
    m = measures(show.shape)
    plain = palette(theme, show.shape, Priority.ROUTINE, 0)
    if show.layout == "blank":
        return blank(show)
    if show.layout == "test-pattern":
        return test_pattern(show, m, book)
    if show.layout == "identify":
        return identify(show, m, plain, book)
    if show.item is None:
        return slate(show, m, plain, book)
    colours = palette(theme, show.shape, show.item.priority, show.item.level)
    return BulletinPages(show, show.item, m, colours, book).scene()


def estimate(
    item: Item, unit: Unit, shape: PanelShape, book: FontBook | None = None, *, pages: int = 1, length_s: float = 0.0
) -> Estimate:
    """Pages and seconds `item` asks for on `shape`, within the limits of a slot.

    `pages` and `length_s` are those of its document, or of its film or sound, which is heard to its end.
    """
    show = Show(unit, shape, item, picture="-" if seen(item) else "", picture_pages=pages, picture_s=length_s)
    scene = compose(show, book or system_book())
    return Estimate(len(scene.pages), round(min(LONGEST_SLOT_S, max(LEAST_SLOT_S, length_s, scene.dwell_s)), 1))
