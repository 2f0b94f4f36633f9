"""Telephone numbers, personal and account numbers, web and mail addresses."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LETTER, Place, Rule, Said
from tts.reader.numbers import digits, grouped
from tts.reader.rules.amounts import unit_at
from tts.reader.rules.parts import mentions, noun_after, rx

_SPLIT: Final = re.compile(r"\D+")


def _phone(match: re.Match[str], place: Place) -> Said | None:
    """Ten or eleven digits from 0 or +84, grouped as written or 4-3-3."""
    groups = [group for group in _SPLIT.split(match[0]) if group]
    length = sum(map(len, groups))
    called = mentions(place, "call")
    abroad = match[0].startswith("84")
    personal = length == 12 and not abroad and (len(groups) == 1 or {len(group) for group in groups} == {3})
    if not 8 <= length <= 13 or personal or (not called and length not in (10, 11)):
        return None
    odd = () if length in (10, 11) or abroad else ("phone_length",)
    if len(groups) == 1:
        number = groups[0]
        cut = 3 if len(number) < 10 else 4
        last = len(number) - 3
        groups = [number[:cut], number[cut:last], number[last:]]
    return Said(grouped(groups), match.end(), odd)


def _international(match: re.Match[str], place: Place) -> str:
    rest = digits(match[1])
    return f"cộng {rest}, {grouped(_by_three(match[2]))}"


def _prefix(match: re.Match[str], place: Place) -> str | None:
    """Đầu số +84."""
    of_codes = _SHORT_CODE.search(place.window) or "đầu số" in place.clause()
    return f"cộng {digits(match[1])}" if of_codes else None


def _by_three(text: str) -> list[str]:
    """The groups as written; an unbroken number in threes."""
    groups = [group for group in _SPLIT.split(text) if group]
    if len(groups) > 1 or len(groups[0]) < 6:
        return groups
    return [groups[0][at : at + 3] for at in range(0, len(groups[0]), 3)]


def _hotline(match: re.Match[str], place: Place) -> str:
    return grouped([match[1], match[2]] if match[2] else [match[1]])


def _hotline_in_groups(match: re.Match[str], place: Place) -> str:
    return grouped(_SPLIT.split(match[0]))


def _emergency(match: re.Match[str], place: Place) -> str | None:
    near = any(said.rule == "hotline" and _beside(place, said.end) for said in (place.last, place.before_last))
    if noun_after(place, match.end(), "counted"):
        return None
    asked = not _PLACED.search(place.window) and _is_alarm(place) and _ALONE.match(place.text, match.end())
    return digits(match[0]) if near or asked or _CALL.search(place.window) else None


def _beside(place: Place, end: int) -> bool:
    """113, 114; 111 (trẻ em), 113."""
    return place.pos - end <= _NEAR or _ASIDE.match(place.text, end, place.pos) is not None


def _is_alarm(place: Place) -> bool:
    """Báo 113 calls; thông báo and báo cáo do not."""
    words = place.house.lexicon.words["emergency"].intersection(place.phrases)
    return bool(words) and (words != {"báo"} or _REPORTING.search(place.window) is not None)


_REPORTING: Final = re.compile(r"(?<!thông )báo (?!cáo)")
_PLACED: Final = re.compile(  # thông báo thửa đất số 118
    r"(?<![^\W\d_])(?:thửa|tờ|đất|bản đồ|lô|nhà|ấp|tổ|cầu|tiểu khu|khoảnh|mục|điều|phòng|bàn|trang|câu|"
    r"kế hoạch|xe)(?: số)? $"
)
_NEAR: Final = 8  # characters
_ASIDE: Final = rx(r"[ ]?\([^()\d]{1,40}\)[,;\u201a]?[ ]?(?:và |hoặc )?\Z")
_ALONE: Final = rx(
    r"\s*(?:[-\".,;:!?()/]|\Z|\n|(?:để|hoặc|và|khi|ngay|nếu|trong|theo|gần|miễn|hay|của|là|luôn|hỗ|trực|báo|gọi|khẩn)(?![^\W\d_]))"
)


_CALL: Final = re.compile(
    r"(?:gọi|liên hệ|đt|sđt|điện thoại|tổng đài|hotline|dây nóng|cảnh sát|cs|cấp cứu|báo|cứu hỏa|cứu hoả|chữa cháy|"
    r"pccc|cnch|cứu hộ|công an|khẩn cấp|qua số|theo số|đầu số|số máy|nhắn tin)"
    r"(?: (?:ngay|số|qua|đến|tới|điện|thoại|máy)){0,3}[ :.]*\Z"
)
_SHORT_CODE: Final = re.compile(
    r"(?:tổng đài(?: [^\d\n.;:]{2,30})?|zalo|hotline|dây nóng|đầu số|nhánh|máy lẻ|nội bộ|số cuối|đuôi|thẻ tai|mật khẩu|"
    r"mã(?: bưu chính| otp| pin| xác nhận| khách hàng| số| vùng)?|nhắn tin(?: đến| tới)?|"
    r"gọi(?: ngay)?(?: đến| tới)?(?: số| đầu số)?|(?:tin nhắn|soạn|nhắn tin)[^\n]* gửi(?: đến| tới)?)"
    r"(?: số| là)?[ :.]*\Z"
)


def _short_code(match: re.Match[str], place: Place) -> str | None:
    """Đầu số 156, nhánh 02; who calls up 52 citizens dials nothing."""
    if noun_after(place, match.end(), "counted"):
        return None
    beside = place.last.rule == "hotline" and place.text[place.last.end : place.pos] in (", ", " hoặc ", " và ", " - ")
    return digits(match[0]) if beside or _SHORT_CODE.search(place.window) else None


def _identity(match: re.Match[str], place: Place) -> Said | None:
    """Numbers nobody counts: accounts, tax codes, cards. Twelve digits are a personal number."""
    groups = [group for group in _SPLIT.split(match[0]) if group]
    number = "".join(groups)
    if "." in match[0] and unit_at(place, match.end()):
        return None  # 123.456.789.012 m2
    if len(number) == 12:
        groups = groups if len(groups) > 1 else [number[:3], number[3:6], number[6:9], number[9:]]
        return Said(grouped(groups), match.end(), ("personal_number",))
    if not mentions(place, "identity"):
        return None
    return Said(grouped(groups), match.end())


_FILED: Final = re.compile(
    r"(?:stk|tài khoản|tk|mst|thẻ đảng|mã số|mã số thuế|mã hồ sơ|mã(?: [^\W\d]{2,10}){0,2}|"
    r"seri|số hiệu)(?: số)?[ :.]*\Z"
)


def _filed(match: re.Match[str], place: Place) -> str | None:
    """Số tài khoản 3751.0.1234567.91234: any groups, right behind the word for it."""
    return grouped(_SPLIT.split(match[0])) if _FILED.search(place.window) else None


def _dossier(match: re.Match[str], place: Place) -> str | None:
    """Mã hồ sơ H10.12.34-250605-0001."""
    if not _FILED.search(place.window):
        return None
    return f"{place.house.lexicon.spell(match[1])} {grouped(_SPLIT.split(match[2]))}"


def _long(match: re.Match[str], place: Place) -> str | None:
    return digits(match[0]) if mentions(place, "identity") or match[0][0] == "0" or len(match[0]) > 9 else None


_ADDRESS: Final = r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,8}"


def _address(match: re.Match[str], place: Place) -> Said | None:
    name, host, path = match.group("name", "host", "path")
    labels = host.split(".")
    if labels[-1].lower() not in place.house.lexicon.words["web_end"] and not name and not match["scheme"]:
        return None
    if len(labels) < 2 and not match["scheme"]:
        return None
    said = f"{_labels(place, name)} a còng " if name else ""
    said += _labels(place, host)
    end = match.end()
    if path:
        bare = path.rstrip(".,;:!?)")
        end -= len(path) - len(bare)
        said += _path(place, bare)
    return Said(said, end)


def _path(place: Place, path: str) -> str:
    steps = [_labels(place, step) for step in re.split(r"[/?#&=]", path) if step]
    return "".join(f" trên {step}" for step in steps)


def _labels(place: Place, text: str) -> str:
    return " chấm ".join(_label(place, label) for label in text.split(".") if label)


_RUNS: Final = re.compile(rf"\d+|[{LETTER}]+|[_-]")


def _label(place: Place, label: str) -> str:
    if label.lower() == "vn":
        return place.house.lexicon.spell(label)
    said = []
    for run in _RUNS.findall(label):
        if run.isdigit():
            said.append(digits(run) if len(run) > 2 or run[0] == "0" else place.house.numbers.counted(run))
        else:
            named = place.house.lexicon.spell(run) if len(run) == 1 and run.isalpha() else run
            said.append({"-": "gạch ngang", "_": "gạch dưới"}.get(run, named))
    return " ".join(said)


_WEB = rx(
    rf"(?=https?:|[A-Za-z0-9_+-]{{1,64}}[.@])(?P<scheme>https?://)?(?:(?P<name>[A-Za-z0-9._+-]{{1,64}})@)?(?P<host>{_ADDRESS})(?::\d{{1,5}})?(?P<path>/[^\s<>\"']{{0,200}})?"
)

DIGIT_RULES: Final = (
    Rule("phone", rx(r"0\d{2,3}[ ]-[ ]\d{3,4}[ ]-[ ]\d{3,4}(?!\d)"), _phone, follow="-", first="0", least=3),
    Rule("hotline", rx(r"(1[89]00)(?:[ .-]|[ ]-[ ])?(\d{4,6})(?!\d)(?![.,]\d)"), _hotline, first="1", least=4),
    Rule("hotline", rx(r"1[89]00(?:[ .-]\d{2,3}){2,3}(?!\d)(?![.,]\d)"), _hotline_in_groups, first="1", least=4),
    Rule("hotline", rx(r"(1022|11[0-9])(?!\d)(?![.,/]\d)()"), _emergency, first="1", least=3),
    Rule("hotline", rx(r"\d{2,8}(?!\d)(?![ .,/-]\d)"), _short_code, least=2),
    Rule("phone", rx(r"0\d{2,3}[.-]\d[.-]\d{3}[.-]\d{3}(?!\d)"), _phone, follow=".-", first="0", least=3),
    Rule("phone", rx(r"0\d\.\d{4}\.\d{4}(?!\d)"), _phone, follow=".", first="0", least=2),
    Rule(
        "phone",
        rx(r"(?:84|0)\d{2,4}(?:[ .-]\d(?=[ .-]))?(?:[ .-]?\d{2,4}){1,4}(?!\d|/(?!0\d))(?![.,]\d)"),
        _phone,
        first="08",
        least=3,
    ),
    Rule(
        "identity",
        rx(r"(?:\d{3}(?:[ .]\d{3}){3}|\d{6,20}|\d{3,4}(?:[ -]\d{3,4}){2,4}|\d{4,6}(?:\.\d{2,8}){1,4})(?!\d|[.,/]\d)"),
        _identity,
        least=3,
    ),
    Rule("identity", rx(r"\d{1,8}(?:[ .-]\d{1,12}){1,6}(?!\d|[.,/]\d)"), _filed, follow=" .-0123456789"),
    Rule("digits", rx(r"\d{8,}(?![.,]\d)"), _long, least=8),
)
PHONE_SIGNS: Final = (
    Rule("phone", rx(r"\(?\+(84)\)?[ .-]?(\d{2,4}(?:[ .-]?\d{2,4}){1,4})(?!\d)"), _international, follow="(+"),
    Rule("phone", rx(r"\+(\d{2,3})(?!\d)(?![.,]\d)"), _prefix, follow="+"),
    Rule("phone", rx(r"\(0\d{1,4}\)[ .-]?\d{1,8}(?:[ .-]?\d{2,4}){0,3}(?!\d)"), _phone, follow="("),
)
WEB_RULES: Final = (
    Rule("address", _WEB, _address),
    Rule("identity", rx(r"([A-Z]{1,3})(\d{1,4}(?:[.-]\d{1,8}){2,5})(?!\d|[.,/]\d)"), _dossier, numbered=True),
)
