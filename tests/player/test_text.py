"""Text at the door: normal form, forbidden characters, coverage, runs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import text
from player.layout.fonts import BOLD, CHAM, KHMER, KHMER_BOLD, REGULAR, SYMBOLS_2, TAI_VIET, FontBook, Type


def test_decomposed_input_becomes_composed() -> None:
    word = "Thông báo cúp nước ở ấp Ứng Hòa"
    assert text.nfc(unicodedata.normalize("NFD", word)) == word
    assert text.clean(unicodedata.normalize("NFD", word)) == word


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\u200f", "\x00", "\x1b", "\x7f", "\ue000", "\ufffd", "\ufffe"])
def test_controls_and_bidi_overrides_are_named_and_taken_out(letter: str) -> None:
    assert text.forbidden(f"an{letter}toàn") == (f"U+{ord(letter):04X} {unicodedata.name(letter, 'CONTROL')}",)
    assert text.clean(f"an{letter}toàn") == "antoàn"


def test_a_lone_surrogate_is_forbidden() -> None:
    assert text.forbidden("a\ud800b")[0].startswith("U+D800")


def test_each_forbidden_character_is_named_once_in_order() -> None:
    assert [name[:6] for name in text.forbidden("\x07a\u202ab\x07")] == ["U+0007", "U+202A"]


def test_what_people_type_is_not_forbidden() -> None:
    assert text.forbidden("Dòng một\nDòng hai\tcách\r\n• ấp 3: 12.750m² ≥ 36% “tín dụng đen” ជូនដំណឹង\u200bនេះ") == ()


def test_line_ends_and_tabs_become_plain() -> None:
    assert text.clean("a\r\nb\rc\u2028d\te\x0bf") == "a\nb\nc\nd e\nf"


def test_letters_no_font_can_draw_are_found_once_each(book: FontBook) -> None:
    assert text.uncovered("Họp 中 lúc 😀 8 giờ 中", book) == ("中", "😀")


@pytest.mark.parametrize(
    "words",
    ["Cộng hòa Xã hội Chủ nghĩa Việt Nam", "ជូនដំណឹង", "ꨀꨁꨂ", "ꪀꪱꪁ", "ê̆ ô̆ ơ̆ ƀ ŏ ĭ", "→ ★ ☎ ✓ ≥ ≤ m² °C ½ “” … – •"],
)
def test_the_province_s_languages_are_covered(words: str, book: FontBook) -> None:
    assert text.uncovered(words, book) == ()


def test_runs_change_face_with_the_script_and_only_then(book: FontBook) -> None:
    found = text.runs("Xã ជូនដំណឹង 12 ꨀꨁ ꪀꪱ ☎ ê̆", REGULAR, book)
    assert [run.face for run in found] == [REGULAR, KHMER, REGULAR, CHAM, TAI_VIET, SYMBOLS_2, REGULAR]
    assert "".join(run.text for run in found) == "Xã ជូនដំណឹង 12 ꨀꨁ ꪀꪱ ☎ ê̆"


def test_bold_text_takes_bold_faces(book: FontBook) -> None:
    assert [run.face for run in text.runs("A ក", BOLD, book)] == [BOLD, KHMER_BOLD]


def test_uncovered_letters_are_left_out_not_boxed(book: FontBook) -> None:
    assert "".join(run.text for run in text.runs("Họp😀 xã", REGULAR, book)) == "Họp xã"
    kind = Type(REGULAR, 40)
    assert text.width("Họp😀 xã", kind, book) == text.width("Họp xã", kind, book)


def test_a_mark_stays_in_the_run_of_its_letter(book: FontBook) -> None:
    assert len(text.runs("ê̆ơ̆", REGULAR, book)) == 1


def test_stacking_scripts_are_known() -> None:
    assert text.stacks("Tin ជូន")
    assert text.stacks("ꪀ")
    assert not text.stacks("Đắk Lắk ê̆")


@given(st.text(max_size=60))
def test_cleaning_is_idempotent_and_leaves_nothing_forbidden(raw: str) -> None:
    once = text.clean(raw)
    assert text.clean(once) == once
    assert text.forbidden(once) == ()


@given(st.text(alphabet="aăâeêioôơuưy \u0300\u0301\u0303\u0309\u0323đĐ", max_size=40))
def test_both_normal_forms_look_the_same(raw: str) -> None:
    assert text.clean(unicodedata.normalize("NFD", raw)) == text.clean(unicodedata.normalize("NFC", raw))
