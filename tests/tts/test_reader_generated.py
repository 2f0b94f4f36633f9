"""Forms crossed with forms: joints of ranges, papers with issuers, ways to a short number, scores."""

from __future__ import annotations

import itertools

import pytest

from tests.tts.saying import NUMBERS, READER, said

JOINTS = ["-", " - ", "–", " – ", "—", "÷", "~"]

PAPERS = {
    "KH": "kế hoạch",
    "TB": "thông báo",
    "QĐ": "quyết định",
    "BC": "báo cáo",
    "CV": "công văn",
    "TTr": "tờ trình",
    "GM": "giấy mời",
    "HD": "hướng dẫn",
    "CĐ": "công điện",
    "NQ": "nghị quyết",
    "CT": "chỉ thị",
    "KL": "kết luận",
    "QC": "quy chế",
    "BB": "biên bản",
}
ISSUERS = {
    "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân",
    "BCĐ": "Ban Chỉ đạo",
    "BCHQS": "Ban Chỉ huy quân sự",
    "HĐNVQS": "Hội đồng Nghĩa vụ quân sự",
    "TYT": "trạm y tế",
    "TTYT": "Trung tâm Y tế",
    "CAX": "công an xã",
    "SYT": "Sở Y tế",
    "SNNMT": "Sở Nông nghiệp và Môi trường",
    "BNV": "Bộ Nội vụ",
    "TTg": "Thủ tướng",
    "MTTQ": "Mặt trận Tổ quốc",
    "BCHPTDS": "Ban Chỉ huy phòng thủ dân sự",
    "HĐPHPBGDPL": "Hội đồng phối hợp phổ biến, giáo dục pháp luật",
}


@pytest.mark.parametrize(("paper", "issuer"), list(itertools.product(PAPERS, ISSUERS)))
def test_every_kind_of_paper_of_every_issuer(paper: str, issuer: str) -> None:
    spoken = f"Theo văn bản số không năm trên {PAPERS[paper]} {ISSUERS[issuer]} của xã."
    assert READER.read(f"Theo văn bản số 05/{paper}-{issuer} của xã.").spoken == spoken
    assert READER.read(f"Theo văn bản số 05/{paper}-{issuer} của xã.").doubts == ()


@pytest.mark.parametrize("joint", JOINTS)
def test_every_joint_of_a_range(joint: str) -> None:
    assert READER.read(f"Mưa 50{joint}70mm.").spoken == "Mưa năm mươi đến bảy mươi mi-li-mét."
    assert READER.read(f"Sau 3{joint}5 ngày.").spoken == "Sau ba đến năm ngày."
    assert READER.read(f"Giá 2,5{joint}3 triệu.").spoken == "Giá hai phẩy năm đến ba triệu."


@pytest.mark.parametrize(
    ("one", "two"), list(itertools.permutations(["phút", "giờ", "ngày", "tuần", "tháng", "năm"], 2))
)
def test_a_dash_between_two_sizes_is_a_range(one: str, two: str) -> None:
    assert READER.read(f"Kéo dài 6 {one} - 2 {two}.").spoken == f"Kéo dài sáu {one} đến hai {two}."


WEEKDAYS = ["Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy"]


@pytest.mark.parametrize(("one", "two"), list(itertools.combinations(WEEKDAYS, 2)))
def test_weekdays_in_words_and_a_dash(one: str, two: str) -> None:
    assert READER.read(f"Mở cửa thứ {one} - thứ {two}.").spoken == f"Mở cửa thứ {one} đến thứ {two}."


LEADS = ["gọi", "gọi ngay", "số trực", "tổng đài", "tổng đài quốc gia", "cấp cứu", "hotline", "gọi số", "báo ngay"]


@pytest.mark.parametrize(("lead", "number"), list(itertools.product(LEADS, [111, 112, 113, 114, 115])))
def test_short_numbers_are_digits_where_they_are_called(lead: str, number: int) -> None:
    digits = " ".join(NUMBERS.cardinal(digit) for digit in str(number))
    assert READER.read(f"Có cháy {lead} {number}.").spoken == f"Có cháy {lead} {digits}."


@pytest.mark.parametrize("thing", ["hộ", "người", "trường hợp", "ca", "cử tri", "học sinh"])
def test_short_numbers_before_things_are_counts(thing: str) -> None:
    for number in (111, 112, 113, 114, 115):
        assert READER.read(f"Xã báo {number} {thing}.").spoken == f"Xã báo {said(number)} {thing}."


@pytest.mark.parametrize("paper", ["Nghị quyết", "Chỉ thị", "Đề án", "Kết luận", "Quyết định"])
def test_a_papers_number_keeps_its_zero_and_a_count_does_not(paper: str) -> None:
    for number in range(1, 10):
        assert READER.read(f"{paper} 0{number} của tỉnh.").spoken == f"{paper} không {said(number)} của tỉnh."
        assert READER.read(f"{paper} 0{number} nội dung.").spoken == f"{paper} {said(number)} nội dung."


