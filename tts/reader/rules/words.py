"""Abbreviations, words in capitals, single letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tts.reader.engine import LETTER, LOOK_AHEAD, LOWER, UPPER, Place, Rule, Said
from tts.reader.lexicon import SPELL, Entry, Neighbours
from tts.reader.rules.parts import rx
from tts.reader.syllables import has_marks, is_syllable

_TOKEN: Final = rx(rf"[{LETTER}]{{1,40}}(?:[.&/'-][{LETTER}]{{1,40}}){{0,6}}\.?")
_CUT: Final = re.compile(r"[.&/'-]")
_WORD: Final = rx(rf"[{LETTER}]+")
_INITIALS: Final = rx(rf"[{UPPER}](?:\.[{UPPER}](?![{LOWER}])){{1,5}}\.?(?![{LETTER}])")
_VOWEL: Final = re.compile(r"[AEIOUY]")
_SPEAKABLE: Final = re.compile(r"(?:[^AEIOUY]{0,2}[AEIOUY]{1,2}){2,}[^AEIOUY]{0,2}\Z")


def around(place: Place, end: int, *, in_code: bool = False) -> Neighbours:
    """The neighbours of the stretch from the place to `end`."""
    text = place.text
    right = text[end : end + LOOK_AHEAD]
    return Neighbours(place.window, right.partition("\n")[0], in_code)


def pronounced(place: Place, key: str, entry: Entry) -> str:
    """An entry's words; the sign for spelling becomes the letters' names."""
    return place.house.lexicon.spell(key) if entry.spoken == SPELL else entry.spoken


def expanded(place: Place, start: int, end: int) -> str:
    """The words of `text[start:end]`, an abbreviation among them written out."""
    words = []
    for word in place.text[start:end].split():
        key = word if word in place.house.lexicon.entries or is_syllable(word) else word.upper()
        entry = place.house.lexicon.choose(key, around(place, end))
        words.append(pronounced(place, key, entry) if entry else word)
    return " " + " ".join(words)


def _known(match: re.Match[str], place: Place) -> Said | None:
    entries = place.house.lexicon.entries
    for token in _prefixes(match[0]):
        end = place.pos + len(token)
        if token not in entries or (token[:-1] in entries and token[-1] == "." and _at_line_end(place, end)):
            continue
        entry = place.house.lexicon.choose(token, around(place, end))
        if entry is not None and (entry.after or not _is_word_here(place, token, end)):
            doubts = ("ambiguous",) if entry.guess else ()
            return Said(not_twice(place, pronounced(place, token, entry)), _end(place, token, end), doubts)
    return None


_OF_ADDRESS: Final = frozenset(("chấm", "còng"))
_DOT: Final = rx(r" (?:chấm|a còng) ")


def _in_small(match: re.Match[str], place: Place) -> Said | None:
    """ubnd, hđnd, hs: an abbreviation typed without capitals; no word lacks a vowel."""
    key = match[0].upper()
    entry = place.house.lexicon.choose(key, around(place, match.end()))
    if entry is None or is_syllable(match[0]) or place.prev in _OF_ADDRESS or _DOT.match(place.text, match.end()):
        return None
    doubts = ("ambiguous",) if entry.guess else ()
    return Said(not_twice(place, pronounced(place, key, entry)), match.end(), doubts)


def _prefixes(token: str) -> Iterator[str]:
    """The whole token, then what stands before each of its marks, the longest first; with and without a dot."""
    yield token
    if token.isalpha():
        return
    for mark in reversed(list(_CUT.finditer(token))):
        if mark[0] == "." and mark.end() < len(token):
            yield token[: mark.end()]
        yield token[: mark.start()]


_LONGEST_TWICE: Final = 3  # words


def not_twice(place: Place, words: str) -> str:
    """ "đường ĐT.741" is not "đường đường tỉnh", "tiêu chuẩn TCVN" not "tiêu chuẩn tiêu chuẩn Việt Nam"."""
    said = words.split(" ")
    for length in range(min(_LONGEST_TWICE, len(said) - 1), 0, -1):
        head = " ".join(said[:length]).lower()
        if place.window.endswith(f"{head} ") and place.words[-length:] == head.split():
            return " ".join(said[length:])
    return words


def _at_line_end(place: Place, end: int) -> bool:
    return place.text[end : end + 3].lstrip(" ")[:1] in ("", "\n")


def _end(place: Place, token: str, end: int) -> int:
    """KP.3, SN.1958: a dot between an abbreviation and what it belongs to is no pause; at the line's end it is."""
    text = place.text
    if token[-1] == "." and _at_line_end(place, end):
        return end - 1
    if token[-1] != "." and text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum():
        return end + 1
    return end


