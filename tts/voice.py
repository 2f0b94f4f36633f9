"""The Voice contract: words to sound. One file in `tts.engines` is one engine.

Text handed to a voice has gone through the reader: it holds words and pauses, no digits and no
abbreviations. Sound is 16-bit signed little-endian mono PCM at `RATE_HZ`, at the house's loudness.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

RATE_HZ: Final = 22_050
RECORDING: Final = "recording:"  # how the id of a recording begins; the rest is the name of its file


class VoiceError(Exception):
    """The voice cannot speak now: no binary, no voice file, the worker died or was too slow."""


class Chunk(NamedTuple):
    """The sound of one piece of text, with where it lies in the spoken text (character offsets)."""

    pcm: bytes
    start: int
    end: int


class Voice(Protocol):
    """`id` names engine, voice and parameters and is part of the cache key; `languages` are primary subtags."""

    id: str
    languages: frozenset[str]

    def available(self) -> str:
        """Empty when the voice can speak, else the reason in one line."""
        ...

    def speak(self, text: str, lang: str) -> Iterator[Chunk]:
        """Chunks in order, the first as soon as it is made. Raises VoiceError."""
        ...

    def close(self) -> None: ...
