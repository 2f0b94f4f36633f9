"""Meanings chosen by what stands right behind: a weight, a full date, a house, a quotation mark, capitals."""

from __future__ import annotations

import pytest

from tests.tts.saying import said, spoken
from tts.lexicon import default_lexicon


@pytest.mark.parametrize(("unit", "words"), [("kg", "ki-lô-gam"), ("g", "gam"), ("tấn", "tấn"), ("tạ", "tạ")])
def test_tl_and_kl_before_a_weight(unit: str, words: str) -> None:
    for amount in (2, 25, 50):
        assert spoken(f"Bao TL {amount} {unit}.") == f"Bao trọng lượng {said(amount)} {words}."
        assert spoken(f"Bao KL {amount}{unit}.") == f"Bao khối lượng {said(amount)} {words}."
    assert spoken("Sửa TL 2 xong.") == "Sửa tỉnh lộ hai xong."


@pytest.mark.parametrize("person", ["Ông Ba", "Bà Lan", "Cháu Hoa"])
def test_sn_before_a_year_a_full_date_and_a_house(person: str) -> None:
    for year in (1945, 1985, 2019):
        assert spoken(f"{person}, SN {year}.") == f"{person}, sinh năm {said(year)}."
        assert spoken(f"{person}, SN: 1/6/{year}.").endswith(f"ngày một tháng sáu năm {said(year)}.")
        assert "sinh năm" not in spoken(f"{person}, SN: 1/6/{year}.")
    for house in (7, 27, 128):
        assert spoken(f"{person}, SN {house}, tổ 4.") == f"{person}, số nhà {said(house)}, tổ bốn."
        assert spoken(f"{person}, SN {house} đường 30/4.").startswith(f"{person}, số nhà {said(house)} đường")
        assert spoken(f"{person}, SN {house}/5 Lê Lợi.") == f"{person}, số nhà {said(house)} trên năm Lê Lợi."


@pytest.mark.parametrize(
    ("short", "words"),
    [("CT", "chương trình"), ("PT", "phong trào"), ("CV", "cuộc vận động"), ("CĐ", "chuyên đề"), ("KH", "kế hoạch")],
)
@pytest.mark.parametrize(("opened", "closed"), [('"', '"'), ("“", "”")])
def test_what_has_a_name_in_quotation_marks(short: str, words: str, opened: str, closed: str) -> None:
    assert spoken(f"Xã có {short} {opened}Tiếp bước đến trường{closed}.") == f"Xã có {words} Tiếp bước đến trường."


@pytest.mark.parametrize("office", ["KTN", "TCHC", "NVYT", "QLDA", "KTNB"])
def test_p_before_a_shortening_is_no_ward(office: str) -> None:
    assert spoken(f"Nộp tại P.{office}.").lower().startswith("nộp tại phòng ")
    assert spoken("Nộp tại P. AN LỘC.") == "Nộp tại phường An Lộc."
    assert spoken("Nộp tại P. Tân Đồng.") == "Nộp tại phường Tân Đồng."


@pytest.mark.parametrize("call", ["Liên hệ", "LH:", "Gặp", "Hỏi"])
def test_each_of_those_to_be_called_has_a_title(call: str) -> None:
    words = spoken(f"{call} bà Mai, A. Hùng hoặc C. Lan.")
    assert words.endswith("bà Mai, anh Hùng hoặc chị Lan.")
    assert spoken("Cam có vitamin C. Bà con dùng.") == "Cam có vitamin xê. Bà con dùng."


@pytest.mark.parametrize("title", ["Cháu", "Bà", "Ông", "Em"])
def test_the_dot_of_an_initial_before_a_comma_ends_no_sentence(title: str) -> None:
    for age in range(2, 90, 11):
        assert spoken(f"{title} N., {age} tuổi, đi lạc.") == f"{title} en, {said(age)} tuổi, đi lạc."
        assert spoken(f"{title} L.T.H, {age}t, đi lạc.") == f"{title} e lờ tê hát, {said(age)} tuổi, đi lạc."


def test_letters_behind_a_roman_numeral() -> None:
    for letter in "abcde":
        name = default_lexicon().spell(letter)
        assert spoken(f"Phụ lục II{letter} kèm theo.") == f"Phụ lục hai {name} kèm theo."
        assert spoken(f"Phụ lục II{letter.upper()} kèm theo.") == f"Phụ lục hai {name} kèm theo."


def test_years_of_a_poverty_line_are_no_standard() -> None:
    for first in (2016, 2021, 2022):
        words = f"Hộ nghèo chuẩn {said(first)} đến {said(first + 4)}."
        assert spoken(f"Hộ nghèo chuẩn {first}-{first + 4}.") == words
    assert "đến" not in spoken("Đạt TCVN 5687-2010.")


@pytest.mark.parametrize("sign", ["mạch", "nhịp tim", "nhịp thở"])
def test_a_pulse_has_beats_and_a_pump_litres(sign: str) -> None:
    for rate in range(60, 120, 20):
        assert spoken(f"Đo {sign} {rate} l/p.") == f"Đo {sign} {said(rate)} lần trên phút."
        assert spoken(f"Bơm {rate} l/p.") == f"Bơm {said(rate)} lít trên phút."
