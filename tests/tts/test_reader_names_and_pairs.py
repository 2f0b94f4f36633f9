"""Numbers that belong to names, and numbers in pairs that are no range: generated, class by class."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.tts.saying import NUMBERS, READER, said, spoken
from tts.lexicon import default_lexicon

RATINGS = {"12V": "mười hai vôn", "5A": "năm am-pe", "50Hz": "năm mươi héc", "100W": "một trăm oát"}
SIDES = {"N": "vĩ Bắc", "E": "kinh Đông"}


def test_the_first_days_of_a_lunar_month_are_a_range_and_no_date() -> None:
    for first in range(1, 10):
        for last in range(first + 1, 11):
            words = f"Nghỉ từ mùng {said(first)} đến mùng {said(last)} Tết."
            assert spoken(f"Nghỉ từ mùng {first}-{last} Tết.") == words
            assert spoken(f"Nghỉ từ mùng {first} - {last} Tết.") == words


@pytest.mark.parametrize("written", ["mùng 5-1", "mồng 5-5", "mùng 8-12"])
def test_what_does_not_go_up_to_the_tenth_is_no_range_of_first_days(written: str) -> None:
    assert "đến" not in spoken(f"Họp {written}.")


def test_months_of_a_report_are_no_tons() -> None:
    for months in range(1, 13):
        assert spoken(f"Kết quả {months}T/2026.") == f"Kết quả {said(months)} tháng năm {said(2026)}."
        assert spoken(f"Thu {months}T đầu năm tăng.") == f"Thu {said(months)} tháng đầu năm tăng."
        assert spoken(f"Xe chở {months}T hàng.") == f"Xe chở {said(months)} tấn hàng."


def test_degrees_behind_a_range_are_no_month() -> None:
    for low in range(1, 12):
        words = f"Bảo quản lúc bảy giờ ở {said(low)} đến {said(low + 1)} độ xê."
        assert spoken(f"Bảo quản lúc 7h ở {low}-{low + 1}°C.") == words


def test_the_ratings_of_a_machine_are_a_list() -> None:
    for one, two in permutations(RATINGS, 2):
        assert spoken(f"Đèn led {one}-{two}.") == f"Đèn led {RATINGS[one]}, {RATINGS[two]}."


def test_one_rating_with_two_numbers_is_a_range() -> None:
    assert spoken("Nguồn 12V-24V, 50W-100W.") == (
        "Nguồn mười hai vôn đến hai mươi tư vôn, năm mươi oát đến một trăm oát."
    )


def test_two_coordinates_of_one_side_are_a_stretch_and_of_two_sides_a_point() -> None:
    for side, words in SIDES.items():
        stretch = f"mười phẩy năm độ {words} đến mười hai phẩy không độ {words}"
        assert spoken(f"Vùng 10,5{side}-12,0{side} có gió.") == f"Vùng {stretch} có gió."
    point = "mười phẩy năm độ vĩ Bắc, một trăm mười phẩy năm độ kinh Đông"
    assert spoken("Tâm bão ở 10,5N-110,5E.") == f"Tâm bão ở {point}."


@pytest.mark.parametrize("arrow", ["->", "→", " -> ", " → "])
def test_an_arrow_between_names_that_differ_in_their_number_is_a_range(arrow: str) -> None:
    for first in range(2, 7):
        last = first + 1
        assert spoken(f"Ấp {first}{arrow}ấp {last}.") == f"Ấp {said(first)} đến ấp {said(last)}."
    assert spoken(f"Trực T2{arrow}T6.") == "Trực thứ hai đến thứ sáu."
    assert "đến" not in spoken(f"Đi QL13{arrow}ĐT741.")


@pytest.mark.parametrize("house", ["Hẻm", "Số nhà", "Ngõ", "Kiệt"])
def test_every_house_of_a_list_is_a_house(house: str) -> None:
    for lane in range(1, 13):
        words = f"{house} năm, {said(lane)} trên ba, mười hai a mất nước."
        assert spoken(f"{house} 5, {lane}/3, 12A mất nước.") == words


def test_a_room_has_three_digits_and_a_ward_fewer() -> None:
    for number in range(101, 400, 7):
        assert spoken(f"Nộp tại P.{number}.") == f"Nộp tại phòng {said(number)}."
        assert spoken(f"Đi từ P. {number % 28 + 1} về.") == f"Đi từ phường {said(number % 28 + 1)} về."


def test_the_zeros_of_a_name_are_said_behind_its_dash() -> None:
    for number in range(1, 10):
        assert spoken(f"Lô BT2-0{number} còn trống.").endswith(f"hai không {said(number)} còn trống.")
    assert spoken("Thông báo số IB2600123456-00.").endswith("bốn năm sáu, không không.")


@pytest.mark.parametrize("code", ["V.07.04.32", "V.08.01.03", "VIII.06.02.01"])
def test_the_code_of_a_post_is_said_part_by_part(code: str) -> None:
    letters, *parts = code.split(".")
    words = " chấm ".join([READER.read(letters).spoken and _spelled(letters), *(NUMBERS.serial(p) for p in parts)])
    assert spoken(f"Giáo viên hạng III ({code}).") == f"Giáo viên hạng ba, {words}."


def _spelled(letters: str) -> str:
    return default_lexicon().spell(letters)


def test_the_rank_of_an_official_is_no_thousand() -> None:
    assert spoken("Chuyên viên, mã ngạch 01.003.") == "Chuyên viên, mã ngạch không một chấm không không ba."
    assert spoken("Thu hoạch 01.003 tấn.").startswith("Thu hoạch một")


@pytest.mark.parametrize("letter", ["T", "V", "K", "N"])
@pytest.mark.parametrize("title", ["bà", "ông", "đồng chí", "em"])
def test_the_middle_letter_of_a_name_is_spelled(title: str, letter: str) -> None:
    words = f"Mời {title} Ngô {_spelled(letter)} Kim Oanh dự họp."
    assert spoken(f"Mời {title} Ngô {letter}. Kim Oanh dự họp.") == words


def test_an_age_in_brackets_behind_a_name_is_no_weight() -> None:
    for age in range(1, 100, 7):
        assert spoken(f"Cụ Lê Văn Ba ({age}t) đi lạc.") == f"Cụ Lê Văn Ba, {said(age)} tuổi, đi lạc."
    assert spoken("Xe cẩu (8t) vào chợ.") == "Xe cẩu, tám tấn, vào chợ."


@pytest.mark.parametrize("asked", ["dấu cách", "họ tên", "mã thẻ", "số điện thoại"])
def test_what_a_message_asks_for_between_angles_is_said(asked: str) -> None:
    assert spoken(f"Soạn HT <{asked}> gửi đi.").count(asked) == 1
    assert "lớn hơn" not in spoken(f"Soạn HT <{asked}> gửi đi.")


@pytest.mark.parametrize("tag", ["<b>", "</b>", "<br/>", '<a href="x">', "<speak>", "<!-- lời -->"])
def test_markup_is_not_said(tag: str) -> None:
    assert spoken(f"Kính {tag} báo.") == "Kính báo."


def test_two_sides_of_a_match_are_no_range() -> None:
    for number in range(1, 9):
        words = f"Trận ấp {said(number)}, ấp chín lúc mười bảy giờ."
        assert spoken(f"Trận ấp {number} - ấp 9 lúc 17h.") == words
        assert spoken(f"Mất nước ấp {number} - ấp 9.") == f"Mất nước ấp {said(number)} đến ấp chín."


def test_a_change_of_a_price_in_brackets_keeps_its_sign() -> None:
    assert spoken("Xăng 20.350đ (-210đ).") == "Xăng hai mươi nghìn ba trăm năm mươi đồng, giảm hai trăm mười đồng."
    assert spoken("Dầu 18.000đ (+1.200đ).") == "Dầu mười tám nghìn đồng, tăng một nghìn hai trăm đồng."


@pytest.mark.parametrize("sign", ["≥", "<", ">", "≤"])
@pytest.mark.parametrize("who", ["người", "nữ", "trẻ", "học sinh"])
def test_people_are_so_many_years_old_and_weigh_no_tons(who: str, sign: str) -> None:
    for age in range(2, 90, 11):
        assert f"{said(age)} tuổi" in spoken(f"Khám cho {who} {sign} {age}t.")
        assert f"{said(age)} tấn" in spoken(f"Cấm tải trọng {sign} {age}t.")


def test_two_hours_with_a_slash_are_both_hours() -> None:
    for hour in range(6, 12):
        words = f"Phát lúc {said(hour)} giờ ba mươi phút {said(hour + 7)} giờ mười lăm phút."
        assert spoken(f"Phát lúc {hour}h30/{hour + 7}h15.") == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [("50k/VĐV", "năm mươi nghìn một vận động viên"), ("300k/HS", "ba trăm nghìn một học sinh")],
)
def test_a_price_for_each_of_an_abbreviation_is_no_document(rate: str, words: str) -> None:
    assert spoken(f"Lệ phí {rate}.") == f"Lệ phí {words}."


def test_days_of_the_week_with_slashes() -> None:
    assert spoken("Học các ngày 2/4/6.") == "Học các ngày hai, bốn, sáu."
    assert spoken("Học vào thứ 3/5/7.") == "Học vào thứ ba, năm, bảy."
    assert spoken("Học vào thứ 2/4/6.") == "Học vào thứ hai, tư, sáu."


def test_a_weekday_behind_another_clause_is_no_numbered_store() -> None:
    for day, words in (("T2", "hai"), ("T3", "ba"), ("T7", "bảy")):
        assert spoken(f"Ăn cá kho; {day}: bún.") == f"Ăn cá kho; thứ {words}: bún."


def test_points_have_decimals_and_money_has_none() -> None:
    assert spoken("Em An đạt 29,25đ khối D.") == "Em An đạt hai mươi chín phẩy hai mươi lăm điểm khối đê."
    assert spoken("Gửi xe 2.000đ, gạo 12,5k/kg.").startswith("Gửi xe hai nghìn đồng")


def test_an_hour_and_its_day_are_no_range() -> None:
    for day in range(13, 31):
        words = f"Nộp trước mười sáu giờ ba mươi phút, ngày {said(day)} tháng mười hai."
        assert spoken(f"Nộp trước 16h30 - {day}/12.") == words
        assert "đến" not in spoken(f"Họp thứ 6 - {day}/12.")


def test_seconds_are_told_from_a_closing_quotation_mark() -> None:
    for seconds in range(5, 60, 5):
        assert spoken(f'Mỗi hồi {seconds}" rồi nghỉ.') == f"Mỗi hồi {said(seconds)} giây rồi nghỉ."
        assert "giây" not in spoken(f'Phong trào "đủ {seconds}" của xã.')


@pytest.mark.parametrize(
    ("point", "words"), [("T-TB", "Tây Tây Bắc"), ("TTB", "Tây Tây Bắc"), ("Đ-ĐN", "Đông Đông Nam")]
)
def test_the_points_of_the_compass_in_storm_bulletins(point: str, words: str) -> None:
    assert spoken(f"Bão di chuyển về hướng {point}.") == f"Bão di chuyển về hướng {words}."


@pytest.mark.parametrize(("letter", "word"), [("a", "anh"), ("c", "chị"), ("A", "anh"), ("C", "chị")])
def test_a_letter_before_the_name_of_whom_to_call(letter: str, word: str) -> None:
    assert spoken(f"Liên hệ {letter}. Hùng.") == f"Liên hệ {word} Hùng."


def test_the_ratios_of_a_list_have_one_denominator_and_are_no_days() -> None:
    for whole in range(4, 10):
        words = f"hai trên {said(whole)}, ba trên {said(whole)} và bốn trên {said(whole)}"
        assert spoken(f"Thương binh hạng 2/{whole}, 3/{whole} và 4/{whole}.") == f"Thương binh hạng {words}."


def test_a_match_whose_score_stands_in_brackets() -> None:
    for goals in range(4):
        words = f"Vòng loại: ấp ba, ấp tám, {said(goals)} một."
        assert spoken(f"Vòng loại: ấp 3 - ấp 8 ({goals}-1).") == words


def test_a_day_that_opens_a_sentence_is_no_range() -> None:
    for month in range(2, 13):
        named = "tư" if month == 4 else said(month)
        assert spoken(f"Từ 1-{month}, xã thu phí mới.") == f"Từ ngày một tháng {named}, xã thu phí mới."
        assert "đến" in spoken(f"Từ 1-{month} tuổi.")
