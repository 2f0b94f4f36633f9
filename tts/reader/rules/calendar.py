"""Days, months, years, weekdays: every way in which an office writes them."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import Place, Rule, Said
from tts.reader.rules.dates import doubts, exists, lead, month_word, spoken_date
from tts.reader.rules.parts import (
    DAY,
    DEADLINE,
    END,
    MONTH,
    NOT_LETTER,
    PAPER,
    PAST_YEAR,
    RANGE,
    YEAR,
    before_is,
    noun_after,
    rx,
    since,
)

_SPAN_OF_DAYS: Final = rx(r"\s?(?:tháng|(?:hằng|hàng|mỗi) (?:tháng|tuần|quý)|ngày|tuần|giờ|phút)")
_BETWEEN_DAYS: Final = {",": ", ", "và": " và ", "&": " và ", "+": " và ", "-": " đến "}
_SPLIT_DAYS: Final = re.compile(r"(\s?,\s?|\s+và\s+|\s?[-&+]\s?)")


def _full(match: re.Match[str], place: Place) -> Said | None:
    day, mark, month, second, year = match.group(1, 2, 3, 4, 5)
    if mark != second or (len(year) == 2 and not (_dated(place) or _of_these_years(match, place))):
        return None
    return Said(lead(place) + spoken_date(place, day, month, year), match.end(), doubts(place, day, month, year))


def _of_these_years(match: re.Match[str], place: Place) -> bool:
    """Khai giảng: 5/9/26; a house behind a lane (hẻm 5/9/26) is none."""
    recent = match[2] == "/" and _FIRST_RECENT <= int(match[5]) <= _LAST_RECENT
    return recent and not before_is(place, "house") and not before_is(place, "label")


_FIRST_RECENT: Final = 20
_LAST_RECENT: Final = 35


def _dated(place: Place) -> bool:
    """Something before says that a date comes."""
    if place.follows("clock", "weekday", "ordinal", "date", "range", within=3):
        return True
    return before_is(place, "date_before") or before_is(place, "date_weak")


def _range_full(match: re.Match[str], place: Place) -> Said:
    one, two = match.group(1, 2, 3), match.group(4, 5, 6)
    words = f"{lead(place)}{spoken_date(place, *one)} đến ngày {spoken_date(place, *two)}"
    return Said(words, match.end(), doubts(place, *one) or doubts(place, *two))


def _range_months(match: re.Match[str], place: Place) -> Said:
    day, month, last_day, last_month, year = match.group(1, 2, 3, 4, 5)
    words = f"{lead(place)}{spoken_date(place, day, month)} đến ngày {spoken_date(place, last_day, last_month, year)}"
    return Said(words, match.end(), doubts(place, day, month, year) or doubts(place, last_day, last_month, year))


def _first_days(match: re.Match[str], place: Place) -> str | None:
    """Mùng 2-3 Tết: the first days of a lunar month, not the second of March."""
    if place.prev not in ("mùng", "mồng") or int(match[1]) >= int(match[2]) or int(match[2]) > _LAST_FIRST:
        return None
    numbers = place.house.numbers
    return f"{numbers.cardinal(match[1])} đến {place.prev} {numbers.cardinal(match[2])}"


_LAST_FIRST: Final = 10  # the days of a lunar month that are called mùng


def _months_of_work(match: re.Match[str], place: Place) -> Said | None:
    """6T/2026, 9T đầu năm: so many months of a year's report."""
    months = f"{place.house.numbers.cardinal(match[1])} tháng"
    if match[2]:
        return Said(f"{months} năm {place.house.numbers.cardinal(match[2])}", match.end())
    return Said(months, match.end())


def _range_days(match: re.Match[str], place: Place) -> Said | None:
    day, last_day, month, year = match.group(1, 2, 3, 4)
    if (int(day) >= int(last_day) and not _dated(place)) or place.prev == "thứ":  # thứ 6 - 18/12
        return None
    words = f"{lead(place)}{place.house.numbers.cardinal(day)} đến ngày {spoken_date(place, last_day, month, year)}"
    return Said(words, match.end(), doubts(place, last_day, month, year))


def _days_of_each_month(match: re.Match[str], place: Place) -> str | None:
    """Từ ngày 3-5 hằng tháng, ngày 10 - 12 tháng 11."""
    if place.prev != "ngày" or int(match[1]) >= int(match[2]):
        return None
    numbers = place.house.numbers
    return f"{numbers.cardinal(match[1])} đến ngày {numbers.cardinal(match[2])}"


