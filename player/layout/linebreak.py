"""Line breaking for Vietnamese boards: whole syllables, numbers with their units, names with their kind.

A line may break at any space but those that would tear apart what is read as one: "5 km",
"ngày 15/3", "xã Tân Hưng". Scripts without spaces break between their written clusters, Khmer before
no consonant that closes a syllable, as far as the spelling tells. Only a word wider than the whole
line is cut, at its punctuation if it has any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

Measure = Callable[[str], int]


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NUMBER: Final = re.compile(r"[<>≥≤~±]?\(?\d[\d.,:/–-]*\)?")
_DIALLED: Final = re.compile(r"\+?\(?\d{2,4}\)?")  # a part of a telephone number
_DIALLED_ON: Final = re.compile(r"\d{3,4}(?![\d/:-])")
_UNITS: Final = _words(
    "km m cm mm ha km² m² m³ kg g tạ tấn lít ml kv kw kwh mw °c độ % đồng đ tr.đ triệu tỷ nghìn ngàn vnđ "
    "giờ phút giây ngày tháng tuổi người hộ xã ấp thôn lần nam nữ giải suất vụ em đội trường cử"
)
_BEFORE_NUMBER: Final = _words(
    "ngày tháng năm số điều khoản điểm mục cấp lớp ấp tổ thôn phố kp. q. p. quý kỳ quyển lúc từ đến trước sau "
    "km giải hạng loại bậc tầng phòng nhà cổng đt đt: thứ giờ"
)
_PLACES: Final = _words(
    "xã phường thị trấn huyện tỉnh ấp thôn sóc bản buôn làng đường cầu chợ suối hồ ông bà anh chị thứ "
    "ubnd hđnd đ/c tp. tt. tx. q. p."
)
_BULLETS: Final = _words("- + • – — * ▪")
_KEEP_SHARE: Final = 0.75  # a kept group wider than this share of the line is let go
_SHORT_LINES: Final = 4  # a paragraph of more lines does not look uneven for its last
_LONELY_SHARE: Final = 0.34  # of the width: a last line shorter than this stands alone
_LONGEST_NAME: Final = 4
_SPACES: Final = re.compile(r"[^\S\u00a0\u202f]+")  # no-break spaces hold
_TAIL: Final = re.compile(r"[,;:!?)]")
_ZERO_SPACE: Final = "\u200b"
_AFTER_MARK: Final = re.compile(r"(?<=[/\-_.?&=@:])(?=\w)")
_FLOWING: Final = re.compile("[\u0e00-\u109f\u1780-\u17ff\uaa00-\uaadf\u3040-\u9fff]")
_HUNG: Final = "\u0300-\u036f\u17b4-\u17d1\u17d3\u17dd\uaa29-\uaa36\uaa43\uaa4c\uaa4d\uaab0-\uaac2"
_CLOSING: Final = "\u17d4-\u17da.,;:!?)»”"
_CLUSTER: Final = re.compile(  # a base and what hangs on it; a Khmer coeng (U+17D2) draws the next base in
    f"[\uaab5\uaab6\uaab9\uaabb\uaabc]?.(?:\u17d2.|[{_HUNG}])*"
    f"(?:(?<=[\u17b6-\u17c5\u17d0])[\u1780-\u17a2](?![\u17d2{_HUNG}]))?"  # bare after a vowel: it closes the syllable
    f"(?:[\u1780-\u17a2][\u17cb\u17cd])*[{_CLOSING}]*",  # so does one that is cut short, or silent
    re.DOTALL,
)


def lines(paragraph: str, width_px: int, measure: Measure) -> tuple[str, ...]:
    """`paragraph` (no line ends in it) as lines at most `width_px` wide by `measure`; no word is lost."""
    column = _Column(width_px, measure)
    for group in _groups(paragraph, width_px, measure):
        column.add(group)
    return column.finished()


def balanced(paragraph: str, width_px: int, measure: Measure) -> tuple[str, ...]:
    """As `lines`, in no more lines, but these as even as they go: for titles and names."""
    best = lines(paragraph, width_px, measure)
    narrow, wide = width_px // 2, width_px
    while len(best) > 1 and wide - narrow > max(1, width_px // 50):
        middle = (narrow + wide) // 2
        tried = lines(paragraph, middle, measure)
        if len(tried) > len(best) or _spaced(tried) != _spaced(best):  # more lines, or a word was cut
            narrow = middle
        else:
            best, wide = tried, middle
    return best


def eased(paragraph: str, width_px: int, measure: Measure) -> tuple[str, ...]:
    """As `lines`, but a short paragraph whose last line would hold next to nothing is broken evenly."""
    found = lines(paragraph, width_px, measure)
    lonely = 1 < len(found) <= _SHORT_LINES and measure(found[-1]) < width_px * _LONELY_SHARE
    return balanced(paragraph, width_px, measure) if lonely else found


class _Column:
    """Lines being filled, left to right."""

    def __init__(self, width_px: int, measure: Measure) -> None:
        self._width_px = width_px
        self._measure = measure
        self._space_px = measure(" ")
        self._done: list[str] = []
        self._line: list[str] = []
        self._line_px = 0

    def add(self, group: str) -> None:
        """Puts words that belong together on this line or the next; cuts what no line can hold."""
        wide = _width(group, self._measure, self._space_px)
        if wide <= self._room():
            self._place(group, wide)
        elif _FLOWING.search(group):
            for word in group.split(" "):
                self._pour(word, _clusters(word, self._width_px, self._measure))
        elif wide <= self._width_px:
            self._turn()
            self._place(group, wide)
        else:
            for word in group.split(" "):
                self._cut(word)

    def finished(self) -> tuple[str, ...]:
        self._turn()
        return tuple(self._done)

    def _room(self) -> int:
        return self._width_px - (self._line_px + self._space_px if self._line else 0)

    def _place(self, piece: str, wide: int) -> None:
        self._line_px += wide + (self._space_px if self._line else 0)
        self._line.append(piece)

    def _turn(self) -> None:
        if self._line:
            self._done.append(" ".join(self._line))
        self._line, self._line_px = [], 0

    def _cut(self, word: str) -> None:
        if self._measure(word) > self._room():
            self._turn()
        self._pour(word, _parts(word, self._width_px, self._measure))

    def _pour(self, word: str, atoms: Iterator[str]) -> None:
        """Fills lines with the atoms of one word, no space between them."""
        if self._measure(word) <= self._room():
            self._place(word, self._measure(word))
            return
        piece = ""
        for atom in atoms:
            if (piece or self._line) and self._measure(piece + atom) > self._room():
                if piece:
                    self._place(piece, self._measure(piece))
                self._turn()
                piece = ""
            piece += atom
        if piece:
            self._place(piece, self._measure(piece))


def _spaced(found: tuple[str, ...]) -> list[str]:
    """The words of scripts that write spaces between them: the others break within theirs."""
    return [word for word in " ".join(found).split() if not _FLOWING.search(word)]


def _width(group: str, measure: Measure, space_px: int) -> int:
    words = group.split(" ")
    return sum(measure(word) for word in words) + space_px * (len(words) - 1)


def _groups(paragraph: str, width_px: int, measure: Measure) -> list[str]:
    """Words, those that belong together joined by a space."""
    space_px = measure(" ")
    groups: list[str] = []
    last = ""
    named = 0  # how many words of a name follow its kind: "xã" Tân Hưng
    for word in _SPACES.split(paragraph.strip()):
        if not word:
            continue
        named = _named(named, last, word)
        joined = f"{groups[-1]} {word}" if groups and (named or _keep(last, word)) else ""
        if joined and _width(joined, measure, space_px) <= width_px * _KEEP_SHARE:
            groups[-1] = joined
        elif joined and (number := _ending(groups[-1])):
            groups[-1] = groups[-1].removesuffix(f" {number}")  # it rather leaves what precedes it than its unit
            groups.append(f"{number} {word}")
        else:
            groups.append(word)
        last = word
    return groups


def _ending(group: str) -> str:
    """The number, with all its parts, on which `group` ends; empty for none, or if it is nothing else."""
    words = group.split(" ")
    count = next((n for n, word in enumerate(reversed(words)) if not _NUMBER.fullmatch(word)), 0)
    return " ".join(words[len(words) - count :])


def _named(count: int, before: str, after: str) -> int:
    """How far into a name `after` is, 0 if it is in none."""
    if not before or before[-1] in ",;.:!?" or not after[0].isupper() or after.isupper():
        return 0
    if before.lower() in _PLACES and not before.isupper():
        return 1
    return count + 1 if 0 < count < _LONGEST_NAME else 0


def _keep(before: str, after: str) -> bool:
    """Whether the two neighbouring words should stand on one line."""
    if before in _BULLETS:
        return True
    if before[-1] in ",;!?":
        return False
    if _DIALLED.fullmatch(before) and _DIALLED_ON.match(after):
        return True
    if _NUMBER.fullmatch(before):
        return _TAIL.split(after.lower())[0].rstrip(".") in _UNITS
    return bool(_NUMBER.match(after)) and before.lower() in _BEFORE_NUMBER


def _parts(word: str, width_px: int, measure: Measure) -> Iterator[str]:
    """An address or a number too long for a line: cut after its marks, and anywhere only if it must be."""
    for part in _AFTER_MARK.split(word):
        if measure(part) <= width_px:
            yield part
        else:
            yield from _CLUSTER.findall(part)


def _clusters(word: str, width_px: int, measure: Measure) -> Iterator[str]:
    """A word of a script without spaces: at the writer's own zero-width spaces, else between clusters."""
    if _ZERO_SPACE not in word:
        yield from _CLUSTER.findall(word)
        return
    for part in word.split(_ZERO_SPACE):
        if measure(part) <= width_px:
            yield part
        else:
            yield from _CLUSTER.findall(part)
