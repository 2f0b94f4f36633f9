"""Text in the fonts of before Unicode: recognises TCVN3 (ABC) and VNI and turns them into Unicode.

Old documents still reach the offices' clipboards. Their letters are accented Latin letters that a font drew as
Vietnamese ones ("Uû ban nh©n d©n", "Uûy ban nhaân daân"); shown or read as they are, they are noise.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal, NamedTuple

from tts.reader.syllables import is_syllable

_TCVN3: Final = str.maketrans(
    {
        **dict(zip("¡¢£¤¥¦§", "ĂÂÊÔƠƯĐ", strict=True)),
        **dict(zip("¨©ª«¬\u00ad®", "ăâêôơưđ", strict=True)),
        **dict(zip("µ¶·¸¹", "àảãáạ", strict=True)),
        **dict(zip("»¼½¾Æ", "ằẳẵắặ", strict=True)),
        **dict(zip("ÇÈÉÊË", "ầẩẫấậ", strict=True)),
        **dict(zip("ÌÎÏÐÑ", "èẻẽéẹ", strict=True)),
        **dict(zip("ÒÓÔÕÖ", "ềểễếệ", strict=True)),
        **dict(zip("×ØÜÝÞ", "ìỉĩíị", strict=True)),
        **dict(zip("ßáâãä", "òỏõóọ", strict=True)),
        **dict(zip("åæçèé", "ồổỗốộ", strict=True)),
        **dict(zip("êëìíî", "ờởỡớợ", strict=True)),
        **dict(zip("ïñòóô", "ùủũúụ", strict=True)),
        **dict(zip("õö÷øù", "ừửữứự", strict=True)),
        **dict(zip("úûüýþ", "ỳỷỹýỵ", strict=True)),
    }
)
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS: Final = {
    "ù": _ACUTE,
    "ø": _GRAVE,
    "û": _HOOK,
    "õ": _TILDE,
    "ï": _DOT,
    "â": _CIRCUMFLEX,
    "á": _CIRCUMFLEX + _ACUTE,
    "à": _CIRCUMFLEX + _GRAVE,
    "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE,
    "é": _BREVE + _ACUTE,
    "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}
_VNI_LETTERS: Final = {"ö": "ư", "ô": "ơ", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_VNI_PAIR: Final = re.compile(r"([aeouyôö])([ùøûõïâáàåãäêéèúüë])|([öôñæóòîíì])", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\s.,;:!?()\"'/0-9-]+")
_MICROMETRE: Final = "µm"  # the one unit that would be a syllable, though no word
_ENOUGH: Final = 0.8  # share of the accented words that must be syllables before a conversion is offered
_GAIN: Final = 0.3

Encoding = Literal["TCVN3", "VNI"]


class Legacy(NamedTuple):
    """What the text was written in, and the same text in Unicode (NFC)."""

    encoding: Encoding
    text: str


def detect(text: str) -> Legacy | None:
    """The conversion to offer to the writer, or None for text that is Unicode already (or no Vietnamese at all)."""
    if text.isascii():
        return None
    as_it_is = _share_of_syllables(text)
    best: Legacy | None = None
    best_share = max(_ENOUGH, as_it_is + _GAIN)
    for found in (Legacy("TCVN3", from_tcvn3(text)), Legacy("VNI", from_vni(text))):
        share = _share_of_syllables(found.text, at=text)
        if share >= best_share:
            best, best_share = found, share
    return best


def from_tcvn3(text: str) -> str:
    """TCVN3 (fonts named .Vn…) as Unicode. A word in capitals becomes one wholly: the font had no marked capitals."""
    return re.sub(r"\S+", lambda found: _raised(found[0], found[0].translate(_TCVN3)), text)


def _raised(written: str, converted: str) -> str:
    plain = [char for char in written if char.isascii() and char.isalpha()]
    return converted.upper() if len(plain) > 1 and all(char.isupper() for char in plain) else converted


def from_vni(text: str) -> str:
    """VNI (fonts named VNI-…) as Unicode: a vowel and the mark written behind it become one letter."""
    return unicodedata.normalize("NFC", _VNI_PAIR.sub(_vni_letter, unicodedata.normalize("NFC", text)))


def _vni_letter(found: re.Match[str]) -> str:
    if found[3]:
        letter = _VNI_LETTERS[found[3].lower()]
        return letter.upper() if found[3].isupper() else letter
    base = found[1]
    base = {"ô": "ơ", "ö": "ư", "Ô": "Ơ", "Ö": "Ư"}.get(base, base)
    return unicodedata.normalize("NFC", base + _VNI_MARKS[found[2].lower()])


def _share_of_syllables(text: str, at: str | None = None) -> float:
    """Of the words with something beyond ASCII (in `at`, word by word, if given), how many are syllables.

    A sign alone, like © or £, is no word in any encoding.
    """
    words = _WORD.findall(text)
    marked = _WORD.findall(at) if at is not None else words
    if len(words) != len(marked):
        words, marked = text.split(), (at or text).split()
    judged = [word for word, written in zip(words, marked, strict=False) if _tells(written)]
    return sum(map(is_syllable, judged)) / len(judged) if judged else 0.0


def _tells(written: str) -> bool:
    """Whether the word can tell one encoding from another."""
    return not written.isascii() and written != _MICROMETRE and any(map(str.isalpha, written))
