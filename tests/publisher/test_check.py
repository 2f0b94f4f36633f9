"""Text at the door: what is refused and why, what is put right, what the writer is warned of."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.bulletins import check, content, reading, workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin
from tests.joe import joe, linked

PLAN = Path(__file__).resolve().parents[3] / "shared" / "data" / "plan-hon-quan-2023.txt"


def codes(body: str, title: str = "") -> list[str]:
    return [problem.code for problem in check.refusals(title, body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Họp dân lúc 19h.", []),
        ("x" * 60_000, []),
        ("x" * 60_001, ["too-long"]),
        ("ờ" * 20_001, ["too-long"]),  # 60 kB are bytes, not letters
        ("x" * 200_000, ["too-long"]),
        ("abc\u202edef", ["controls"]),
        ("abc\u2066def", ["controls"]),
        ("abc\x07def", ["controls"]),
        ("abc\x00def", ["controls"]),
        ("\ud800", ["controls"]),
        ("dòng\tmột\r\ndòng hai\n", []),
        ("\U00012345", ["uncovered"]),
        ("សូមអញ្ជើញបងប្អូន", []),  # Khmer
        ("ăn cơm ƀ ĕ ŏ", []),
    ],
)
def test_what_is_refused(body: str, expected: list[str]) -> None:
    assert codes(body) == expected


def test_the_letters_that_cannot_be_drawn_are_named() -> None:
    (problem,) = check.refusals("", "xin chào \U00012345\U00012346")
    assert "\U00012345 \U00012346" in str(problem)


def test_the_title_counts_too() -> None:
    assert codes("Nội dung", "T" * 301) == ["title-long"]
    assert codes("Nội dung", "ngược\u202e") == ["controls"]


def test_a_title_is_measured_as_it_will_be_kept() -> None:
    assert codes("Nội dung", "\u0958" * 151) == ["title-long"]  # two letters each once composed


@pytest.mark.parametrize(
    ("langs", "named"),
    [
        (["vi", "en", "km"], ""),
        (["vi", "zh-Hant"], ""),
        (["tiếng việt"], "'tiếng việt'"),
        (["vi", ""], "''"),
        (["vi", "en", "vi"], "'vi'"),
    ],
)
def test_a_language_no_screen_takes_is_refused(langs: list[str], named: str) -> None:
    found = check.language_refusals(langs)
    assert [problem.detail for problem in found] == ([named] if named else [])


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ("mời bà con", []),
        ("a" * 120_000, []),
        ("a" * 120_001, ["spoken-long"]),
        ("mời\u202e", ["spoken-controls"]),
    ],
)
def test_a_spoken_form_written_by_hand_is_looked_at_too(spoken: str, expected: list[str]) -> None:
    assert [problem.code for problem in check.spoken_refusals(spoken)] == expected
    whole = Content(texts=(TextIn("vi", "Nội dung", spoken=spoken),))
    assert [problem.code for problem in content.problems(whole)] == expected


OLD = {
    "TCVN3": "Uû ban nh©n d©n x· T©n H\u00adng th«ng b¸o",
    "VNI": "UÛY BAN NHAÂN DAÂN XAÕ TAÂN HÖNG",
}


@pytest.mark.parametrize("encoding", OLD)
def test_an_old_encoding_is_never_stored_but_offered_in_unicode(encoding: str) -> None:
    (problem,) = check.refusals("", OLD[encoding])
    assert problem.code == "legacy"
    assert problem.detail.startswith(encoding)
    assert "tân hưng" in check.repaired(OLD[encoding]).casefold()
    assert codes(check.repaired(OLD[encoding])) == []


def test_other_languages_are_not_taken_for_an_old_encoding() -> None:
    assert check.refusals("", "Déjà vu à la façade", "en") == []


def test_a_repaired_text_is_no_longer_refused() -> None:
    assert check.repaired("abc\u202edef\x07") == "abcdef"
    assert codes(check.repaired("abc\u202edef\x07")) == []


@pytest.mark.parametrize("body", ["CCCD 079123456789", "số 001099012345, ấp 3"])
def test_a_card_number_is_warned_of(body: str) -> None:
    assert [problem.code for problem in check.warnings("", body)] == ["card-number"]


@pytest.mark.parametrize("body", ["Gọi 0271.3666.999 hoặc 0912345678", "300.000.000.000 đồng", "số 1234567890123"])
def test_telephones_and_money_are_not(body: str) -> None:
    assert check.warnings("", body) == []


def test_decomposed_letters_are_composed() -> None:
    loose = unicodedata.normalize("NFD", "Đường ấp 3, xã Tân Hưng")
    assert check.is_decomposed(loose)
    assert check.cleaned(loose) == "Đường ấp 3, xã Tân Hưng"
    assert not check.is_decomposed(check.cleaned(loose))


@given(st.text())
def test_cleaning_twice_is_cleaning_once(words: str) -> None:
    assert check.cleaned(check.cleaned(words)) == check.cleaned(words)


def test_a_real_plan_passes_as_it_was_pasted() -> None:
    if not PLAN.is_file():
        pytest.skip(f"{PLAN} is not here")
    body = PLAN.read_text("utf-8")
    assert codes(body) == []
    assert check.cleaned(body)


def test_nothing_at_all_is_refused_but_a_picture_alone_is_not() -> None:
    blank = Content(texts=(TextIn("vi", "  \n"),))
    assert [problem.code for problem in content.problems(blank)] == ["empty"]
    assert content.problems(Content(texts=(TextIn("vi", ""),), picture="0" * 64)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given_", "code"),
    [
        (Content(texts=(TextIn("vi", "9 " * 29_000),)), "spoken-long"),  # each figure becomes a word
        (Content(texts=(TextIn("vi", "Họp"),), picture="0" * 64), "picture"),
        (Content(texts=(TextIn("km", "Họp", audio="0" * 64),)), "recording"),
    ],
    ids=["reading", "picture", "recording"],
)
def test_what_only_shows_while_writing_leaves_nothing_behind(given_: Content, code: str, commune: Any) -> None:
    with pytest.raises(workflow.WorkflowError) as caught:
        workflow.draft(commune.unit, commune.writer, given_, datetime(2026, 11, 23, tzinfo=UTC))
    assert [problem.code for problem in caught.value.details] == [code]
    assert not Bulletin.objects.exists()


def test_a_voice_installed_here_opens_its_language(tmp_path: Path) -> None:
    assert reading.spoken_languages(tmp_path) == {"vi"}
    linked(joe(language="km"), tmp_path)
    assert reading.spoken_languages(tmp_path) == {"vi", "km"}
    assert check.voice_refusals("km-KH", reading.spoken_languages(tmp_path)) == []


@pytest.mark.parametrize("lang", ["km", "sti", "en-US"])
def test_a_language_without_a_voice_is_refused_by_name(lang: str) -> None:
    words = TextIn(lang, "Nội dung", spoken="lời đọc")
    (found,) = content.problems(Content(texts=(words,)))
    assert (found.code, found.detail) == ("voiceless", repr(lang))
    assert content.problems(Content(texts=(replace(words, audio="0" * 64),))) == [], "a person speaks it"
    assert content.problems(Content(texts=(replace(words, spoken=None),))) == [], "it is only to be read"
    assert content.problems(Content(texts=(replace(words, lang="vi-VN"),))) == []