@pytest.mark.parametrize("name", ["Tân Khai - Minh Đức", "Ấp 1 - Ấp 3"])
def test_scores_have_nothing_between(name: str) -> None:
    spoken = {"1": "một", "3": "ba"}
    names = ", ".join(" ".join(spoken.get(word, word) for word in side.split()) for side in name.split(" - "))
    for one, two in itertools.product(range(5), repeat=2):
        assert READER.read(f"Kết quả {name}: {one}-{two}.").spoken == f"Kết quả {names}: {said(one)} {said(two)}."


MEASURES = {"kg": "ki-lô-gam", "lít": "lít", "m3": "mét khối", "viên": "viên", "con": "con", "phần quà": "phần quà"}
THINGS = ["rơm khô", "nước sạch", "phân chuồng hoai", "chế phẩm sinh học mới"]
SHARERS = ["con", "hộ", "gốc", "bình", "học sinh", "lu", "chuồng", "ngõ"]


@pytest.mark.parametrize(("unit", "thing"), list(itertools.product(MEASURES, THINGS)))
def test_behind_an_amount_of_something_a_slash_is_for_each(unit: str, thing: str) -> None:
    for each in SHARERS:
        spoken = f"Cần năm {MEASURES[unit]} {thing} một {each} một ngày."
        assert READER.read(f"Cần 5 {unit} {thing}/{each}/ngày.").spoken == spoken


@pytest.mark.parametrize(("one", "two"), [("hộ nghèo", "hộ cận nghèo"), ("cán bộ", "công chức"), ("nam", "nữ")])
def test_behind_a_count_of_people_a_slash_to_their_like_is_no_rate(one: str, two: str) -> None:
    for number in range(2, 40):
        assert READER.read(f"Mời {number} {one}/{two}.").spoken == f"Mời {said(number)} {one} {two}."


LIMITS = {
    "140/90": "một trăm bốn mươi trên chín mươi",
    "2/3 số hộ": "hai phần ba số hộ",
    "4/5 tiêu chí": "bốn trên năm tiêu chí",
    "7-8 giờ/ngày": "bảy đến tám giờ một ngày",
    "4x6m": "bốn nhân sáu mét",
    "1 triệu kWh/năm": "một triệu ki-lô-oát giờ một năm",
    "2,5 tỷ đồng": "hai phẩy năm tỷ đồng",
    "cấp 6": "cấp sáu",
    "38,5°C": "ba mươi tám phẩy năm độ xê",
}


@pytest.mark.parametrize(("written", "spoken"), list(LIMITS.items()))
@pytest.mark.parametrize("sign", ["≥", "≥ ", ">=", ">= "])
def test_at_least_takes_its_limit_whole(written: str, spoken: str, sign: str) -> None:
    assert READER.read(f"Khi đạt {sign}{written}, báo xã.").spoken == f"Khi đạt từ {spoken} trở lên, báo xã."


@pytest.mark.parametrize("lead", ["ngày", "sáng", "lễ", "dịp", "từ", "trước"])
def test_a_dotted_day_where_days_are_spoken_of(lead: str) -> None:
    for day, month in itertools.product(range(13, 29), range(1, 13)):
        words = f"{said(day)} tháng {'tư' if month == 4 else said(month)}"
        spoken = READER.read(f"Họp {lead} {day}.{month} tại xã.").spoken
        assert spoken.replace("ngày ", "") == f"Họp {lead} {words} tại xã.".replace("ngày ", "")


@pytest.mark.parametrize("unit", ["nghìn đồng", "tấn", "%", "độ", "trở lên", "mét"])
def test_a_dotted_number_with_a_measure_is_a_decimal(unit: str) -> None:
    for one, two in itertools.product(range(13, 29), range(1, 10)):
        measure = "phần trăm" if unit == "%" else unit
        assert READER.read(f"Tăng từ {one}.{two} {unit}.").spoken == f"Tăng từ {said(one)} phẩy {said(two)} {measure}."


@pytest.mark.parametrize("lead", ["trước", "chậm nhất", "đến hết", "muộn nhất"])
def test_a_dashed_day_that_ends_the_sentence_is_a_deadline(lead: str) -> None:
    for day, month in itertools.product(range(1, 29), range(1, 13)):
        words = f"{said(day)} tháng {'tư' if month == 4 else said(month)}"
        assert READER.read(f"Nộp {lead} {day}-{month}.").spoken == f"Nộp {lead} ngày {words}."
        if day < month:
            assert READER.read(f"Nộp {lead} {day}-{month} ngày.").spoken == (
                f"Nộp {lead} {said(day)} đến {said(month)} ngày."
            )


@pytest.mark.parametrize("thing", ["ứng viên", "thí sinh", "tiết mục", "ổ dịch", "gói thầu", "hộ kinh doanh", "ấp"])
def test_parts_of_counted_things_are_no_days(thing: str) -> None:
    for part, whole in itertools.combinations([3, 5, 7, 8, 11], 2):
        assert READER.read(f"Nay {part}/{whole} {thing} xong.").spoken == (
            f"Nay {said(part)} trên {said(whole)} {thing} xong."
        )
