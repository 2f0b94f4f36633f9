"""One pass over the text: find the next stretch that is not plain words, let the first fitting rule say it.

A stretch that a rule has said is never looked at again. Patterns are anchored at the stretch and bounded in
what they repeat, so that the pass is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from tts.reader.lexicon import Lexicon
from tts.reader.model import Options
from tts.reader.numbers import ONES, Numbers

UPPER: Final = "".join(
    chr(code)
    for code in range(0x41, 0x1EFA)
    if chr(code).isupper() and chr(code).isalpha() and code not in range(0x370, 0x1E00)
)
LOWER: Final = "".join(
    chr(code)
    for code in range(0x61, 0x1EFA)
    if chr(code).islower() and chr(code).isalpha() and code not in range(0x370, 0x1E00)
)
LETTER: Final = UPPER + LOWER
LOOK_BACK: Final = 48  # characters of left context; no rule needs to know more
NEAR: Final = 20  # characters in which the last two words nearly always are
LOOK_AHEAD: Final = 48
BLOB: Final = 600  # characters without a space; the longest address a rule takes is shorter
_NUMBER_SOON: Final = re.compile(r"[^\W\d_]{1,14}[ .-]{0,2}\d")
_ENDED: Final = re.compile(  # the last end of a sentence; P. Tân Khai, TP. HCM and TDP. 3,4 end none
    rf".*(?:(?:[{LOWER}]{{2}}|[\d/][{LOWER}{UPPER}]|[\d)%\"])\. +(?=[^{LOWER} ]|[a-zđ]?$)"
    rf"|[{UPPER}]{{3}}\. +(?=[{UPPER}])|(?<![{UPPER}])CN\. +)",
    re.DOTALL,
)
_LETTERS: Final = re.compile(r"[^\W\d_]*")
_RUN: Final = re.compile(r"\S+")
_NOT_SAID: Final = re.compile(r"[\W_]")
_NAMES: Final = {ord("0") + value: f" {name} " for value, name in enumerate(ONES)}
_DIGITS: Final = re.compile(r"(\d*)[ ]?")
_WORDS: Final = re.compile(r"[^\W\d_]+|\d+")


class Said(NamedTuple):
    """What a rule says for the text up to `end`, and the kinds of doubt it has about it."""

    spoken: str
    end: int
    doubts: tuple[str, ...] = ()


class Rule(NamedTuple):
    """`say` may decline a match by giving None; a plain string means: said for exactly what was matched.

    The rest only spares the engine trying patterns that cannot match. `follow` holds the characters one of which
    must come first, or first behind the leading digits and one space; `first` the digits one of which must lead;
    empty = any. `least` is how many digits must lead at least. `numbered`: the letters that lead have a number behind.
    """

    name: str
    pattern: re.Pattern[str]
    say: Callable[[re.Match[str], Place], Said | str | None]
    follow: str = ""
    first: str = ""
    least: int = 0
    numbered: bool = False


@dataclass(frozen=True)
class House:
    """What rules may ask: the tables, the number words, the options, and patterns made from the tables."""

    lexicon: Lexicon
    numbers: Numbers
    options: Options
    units: re.Pattern[str]
    unit_heads: frozenset[str]  # the characters with which units begin
    trigger: re.Pattern[str]


class Table:
    """The rules for one kind of stretch in order, without those that cannot match how it opens."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._signs = frozenset(sign for rule in rules for sign in rule.follow)
        self._most = max((rule.least for rule in rules), default=0)
        self._by_opening: dict[
            tuple[str, int, str, bool], tuple[Rule, ...]
        ] = {}  # openings are few: filled as they are met

    def candidates(self, text: str, pos: int) -> Sequence[Rule]:
        """The rules worth trying at `pos`."""
        digits = _DIGITS.match(text, pos)
        size, end = (digits.end(1) - pos, digits.end()) if digits else (0, pos)
        sign = text[end : end + 1]
        opening = (
            text[pos] if size else "",
            size if size < self._most else self._most,
            sign if sign in self._signs else "",
            size > 0 or _NUMBER_SOON.match(text, pos) is not None,
        )
        found = self._by_opening.get(opening)
        if found is None:
            found = self._by_opening[opening] = tuple(rule for rule in self._rules if _may_open(rule, *opening))
        return found


def _may_open(rule: Rule, first: str, size: int, sign: str, numbered: bool) -> bool:
    if rule.numbered and not numbered:
        return False
    if rule.follow and (not sign or sign not in rule.follow):
        return False
    return size >= rule.least and (not rule.first or (first != "" and first in rule.first))


class Last(NamedTuple):
    """The stretch said before: its rule and where it ended."""

    rule: str
    end: int


