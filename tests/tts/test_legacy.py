"""Old encodings are recognised by what they turn into, and Unicode is left alone."""

from __future__ import annotations

import unicodedata

import pytest

from tts.legacy import detect, from_tcvn3, from_vni

MOTTO = "Cộng hòa xã hội chủ nghĩa Việt Nam. Độc lập - Tự do - Hạnh phúc"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam. §éc lËp - Tù do - H¹nh phóc", MOTTO),
        ("Uû ban nh©n d©n x· T©n H\u00adng th«ng b¸o", "Uỷ ban nhân dân xã Tân Hưng thông báo"),
        ("ngµy 15 th¸ng 4 n¨m 2026", "ngày 15 tháng 4 năm 2026"),
        ("b·o ®ang m¹nh lªn, giã giËt cÊp 12", "bão đang mạnh lên, gió giật cấp 12"),
        ("THÞ TRÊN Léc Ninh", "THỊ TRẤN Lộc Ninh"),
    ],
)
def test_tcvn3_becomes_unicode(written: str, read: str) -> None:
    assert from_tcvn3(written) == read
    found = detect(written)
    assert found is not None
    assert found == ("TCVN3", read)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam. Ñoäc laäp - Töï do - Haïnh phuùc", MOTTO),
        ("UÛY BAN NHAÂN DAÂN XAÕ TAÂN HÖNG", "ỦY BAN NHÂN DÂN XÃ TÂN HƯNG"),
        ("thoâng baùo lòch caét ñieän thaùng 4 naêm 2026", "thông báo lịch cắt điện tháng 4 năm 2026"),
        ("möôøi löôïng vaøng, kyõ thuaät, lyù do", "mười lượng vàng, kỹ thuật, lý do"),
        ("baûo hieåm y teá, cöùu hoä, ñeán nôi", "bảo hiểm y tế, cứu hộ, đến nơi"),
    ],
)
def test_vni_becomes_unicode(written: str, read: str) -> None:
    assert from_vni(written) == read
    found = detect(written)
    assert found is not None
    assert found == ("VNI", read)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thong bao khong dau",
        MOTTO,
        "Ủy ban nhân dân xã Tân Hưng thông báo lịch cắt điện, nước từ 7h30.",
        "Ấp Sóc Ruộng, xã Đắk Ơ, đồng bào S'tiêng và M'nông",
        "ເມືອງ 한국어 ភាសាខ្មែរ",
        "café, naïve, déjà vu",
        "🎉🎉",
        "© 2026 UBND xã",
        "£5",
        "10 µm",
    ],
)
def test_unicode_and_foreign_text_is_left_alone(text: str) -> None:
    assert detect(text) is None


def test_decomposed_unicode_is_no_old_encoding() -> None:
    assert detect(unicodedata.normalize("NFD", MOTTO)) is None


def test_what_was_converted_is_not_converted_again() -> None:
    found = detect("Uû ban nh©n d©n x· th«ng b¸o")
    assert found is not None
    assert detect(found.text) is None
