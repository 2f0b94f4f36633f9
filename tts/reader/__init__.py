"""The Vietnamese reader: official text in, spoken words out. Pure: no clock, no disk, no network."""

from __future__ import annotations

from tts.reader.clean import Clean, clean
from tts.reader.compose import compose
from tts.reader.engine import Spoken, scan
from tts.reader.house import build
from tts.reader.lexicon import Lexicon
from tts.reader.model import DOUBTS, VERSION, Doubt, Options, Reading, Span, options_for
from tts.reader.rules import RULES

__all__ = ["Doubt", "Lexicon", "Options", "Reader", "Reading", "Span", "options_for"]


class Reader:
    """Reads text aloud on paper. Holds no state between texts; build one for a lexicon and options and keep it."""

    version = VERSION

    def __init__(self, lexicon: Lexicon, options: Options | None = None) -> None:
        self._house = build(lexicon, options or Options())

    def read(self, text: str) -> Reading:
        """The spoken form of `text`, what was said where, and what the writer should look at. Never raises."""
        cleaned = clean(text)
        spoken = scan(cleaned.text, self._house, RULES)
        return Reading(
            compose(cleaned.text, spoken),
            tuple(Span(*cleaned.back(piece.start, piece.end), piece.rule, piece.words) for piece in spoken),
            tuple(_doubt(cleaned, piece, kind) for piece in spoken for kind in piece.doubts),
        )


def _doubt(cleaned: Clean, piece: Spoken, kind: str) -> Doubt:
    start, end = cleaned.back(piece.start, piece.end)
    return Doubt(start, end, kind, cleaned.text[piece.start : piece.end].strip(), DOUBTS[kind])
