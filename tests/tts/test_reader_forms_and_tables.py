"""Lines of tables, blanks of forms, millions with a tail, limits that are shares, names of storms: generated."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.tts.saying import said, spoken
from tts.lexicon import default_lexicon


@pytest.mark.parametrize("label", ["Ấp", "Tổ", "Thôn", "Khu phố", "Đội"])
@pytest.mark.parametrize("thing", ["hộ", "người", "hội viên"])
def test_a_line_of_a_table_is_no_range(label: str, thing: str) -> None:
    for number, count in ((1, 312), (4, 45), (9, 120)):
        words = f"{label} {said(number)}, {said(count)} {thing}, chín mươi phần trăm."
        assert spoken(f"{label} {number} - {count} {thing} - 90%.") == words
    assert spoken(f"{label} 1 - 6 mất điện.") == f"{label} một đến sáu mất điện."
    assert spoken(f"Từ {label.lower()} 3 - 5 hộ dân ra quân.").count("đến") == 1


def test_a_line_of_buses_that_goes_down_is_a_name() -> None:
    for number in range(3, 9):
        assert spoken(f"Xe buýt tuyến 62-{number}.") == f"Xe buýt tuyến sáu mươi hai {said(number)}."
    assert spoken("Tuyến 3-5.") == "Tuyến ba đến năm."


@pytest.mark.parametrize("thing", ["nhóm", "tổ", "đội", "ấp"])
def test_a_dashed_day_that_no_range_could_be_stays_a_day(thing: str) -> None:
    for day, month in ((15, 11), (20, 10), (12, 3), (30, 4)):
        words = f"ngày {said(day)} tháng {'tư' if month == 4 else said(month)} {thing} ba dự."
        assert spoken(f"Họp ngày {day}-{month} {thing} 3 dự.") == f"Họp {words}"
    assert spoken("Mời 10-12 đội.") == "Mời mười đến mười hai đội."


@pytest.mark.parametrize("blank", ["…", "...", "....", "……", "__"])
def test_a_date_that_is_not_filled_in(blank: str) -> None:
    for year in (2025, 2026, 2031):
        assert spoken(f"Hẹn ngày {blank}/{blank}/{year} trả.") == f"Hẹn ngày, tháng, năm {said(year)} trả."


@pytest.mark.parametrize("millions", [1, 2, 12])
def test_millions_with_three_digits_behind(millions: int) -> None:
    for tail in (150, 250, 500, 750):
        assert spoken(f"Giá {millions}tr{tail}.") == f"Giá {said(millions)} triệu {said(tail)}."
        assert spoken(f"Giá {millions}tr{tail}k.") == f"Giá {said(millions)} triệu {said(tail)} nghìn."
    assert spoken(f"Giá {millions}tr5.") == f"Giá {said(millions)} triệu năm."


@pytest.mark.parametrize(
    ("sign", "words"),
    [("<", "dưới {0}"), (">", "trên {0}"), ("≤", "không quá {0}"), ("≥", "từ {0} trở lên")],
)
def test_a_share_as_a_limit(sign: str, words: str) -> None:
    for part, whole in combinations((1, 3, 4, 5, 7), 2):
        share = f"{said(part)} phần {'tư' if whole == 4 else said(whole)}"
        assert spoken(f"Thu hồi {sign} {part}/{whole}.") == f"Thu hồi {words.format(share)}."
        counted = f"{said(part)} trên {said(whole)} tiêu chí"
        assert spoken(f"Đạt {sign} {part}/{whole} tiêu chí.") == f"Đạt {words.format(counted)}."


@pytest.mark.parametrize("verb", ["Thu hồi", "Hiến", "Lấn chiếm"])
def test_a_part_of_a_plot_is_a_share_and_plots_are_counted(verb: str) -> None:
    for whole in range(2, 9):
        words = "tư" if whole == 4 else said(whole)
        assert spoken(f"{verb} 1/{whole} thửa đất.") == f"{verb} một phần {words} thửa đất."
    assert spoken("Đã đo 5/8 thửa đất.") == "Đã đo năm trên tám thửa đất."


@pytest.mark.parametrize("storm", ["FENGSHEN", "KALMAEGI", "RAGASA", "WIPHA", "DOKSURI"])
def test_the_name_of_a_storm_is_a_word(storm: str) -> None:
    assert spoken(f"Tin bão số 9 ({storm}) mới.") == f"Tin bão số chín, {storm.capitalize()}, mới."
    assert spoken(f"Siêu bão {storm} mạnh.") == f"Siêu bão {storm.capitalize()} mạnh."


@pytest.mark.parametrize("letter", ["X", "V"])
def test_a_letter_that_equals_a_number_is_no_numeral(letter: str) -> None:
    name = default_lexicon().spell(letter)
    assert spoken(f"Tọa độ {letter}=125.") == f"Tọa độ {name} bằng một trăm hai mươi lăm."


@pytest.mark.parametrize("number", range(1, 10))
def test_a_heading_with_a_slash_and_a_dot(number: int) -> None:
    assert spoken(f"{number}/. Mục đích") == f"{said(number).capitalize()}. Mục đích"


def test_people_behind_a_count_and_what_was_set() -> None:
    for count in range(2, 40, 5):
        assert spoken(f"Bắt {count} ĐT.") == f"Bắt {said(count)} đối tượng."
        assert spoken(f"Đã khám {count} CD.") == f"Đã khám {said(count)} công dân."
        assert spoken(f"Giao quân {count}/{count} TN.") == f"Giao quân {said(count)} trên {said(count)} thanh niên."
        assert spoken(f"Đạt {count}% CT.") == f"Đạt {said(count)} phần trăm chỉ tiêu."


@pytest.mark.parametrize("host", ["trường", "hội phụ nữ", "đội văn nghệ", "chi hội", "ban CHQS", "năm sau"])
def test_nothing_has_more_parts_than_it_has(host: str) -> None:
    for day, month in ((20, 11), (22, 12), (26, 3), (31, 1)):
        words = f"ngày {said(day)} tháng {said(month)} "
        assert words in spoken(f"Kế hoạch: {day}/{month} {host} tổ chức.").lower()


def test_a_ratio_that_is_named_may_exceed_the_whole() -> None:
    for done in range(11, 16):
        assert spoken(f"Đạt {done}/10 chỉ tiêu.") == f"Đạt {said(done)} trên mười chỉ tiêu."


@pytest.mark.parametrize("limit", ["trên", "dưới", "từ", "đủ"])
@pytest.mark.parametrize("who", ["người", "nữ", "trẻ", "nam"])
def test_people_above_and_below_an_age(who: str, limit: str) -> None:
    for age in range(3, 80, 13):
        assert f"{said(age)} tuổi" in spoken(f"Khám cho {who} {limit} {age}t.")
        assert f"{said(age)} tấn" in spoken(f"Cấm xe tải {limit} {age}t.")


@pytest.mark.parametrize("verb", ["giảm", "tăng", "còn", "bằng"])
def test_a_share_that_ends_the_clause(verb: str) -> None:
    for part, whole in combinations((1, 2, 3, 5), 2):
        words = f"Học phí {verb} {said(part)} phần {said(whole)}."
        assert spoken(f"Học phí {verb} {part}/{whole}.") == words


@pytest.mark.parametrize("vessel", ["thùng", "bình", "hộp", "bao", "can"])
def test_a_part_of_a_vessel_is_a_share(vessel: str) -> None:
    assert spoken(f"Đổ 3/4 {vessel}.") == f"Đổ ba phần tư {vessel}."


@pytest.mark.parametrize("place", ["Nông trường", "Tuyến đường", "Bệnh viện", "Chi đoàn"])
@pytest.mark.parametrize(("day", "month"), [(2, 9), (30, 4), (26, 3), (19, 5)])
def test_places_named_for_a_feast(place: str, day: int, month: int) -> None:
    name = "tư" if month == 4 else said(month)
    for mark in ("-", "/"):
        words = spoken(f"{place} {day}{mark}{month} hoạt động.").replace("ngày ", "")
        assert words == f"{place} {said(day)} tháng {name} hoạt động."


@pytest.mark.parametrize("part", ["Quý", "Đợt", "Kỳ"])
def test_two_parts_of_a_year(part: str) -> None:
    for joint, words in (("+", " và "), (" & ", " và "), ("-", " đến "), (", ", ", ")):
        assert spoken(f"{part} 1{joint}2/2026.") == f"{part} một{words}hai năm {said(2026)}."
