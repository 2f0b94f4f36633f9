"""Several sentences in a row: what ends one has no say in the next, and headings may stand in the middle of a line."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.tts.saying import READER, spoken

SENTENCES = [
    "Nghỉ lễ 02 ngày.",
    "Trực 24/24 giờ.",
    "Có 4/11 ấp bị ngập.",
    "4/11 ấp bị ngập.",
    "Sầu riêng giá 95k.",
    "Dừa khô giá 120k/chục.",
    "Họp lúc 7h30 T7, CN.",
    "Nhà máy mở cửa từ 6h-22h.",
    "Bảo hành 24T.",
    "Gửi xe trước 20h45.",
    "HA bình thường < 140/90mmHg.",
    "Xe tải > 8T đi đường ĐH.07.",
    "Tỷ số 2-1.",
    "15/20 hộ đã nhận tiền.",
    "Mưa 50-70mm, gió cấp 6-7.",
    "Nộp tại UBND phường.",
    "TT Y tế khám từ 7g.",
    "Còn 3-5 ngày nữa là hạn chót.",
    "Đạt 98,5%.",
    "3/8 là ngày cuối.",
]


@pytest.mark.parametrize("first", SENTENCES)
def test_a_sentence_reads_the_same_behind_any_other(first: str) -> None:
    for one, two in permutations(SENTENCES, 2):
        if one == first:
            assert spoken(f"{one} {two}") == f"{spoken(one)} {spoken(two)}"


@pytest.mark.parametrize("end", ["Kinh phí 45 triệu đồng.", "Xong trước 13/02.", "Có 11 hộ.", "Họp từ 6h-22h."])
def test_headings_in_the_middle_of_a_line(end: str) -> None:
    said = spoken(end)
    assert spoken(f"{end} 2.1. Về giao thông: sửa cầu.") == f"{said} Hai chấm một. Về giao thông: sửa cầu."
    assert spoken(f"{end} IV. KINH PHÍ") == f"{said} Bốn. Kinh Phí"
    assert spoken(f"{end} I. Thời gian: sáng mai.") == f"{said} Một. Thời gian: sáng mai."
    assert spoken(f"{end} + Hỗ trợ một lần.") == f"{said} Hỗ trợ một lần."
    points = spoken(f"{end} a/ Đối với ấp: họp; b/ Đối với trường: báo.").replace(",", "")
    assert points == f"{said} A Đối với ấp: họp; bê Đối với trường: báo."


@pytest.mark.parametrize("text", ["Tại P. Tân Khai.", "Đi TP. Hồ Chí Minh.", "Họp ở KP. 3."])
def test_the_dot_of_a_shortening_ends_no_sentence(text: str) -> None:
    assert spoken(text).count(".") == 1


def test_a_house_letter_before_a_name_is_no_unit_and_at_the_end_it_is() -> None:
    assert spoken("Số nhà 128A Trần Hưng Đạo.").endswith("a Trần Hưng Đạo.")
    assert spoken("Giá vé 95K. Dừa khô.") == "Giá vé chín mươi lăm nghìn. Dừa khô."


TYPED = [
    "Gọi 0900 123 456 hoặc 1900 9000.",
    "Gió cấp 11-12 (103-133 km/h), giật cấp 15.",
    "Lưu lượng 120 m3/s từ 14h chiều nay.",
    "Khoảng 1/3 số hộ chưa có nước.",
    "Họp lúc 7h30 ngày 5/6 tại KP 3, TDP 2.",
    "Giá 147.500 đ/kg (+1.500đ).",
    "Gia đình bà Ba (62t) và cháu N. (8t).",
    "Gọi (0271) 3.666.113.",
    "Thương binh hạng 1/4, 2/4 và 3/4.",
    "TYT phường tiêm vắc xin 24/24.",
]


@pytest.mark.parametrize("text", TYPED)
def test_spaces_typed_twice_and_tabs_change_nothing(text: str) -> None:
    assert spoken(text.replace(" ", "  ")) == spoken(text)
    assert spoken(text.replace(" ", "\t")) == spoken(text)
    assert spoken(text.replace("(", "( ").replace(")", " )")) == spoken(text)
    assert spoken(f"{text}  ") == spoken(text)


@pytest.mark.parametrize("text", TYPED)
def test_offsets_point_into_the_text_as_typed(text: str) -> None:
    wide = text.replace(" ", "   ")
    for span in READER.read(wide).spans:
        assert wide[span.start : span.end].strip() != ""
    assert [span.rule for span in READER.read(wide).spans] == [span.rule for span in READER.read(text).spans]


@pytest.mark.parametrize("text", TYPED)
def test_a_heading_a_bullet_or_an_opening_before_a_sentence_changes_no_word(text: str) -> None:
    said = spoken(text)
    assert spoken(f"THÔNG BÁO\n{text}").split("\n")[1] == said
    assert spoken(f"- {text}") == said
    assert spoken(f"Xin báo tin: {text}").lower() == f"xin báo tin: {said}".lower()


def test_a_notice_is_no_alarm() -> None:
    for number in (111, 112, 113, 114, 115):
        words = spoken(f"Thông báo: thửa đất số {number}, tờ số 2.")
        assert "một trăm mười" in words
        assert "một trăm mười" in spoken(f"Thông báo: thu đạt {number}% dự toán, vượt chỉ tiêu.")
        assert "một một" in spoken(f"Ai thấy xin báo {number}.")
