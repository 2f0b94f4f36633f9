"""How the reader under test, as it comes, says a text, a number and a month: for tests that generate their cases."""

from __future__ import annotations

from typing import Final

from tts.lexicon import default_lexicon
from tts.reader import Options, Reader
from tts.reader.numbers import Numbers

READER: Final = Reader(default_lexicon())
NUMBERS: Final = Numbers(Options())


def said(value: int) -> str:
    """The number in words."""
    return NUMBERS.cardinal(str(value))


def month(value: int) -> str:
    """The month's own word, which for April is not the number's."""
    return "tư" if value == 4 else said(value)


def spoken(text: str) -> str:
    """What is said of a whole text."""
    return READER.read(text).spoken
