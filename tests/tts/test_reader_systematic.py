"""All days, all minutes, all weekdays, ranges and units, generated: no table of cases can hold them."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.tts.saying import NUMBERS, READER, month, said
from tts.lexicon import default_lexicon


def days() -> list[dt.date]:
    first = dt.date(2024, 1, 1)
    return [first + dt.timedelta(days=shift) for shift in range(366)]


@pytest.mark.parametrize("form", ["{0:%d/%m/%Y}", "{0.day}/{0.month}/{0.year}", "{0:%d-%m-%Y}", "{0:%d.%m.%Y}"])
def test_every_full_date_of_a_leap_year(form: str) -> None:
    for day in days():
        written = f"Họp ngày {form.format(day)} tại xã."
        spoken = f"Họp ngày {said(day.day)} tháng {month(day.month)} năm {said(day.year)} tại xã."
        assert READER.read(written).spoken == spoken
        assert READER.read(written).doubts == ()


def test_every_day_and_month_without_a_year() -> None:
    for day in days():
        spoken = f"Sáng ngày {said(day.day)} tháng {month(day.month)} họp dân."
        assert READER.read(f"Sáng {day:%d/%m} họp dân.").spoken == spoken
        assert READER.read(f"Sáng {day.day}/{day.month} họp dân.").spoken == spoken
        assert READER.read(f"Sáng ngày {day.day} tháng {day.month} họp dân.").spoken == spoken


def test_every_range_of_days_in_a_month() -> None:
    for first in range(1, 31):
        for last in range(first + 1, 32):
            spoken = f"Từ ngày {said(first)} đến ngày {said(last)} tháng mười hai."
            assert READER.read(f"Từ {first}-{last}/12.").spoken == spoken
            assert READER.read(f"Từ ngày {first:02} - {last:02}/12.").spoken == spoken


def minutes() -> list[tuple[int, int]]:
    return [(hour, minute) for hour in range(24) for minute in range(60)]


@pytest.mark.parametrize("form", ["{0}h{1:02}", "{0:02}h{1:02}'", "{0}g{1:02}", "{0:02}:{1:02}", "{0} giờ {1:02} phút"])
def test_every_minute_of_the_day(form: str) -> None:
    for hour, minute in minutes():
        tail = f" {said(minute)} phút" if minute else ""
        assert READER.read(f"Lúc {form.format(hour, minute)} họp.").spoken == f"Lúc {said(hour)} giờ{tail} họp."


def test_every_range_of_full_hours() -> None:
    for first in range(24):
        for last in range(24):
            spoken = f"Từ {said(first)} giờ đến {said(last)} giờ."
            assert READER.read(f"Từ {first}h-{last}h.").spoken == spoken
            assert READER.read(f"Từ {first}h00 - {last}h00.").spoken == spoken


@pytest.mark.parametrize("number", range(2, 8))
def test_weekdays(number: int) -> None:
    name = ["", "", "hai", "ba", "tư", "năm", "sáu", "bảy"][number]
    assert READER.read(f"Họp sáng T{number} hằng tuần.").spoken == f"Họp sáng thứ {name} hằng tuần."
    assert READER.read(f"Họp sáng thứ {number} hằng tuần.").spoken == f"Họp sáng thứ {name} hằng tuần."


@pytest.mark.parametrize("number", range(1, 13))
def test_months_of_a_year(number: int) -> None:
    spoken = f"Thu phí tháng {month(number)} năm hai nghìn không trăm hai mươi sáu."
    assert READER.read(f"Thu phí tháng {number}/2026.").spoken == spoken
    assert READER.read(f"Thu phí T{number}/2026.").spoken == spoken
    assert READER.read(f"Thu phí tháng {number:02} năm 2026.").spoken == spoken


def test_years_and_school_years() -> None:
    for year in range(1930, 2060):
        spoken = f"Giai đoạn {said(year)} đến {said(year + 5)}."
        assert READER.read(f"Giai đoạn {year}-{year + 5}.").spoken == spoken
        assert READER.read(f"Giai đoạn {year} - {year + 5}.").spoken == spoken


@pytest.mark.parametrize("symbol", sorted(default_lexicon().units))
def test_every_unit_behind_a_number_and_behind_a_range(symbol: str) -> None:
    unit, kind = default_lexicon().units[symbol]
    head = {"electric": "Dòng điện", "price": "Giá vé", "filed": "Lưu"}.get(kind, "Khoảng")
    assert READER.read(f"{head} 35{symbol} mỗi nơi.").spoken == f"{head} ba mươi lăm {unit} mỗi nơi."
    if symbol not in ("g", "h"):
        assert READER.read(f"{head} 30-35{symbol} mỗi nơi.").spoken == f"{head} ba mươi đến ba mươi lăm {unit} mỗi nơi."


@pytest.mark.parametrize("number", [*range(0, 1200, 7), 1_000_000, 12_345_678])
def test_grouped_amounts_of_money(number: int) -> None:
    written = f"{number:,}".replace(",", ".")
    assert READER.read(f"Nộp {written}đ.").spoken == f"Nộp {said(number)} đồng."
    assert READER.read(f"Nộp {written} đồng/hộ.").spoken == f"Nộp {said(number)} đồng một hộ."


ROMANS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI"]


@pytest.mark.parametrize(("numeral", "number"), [(roman, index) for index, roman in enumerate(ROMANS, 1)])
def test_roman_numerals_where_they_are_asked_for(numeral: str, number: int) -> None:
    ordinal = {1: "nhất", 4: "tư"}.get(number, said(number))
    assert READER.read(f"Đại hội lần thứ {numeral} của xã.").spoken == f"Đại hội lần thứ {ordinal} của xã."
    assert READER.read(f"Khóa {numeral} của xã.").spoken == f"Khóa {said(number)} của xã."
    assert READER.read(f"{numeral}. TỔ CHỨC").spoken == f"{said(number).capitalize()}. Tổ Chức"


def test_phone_numbers_are_digits_in_groups() -> None:
    for tail in range(0, 1000, 37):
        group = " ".join(NUMBERS.cardinal(digit) for digit in f"{tail:03}")
        for written in (f"0912 345 {tail:03}", f"0912.345.{tail:03}", f"0912345{tail:03}", f"0912-345-{tail:03}"):
            spoken = f"Gọi không chín một hai, ba bốn năm, {group}."
            assert READER.read(f"Gọi {written}.").spoken == spoken


LEADS = [
    *("Họp ngày {0}.", "Họp sáng {0}.", "Từ {0} xã thu phí.", "Trước {0}, nộp hồ sơ.", "Lúc 7h30 {0} tại xã."),
    *("Thứ Hai, {0}, họp dân.", "Họp (ngày {0}).", "Khai giảng: {0}.", "Đến hết {0} thì đóng.", "Dự kiến {0} xong."),
    *("Chiều thứ 6 ({0}) họp.", "Lễ hội diễn ra {0}.", "Chiều nay, {0}, trạm nghỉ.", "Báo cáo ({0}) của xã."),
]


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize(
    "form", ["{0}/{1}", "{0:02}/{1:02}", "{0}/{1}/2026", "{0:02}-{1:02}-2026", "{0}.{1}.2026", "{0}/{1}/26"]
)
def test_a_day_in_every_form_behind_every_lead(lead: str, form: str) -> None:
    for day, number in ((5, 6), (12, 4), (30, 4), (1, 1), (15, 10), (10, 12), (31, 12), (3, 2), (20, 11)):
        year = f" năm {said(2026)}" if form.endswith("26") else ""
        words = lead.replace("ngày ", "").format(f"ngày {said(day)} tháng {month(number)}{year}")
        assert READER.read(lead.format(form.format(day, number))).spoken == READER.read(words).spoken


TIMES = ["{0}h{1:02}", "{0:02}h{1:02}", "{0}g{1:02}", "{0:02}:{1:02}", "{0} giờ {1:02}", "{0} h {1:02}", "{0}H{1:02}"]
SPANS = ["Từ {0} đến {1}.", "{0}-{1}: khám bệnh.", "Sáng {0} - {1}.", "Cúp điện {0}→{1}.", "Sáng T2 {0}-{1}."]


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("form", TIMES)
def test_a_span_of_hours_in_every_form(span: str, form: str) -> None:
    for one, two in (((7, 30), (11, 5)), ((8, 0), (13, 45)), ((22, 15), (5, 0)), ((0, 0), (17, 30))):
        words = [f"{said(hour)} giờ" + (f" {said(minute)} phút" if minute else "") for hour, minute in (one, two)]
        assert (
            f"{words[0]} đến {words[1]}".lower()
            in READER.read(span.format(form.format(*one), form.format(*two))).spoken.lower()
        )


@pytest.mark.parametrize("form", ["8h {0}", "8 giờ {0}", "8h00 {0}"])
def test_an_hour_and_a_day_with_a_slash_before_a_colon(form: str) -> None:
    assert READER.read(f"{form.format('20/11')}: họp.").spoken == "Tám giờ ngày hai mươi tháng mười một: họp."


@pytest.mark.parametrize("half", ["AM", "PM"])
def test_hours_of_half_a_day(half: str) -> None:
    for hour in range(1, 13):
        part = {"AM": "sáng", "PM": "chiều" if hour < 6 else "tối"}[half]
        part = {"AM": "đêm", "PM": "trưa"}[half] if hour == 12 else part
        assert READER.read(f"Mở lúc {hour}{half}.").spoken == f"Mở lúc {said(hour)} giờ {part}."
        assert READER.read(f"Mở lúc {hour}:30 {half}.").spoken == f"Mở lúc {said(hour)} giờ ba mươi phút {part}."
    assert READER.read("Từ 8AM-5PM.").spoken == "Từ tám giờ sáng đến năm giờ chiều."
