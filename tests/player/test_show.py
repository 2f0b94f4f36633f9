"""The key of a show: equal for equal pixels, different for different ones."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from player import wire
from player.model import DayPart, Item, Media, Priority, SpeechPlan, Unit, Version, Window
from player.show import PanelShape, Show, key

ITEM = Item("a", 1, Priority.ROUTINE, (Version("vi", "Tin", "Nội dung"),), 10.0)
SHOW = Show(Unit("25357", "UBND phường Tân Khai"), PanelShape(1920, 1080), ITEM, ("Gọi 113",))
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


def with_item(**changes: object) -> Show:
    return msgspec.structs.replace(SHOW, item=msgspec.structs.replace(ITEM, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "b"}, {"revision": 7}, {"dwell_s": 99.0}, {"rank": 3}, {"windows": (Window(start=NOON),)},
        {"dayparts": (DayPart(0, 60),)}, {"always": True}, {"debut": NOON}, {"speech": SpeechPlan()},
        {"film": Media("1" * 64, 5, "audio/mpeg")},
        {"versions": tuple(msgspec.structs.replace(one, audio=Media("2" * 64, 5, "audio/ogg"))
                           for one in ITEM.versions)},
    ],
    ids=lambda changes: next(iter(changes)),
)  # fmt: skip
def test_what_does_not_reach_the_pixels_does_not_change_the_key(changes: dict[str, object]) -> None:
    assert key(with_item(**changes)) == key(SHOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": Priority.PRIORITY}, {"level": 2}, {"picture": Media("0" * 64, 5, "image/png")},
        {"film": Media("1" * 64, 5, "video/mp4")},
        {"versions": (Version("vi", "Tin", "Nội dung khác"),)},
        {"versions": (Version("km", "Tin", "Nội dung"),)},
    ],
    ids=["priority", "level", "picture", "film", "body", "lang"],
)  # fmt: skip
def test_what_reaches_the_pixels_changes_the_key(changes: dict[str, object]) -> None:
    assert key(with_item(**changes)) != key(SHOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": PanelShape(1080, 1920)}, {"shape": PanelShape(1920, 1080, rotation=180)},
        {"shape": PanelShape(1920, 1080, floor_px=40)}, {"unit": Unit("25357", "UBND xã Tân Khai")},
        {"ticker": ()}, {"layout": "identify"}, {"label": "s-7k2m9xq4"}, {"item": None},
    ],
    ids=lambda changes: next(iter(changes)),
)  # fmt: skip
def test_panel_unit_ticker_and_layout_change_the_key(changes: dict[str, object]) -> None:
    assert key(msgspec.structs.replace(SHOW, **changes)) != key(SHOW)


def test_where_the_picture_lies_does_not_matter() -> None:
    moved = msgspec.structs.replace(SHOW, picture="/elsewhere/photo")
    assert key(moved) == key(SHOW)


def test_a_show_passes_the_wire_whole() -> None:
    assert wire.decode(wire.encode(SHOW), Show) == SHOW


def test_a_panel_too_small_to_read_is_refused() -> None:
    with pytest.raises(wire.WireError, match="width_px"):
        wire.decode(b'{"width_px": 8, "height_px": 16}', PanelShape)
