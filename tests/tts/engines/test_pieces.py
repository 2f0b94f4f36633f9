from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.engines.pieces import (
    PAUSE_CLAUSE_MS,
    PAUSE_COMMA_MS,
    PAUSE_LINE_MS,
    PAUSE_SENTENCE_MS,
    PAUSE_WORD_MS,
    has_words,
    pieces,
    plain,
    stop_after,
)


def test_short_sentences_are_pieces_of_their_own() -> None:
    assert [p.text for p in pieces("Kính gửi bà con. Mời họp! Đúng giờ nhé?", 70)] == [
        "Kính gửi bà con.",
        "Mời họp!",
        "Đúng giờ nhé?",
    ]


def test_a_long_sentence_is_cut_at_a_comma_then_at_a_space() -> None:
    text = "Thứ hai tuần sau, toàn thể cán bộ và nhân dân ấp ba, ấp bốn dọn vệ sinh đường làng ngõ xóm sạch sẽ."
    assert [p.text for p in pieces(text, 60)] == [
        "Thứ hai tuần sau, toàn thể cán bộ và nhân dân ấp ba,",
        "ấp bốn dọn vệ sinh đường làng ngõ xóm sạch sẽ.",
    ]
    assert [p.text for p in pieces("một hai ba bốn năm sáu", 10)] == ["một hai ba", "bốn năm", "sáu"]


def test_without_a_comma_a_cut_falls_before_a_linking_word() -> None:
    text = "Nghiệm thu công trình nâng cấp đường giao thông nông thôn trên địa bàn các xã biên giới."
    assert [p.text for p in pieces(text, 70)] == [
        "Nghiệm thu công trình nâng cấp đường giao thông nông thôn",
        "trên địa bàn các xã biên giới.",
    ]


def test_a_comma_near_the_start_does_not_leave_a_crumb() -> None:
    first = next(pieces("Vâng, " + "rất dài " * 20, 70))
    assert len(first.text) > 60


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<speak><break time='9s'/>Chào</speak>", "speak break time '9s'/ Chào /speak"),
        ("[[h@'loU]] bà con", "h 'loU bà con"),
        ("chào\x00\x07\x1b[31m bà con", "chào 31m bà con"),
        ("chào 👋🏽 bà con", "chào bà con"),
        ("a\u200bb\u202ec", "a b c"),
    ],
)
def test_nothing_in_a_text_is_a_command(text: str, said: str) -> None:
    assert " ".join(p.text for p in pieces(text, 70)) == said
    assert len(plain(text)) == len(text)


def test_decomposed_vietnamese_is_composed_and_keeps_its_places() -> None:
    text = unicodedata.normalize("NFD", "Ủy ban xã. Kính mời.")
    first, second = pieces(text, 70)
    assert first.text == unicodedata.normalize("NFC", "Ủy ban xã.")
    assert unicodedata.normalize("NFC", text[second.start : second.end]) == "Kính mời."


def test_the_letters_of_other_scripts_are_kept() -> None:
    assert [p.text for p in pieces("សួស្តី ប្រជាជន", 70)] == ["សួស្តី ប្រជាជន"]


@pytest.mark.parametrize("text", ["", " ", "...", "?!", "- - -", "\n\n", "***", "[]"])
def test_no_words_no_pieces(text: str) -> None:
    assert list(pieces(text, 70)) == []
    assert not has_words(text)


@pytest.mark.parametrize(
    ("text", "pause_ms", "ends"),
    [
        ("Một. Hai", PAUSE_SENTENCE_MS, True),
        ("Một.” Hai", PAUSE_SENTENCE_MS, True),
        ("Một, hai", PAUSE_COMMA_MS, False),
        ("Một: hai", PAUSE_CLAUSE_MS, False),
        ("Một; hai", PAUSE_CLAUSE_MS, False),
        ("Một hai", PAUSE_WORD_MS, False),
        ("Một,  \nhai", PAUSE_LINE_MS, True),
        ("Một", PAUSE_LINE_MS, True),
    ],
)
def test_the_stop_after_a_piece(text: str, pause_ms: int, ends: bool) -> None:
    end = len(text.split(maxsplit=1)[0])
    assert stop_after(text, end) == (pause_ms, ends)


@given(
    st.text(alphabet=st.sampled_from("aăạ mộtĐ,.;:!?…\n [](){}<>'\"”0\u0301\U0001f600"), max_size=300),
    st.integers(5, 80),
)
def test_pieces_are_short_ordered_and_lose_no_word(text: str, limit: int) -> None:
    got = list(pieces(text, limit))
    assert all(len(p.text) <= limit and has_words(p.text) for p in got)
    assert all(a.end <= b.start for a, b in pairwise(got))
    kept = "".join(text[p.start : p.end] for p in got)
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize("unit", ["a", "a ", "a,", "a. ", "., ", "\n", "[["])
def test_a_hundred_kilobytes_are_cut_too(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert max((len(p.text) for p in pieces(text, 70)), default=0) <= 70