def _list_days(match: re.Match[str], place: Place) -> Said | None:
    if not _dated(place):
        return None
    *days, last_day = _SPLIT_DAYS.split(match[1])
    numbers = [int(number) for number in re.findall(r"\d+", match[1])]
    if numbers != sorted(numbers):  # ngày 30-4 và 1/5: two days of two months
        return None
    if match[1].count("-") > 1:  # ngày 2-4-6/12 are three days
        days = [piece.replace("-", ",") for piece in days]
    said = []
    for piece in days:
        bare = piece.strip()
        said.append(_BETWEEN_DAYS.get(bare) or place.house.numbers.cardinal(bare))
    month, year = match.group(2, 3)
    words = lead(place) + "".join(said) + spoken_date(place, last_day, month, year)
    return Said(words, match.end(), doubts(place, last_day, month, year))


def _list_dashed(match: re.Match[str], place: Place) -> Said | None:
    """Ngày 11 và 12-6: only right behind the word for a day."""
    counted = noun_after(place, match.end(), "counted") or noun_after(place, match.end(), "measured")
    return _list_days(match, place) if before_is(place, "date_before") and not counted else None


def _day_month(match: re.Match[str], place: Place) -> Said | None:
    day, month = match.group(1, 2)
    strong = place.follows("clock", "weekday", "ordinal", within=3) or before_is(place, "date_before")
    if not strong:
        part = int(day) <= int(month)  # nothing has more parts than it has: 20/11 trường mở hội
        counted = part and noun_after(place, match.end(), "counted") and not since(place, match.end())
        if counted or before_is(place, "ratio_before"):
            return None
        if part and noun_after(place, match.end(), "share") and not before_is(place, "date_weak"):
            return None
    if not exists(day, month) and not _dated(place):
        return None
    return Said(lead(place) + spoken_date(place, day, month), match.end(), doubts(place, day, month))


def _day_dot_month(match: re.Match[str], place: Place) -> Said | None:
    """ngày 30.4, từ 19.4 đến 31.10, kỷ niệm 26.3: only where a day is spoken of, for elsewhere it is a decimal."""
    day, month = match.group(1, 2)
    if not exists(day, month) or _is_size(place, match.end()):
        return None
    strong = before_is(place, "date_before") or place.follows("clock", "weekday", within=3) or _in_days(place)
    if not strong and not (_no_decimal(day, month) and _spoken_of(place)):
        return None
    return Said(lead(place) + spoken_date(place, day, month), match.end())


_TO_SECOND: Final = rx(r"(?:[ ]?-[ ]?|[ ](?:đến|tới|và|lên|xuống)(?: hết)? )\d{1,3}[.,]\d{1,2}(?!\d)")
_LISTED_DAYS: Final = re.compile(r"\A(?:, ?| và | đến | đến hết | - ?|-)\Z")
_FEASTS: Final = re.compile(r"(?:kỷ niệm|lễ|mừng|dịp|nghỉ|ngày)(?![^\W\d_])")


def _is_size(place: Place, end: int) -> bool:
    """A unit or a measured thing follows, at once or behind the second number of a range."""
    second = _TO_SECOND.match(place.text, end)
    return place.text.startswith((" trở lên", " trở xuống"), end) or any(
        _measured(place, at) for at in (end, second.end() if second else end)
    )


def _measured(place: Place, end: int) -> bool:
    return bool(noun_after(place, end, "measured") or place.house.units.match(place.text, end))


def _in_days(place: Place) -> bool:
    """A date was said right before: 30.4 và 1.5."""
    return place.last.rule == "date" and _LISTED_DAYS.match(place.text[place.last.end : place.pos]) is not None


def _no_decimal(day: str, month: str) -> bool:
    """19.4, 05.6, 31.10: what a decimal mark is seldom typed as a dot in."""
    return int(day) > 12 or day[0] == "0" or len(month) == 2


def _spoken_of(place: Place) -> bool:
    return before_is(place, "date_weak") or _FEASTS.search(place.clause()) is not None


def _day_dash_month(match: re.Match[str], place: Place) -> Said | None:
    day, month = match.group(1, 2)
    strong = place.follows("clock", "weekday", "ordinal", within=3) or before_is(place, "date_before")
    hour = place.last.rule == "clock" and place.text[place.last.end : place.pos] == " ngày "  # 0h00 ngày 02-10 hồ mở
    strong = strong or _falls(day, month) or _in_row(place) or _deadline(match, place)
    strong = strong or (place.prev in _NAMED_FOR and match[0] in _FEAST_DAYS)
    in_row = " " in match[0] and _ANOTHER.match(place.text, match.end()) is not None  # các tối 3 - 5 - 7
    if not strong or in_row or not exists(day, month):
        return None
    rises = int(day) < int(month) and not hour  # no range goes down
    counted = rises and noun_after(place, match.end(), "counted") and not _acts(place, match.end())
    counted = counted or place.text[match.end() : match.end() + 2].lstrip()[:1] in ("°", "℃", "%")
    if counted or noun_after(place, match.end(), "measured"):
        return None
    if _SPAN_OF_DAYS.match(place.text, match.end()):
        return None
    return Said(lead(place) + spoken_date(place, day, month), match.end())


