"""The instants at which a slot must be looked at so that all of it is read: every page, every stretch of a scroll."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from player import motion
from player.show import Page, Prepared, Strip
from player.timeline import Slot

OVERLAP: Final = 0.8  # of a window: the next look shows a fifth of what the last one showed
LOOKS: Final = 200  # of one page at most


def reading_instants(prepared: Prepared, slot: Slot, dwell_s: float) -> tuple[datetime, ...]:
    """Those that lie in `slot`, in order; what it cut off has none."""
    begin = slot.start - timedelta(seconds=slot.offset_s)
    moments = (begin + timedelta(seconds=offset) for offset in reading_offsets(prepared, dwell_s))
    return tuple(moment for moment in moments if slot.start <= moment < slot.end)


def reading_offsets(prepared: Prepared, dwell_s: float) -> tuple[float, ...]:
    """The same as seconds into the dwell, as if nothing were cut off."""
    offsets: list[float] = []
    begin = 0.0
    for page in prepared.pages:
        span = motion.page_span_s(page, dwell_s)
        offsets += [begin + offset for offset in _in_page(page, span)]
        begin += span
    return tuple(offsets)


def _in_page(page: Page, span_s: float) -> list[float]:
    if page.strip is None:
        return [span_s / 2]
    if page.strip.wraps:
        return _around(page.strip, span_s)
    return _once(page.strip, span_s)


def _once(strip: Strip, span_s: float) -> list[float]:
    """Looks at a strip that passes once, evenly by the way it has gone."""
    room = strip.length_px - motion.window_px(strip)
    steps = min(LOOKS, max(1, math.ceil(room / (motion.window_px(strip) * OVERLAP))))
    if room <= 0:
        return [span_s / 2]
    return [_when(strip, span_s, room * step / steps) for step in range(steps + 1)]


def _when(strip: Strip, span_s: float, gone_px: float) -> float:
    """When the strip has gone that far: its way is known only forwards, so the instant is closed in upon."""
    early, late = 0.0, span_s * 0.999
    for _ in range(40):
        middle = (early + late) / 2
        offset = motion.strip_offset(strip, middle, span_s)
        gone = offset if strip.speed_px_s >= 0 else strip.length_px - motion.window_px(strip) - offset
        early, late = (middle, late) if gone < gone_px else (early, middle)
    return late


def _around(strip: Strip, span_s: float) -> list[float]:
    """Looks at a strip that runs round, until it has gone round once or the page is over."""
    step_s = motion.window_px(strip) * OVERLAP / max(1e-6, abs(strip.speed_px_s))
    count = min(
        LOOKS, math.ceil(strip.length_px / (motion.window_px(strip) * OVERLAP)), max(1, math.ceil(span_s / step_s))
    )
    return [step_s * step for step in range(count)]
