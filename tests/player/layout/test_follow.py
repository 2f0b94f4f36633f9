"""Which lines belong to the sentence being read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import scene
from player.layout.follow import Spot, read_now, spots
from player.layout.fonts import FontBook
from player.model import Version
from player.show import PanelShape, Show

MakeShow = Callable[..., Show]
BODY = "Mời bà con đến nhà văn hóa ấp 3 họp lúc 19 giờ. Đi đông đủ!\nMang theo sổ hộ khẩu."


def spots_of(show: Show, book: FontBook) -> list[Spot]:
    assert show.item
    return [spot for page in spots(scene.compose(show, book), show.item.versions) for spot in page]


def test_title_and_sentences_are_counted_in_reading_order(make_show: MakeShow, book: FontBook) -> None:
    found = spots_of(make_show("HỌP DÂN", BODY), book)
    assert {spot.of for spot in found} == {4}
    assert (found[0].label.text, found[0].first, found[0].last) == ("HỌP DÂN", 0, 0)
    assert found[-1].last == 3
    assert "".join("".join(spot.label.text.split()) for spot in found) == "".join(f"HỌP DÂN{BODY}".split())
    assert all(spot.first <= spot.last for spot in found)


def test_a_line_may_hold_the_end_of_one_sentence_and_the_beginning_of_the_next(
    make_show: MakeShow, book: FontBook
) -> None:
    (one,) = spots_of(make_show("", "Một. Hai. Ba."), book)
    assert (one.first, one.last, one.of) == (0, 2, 3)


def test_what_stands_round_the_text_is_no_text(make_show: MakeShow, book: FontBook) -> None:
    name = "Ủy ban nhân dân phường Tân Khai"
    found = spots_of(make_show(name, "mời họp.", ticker=("mời họp.",)), book)
    assert all(spot.label.y > 95 for spot in found), "not the header's own line"
    assert found[0].label.text.startswith("Ủy ban")


def test_all_pages_of_a_long_text_are_followed(plan: str, make_show: MakeShow, book: FontBook) -> None:
    show = make_show("KẾ HOẠCH", plan)
    assert show.item
    pages = spots(scene.compose(show, book), show.item.versions)
    assert all(pages)
    firsts = [spot.first for page in pages for spot in page]
    assert firsts == sorted(firsts)
    assert pages[-1][-1].last == pages[-1][-1].of - 1


def test_languages_side_by_side_are_each_followed(make_show: MakeShow, book: FontBook) -> None:
    both = (Version("vi", "THÔNG BÁO", "Chủ nhật cơ quan nghỉ."), Version("km", "ជូនដំណឹង", "ការិយាល័យនឹងបិទ។"))
    found = spots_of(make_show("", "", versions=both), book)
    assert {spot.lang for spot in found} == {"vi", "km"}
    assert all(spot.label.x < 960 for spot in found if spot.lang == "vi")
    assert all(spot.label.x > 960 for spot in found if spot.lang == "km")


def test_the_counted_sentence_is_the_one() -> None:
    assert [read_now(n, n, 4, 2, 4) for n in range(4)] == [False, False, True, False]
    assert read_now(1, 2, 4, 2, 4)


def test_where_the_counts_differ_the_share_of_the_whole_decides() -> None:
    """Two sentences were written, four are said: two of these for each."""
    assert [[read_now(n, n, 2, said, 4) for n in range(2)] for said in range(4)] == [
        [True, False], [True, False], [False, True], [False, True],
    ]  # fmt: skip


@given(st.integers(1, 30), st.integers(1, 30))
def test_every_said_sentence_marks_some_line_and_every_line_is_marked_by_some(count: int, of: int) -> None:
    marks = [[read_now(line, line, count, said, of) for line in range(count)] for said in range(of)]
    assert all(any(row) for row in marks)
    assert all(any(column) for column in zip(*marks, strict=True))


@pytest.mark.parametrize("size", [(64, 32), (192, 96)])
def test_lines_that_move_are_not_followed(size: tuple[int, int], make_show: MakeShow, book: FontBook) -> None:
    show = make_show("HỌP DÂN", BODY * 20, PanelShape(*size, "led"))
    assert spots_of(show, book) == []