def _in_row(place: Place) -> bool:
    """20-10, 20-11: a date was said right before."""
    return place.last.rule == "date" and place.text[place.last.end : place.pos].strip(" ,;-") in ("", "và", "đến")


def _acts(place: Place, end: int) -> bool:
    """Sáng 5-6 trạm y tế mở cửa: an office of a longer name does something that day; of 10-12 đội there are so many."""
    return " " in place.text[end : noun_after(place, end, "acting")].strip()


_CLAUSE_ENDS: Final = rx(r"\s*(?:[\".;,)]|$|(?:tại|để|của|và|ở|do|theo|sẽ|thì|nếu) )")


def _deadline(match: re.Match[str], place: Place) -> bool:
    """Đăng ký trước 10-12., Từ 1-7, xã …: the sentence ends or pauses where a counted thing would stand."""
    if _OPENING.search(place.window) and _PAUSE.match(place.text, match.end()):
        return True
    return DEADLINE.search(place.window) is not None and _CLAUSE_ENDS.match(place.text, match.end()) is not None


_OPENING: Final = re.compile(r"(?:^[-+*•(\" ]*|[.,;:!?(] ?)(?:kể )?từ $")
_NAMED_FOR: Final = frozenset(("trường", "đường", "cầu", "viện", "viên", "chợ", "đoàn", "sân"))
_FEAST_DAYS: Final = frozenset(  # nông trường 2-9, đường 30-4
    (
        "3-2",
        "8-3",
        "23-3",
        "26-3",
        "30-4",
        "1-5",
        "7-5",
        "19-5",
        "1-6",
        "27-7",
        "19-8",
        "2-9",
        "20-10",
        "20-11",
        "22-12",
    )
)
_ANOTHER: Final = rx(r"[ ]?-[ ]?\d")
_PAUSE: Final = rx(r",(?!\d)")


def _falls(day: str, month: str) -> bool:
    """20-11, 30-4: no range goes down, and no month is the thirteenth."""
    return int(day) > 12 and int(day) > int(month)


def _month_year(match: re.Match[str], place: Place) -> Said | None:
    first, year = match.group(1, 2)
    numbers = place.house.numbers
    if PAPER.search(place.window):
        return Said(f"{numbers.serial(first)} trên {numbers.cardinal(year)}", match.end())
    if match[0] == "1/2000" and not _SCALED.isdisjoint(place.words):
        return None
    if place.prev == "tháng" or re.search(r"tháng [\d, và-]{1,12}$", place.window):
        return Said(f"{_again(place)}{month_word(place, first)} năm {numbers.cardinal(year)}", match.end())
    listed = re.search(r"(?:quý|kỳ|đợt) [\d, và&+-]{1,12}$", place.window) is not None
    if listed or place.prev in ("quý", "đợt", "kỳ", "lần", "vụ", "tuần", "khóa", "khoá", "phiên", "học kỳ", "số", "hk"):
        return Said(f"{numbers.counted(first)} năm {numbers.cardinal(year)}", match.end())
    if not 1 <= int(first) <= 12:
        return None
    return Said(f"tháng {month_word(place, first)} năm {numbers.cardinal(year)}", match.end())


def _quarter(match: re.Match[str], place: Place) -> str:
    """Q2/2026, HK1/2026: the part of the year, told by the letters."""
    numbers = place.house.numbers
    part = {"Q": "quý", "HK": "học kỳ"}[match[1]]
    return f"{part} {numbers.cardinal(match[2])} năm {numbers.cardinal(match[3])}"


def _years(match: re.Match[str], place: Place) -> str:
    numbers = place.house.numbers
    return f"{numbers.cardinal(match[1])} đến {numbers.cardinal(match[2])}"


def _school_year(match: re.Match[str], place: Place) -> str | None:
    """Năm học 2026-27."""
    first, second = int(match[1]), int(match[1][:2] + match[2])
    if second != first + 1:
        return None
    numbers = place.house.numbers
    return f"{numbers.cardinal(match[1])} đến {numbers.cardinal(str(second))}"


_MONTHS_BEFORE: Final = re.compile(r"tháng \d\d?(?:\s?[,-]\s?\d\d?| và \d\d?){0,10}(?:\s?[,-]\s?| và )$")
_DAYS_BEFORE: Final = re.compile(r"thứ \d(?:\s?,\s?\d){0,5}(?:\s?[,-]\s?| và )$")


def _month(match: re.Match[str], place: Place) -> str | None:
    if "tháng" not in place.window:
        return None
    if not place.window.rstrip(" .").endswith("tháng") and not _MONTHS_BEFORE.search(place.window):
        return None
    return _again(place) + month_word(place, match[0])


