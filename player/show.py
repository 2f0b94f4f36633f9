"""What the prepare workers are asked for and what they hand back: the contract between scene and stage.

A `Show` says everything a picture depends on; its key names the finished frames in the cache,
so that a screen that restarts finds its pictures without a worker. A `Prepared` says where the
frames lie and how time divides among them; the stage only loads, blits and presents.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from player import wire
from player.model import Item, Unit, Value, seen

RENDERER: Final = 17  # raised whenever the same Show would give other pixels
LEAF_S: Final = 15.0  # what a page of a document takes: it is read, not looked at


class PanelShape(Value, frozen=True):
    """A panel as the scene sees it, after rotation. `floor_px` is the smallest line height a reader can make out."""

    width_px: Annotated[int, Meta(ge=32, le=7680)]
    height_px: Annotated[int, Meta(ge=16, le=7680)]
    kind: str = "hdmi"  # "hdmi": pages; "led": pages or a scroll
    floor_px: int = 0  # 0: the default for the kind
    rotation: int = 0  # degrees clockwise, 0, 90, 180 or 270: frames are prepared turned


class Box(Value, frozen=True):
    x: int
    y: int
    w: int
    h: int


class Show(Value, frozen=True):
    """One thing to prepare. No item: the built-in slate of the unit. `picture` is the path of the item's picture."""

    unit: Unit
    shape: PanelShape
    item: Item | None = None
    ticker: tuple[str, ...] = ()
    picture: str = ""
    layout: str = ""  # "": by content; "identify", "test-pattern", "blank": by command
    label: str = ""  # identify's own line: the screen's id
    modules: tuple[Box, ...] = ()  # of an LED panel by their numbers, as a reader sees them: for the test pattern
    crest: str = ""  # the path of the unit's crest; empty: none, or its file is not here
    picture_pages: int = 1  # of the document at `picture`
    picture_s: float = 0.0  # how long the film at `picture` is, or one round of what moves there


class Strip(Value, frozen=True):
    """An opaque band longer than its box, drawn at an offset that follows from the instant alone."""

    frame: str  # as Page.frame; `length_px` long (or high) and as high (or wide) as the box
    box: Box
    length_px: int
    speed_px_s: float  # negative on a panel turned so that the far end comes first
    vertical: bool = False
    wraps: bool = True  # a ticker runs round; a body scrolls once through its share of the slot


class Live(Value, frozen=True):
    """What moves in a page: an animated picture or a film. Which of its frames shows follows from the instant alone.

    The page itself holds its first frame. A film that ends before its page keeps its last frame; an
    animated picture begins again.
    """

    file: str  # its name in the media folder
    box: Box  # on the panel, exactly as large as its frames; nothing but the clock is drawn above it
    length_s: float
    loops: bool = False
    rotation: int = 0  # of the panel: the frames are turned by it


class Mark(Value, frozen=True):
    """A bar beside one line, shown while one of the sentences `first` to `last` of all `of` (from 0) is read."""

    box: Box
    lang: str
    first: int
    last: int
    of: int


class Page(Value, frozen=True):
    """One panel-size frame and its share (0..1] of the slot."""

    frame: str  # the frame file's path below the cache folder; equal names are equal pixels
    share: float
    strip: Strip | None = None
    live: Live | None = None
    marks: tuple[Mark, ...] = ()


class ClockFace(Value, frozen=True):
    """Where the clock or a date stands, and the frames of all the words it may need; `dial` puts them in a row."""

    box: Box
    glyphs: tuple[str, ...]  # one frame file of the box's height for each of `words`
    advance_px: tuple[int, ...]
    rotation: int = 0  # the way the words run
    words: tuple[str, ...] = tuple("0123456789:")
    form: str = ""  # "": the time; else a form of `daywords`
    align_pct: int = 100  # where a row shorter than the box stands in it: 0 at its near end, 100 at its far end


class Prepared(Value, frozen=True):
    """A finished Show. Every frame name in it is a path below the cache folder (`frames.load(cache_dir / name)`)."""

    key: str
    pages: tuple[Page, ...]
    dwell_s: float  # what the content itself asks for on this panel; the playlist's number rules
    clock: ClockFace | None = None
    ticker: Strip | None = None
    problems: tuple[str, ...] = ()  # what could not be shown and why, for health; another try may go better
    notes: tuple[str, ...] = ()  # what will never be shown of it and why, for health
    partial: bool = False  # only the first page is there yet; the rest follows under the same key
    dates: tuple[ClockFace, ...] = ()
    voice: tuple[Box, ...] = ()  # what makes up the loudspeaker that shows while this is read
    voice_rgb: tuple[int, int, int] = (255, 255, 255)
    mark_rgb: tuple[int, int, int] = (255, 255, 255)

    @property
    def faces(self) -> tuple[ClockFace, ...]:
        """All whose words follow from the wall clock."""
        return (self.clock, *self.dates) if self.clock is not None else self.dates


def key(show: Show) -> str:
    """The name of the frames of `show`: equal for equal pixels, whatever the playlist around it."""
    item = show.item
    if item is not None:  # what does not reach the pixels must not make new frames
        item = Item(
            id="-", revision=1, priority=item.priority, dwell_s=1.0, picture=seen(item), level=item.level,
            versions=tuple(replace(version, audio=None) for version in item.versions),
        )  # fmt: skip
    plain = Show(show.unit, show.shape, item, show.ticker, "", show.layout, show.label, show.modules)
    return hashlib.sha256(b"%d:" % RENDERER + wire.encode(plain)).hexdigest()[:32]
