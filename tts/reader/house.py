"""Builds what the rules ask from a lexicon and options: number words and the patterns made from the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tts.reader.engine import LETTER, LOWER, UPPER, House
from tts.reader.lexicon import Lexicon
from tts.reader.model import Options
from tts.reader.numbers import Numbers

_CAPITALS: Final = rf"[{UPPER}](?:(?![{LOWER}]|'[{LETTER}])|[{LOWER}]{{1,3}}[{UPPER}])"
_ADDRESS: Final = r"https?://|[A-Za-z][A-Za-z0-9_-]{0,62}[.@](?=[a-z0-9])"
_LONE_LETTER: Final = r"[bcdđfghjklmnpqrstvwxz](?![^\W\d_]|'[^\W\d_])|[kc]m[23](?!\w)"
_TYPED_SMALL: Final = r"(?:[au]?[bcdđghklmnpqrstvxy]{3,9}|[bcdđghklmnpqrstvx]{2})(?![^\W\d_])"  # ubnd, htx, hs
_POST: Final = r"[Kk]m(?=[ .]{0,2}\d)"
_INSIDE: Final = rf"(?<=[{LETTER}])[-'](?=[{LETTER}])"  # ki-lô-mét, S'tiêng: part of the word
_SIGN: Final = rf"(?!{_INSIDE})[^\w\s.,;:!?]|_|\./(?:\.|(?=[\s;)]|\Z))|\.{{2}}|(?<= )\.(?=[a-z]{{2}})"


def build(lexicon: Lexicon, options: Options) -> House:
    """The house for one lexicon and one set of options."""
    units = _longest_first(lexicon.units)
    small = _longest_first(key for key in lexicon.entries if not re.match(_CAPITALS, key))
    known = [rf"(?:{small})(?![{LETTER}])"] if small else []
    words = "|".join([_ADDRESS, _POST, _CAPITALS, *known, _TYPED_SMALL, _LONE_LETTER])
    return House(
        lexicon=lexicon,
        numbers=Numbers(options),
        options=options,
        units=re.compile(rf"[ ]?({units})(?![{LETTER}\d])"),
        unit_heads=frozenset(unit[0] for unit in lexicon.units),
        trigger=re.compile(rf"(?P<digit>\d)|(?P<word>(?<![^\W\d_])(?:{words}))|(?P<sign>{_SIGN})"),
    )


def _longest_first(keys: Iterable[str]) -> str:
    return "|".join(re.escape(key) for key in sorted(keys, key=lambda key: (-len(key), key)))
