"""What must hold for any text at all: never an exception, no digit left, stable, linear."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tts.saying import READER

LEFT = re.compile(r"[\d+*/%‰&@#=<>≥≤~°²³|_]")
PIECES = re.split(
    r"\|(?=\S)|\|(?=[\n\t])",
    "ngày|tháng|năm|thứ|quý|lần|từ|đến|số|khu phố|ấp|gọi|tỷ số|UBND|KH|TT|T5|CN|XIV|I|N.V.H|đ/c|v.v|15/7|31/2|1.005|"
    "14.4|0,35|7h30|8g|13:30|24/24|2026|0912 345 678|19001006|93A1-456.78|49/2024/NĐ-CP|12-CT/TU|Km 5+200|QL13|m3/s|"
    "25.000đ|kg|ha|%|°C|≥|>|~|×|±|=|+|&|-|–|/|./.|...|(|)|\"|'|*|•|,|.|;|:|\n|\t|😀|ខ្មែរ|e\u0302\u0301|\u200b|²|½|<b>|"
    "№|[[a]]|https://a.vn/b|a@b.vn|1|23|456|7890|0|000|x|a)|1.2.|IV.|-5°C|16,7N|1/3|5/7 ấp|STK|070098001234|\u0663"
    "|\uff15",
)

PLAIN = ["bà", "con", "khu", "phố", "đến", "nhà", "văn", "hóa", "nghe", "thông", "báo", "mới", "của", "ấp"]


def broken_text(chosen: random.Random) -> str:
    joints = ("", " ", " ", "-", "/")
    return "".join(chosen.choice(PIECES) + chosen.choice(joints) for _ in range(chosen.randint(1, 12)))


def check(text: str) -> None:
    reading = READER.read(text)
    assert not LEFT.search(reading.spoken), text
    places = [(span.start, span.end) for span in reading.spans]
    places += [(doubt.start, doubt.end) for doubt in reading.doubts]
    assert all(0 <= start <= end <= len(text) for start, end in places), text


def test_twenty_thousand_texts_of_broken_pieces() -> None:
    chosen = random.Random(20_000)
    for _ in range(20_000):
        text = broken_text(chosen)
        assert not LEFT.search(READER.read(text).spoken), text


def test_spoken_text_is_stable() -> None:
    """What was read once holds nothing more to read: the words do not change a second time."""
    chosen = random.Random(3)
    pieces = [piece for piece in PIECES if len(piece) != 1 or not piece.isalpha()]  # a lone I may become a heading's
    for _ in range(2_000):
        spoken = READER.read(" ".join(chosen.choice(pieces) for _ in range(8))).spoken
        assert READER.read(spoken).spoken == spoken


@pytest.mark.slow
def test_a_million_texts_of_broken_pieces() -> None:
    chosen = random.Random(1)
    for _ in range(1_000_000):
        text = broken_text(chosen)
        assert not LEFT.search(READER.read(text).spoken), text


@given(st.text(max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text(text: str) -> None:
    check(text)


@given(st.text(alphabet="0123456789.,:/-+hgđKPTX ()'%mđngàytừđến", max_size=40))
@settings(max_examples=600, deadline=None)
def test_any_text_of_our_signs(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(PLAIN), max_size=30))
@settings(max_examples=100, deadline=None)
def test_plain_words_are_left_as_they_are(words: list[str]) -> None:
    text = " ".join(words)
    assert READER.read(text).spoken.lower() == text
    assert READER.read(text).spans == ()


UNITS = [
    *("1", "1.", "1/", "1-", "A-", "1a", "Aa", "./.", "a@", "a.", "5,", "x ", "(", "<a", "1+", "ế", "e\u0302\u0301"),
    *("KP.", "T2,", "I, ", "Km1+", ">=1 ", "0900 ", "ngày 1-", "ấp 1 - ", "N.V.", "UBND ", "A1 ", "😀", "http://a. "),
]


@pytest.mark.parametrize("unit", UNITS)
def test_a_hundred_kilobytes_are_read_to_the_end(unit: str) -> None:
    spoken = READER.read(unit * (100_000 // len(unit)) + "\nhết").spoken
    assert spoken.rstrip(" .").lower().endswith("hết")
    assert not any(char.isdigit() for char in spoken)
