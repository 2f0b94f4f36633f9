"""Several lines at once on a panel too low for them in the common faces."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from player import scene
from player.layout.fonts import LOW, FontBook, Type
from player.layout.lowlines import low_rows
from player.model import Priority, Version
from player.show import Box, PanelShape, Show

MakeShow = Callable[..., Show]
LOW_PANEL = PanelShape(64, 32, "led")
MEETING = "19 giờ tại nhà văn hóa ấp 3."


def rows_in(high: int, body: str, book: FontBook, title: str = "", floor_px: int = 0) -> list[str]:
    return [row.text for row in low_rows(Version("vi", title, body), Box(0, 0, 62, high), floor_px, book)]


def test_three_lines_stand_on_thirty_two_rows(book: FontBook) -> None:
    rows = low_rows(Version("vi", "HỌP DÂN", MEETING), Box(1, 0, 62, 32), 0, book)
    assert [(row.text, row.title) for row in rows] == [
        ("HỌP DÂN", True), ("19 giờ tại nhà", False), ("văn hóa ấp 3.", False),
    ]  # fmt: skip
    assert sum(row.height for row in rows) == 32
    assert min(row.height for row in rows) == LOW.rows - 1, "lines share at most a row"


def test_three_lines_do_not_stand_on_thirty_one(book: FontBook) -> None:
    assert rows_in(31, MEETING, book, "HỌP DÂN") == []
    assert len(rows_in(22, "Mất điện tại ấp 3", book)) == 2
    assert rows_in(21, "Mất điện tại ấp 3", book) == []
    assert rows_in(11, "Mất điện", book) == ["Mất điện"]


def test_lines_stand_no_further_apart_than_they_need(book: FontBook) -> None:
    rows = low_rows(Version("vi", "", "Mất điện tại ấp 3"), Box(0, 0, 62, 32), 0, book)
    assert [row.height for row in rows] == [12, 11]


@pytest.mark.parametrize(
    "body", ["", "Thôngbáocúpnước-quantrọng", "Ngày ក", "ă̆"], ids=["empty", "long", "khmer", "mark"]
)
def test_nothing_that_is_not_whole_in_this_face(body: str, book: FontBook) -> None:
    assert rows_in(32, body, book) == []


def test_only_where_the_rows_force_it(book: FontBook) -> None:
    assert rows_in(38, "Mất điện", book)
    assert rows_in(39, "Mất điện", book) == []


def test_not_under_the_floor_of_the_viewing_distance(book: FontBook, make_show: MakeShow) -> None:
    assert rows_in(32, "Mất điện", book, floor_px=11)
    assert rows_in(32, "Mất điện", book, floor_px=12) == []
    far = PanelShape(64, 32, "led", floor_px=16)
    for show in (make_show("HỌP DÂN", MEETING, far), Show(make_show("", "x").unit, far)):
        assert scene.compose(show, book).pages[0].band is not None


def test_what_fits_is_still_and_what_does_not_moves_by_in_large_letters(book: FontBook, make_show: MakeShow) -> None:
    (still,) = scene.compose(make_show("HỌP DÂN", MEETING, LOW_PANEL), book).pages
    assert still.band is None
    assert {label.kind for label in still.labels} == {Type(LOW, LOW.rows)}
    (moving,) = scene.compose(make_show("HỌP DÂN", MEETING * 2, LOW_PANEL), book).pages
    assert moving.band is not None
    assert LOW not in {label.kind.face for label in moving.band.labels}


def test_an_emergency_keeps_the_large_letters(book: FontBook, make_show: MakeShow) -> None:
    (page,) = scene.compose(make_show("HỌP DÂN", MEETING, LOW_PANEL, priority=Priority.EMERGENCY), book).pages
    assert page.band is not None


@pytest.mark.parametrize(("high", "low"), [(11, True), (13, True), (16, False), (32, False)])
def test_a_line_that_moves_by_has_room_for_its_marks(high: int, low: bool, book: FontBook, make_show: MakeShow) -> None:
    found = scene.compose(make_show("BÃO SỐ 10", MEETING * 2, PanelShape(96, high, "led")), book)
    assert found.pages[0].band is not None
    assert all((label.kind.face is LOW) == low for label in found.pages[0].band.labels)
