"""A voice that says nothing for as long as speaking would take: for tests, and for boards whose unit wants no sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tts.engines.pieces import pieces
from tts.voice import RATE_HZ, Chunk

PIECE_CHARS: Final = 70
_SECONDS_PER_CHAR: Final = 0.065  # a newsreader's pace in Vietnamese


class VoiceSilent:
    """Speaks every language it is given, without a sound."""

    def __init__(self, languages: frozenset[str] = frozenset({"vi"})) -> None:
        self.id = "silent"
        self.languages = languages

    def available(self) -> str:
        return ""

    def speak(self, text: str, lang: str) -> Iterator[Chunk]:
        for piece in pieces(text, PIECE_CHARS):
            samples = round(len(piece.text) * _SECONDS_PER_CHAR * RATE_HZ)
            yield Chunk(bytes(2 * samples), piece.start, piece.end)

    def close(self) -> None:
        pass
