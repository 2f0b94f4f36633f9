"""The text as the rules want it: NFC, one kind of dash and quote, plain digits, nothing invisible.

Offsets of the cleaned text can be led back to the text as written, so that what the rules report points
at what the writer sees.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from tts.reader.commas import parted

_SAME_LENGTH: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00f7\ufe58\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201b\u2032\u00b4`\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\t\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\u000b\u000c", " "),
        **dict.fromkeys("\u2028\u2029\u0085\r", "\n"),
        "\u2044": "/",
        "\u2215": "/",
        "\u00ba": "°",
        "\u02da": "°",
        "\u2265": "≥",
        "\u2a7e": "≥",
        "\u2264": "≤",
        "\u2a7d": "≤",
        "\u00b7": "•",
        **dict.fromkeys("\u03a6\u03c6\u03d5\u2300", "Ø"),
    }
)
_SURPLUS: Final = re.compile(r"(?<= ) +|(?<=\() +| +(?=\))")  # 7h  30, ( 0271 )
_INVISIBLE: Final = re.compile(
    r"[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_COMPAT: Final = re.compile(
    r"[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2100-\u218b\u2460-\u24ff\u3300-\u33ff\ufb00-\ufb06\uff01-\uff5e]"
)


@dataclass(frozen=True)
class Clean:
    """`origin[i]` is the offset in the text as written of the cleaned character i; None = they are the same."""

    text: str
    origin: tuple[int, ...] | None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the cleaned text lies in the text as written."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end]


def clean(text: str) -> Clean:
    """`text` cleaned. Linear in its length."""
    text = text.replace("\r\n", " \n").translate(_SAME_LENGTH)
    cleaned = _single_spaced(_composed(text))
    return Clean(parted(cleaned.text), cleaned.origin)


def _single_spaced(cleaned: Clean) -> Clean:
    """Of several spaces one, none inside a bracket's edge."""
    text = cleaned.text
    if "  " not in text and "( " not in text and " )" not in text:
        return cleaned
    kept: list[int] = []
    pos = 0
    for surplus in _SURPLUS.finditer(text):
        kept.extend(range(pos, surplus.start()))
        pos = surplus.end()
    kept.extend(range(pos, len(text) + 1))
    origin = cleaned.origin
    places = tuple(kept) if origin is None else tuple(origin[index] for index in kept)
    return Clean("".join([text[index] for index in kept[:-1]]), places)


def _composed(text: str) -> Clean:
    if unicodedata.is_normalized("NFC", text) and not _INVISIBLE.search(text) and not _COMPAT.search(text):
        return Clean(_plain_digits(text), None)
    pieces: list[str] = []
    origin: list[int] = []
    for start, cluster in _clusters(text):
        shown = _shown(cluster)
        pieces.append(shown)
        origin.extend([start] * len(shown))
    origin.append(len(text))
    return Clean(_plain_digits("".join(pieces)), tuple(origin))


def _clusters(text: str) -> list[tuple[int, str]]:
    """Base characters with the combining marks behind them, and where each begins."""
    found: list[tuple[int, str]] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not unicodedata.combining(text[index]):
            if index > start:
                found.append((start, text[start:index]))
            start = index
    return found


def _shown(cluster: str) -> str:
    cluster = _INVISIBLE.sub("", cluster)
    if _COMPAT.search(cluster):
        cluster = unicodedata.normalize("NFKC", cluster).translate(_SAME_LENGTH)
    return unicodedata.normalize("NFC", cluster)


def _plain_digits(text: str) -> str:
    """Digits of other scripts as 0-9; the length stays."""
    if text.isascii():
        return text
    return re.sub(r"[^\x00-\x7f]", _plain_digit, text) if re.search(r"[^\D0-9]", text) else text


def _plain_digit(found: re.Match[str]) -> str:
    value = unicodedata.decimal(found[0], None)
    return found[0] if value is None else str(value)
