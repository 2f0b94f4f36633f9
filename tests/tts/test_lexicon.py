"""The tables: what the house's own must fulfil, how a unit's own is laid over it, how faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tts.lexicon import LexiconError, default_lexicon, load_lexicon, parse_lexicon
from tts.reader import Reader
from tts.reader.lexicon import SPELL

HOUSE = default_lexicon()
SENTENCE_MARKS = set(" ,.-'")


def test_the_house_knows_several_hundred_abbreviations() -> None:
    assert len(HOUSE.entries) > 800
    offices = "UBND HĐND MTTQ BHXH BHYT CCCD ANTT PCCC CNCH PCTT TKCN NVQS CHQS TTHC DVC NTM MTQG DTTS KVBP STK GPLX"
    rest = "CNQSDĐ BĐH VNAH ĐBQH KD SXKD VSMT ATTP SXH HTX THCS THPT GDĐT KHCN TNMT NN&PTNT LĐTBXH NVH MTV TCCQĐP"
    assert [key for key in f"{offices} {rest}".split() if key not in HOUSE.entries] == []


@pytest.mark.parametrize("key", sorted(HOUSE.entries))
def test_each_abbreviation_is_sound(key: str) -> None:
    rows = HOUSE.entries[key]
    for row in rows[:-1]:
        assert row.before or row.after, f"{key}: a row without neighbours hides the rows below it"
    for row in rows:
        assert row.spoken == SPELL or all(char.isalpha() or char in SENTENCE_MARKS for char in row.spoken)


@pytest.mark.parametrize("symbol", sorted(HOUSE.units))
def test_each_unit_is_words(symbol: str) -> None:
    assert all(char.isalpha() or char in SENTENCE_MARKS for char in HOUSE.units[symbol].spoken)
    assert HOUSE.units[symbol].kind in ("measure", "money", "tight", *HOUSE.words)


def test_each_letter_of_the_alphabet_has_a_name() -> None:
    assert set(HOUSE.letters) == set("AĂÂBCDĐEÊFGHIJKLMNOÔƠPQRSTUƯVWXYZ")
    assert HOUSE.spell("vn") == "vê en"


def test_a_unit_overrides_and_extends_without_code(tmp_path: Path) -> None:
    table = tmp_path / "don-vi.tsv"
    table.write_text(
        "# của xã\nTT\ttrường tình\nHTXTN\thợp tác xã Thiện Nghĩa\nBL\tBình Long\tthị xã|tx\nBL\tbờ lô\n",
        encoding="utf-8",
    )
    reader = Reader(load_lexicon(table))
    assert reader.read("TT HĐND và HTXTN ở thị xã BL.").spoken == (
        "Trường tình Hội đồng nhân dân và hợp tác xã Thiện Nghĩa ở thị xã Bình Long."
    )
    assert reader.read("Gạch BL.").spoken == "Gạch bờ lô."
    assert Reader(HOUSE).read("TT HĐND").spoken == "Thường trực Hội đồng nhân dân"


def test_a_guess_of_a_unit_is_reported() -> None:
    reader = Reader(parse_lexicon("ABX\táo bông xanh\t\t\t?", "bảng của xã"))
    assert [doubt.kind for doubt in reader.read("Mặc ABX.").doubts] == ["ambiguous"]


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("UBND", "line 1: 'UBND': allowed are 2 to 5 columns"),
        ("a\tb\nTT\tx\ty\tz\t?\tthừa", "line 2"),
        ("\tỦy ban", "line 1"),
        ("K5\tnăm 5", "spoken form 'năm 5' of 'K5' holds a digit"),
        ("AB\ta bê\t\t\t!", "flags '!' of 'AB': allowed are '?' or nothing"),
    ],
)
def test_a_fault_is_named_with_its_place(table: str, fault: str) -> None:
    with pytest.raises(LexiconError) as caught:
        parse_lexicon(table, "bảng của xã")
    assert fault in str(caught.value)
    assert "bảng của xã" in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot be read as UTF-8 text"):
        load_lexicon(tmp_path / "missing.tsv")
    (tmp_path / "latin.tsv").write_bytes(b"TT\tth\xee\n")
    with pytest.raises(LexiconError, match="cannot be read as UTF-8 text"):
        load_lexicon(tmp_path / "latin.tsv")
