"""What the reader takes and gives: options, spans, doubts, and the reading that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

VERSION: Final = "7"  # of the readings: raise it whenever a text may be read differently from before


class Span(NamedTuple):
    """One stretch of the written text (character offsets of the text given) and what is said for it."""

    start: int
    end: int
    rule: str
    spoken: str


class Doubt(NamedTuple):
    """Something the writer should look at. `kind` is one of DOUBTS, `message` is for staff (Vietnamese)."""

    start: int
    end: int
    kind: str
    text: str
    message: str


class Reading(NamedTuple):
    """`spoken` holds words and sentence punctuation only; lines of the text stay lines."""

    spoken: str
    spans: tuple[Span, ...]
    doubts: tuple[Doubt, ...]


DOUBTS: Final = {
    "unknown": "Không rõ chữ viết tắt này; đang đọc từng chữ cái",
    "ambiguous": "Chữ viết tắt có nhiều nghĩa; hãy nghe lại hoặc viết đủ chữ",
    "no_such_day": "Ngày này không có trên lịch",
    "personal_number": "Dãy 12 chữ số giống số định danh cá nhân; không nên đưa lên bảng tin",
    "phone_length": "Số điện thoại thừa hoặc thiếu chữ số",
    "unreadable": "Ký tự này không đọc được nên bị bỏ qua",
}


@dataclass(frozen=True)
class Options:
    """How the house speaks. `slash` False is the short reading: a document's code symbols are not said."""

    thousand: Literal["nghìn", "ngàn"] = "nghìn"
    zero: Literal["linh", "lẻ"] = "linh"
    slash: bool = True
    party: Literal["Tỉnh ủy", "Thành ủy"] = "Tỉnh ủy"


SOUTH_FROM: Final = 70  # official province codes from Đông Nam Bộ on
# Centrally governed cities, whose party committee is a Thành ủy; the last three are cities since 2026
# (Đồng Nai: 30/2026/QH16, Quảng Ninh: 36/2026/QH16, Bắc Ninh: 39/2026/QH16).
CITIES: Final = frozenset({1, 31, 46, 48, 79, 92, 75, 22, 24})


def options_for(unit_code: str) -> Options:
    """The reading habits of the province that a two-digit (or longer) official unit code begins with.

    A code that names no province gives the northern standard.
    """
    head = unit_code[:2]
    province = int(head) if head.isascii() and head.isdigit() else 0
    party: Literal["Tỉnh ủy", "Thành ủy"] = "Thành ủy" if province in CITIES else "Tỉnh ủy"
    if province >= SOUTH_FROM:
        return Options(thousand="ngàn", zero="lẻ", party=party)
    return Options(party=party)
