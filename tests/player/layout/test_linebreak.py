"""Line breaking, with every letter ten pixels wide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.layout.linebreak import balanced, eased, lines


def tens(word: str) -> int:
    return 10 * len(word)


def test_breaks_at_spaces_and_fills_lines() -> None:
    assert lines("Họp dân lúc tám giờ sáng mai", 130, tens) == ("Họp dân lúc", "tám giờ sáng", "mai")


@pytest.mark.parametrize(
    "kept",
    [
        "5 km",
        "17 giờ",
        "4 vụ,thiệt",
        "ngày 15/3",
        "ấp 3",
        "số 31/TTr",
        "phố 3",
        "350 tr.đ",
        "- Đơn",
        "Điều 230",
        "0900 123",
        "(0271) 3812",
        "thứ Tư",
        "giờ 30",
    ],
)
def test_what_is_read_as_one_stays_on_one_line(kept: str) -> None:
    first = kept.split(" ", maxsplit=1)[0]
    width = tens("aaaaaaaaaaaaaa " + first) + 5  # room for the first half, not for the second
    found = lines(f"aaaaaaaaaaaaaa {kept} bbbbbbbbbbbbbbbbbb", width, tens)
    assert any(kept in line for line in found), found
    assert not any(line.endswith(f" {first}") for line in found)


@pytest.mark.parametrize("width", range(180, 260, 10))
def test_a_telephone_number_stands_on_one_line(width: int) -> None:
    found = lines("xin hỏi chị Thủy theo số 0900 123 456, trong giờ làm việc", width, tens)
    assert any("0900 123 456," in line for line in found), found


def test_a_name_stays_with_its_kind() -> None:
    assert "xã Tân Hưng" in lines("Trạm y tế của xã Tân Hưng mời bà con", 190, tens)[1]
    assert lines("Ủy ban xã Tân Hưng", 150, tens) == ("Ủy ban", "xã Tân Hưng")


def test_a_group_wider_than_the_line_is_let_go() -> None:
    assert lines("xã Nguyễn Trường Tộ", 100, tens) == ("xã Nguyễn", "Trường Tộ")


def test_no_break_space_holds() -> None:
    assert lines("aaa bbb\u00a0ccc", 80, tens) == ("aaa", "bbb\u00a0ccc")


def test_a_long_address_is_cut_after_its_marks() -> None:
    assert lines("https://vinhphuoca.example.vn/tin", 180, tens) == ("https://", "vinhphuoca.", "example.vn/tin")


def test_a_word_longer_than_the_line_is_cut_anywhere_at_last() -> None:
    assert lines("aaaaaaaaaaaaaaaaaaaaaaa", 100, tens) == ("aaaaaaaaaa", "aaaaaaaaaa", "aaa")


def test_a_mark_is_never_cut_from_its_letter() -> None:
    assert all(not line.startswith("\u0306") for line in lines("ê\u0306" * 9, 50, tens))


def test_khmer_breaks_between_clusters_and_fills_the_line() -> None:
    word = "ស្រុកនិងឃុំ"
    found = lines(f"abc {word}", 90, tens)
    assert "".join(found).replace(" ", "") == f"abc{word}"
    assert found[0].startswith("abc ")
    assert all(not line.startswith(("\u17d2", "ុ", "ិ", "ំ")) for line in found)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("ការិយាល័យនឹងបិទ។", "កា រិ យា ល័យ នឹង បិទ។"), ("ច្បាប់របស់", "ច្បាប់ រ បស់"), ("ប្រយោជន៍", "ប្រ យោជន៍"),
        ("ទីក្រុង", "ទី ក្រុង"), ("ដំណឹង", "ដំ ណឹង"),
    ],
)  # fmt: skip
def test_khmer_never_breaks_before_the_consonant_that_closes_a_syllable(word: str, syllables: str) -> None:
    allowed = {"".join(syllables.split()[:count]) for count in range(1, 9)}
    for width in range(60, 200, 10):
        found = lines(word, width, tens)
        assert {"".join(found[: count + 1]) for count in range(len(found))} <= allowed, found


def test_khmer_closing_marks_do_not_start_a_line() -> None:
    assert all(not line.startswith("។") for width in range(30, 120, 10) for line in lines("កកកក។ ខខខ។", width, tens))


def test_zero_width_spaces_are_where_khmer_breaks() -> None:
    assert lines("កកក\u200bខខខ\u200bគគគ", 60, tens) == ("កកកខខខ", "គគគ")


def test_a_script_without_spaces_leaves_no_letter_alone_on_the_last_line() -> None:
    word = "កខគឃងចឆជឈញ"
    assert lines(word, 90, tens) == ("កខគឃងចឆជឈ", "ញ")
    assert eased(word, 90, tens) == balanced(word, 90, tens) == ("កខគឃង", "ចឆជឈញ")


def test_even_lines_beside_such_a_script_cut_no_other_word() -> None:
    assert balanced("dddddddddd ក", 110, tens) == ("dddddddddd", "ក")


def test_balanced_lines_are_as_few_but_more_even() -> None:
    title = "Thông báo về việc tạm ngừng cấp nước sinh hoạt"
    greedy, even = lines(title, 300, tens), balanced(title, 300, tens)
    assert len(even) == len(greedy)
    assert max(map(len, even)) <= max(map(len, greedy))
    assert min(map(len, even)) >= min(map(len, greedy))
    assert " ".join(even) == title


def test_balancing_never_cuts_a_word() -> None:
    assert balanced("Thông báo", 130, tens) == ("Thông báo",)
    assert balanced("THÔNG BÁO", 85, tens) == ("THÔNG", "BÁO")


def test_a_number_too_wide_for_its_group_keeps_its_unit() -> None:
    assert lines("tán trước 18 giờ.", 120, tens) == ("tán trước", "18 giờ.")


def test_nothing_gives_no_lines() -> None:
    assert lines("", 100, tens) == ()
    assert lines("   ", 100, tens) == ()


@given(st.text(alphabet="aê5-/. ,ngàyxãTkm\u200bក្រ", max_size=80), st.integers(30, 300))
def test_no_word_is_ever_lost_and_no_line_is_too_wide(paragraph: str, width: int) -> None:
    for wrap in (lines, balanced, eased):
        found = wrap(paragraph, width, tens)
        flat = "".join("".join(found).split())
        assert flat.replace("\u200b", "") == "".join(paragraph.split()).replace("\u200b", "")
        assert all(tens(line) <= width or " " not in line for line in found)


def test_no_word_stands_alone_below_a_short_paragraph() -> None:
    text = "Chủ nhật này cơ quan nghỉ"
    assert lines(text, 200, tens) == ("Chủ nhật này cơ quan", "nghỉ")
    assert eased(text, 200, tens) == balanced(text, 200, tens) == ("Chủ nhật này", "cơ quan nghỉ")


def test_a_paragraph_with_a_good_last_line_or_with_many_lines_is_left_as_it_is() -> None:
    good = "Chủ nhật này cơ quan nghỉ cả ngày"
    assert eased(good, 200, tens) == lines(good, 200, tens)
    long = "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai nghỉ"
    assert len(lines(long, 120, tens)) > 4
    assert eased(long, 120, tens) == lines(long, 120, tens)
