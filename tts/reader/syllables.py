"""Is this a Vietnamese syllable? Words in capitals are told from abbreviations by it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_CODA = "ch|ng|nh|c|m|n|p|t|k"  # k: Đắk, Đắc's spelling in the names of the highlands
_NUCLEUS = (
    "iêu|yêu|ươi|ươu|uôi|uya|uyê|uây|oai|oay|oeo|uêu|uao|"
    "iê|yê|ươ|uô|oa|oe|oă|oo|uâ|uê|uơ|uy|ua|ưa|ia|ya|"
    "ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|uă|"
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE: Final = re.compile(rf"(?:{_ONSET})?(?:{_NUCLEUS})(?:{_CODA})?\Z")
_TONES: Final = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_LONGEST: Final = 7  # nghiêng


def toneless(word: str) -> str:
    """Lower case, tone marks taken off, the letters' own marks (ă â đ ê ô ơ ư) kept."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word.lower()).translate(_TONES))


def is_syllable(word: str) -> bool:
    """True for one Vietnamese syllable in any case and with any tone."""
    return len(word) <= _LONGEST and _SYLLABLE.match(toneless(word)) is not None


def has_marks(word: str) -> bool:
    """True when a letter of the word exists in Vietnamese only: such a word in capitals is still a word."""
    return not word.isascii()
