"""Line breaking for Vietnamese boards: whole syllables, numbers with their units, names with their kind.

A line may break at any space but those that would tear apart what is read as one: "5 km",
"ngày 15/3", "xã Tân Hưng". Scripts without spaces break between their written clusters. Only a
word wider than the whole line is cut, at its punctuation if it has any.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Measure = Callable[[str], int]

_NUMBER: Final = re.compile(r"[<>≥≤~±]?\(?\d[\d.,:/–-]*\)?")
_UNITS: Final = frozenset(
    "km m cm mm ha km² m² m³ kg g tạ tấn lít ml kv kw kwh mw °c độ % đồng đ tr.đ triệu tỷ nghìn ngàn vnđ "
    "giờ phút giây ngày tháng tuổi người hộ xã ấp thôn lần nam nữ giải suất".split()
)
_BEFORE_NUMBER: Final = frozenset(
    "ngày tháng năm số điều khoản điểm mục cấp lớp ấp tổ thôn kp. q. p. quý kỳ quyển lúc từ đến trước sau "
    "km giải hạng loại bậc tầng phòng nhà cổng đt đt: thứ".split()
)
_PLACES: Final = frozenset(
    "xã phường thị trấn huyện tỉnh ấp thôn sóc bản buôn làng đường cầu chợ suối hồ ông bà anh chị "
    "ubnd hđnd đ/c tp. tt. tx. q. p.".split()
)
_BULLETS: Final = frozenset("- + • – — * ▪".split())
_KEEP_SHARE: Final = 0.6  # a kept group wider than this share of the line is let go
_LONG_BREAK: Final = re.compile(r"(?<=[/\-_.?&=@:])(?=\w)")
_CLUSTER: Final = re.compile(  # a base with what hangs on it; a Khmer coeng (U+17D2) joins the next base too
    r"(?:[^\s\u0300-\u036f\u17b4-\u17d3\u17dd\uaa29-\uaa36\uaa4c\uaa4d\u200b]"
    r"(?:\u17d2.|[\u0300-\u036f\u17b4-\u17d1\u17d3\u17dd\uaa29-\uaa36\uaa4c\uaa4d])*)|.",
    re.DOTALL,
)


def lines(paragraph: str, width_px: int, measure: Measure) -> tuple[str, ...]:
    """`paragraph` (no line ends in it) as lines at most `width_px` wide by `measure`; no word is lost."""
    space_px = measure(" ")
    done: list[str] = []
    line: list[str] = []
    line_px = 0
    for group in _groups(paragraph, width_px, measure):
        for piece in _fitting(group, width_px, measure):
            piece_px = _width(piece, measure, space_px)
            if line and line_px + space_px + piece_px > width_px:
                done.append(" ".join(line))
                line, line_px = [], 0
            line_px += piece_px + (space_px if line else 0)
            line.append(piece)
    if line:
        done.append(" ".join(line))
    return tuple(done)


def _width(group: str, measure: Measure, space_px: int) -> int:
    words = group.split(" ")
    return sum(measure(word) for word in words) + space_px * (len(words) - 1)


def _groups(paragraph: str, width_px: int, measure: Measure) -> list[str]:
    """Words, those that belong together joined by a space."""
    space_px = measure(" ")
    groups: list[str] = []
    last = ""
    for word in paragraph.split():
        joined = f"{groups[-1]} {word}" if groups and _keep(last, word) else ""
        if joined and _width(joined, measure, space_px) <= width_px * _KEEP_SHARE:
            groups[-1] = joined
        else:
            groups.append(word)
        last = word
    return groups


def _keep(before: str, after: str) -> bool:
    """Whether the two neighbouring words should stand on one line."""
    if before in _BULLETS:
        return True
    if before[-1] in ",;!?":
        return False
    lower = before.lower()
    if _NUMBER.fullmatch(before):
        return after.lower().rstrip(".,;:") in _UNITS
    if _NUMBER.match(after):
        return lower in _BEFORE_NUMBER
    return lower in _PLACES and after[0].isupper()


def _fitting(group: str, width_px: int, measure: Measure) -> list[str]:
    """The group as pieces no wider than the line: itself, or cut at punctuation, or between clusters."""
    if _width(group, measure, measure(" ")) <= width_px and "\u200b" not in group:
        return [group]
    pieces: list[str] = []
    for word in group.split(" "):
        pieces += [word] if measure(word) <= width_px else _cut(word, width_px, measure)
    return pieces


def _cut(word: str, width_px: int, measure: Measure) -> list[str]:
    pieces = [""]
    for part in _LONG_BREAK.split(word):
        atoms = [part] if measure(part) <= width_px else _CLUSTER.findall(part)
        for atom in atoms:
            if pieces[-1] and measure(pieces[-1] + atom) > width_px:
                pieces.append("")
            pieces[-1] += atom
    return [piece for piece in pieces if piece]
