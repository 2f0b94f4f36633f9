"""Forms crossed with forms: joints of ranges, papers with issuers, ways to a short number, scores."""

from __future__ import annotations

import itertools

import pytest

from tts.lexicon import default_lexicon
from tts.reader import Options, Reader
from tts.reader.numbers import Numbers

READER = Reader(default_lexicon())
NUMBERS = Numbers(Options())
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


def said(value: int) -> str:
    return NUMBERS.cardinal(str(value))


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