def _is_word_here(place: Place, token: str, end: int) -> bool:
    """A table key that is also a syllable (CA, CAO) is a word where its neighbours are in capitals too."""
    if not is_syllable(token) or len(token) < 2:
        return False
    following = _WORD.match(place.text, end + 1)
    before = place.text[max(0, place.pos - 12) : place.pos].rpartition("\n")[2].split()
    near = [before[-1] if before else "", following[0] if following else ""]
    return any(len(word) > 1 and word.isupper() and is_syllable(word) for word in near)


def _initials(match: re.Match[str], place: Place) -> Said:
    end = match.end() - (1 if match[0].endswith(".") else 0)
    return Said(place.house.lexicon.spell(match[0]), end)


def _initial(match: re.Match[str], place: Place) -> str | None:
    """Cháu N., 8 tuổi: the dot ends no sentence."""
    return place.house.lexicon.spell(match[1]) if _NAMED_BEFORE.search(place.window) else None


def _middle(match: re.Match[str], place: Place) -> Said | None:
    """Bà Ngô T. Kim Oanh: a name's middle letter is no province."""
    if not _NAMED_BEFORE.search(place.window):
        return None
    return Said(place.house.lexicon.spell(match[0]), match.end())


def _called(match: re.Match[str], place: Place) -> Said | None:
    """Liên hệ bà Mai, A. Hùng hoặc C. Lan: each of those to be called."""
    return Said(_TITLES[match[1]], match.end()) if _CALLED.search(place.window) else None


_TITLES: Final = {"A": "anh", "C": "chị"}
_CALLED: Final = re.compile(
    r"(?<![^\W\d_])(?:liên hệ|lh|gặp|hỏi|gọi|đt|sđt|alo)(?![^\W\d_])[^;\n]{0,40}"
    r"(?:[,(:-]|(?<![^\W\d_])(?:hoặc|và|với)) ?$"
)
_NAMED_BEFORE: Final = re.compile(
    r"(?<![^\W\d_])(?:ông|bà|anh|chị|em|cháu|bé|cụ|cô|chú|bác|đ/c|đồng chí|họ tên:?)(?: [^\W\d_]+){0,3} $"
)


def _capitals(match: re.Match[str], place: Place) -> Said | str | None:
    word = match[0]
    if len(word) == 1:
        return None if is_syllable(word) and word != "O" else place.house.lexicon.spell(word) or None
    if word.isupper() and is_syllable(word) and (has_marks(word) or len(word) > 2 or _in_capitals(place, match)):
        return word.capitalize()
    if word.isupper() and len(word) >= _SHORTEST_STORM and _STORM.search(place.window):
        return word.capitalize()
    if word.isupper() and len(word) >= 5 and _SPEAKABLE.match(word):
        return Said(word.capitalize(), match.end(), ("unknown",))
    if not word.isupper() and _VOWEL.search(word.upper()) and word[1:].lower() != word[1:] and len(word) > 5:
        return None
    spelled = place.house.lexicon.spell(word)
    return Said(spelled, match.end(), ("unknown",)) if spelled else None


_SHORTEST_STORM: Final = 4  # letters: DOKSURI, WIPHA; ATNĐ is known before
_STORM: Final = re.compile(r"(?<![^\W\d_])(?:bão|siêu bão)(?: số \d{1,2})?(?: có tên(?: quốc tế)?)?(?: là)? ?\(?$")


def _in_capitals(place: Place, match: re.Match[str]) -> bool:
    """A neighbour is a word in capitals."""
    text = place.text
    near = [*text[max(0, place.pos - 12) : place.pos].split()[-1:], *text[match.end() : match.end() + 12].split()[:1]]
    return any(len(word) > 1 and word.strip(",.;:").isupper() for word in near)


WORD_RULES: Final = (
    Rule("initials", rx(rf"[{UPPER}]\.(?=[ ]?[{UPPER}][{LOWER}])"), _middle, follow=UPPER),
    Rule("abbreviation", rx(rf"([AC])\.(?=[ ]?[{UPPER}][{LOWER}])"), _called, follow="AC"),
    Rule("initials", rx(rf"([{UPPER}])\.(?=,)"), _initial, follow=UPPER),
    Rule("abbreviation", _TOKEN, _known),
    Rule("abbreviation", rx(rf"[{LOWER}]{{2,10}}(?![{LETTER}])"), _in_small, follow=LOWER),
    Rule("initials", _INITIALS, _initials, follow=UPPER),
    Rule("capitals", _WORD, _capitals, follow=UPPER),
)
