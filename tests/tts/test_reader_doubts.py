"""What the reader is unsure of is reported at its place in the text as written; what it knows is not."""

from __future__ import annotations

import unicodedata

import pytest

from tests.tts.saying import READER
from tts.lexicon import default_lexicon
from tts.reader import Options, Reader, options_for
from tts.reader.model import DOUBTS


@pytest.mark.parametrize(
    ("text", "kind", "at"),
    [
        ("Ban QLXKT họp.", "unknown", "QLXKT"),
        ("Họp ngày 31/2 tại xã.", "no_such_day", "31/2"),
        ("Họp ngày 29/2/2027.", "no_such_day", "29/2/2027"),
        ("Họp ngày 31/4/2026.", "no_such_day", "31/4/2026"),
        ("Nghỉ từ 28-31/4.", "no_such_day", "28-31/4"),
        ("CCCD 070098001234 bị mất.", "personal_number", "070098001234"),
        ("Thẻ số 070 098 001 234.", "personal_number", "070 098 001 234"),
        ("ĐT 091234567 bị thiếu.", "phone_length", "091234567"),
        ("ĐT 0912 345 678 90.", "phone_length", "0912 345 678 90"),
        ("Gửi TT.", "ambiguous", "TT"),
        ("KH xong.", "ambiguous", "KH"),
    ],
)
def test_reports_a_doubt(text: str, kind: str, at: str) -> None:
    found = [(doubt.kind, text[doubt.start : doubt.end], doubt.text) for doubt in READER.read(text).doubts]
    assert found == [(kind, at, at)]
    assert READER.read(text).doubts[0].message == DOUBTS[kind]


@pytest.mark.parametrize(
    "text",
    [
        "UBND xã họp ngày 29/2/2028 với TT HĐND và CT UBND.",
        "ĐT 0912 345 678, 0271 3666 777, +84 912 345 678, 19001006, 113.",
        "Mã số thuế 3800123456, số tài khoản 5600205123456.",
        "KH số 15/KH-UBND; TT Tân Khai; TT 12/2025/TT-BCA.",
        "Quý IV, khóa XVI, lần thứ II.",
        "Đồng bào S'tiêng ở Đắk Ơ.",
        "THÔNG BÁO VỀ VIỆC CẤP NƯỚC",
    ],
)
def test_has_no_doubt_about_what_it_knows(text: str) -> None:
    assert READER.read(text).doubts == ()


def test_places_are_those_of_the_text_as_written() -> None:
    text = unicodedata.normalize("NFD", "Ngày hội ở ấp\u200b Tân: QLXKT họp ngày 31/2.")
    doubts = READER.read(text).doubts
    assert [text[doubt.start : doubt.end] for doubt in doubts] == ["QLXKT", "31/2"]
    assert [text[span.start : span.end] for span in READER.read(text).spans] == ["QLXKT", "31/2"]


def test_a_day_that_does_not_exist_is_still_said() -> None:
    assert READER.read("Ngày 31/2.").spoken == "Ngày ba mươi mốt tháng hai."


def test_options() -> None:
    south = Reader(default_lexicon(), Options(thousand="ngàn", zero="lẻ", party="Thành ủy"))
    assert south.read("Thu 1.005đ theo 12-CT/TU.").spoken == (
        "Thu một ngàn không trăm lẻ năm đồng theo mười hai chỉ thị trên Thành ủy."
    )


def test_short_reading_drops_the_symbols_where_the_issuer_is_named() -> None:
    short = Reader(default_lexicon(), Options(slash=False))
    text = "Theo Kế hoạch số 77/KH-UBND ngày 03/4/2026 của UBND tỉnh."
    assert short.read(text).spoken == (
        "Theo Kế hoạch số bảy mươi bảy ngày ba tháng tư năm hai nghìn không trăm hai mươi sáu của Ủy ban nhân dân tỉnh."
    )
    assert short.read("Số: 77/KH-UBND").spoken == "Số: bảy mươi bảy kế hoạch Ủy ban nhân dân"


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("01", Options(party="Thành ủy")),
        ("70", Options("ngàn", "lẻ")),
        ("75", Options("ngàn", "lẻ", party="Thành ủy")),
        ("22", Options(party="Thành ủy")),
        ("24", Options(party="Thành ủy")),
        ("79", Options("ngàn", "lẻ", party="Thành ủy")),
        ("46", Options(party="Thành ủy")),
        ("25195", Options()),
        ("", Options()),
        ("x9", Options()),
    ],
)
def test_options_of_a_province(code: str, options: Options) -> None:
    assert options_for(code) == options