def _again(place: Place) -> str:
    """Tháng 2-4: the last month of a range is named a month again."""
    return "tháng " if _MONTHS_TO.search(place.window) else ""


_MONTHS_TO: Final = re.compile(r"tháng \d\d? ?- ?$")
_SCALED: Final = frozenset(("lệ", "đồ", "hoạch", "tiết", "khu", "qh", "đạc", "vẽ"))  # a map of 1/2000


def _ordinal(match: re.Match[str], place: Place) -> str | None:
    if "ngã" in place.window and place.prev == "ngã":
        return "tư" if match[0] == "4" else None
    if "thứ" not in place.window or (place.prev != "thứ" and not _DAYS_BEFORE.search(place.window)):
        return None
    number = int(match[0])
    return {1: "nhất", 4: "tư"}.get(number) or place.house.numbers.cardinal(match[0])


_OF_EACH_MONTH = r"[ ](?:hằng|hàng|mỗi|của) tháng|[ ]tháng[ ]?(?:\d|giêng|chạp)"
_MEASURED = r",\d{1,3}[ ]?(?:[%‰°]|triệu|tỷ|nghìn|ngàn|đồng|độ|điểm|tấn|tạ|lít|mét|kg|km|ha|m(?!\w))"  # 12 tháng 5,2%
_DMY = rf"({DAY})/({MONTH})/({PAST_YEAR})"
_PARTED = rf"({DAY})[ ]?([/.-])[ ]?({MONTH})[ ]?([/.-])[ ]?"
_DM = rf"({DAY})[ ]?/[ ]?({MONTH})"

DIGIT_RULES: Final = (
    Rule("date", rx(rf"{_DMY}{RANGE}{_DMY}{END}"), _range_full, follow="/"),
    Rule("date", rx(rf"({DAY})/({MONTH}){RANGE}({DAY})/({MONTH})(?:/({YEAR}))?{END}"), _range_months, follow="/"),
    Rule("date", rx(rf"({DAY}){RANGE}({DAY})/({MONTH})(?:/({YEAR}))?{END}"), _range_days, follow="-→"),
    Rule("date", rx(rf"({DAY}){RANGE}({DAY})(?={_OF_EACH_MONTH})"), _days_of_each_month, follow="-→"),
    Rule(
        "date",
        rx(rf"({DAY}(?:(?:[ ]?,[ ]?|[ ]?[-&+][ ]?|[ ]và[ ]){DAY}){{1,8}})/({MONTH})(?:/({YEAR}))?{END}"),
        _list_days,
        follow=",-v&+",
    ),
    Rule(
        "date", rx(rf"({DAY}(?:(?:[ ]?,[ ]?|[ ]và[ ]){DAY}){{1,8}})-({MONTH})(){END}(?!-\d)"), _list_dashed, follow=",v"
    ),
    Rule("date", rx(rf"{_PARTED}({PAST_YEAR}|\d\d){END}(?!:\d){NOT_LETTER}"), _full, follow="/.-"),
    Rule("month", rx(rf"(\d\d?)[ ]?[/-][ ]?({YEAR}){END}{NOT_LETTER}"), _month_year, follow="/-"),
    Rule("date", rx(rf"{_DM}{END}{NOT_LETTER}"), _day_month, follow="/"),
    Rule("date", rx(rf"({DAY})\.({MONTH}){END}{NOT_LETTER}"), _day_dot_month, follow="."),
    Rule("date", rx(rf"({DAY})[ ]?-[ ]?({DAY}){END}"), _first_days, follow="-"),
    Rule("date", rx(rf"({DAY})[ ]?-[ ]?({MONTH}){END}(?!-\d){NOT_LETTER}"), _day_dash_month, follow="-"),
    Rule(
        "month",
        rx(rf"({MONTH})T(?:[ ]?/[ ]?({YEAR}){END}|(?=[ ](?:đầu|cuối|qua|ước|tới|năm)(?![^\W\d_])))"),
        _months_of_work,
        follow="T",
    ),
    Rule("years", rx(rf"({YEAR})(?:{RANGE}|[ ]?/[ ]?)({YEAR}){END}"), _years, follow="-/", least=4),
    Rule("years", rx(rf"({YEAR}){RANGE}(\d\d){END}{NOT_LETTER}"), _school_year, follow="-", least=4),
    Rule("month", rx(rf"{MONTH}(?!\d)(?![.]\d|/)(?!{_MEASURED})"), _month),
    Rule("ordinal", rx(r"\d{1,2}(?!\d)(?![.,/]\d\d|[ ]?-[ ]?\d[ ]?-[ ]?\d)"), _ordinal),
)
WORD_RULES: Final = (
    Rule(
        "month", rx(rf"(Q|HK)[ .]?([1-4])[ ]?[/-][ ]?({YEAR}){END}{NOT_LETTER}"), _quarter, follow="QH", numbered=True
    ),
)
