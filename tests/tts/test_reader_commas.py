"""Commas without a space, and dashes with and without: the same words however it is typed."""

from __future__ import annotations

import pytest

from tests.tts.saying import said, spoken
from tts.reader.commas import PARTING, parted


@pytest.mark.parametrize(
    "text",
    [
        "Họp 19h30,06/12 tại xã.",
        "Họp 7g30,12 người dự.",
        "Chạy từ 5h30-18h15,20 phút một chuyến.",
        "Nộp trước 17h00,30/11.",
        "Mở 14:00,21/12/2026 tại xã.",
        "Từ ngày 01/12/2026,8 hộ dời đi.",
        "Phun ngày 4/10,11/10,18/10.",
        "Hạng 1/4,2/4,3/4.",
        "Hội thao từ 7-9/12,4 nội dung.",
        "Trực 31/12,1-3/1.",
        "Tỷ số 3-1 (25-21,23-25,25-19).",
        "Ấp 1-3,5-7 mất nước.",
        "Gọi 113,114,115.",
        "Gọi 111 (trẻ em),113,114.",
        "Theo biểu 01,02,03.",
        "Các ngày 02,03,04/12/2026.",
        "Họp thứ 5,10/12.",
        "Tập T3,13/10 và thứ 6,27/11.",
        "Tại ấp 6,8h00-15h30.",
        "Tập thứ 2,4,6,17h30-19h.",
    ],
)
def test_a_parting_comma_needs_no_space(text: str) -> None:
    spaced = ", ".join(part.strip() for part in text.split(","))
    assert spoken(text) == spoken(spaced)


@pytest.mark.parametrize(
    "text",
    [
        "Tăng 2,5% so với 1,75%.",
        "Dài 12,5/15,3 km.",
        "Mưa 0,5-1,5mm.",
        "Nặng 3,05 tấn.",
        "Kéo dài 1,5h.",
        "Giá 113,5 triệu.",
        "Cao 1,2-1,5m.",
        "Đạt 12,5-13,5 tạ.",
    ],
)
def test_the_mark_of_a_decimal_stays(text: str) -> None:
    assert parted(text) == text
    assert "phẩy" in spoken(text)


def test_the_length_stays_and_only_commas_change() -> None:
    text = "Họp 19h30,06/12; gọi 113,114; nặng 2,5kg."
    changed = parted(text)
    assert len(changed) == len(text)
    assert changed.replace(PARTING, ",") == text
    assert changed.count(PARTING) == 2


@pytest.mark.parametrize("lead", ["Đường số", "Tiêu chí số", "Thửa số", "Tờ số", "Ấp số"])
def test_numbers_of_things_are_a_list(lead: str) -> None:
    for number in range(2, 30, 3):
        assert spoken(f"{lead} {number},{number + 2} xong.") == f"{lead} {said(number)}, {said(number + 2)} xong."


def test_whole_numbers_that_go_up_to_a_last_one_are_a_list() -> None:
    for number in range(2, 60, 5):
        words = f"{said(number)}, {said(number + 3)} và {said(number + 9)}"
        assert spoken(f"Đổi thẻ ở các lứa {number},{number + 3} và {number + 9} tuổi.").count(words) == 1
        row = f"{said(number)}, {said(number + 1)} và {said(number + 2)}"
        assert spoken(f"Tiêm lúc {number},{number + 1} và {number + 2} lần.").count(row) == 1
    assert spoken("Tăng 2,4 và 6 lần.") == "Tăng hai phẩy bốn và sáu lần."
    assert spoken("Tăng 2,4 và 3,5%.").count("phẩy") == 2


PAIRS = [
    ("Gọi 0271-3888-999.", "Gọi 0271 - 3888 - 999."),
    ("Hiệu lực từ 01-01-2025.", "Hiệu lực từ 01 - 01 - 2025."),
    ("Vùng 11,5-13,0 độ vĩ Bắc.", "Vùng 11,5 - 13,0 độ vĩ Bắc."),
    ("Trực thứ 2-4-6.", "Trực thứ 2 - 4 - 6."),
    ("Bón NPK 16-16-8.", "Bón NPK 16 - 16 - 8."),
    ("Gọi 1800-1096.", "Gọi 1800 - 1096."),
    ("Lưu ở 2-8°C.", "Lưu ở 2 - 8 °C."),
    ("Thi công 22g-5g.", "Thi công 22 g - 5 g."),
    ("Mỗi tổ 3-5 người.", "Mỗi tổ 3 - 5 người."),
    ("Khu vực 11,5-13,0 độ.", "Khu vực 11,5 - 13,0 độ."),
    ("Mưa 48h qua.", "Mưa 48h00 qua."),
    ("Trực 24/24h.", "Trực 24/24h00."),
    ("Lúc 7h/23/9 nước lên.", "Lúc 7h00/23/9 nước lên."),
    ("Từ 1-7, người dân nộp.", "- Từ 1-7,người dân nộp."),
    ("Xếp thứ 4/12 đơn vị.", "Xếp thứ 04/12 đơn vị."),
    ("Lúc 02h14'35\" rung.", "Lúc 02g14'35\" rung."),
    ("Gọi 0913.881.234.", "Gọi 0913.881.234 ."),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_spaces_around_a_dash_change_no_word(one: str, other: str) -> None:
    assert spoken(one).replace(",", "") == spoken(other).replace(",", "")


def test_days_of_two_months_joined_by_a_word_are_two_days() -> None:
    for day in range(20, 31):
        words = f"Nghỉ ngày {said(day)} tháng tư và ngày một tháng năm."
        assert spoken(f"Nghỉ ngày {day}-4 và 1/5.") == words


def test_an_hour_before_the_day_leaves_no_doubt() -> None:
    for day in range(1, 10):
        words = f"Lúc không giờ ngày {said(day)} tháng mười hồ xả nước."
        assert spoken(f"Lúc 0h00 ngày {day:02}-10 hồ xả nước.") == words


def test_the_closing_mark_of_a_notice_is_silent_without_its_last_dot() -> None:
    assert spoken("Kính báo./") == spoken("Kính báo./.") == "Kính báo."
    assert spoken("Phạt 3.000.000đ./") == "Phạt ba triệu đồng."


@pytest.mark.parametrize("place", ["KP", "TDP"])
def test_places_of_one_glued_name_are_a_range(place: str) -> None:
    for number in range(1, 6):
        spaced = spoken(f"{place} {number}-{number + 3} mất điện.")
        assert spoken(f"{place}{number}-{number + 3} mất điện.") == spaced
        assert "đến" in spaced
    assert "đến" not in spoken("Lô LK1-05 còn trống.")


@pytest.mark.parametrize("unit", ["tỉ đồng", "tỷ đồng", "ngàn tỷ", "nghìn tỷ", "triệu đồng"])
def test_an_amount_behind_a_place_is_no_list(unit: str) -> None:
    assert "mười hai phẩy bảy mươi lăm" in spoken(f"Bố trí cho xã 12,75 {unit}.")


def test_a_single_quotation_mark_behind_a_number_is_no_minute() -> None:
    assert spoken("Gói thầu số 3 'Xây lắp'.") == "Gói thầu số ba Xây lắp."
    assert spoken("Nghỉ 5 ', thi 90'.") == "Nghỉ năm phút, thi chín mươi phút."
