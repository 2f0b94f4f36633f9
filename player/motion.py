"""Where things stand at an instant: pages, strips and fades, in whole pixels.

Nothing here remembers anything: two players given the same instant agree to the pixel, and one
that was restarted goes on where it would have been.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from player.show import Page, Prepared, Strip

HOLD_S: Final = 1.5  # a body strip stands still this long before and after its one pass
LEAST_PAGE_S: Final = 0.5  # pages that turned faster could flash; what a slot then has no time for, nobody could read
NEVER_S: Final = math.inf
_HOLD_SHARE: Final = 0.15
EARLY: Final = 0.03  # of a frame: a loop that wakes so little too soon has woken for the frame that is due
_SLACK_PX: Final = 0.001  # what a sum of large floats may lack of a whole pixel


class Said(NamedTuple):
    """The sentence of the text on the panel that is being read, `of` so many, from 0; None if nobody knows which."""

    lang: str
    sentence: int | None
    of: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What a picture depends on beside itself: where in its dwell it is, the wall clock, and the figures to draw.

    `since_s` is how long it has been due on the panel: what turns from the old picture to the new goes by it.
    """

    offset_s: float
    dwell_s: float
    unix_s: float
    time_text: str = ""  # "07:30"; empty: no clock is drawn
    since_s: float = NEVER_S  # without end: nothing is turned, it stands there at once
    day: date | None = None  # by the wall clock of the unit; None: no date is drawn
    said: Said | None = None  # None: nothing of it is being read


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Which page, how far into it, and how long it lasts in this slot (seconds)."""

    index: int
    offset_s: float
    span_s: float


def page_span_s(page: Page, dwell_s: float) -> float:
    """How long `page` stands in a slot of `dwell_s`: its share of it, never under `LEAST_PAGE_S`."""
    return max(LEAST_PAGE_S, page.share * dwell_s)


def page_at(prepared: Prepared, dwell_s: float, offset_s: float) -> PagePlace:
    """The page `offset_s` into a slot of `dwell_s`; the last one stays if the slot is over."""
    begin = 0.0
    last = len(prepared.pages) - 1
    for index, page in enumerate(prepared.pages):
        span = page_span_s(page, dwell_s)
        if offset_s < begin + span or index == last:
            return PagePlace(index, max(0.0, offset_s - begin), span)
        begin += span
    raise ValueError(f"{prepared.key}: nothing was prepared, there is no page")


def next_page_s(prepared: Prepared, dwell_s: float, offset_s: float) -> float | None:
    """Seconds until the page turns inside this slot; None on the last page."""
    place = page_at(prepared, dwell_s, offset_s)
    return None if place.index == len(prepared.pages) - 1 else place.span_s - place.offset_s


def frame_number(unix_s: float, hz: float) -> int:
    """The frame that is due at an instant, counted at `hz` from 1970: the grid all panels of that rate share."""
    return math.floor(unix_s * hz + EARLY)


def until_frame_s(number: int, unix_s: float, hz: float) -> float:
    """Seconds from the instant until that frame is due; 0 if it is."""
    return max(0.0, number / hz - unix_s)


@dataclass(frozen=True, slots=True)
class Run:
    """The way of a strip that runs round, frame by frame: `offset` is the strip's first pixel at its box's near edge.

    It follows from the frame's number alone, so that every panel of that rate shows the same.
    """

    step_px: float
    length_px: int
    way: int  # -1 runs from the far end
    start_px: int

    @classmethod
    def of(cls, strip: Strip, hz: float) -> Run:
        back = strip.speed_px_s < 0
        return cls(abs(strip.speed_px_s) / hz, strip.length_px, -1 if back else 1, -window_px(strip) if back else 0)

    def offset(self, number: int) -> int:
        return self.offset_in()(number)

    def offset_in(self) -> Callable[[int], int]:
        """`offset` with its figures at hand: what is asked at every frame looks none of them up."""
        step_px, length_px, way, start_px = self.step_px, self.length_px, self.way, self.start_px
        return lambda number: (start_px + way * int(number * step_px + _SLACK_PX)) % length_px

    def next_frame(self, number: int) -> int | None:
        """The number of the next frame in which it stands elsewhere; None if it never does."""
        if self.step_px <= 0:
            return None
        gone = int(number * self.step_px + _SLACK_PX)
        return max(number + 1, math.ceil((gone + 1 - _SLACK_PX) / self.step_px))


def window_px(strip: Strip) -> int:
    """How much of the strip's length is in sight."""
    return strip.box.h if strip.vertical else strip.box.w


def strip_offset(strip: Strip, at_s: float, span_s: float) -> int:
    """The first pixel, at its box's near edge, of a strip that passes once within `span_s`; see `Run` for the others.

    `at_s` are seconds since its page began. A negative speed runs from the far end.
    """
    room = max(0, strip.length_px - window_px(strip))
    hold = min(HOLD_S, span_s * _HOLD_SHARE)
    moving = span_s - 2 * hold
    part = (at_s - hold) / moving if moving > 0 else 1.0
    offset = math.floor(room * min(1.0, max(0.0, part)))
    return offset if strip.speed_px_s >= 0 else room - offset


def fade_alpha(since_s: float, length_s: float) -> int:
    """How opaque (0-255) the new picture stands over the old one, `since_s` after the change."""
    return math.floor(255 * turned(since_s, length_s))


def turned(since_s: float, length_s: float) -> float:
    """The share (0 to 1) of a turn of that length which is over `since_s` after it began."""
    return 1.0 if length_s <= 0 else min(1.0, max(0.0, since_s / length_s))
