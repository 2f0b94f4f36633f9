from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from player import motion
from player.leafing import reading_instants, reading_offsets
from player.show import Box, Page, Prepared, Strip
from player.timeline import Kind, Slot

NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)


def scroll(length: int, speed: float = 60, *, wraps: bool = False, vertical: bool = False) -> Prepared:
    box = Box(0, 0, 96, 192) if vertical else Box(0, 0, 192, 96)
    strip = Strip("s", box, length, speed, vertical=vertical, wraps=wraps)
    return Prepared("k", (Page("p", 1.0, strip),), 10.0)


def test_every_page_is_looked_at_once_in_its_middle() -> None:
    pages = Prepared("k", (Page("a", 0.25), Page("b", 0.75)), 40.0)
    assert reading_offsets(pages, 40.0) == (5.0, 25.0)


def test_pages_that_may_not_take_their_time_are_looked_at_where_they_stand() -> None:
    pages = Prepared("k", tuple(Page(name, 0.25) for name in "abcd"), 1.0)
    offsets = reading_offsets(pages, 1.0)
    assert [motion.page_at(pages, 1.0, offset).index for offset in offsets] == [0, 1, 2, 3]


@pytest.mark.parametrize("speed", [60.0, -60.0])
@pytest.mark.parametrize("vertical", [False, True])
def test_a_scroll_is_read_from_end_to_end_with_overlap(speed: float, vertical: bool) -> None:
    prepared = scroll(2000, speed, vertical=vertical)
    strip = prepared.pages[0].strip
    assert strip is not None
    seen = [motion.strip_offset(strip, offset, 60.0) for offset in reading_offsets(prepared, 60.0)]
    assert {min(seen), max(seen)} == {0, 2000 - 192}
    assert all(0 < abs(b - a) < 192 for a, b in pairwise(seen))


def test_a_strip_that_fits_is_looked_at_once() -> None:
    assert reading_offsets(scroll(100), 10.0) == (5.0,)


def test_a_strip_that_runs_round_is_followed_once_around() -> None:
    offsets = reading_offsets(scroll(1000, 50, wraps=True), 600.0)
    assert offsets[0] == 0
    assert offsets[-1] * 50 + 192 >= 1000
    assert all((b - a) * 50 < 192 for a, b in pairwise(offsets))


def test_what_the_slot_cut_off_is_not_looked_at() -> None:
    pages = Prepared("k", (Page("a", 0.5), Page("b", 0.5)), 20.0)
    slot = Slot(Kind.ITEM, None, NOON, NOON + timedelta(seconds=8), offset_s=12.0)
    assert reading_instants(pages, slot, 20.0) == (NOON + timedelta(seconds=3),)