class Place:
    """A position in the text with what lies around it."""

    __slots__ = ("_near", "_phrases", "_window", "before_last", "house", "last", "pos", "text")

    def __init__(self, text: str, pos: int, house: House, last: Last, before_last: Last) -> None:
        self.text = text
        self.pos = pos
        self.house = house
        self.last = last
        self.before_last = before_last
        self._window: str | None = None  # asked for by nearly every rule
        self._near: list[str] | None = None
        self._phrases: list[str] | None = None

    @property
    def window(self) -> str:
        """The text of this sentence, on this line, before the position, lower case."""
        if self._window is None:
            left = self.text[max(0, self.pos - LOOK_BACK) : self.pos]
            left = left[left.rfind("\n") + 1 :]
            if ". " in left and (ended := _ENDED.match(left)) is not None:
                left = left[ended.end() :]
            self._window = left.lower()
        return self._window

    @property
    def words(self) -> list[str]:
        """Words and numbers before the position, the nearest last."""
        return _WORDS.findall(self.window)

    @property
    def phrases(self) -> list[str]:
        """The words before the position, one by one and in pairs."""
        if self._phrases is None:
            words = self.words
            self._phrases = words + [f"{one} {two}" for one, two in pairwise(words)]
        return self._phrases

    @property
    def prev(self) -> str:
        return self._nearest[-1] if self._nearest else ""

    @property
    def prev2(self) -> str:
        """The two words before, with one space."""
        return " ".join(self._nearest[-2:])

    @property
    def _nearest(self) -> list[str]:
        """The last words: of the whole window only where a short piece of it does not hold two."""
        if self._near is None:
            self._near = _WORDS.findall(self.window[-NEAR:])
            if len(self._near) < 3 and len(self.window) > NEAR:  # the first of them may be cut
                self._near = self.words
        return self._near

    @property
    def sentence_start(self) -> bool:
        """Nothing but spaces between the end of a sentence, or a colon, and here."""
        if self.window.endswith(": "):
            return True
        return not self.window and ". " in self.text[max(0, self.pos - NEAR) : self.pos]

    @property
    def line_start(self) -> bool:
        """Nothing but bullets and spaces between the line's edge and here."""
        return not self.window.strip(" \t-+*•.,\"'(") and self.pos - len(self.window) in (0, self._line_edge)

    @property
    def _line_edge(self) -> int:
        return self.text.rfind("\n", max(0, self.pos - LOOK_BACK - 1), self.pos) + 1

    def clause(self) -> str:
        """The window back to the last sentence mark."""
        return re.split(r"[.;:!?](?=\s)|\(", self.window)[-1]

    def follows(self, *rules: str, within: int = 1) -> bool:
        """True when one of the rules said the text that ends at most `within` characters before, in this sentence."""
        if self.last.rule not in rules or self.pos - self.last.end > within:
            return False
        between = self.text[self.last.end : self.pos]
        return ". " not in between and ";" not in between


class Spoken(NamedTuple):
    """A stretch of the cleaned text with its words, before it is joined to the rest."""

    start: int
    end: int
    rule: str
    words: str
    doubts: tuple[str, ...]


def scan(text: str, house: House, rules: Mapping[str, Table]) -> list[Spoken]:
    """Every stretch that a rule said, from left to right. Text between two of them is plain words."""
    found: list[Spoken] = []
    last = before_last = Last("", -1)
    pos = 0
    blobs = _blobs(text)
    while (hit := house.trigger.search(text, pos)) is not None:
        if blobs and blobs[0].start <= hit.start():
            found.append(blobs.pop(0))
            pos = found[-1].end
            continue
        start = hit.start()
        spoken = _say(Place(text, start, house, last, before_last), rules[hit.lastgroup or ""])
        if spoken is None:
            declined = _LETTERS.match(text, start)  # no further: digits behind the letters are still to be said
            pos = max(start + 1, declined.end() if declined else 0)
            continue
        found.append(spoken)
        pos = spoken.end
        if spoken.rule != "bracket":  # what stands in brackets still belongs to what stands before them
            before_last, last = last, Last(spoken.rule, pos)
    return found


def _blobs(text: str) -> list[Spoken]:
    """Runs too long to be words: their digits are said one by one, their letters stay, no rule looks at them."""
    if len(text) < BLOB:
        return []
    runs = (run for run in _RUN.finditer(text) if run.end() - run.start() >= BLOB)
    return [Spoken(run.start(), run.end(), "blob", _NOT_SAID.sub(" ", run[0].translate(_NAMES)), ()) for run in runs]


def _say(place: Place, table: Table) -> Spoken | None:
    for rule in table.candidates(place.text, place.pos):
        match = rule.pattern.match(place.text, place.pos)
        if match is None:
            continue
        said = rule.say(match, place)
        if said is None:
            continue
        if isinstance(said, str):
            said = Said(said, match.end())
        return Spoken(place.pos, said.end, rule.name, said.spoken, said.doubts)
    return None
