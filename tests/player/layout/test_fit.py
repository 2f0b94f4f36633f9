"""Fitting: pages, sizes, reading time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.layout.fit import Row, Setter, block_height, fit, paginate, read_s, words
from player.layout.fonts import REGULAR, FontBook, Type
from player.layout.theme import measures
from player.model import Version
from player.show import PanelShape

KIND = Type(REGULAR, 20)
M = measures(PanelShape(1920, 1080))


def row(text: str = "x", *, gap: int = 0, keep: bool = False, starts: bool = True) -> Row:
    return Row(text, KIND, False, 10, gap, starts, keep)


def test_rows_are_dealt_out_by_height() -> None:
    assert [len(page) for page in paginate((row(),) * 7, 30)] == [3, 3, 1]


def test_the_gap_above_a_page_does_not_count() -> None:
    rows = (row(), row(gap=10), row(gap=10))
    assert [len(page) for page in paginate(rows, 30)] == [2, 1]
    assert block_height(rows) == 50


def test_later_pages_may_be_lower() -> None:
    assert [len(page) for page in paginate((row(),) * 9, 40, 20)] == [4, 2, 2, 1]


def test_a_row_higher_than_the_page_still_gets_one() -> None:
    assert [len(page) for page in paginate((row(),) * 2, 5)] == [1, 1]


def test_a_heading_goes_with_what_follows_it() -> None:
    rows = (*(row() for _ in range(5)), row("heading", keep=True), row("text"))
    assert [[r.text for r in page] for page in paginate(rows, 60)][1] == ["heading", "text"]


def test_a_long_chain_of_ties_is_cut_at_a_paragraph() -> None:
    rows = (row(), row(), row(), row("a", keep=True), row("b", keep=True, starts=False), row("c", keep=True), row("d"))
    pages = [[r.text for r in page] for page in paginate(rows, 60)]
    assert pages[1][0] == "c"


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), max_size=60), st.integers(10, 90))
def test_no_row_is_lost_and_none_is_out_of_order(shape: list[tuple[int, bool, bool]], height_px: int) -> None:
    rows = tuple(row(str(n), gap=gap, keep=keep, starts=starts) for n, (gap, keep, starts) in enumerate(shape))
    pages = paginate(rows, height_px)
    assert [r for page in pages for r in page] == list(rows)
    assert all(block_height(page) <= max(height_px, 10) for page in pages)


def test_reading_takes_four_seconds_for_ten_words() -> None:
    assert read_s((row("một hai ba bốn năm sáu bảy tám chín mười " * 2),)) == pytest.approx(8.0)
    assert read_s((row("ngắn"),)) == 4.0


def test_a_script_without_spaces_takes_its_time_too() -> None:
    assert words((row("ក" * 50),)) == 10


def test_short_text_is_set_larger_than_long_text(book: FontBook) -> None:
    def size(body: str) -> int:
        return fit(Setter(Version("vi", "Tin", body), 1700, M, book), 800, M.sizes).size_px

    assert size("Mai nghỉ.") == M.sizes[-1]
    assert size("một hai ba bốn năm " * 40) < M.sizes[-1]
    assert size("một hai ba bốn năm " * 2000) >= M.sizes[0]


def test_a_size_that_would_cut_a_word_is_not_taken(book: FontBook) -> None:
    setter = Setter(Version("vi", "THÔNG BÁO", "nghiêng"), 420, M, book)
    fitted = fit(setter, 1500, M.sizes)
    assert [r.text for page in fitted.pages for r in page] == ["THÔNG", "BÁO", "nghiêng"]
    assert fitted.size_px < M.sizes[-1]


def test_what_fits_one_page_is_on_one_page(book: FontBook) -> None:
    setter = Setter(Version("vi", "Tin", "một hai ba bốn năm " * 15), 1700, M, book)
    fitted = fit(setter, 800, M.sizes)
    assert len(fitted.pages) == 1
    assert block_height(fitted.pages[0]) <= 800


def test_title_is_bolder_and_larger(book: FontBook) -> None:
    title, *_, body = Setter(Version("vi", "Tin", "Nội dung"), 1700, M, book).rows(56)
    assert title.title
    assert not body.title
    assert title.kind.size_px > body.kind.size_px
    assert "Bold" in title.kind.face.name


def test_headings_typed_in_capitals_are_bold(book: FontBook) -> None:
    rows = Setter(Version("vi", "", "I. MỤC ĐÍCH\nNội dung"), 1700, M, book).rows(56)
    assert ["Bold" in r.kind.face.name for r in rows] == [True, False]


def test_a_blank_line_makes_more_room_than_a_line_end(book: FontBook) -> None:
    rows = Setter(Version("vi", "", "a\nb\n\nc"), 1700, M, book).rows(56)
    assert rows[2].gap > rows[1].gap > 0
