"""When each sentence of a clip sounds: the file beside the WAV, and which sentence is being said.

Pure but for `read_times`, so that the player can mark on the screen what is heard.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

_ROUNDING_S: Final = 0.1
TONES: Final = "tones"  # the engine of a clip that holds its tones alone: no voice could speak


class Sentence(NamedTuple):
    """When a sentence sounds, from the start of the clip, and where it stands in the spoken text (characters)."""

    start_s: float
    end_s: float
    start: int
    end: int


class ClipTimes(msgspec.Struct, frozen=True):
    """The file beside the WAV. A recording is one sentence, whose words nobody knows the places of."""

    engine: str
    lang: str
    duration_s: float
    sentences: tuple[Sentence, ...]


def decode_times(data: bytes) -> ClipTimes:
    """Raises ValueError if `data` is not such a file."""
    try:
        return msgspec.json.decode(data, type=ClipTimes)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not the times of a clip: {error}") from error


def read_times(clip: Path) -> tuple[Sentence, ...]:
    """The sentences of the clip `clip` (its WAV); none if its times are lost: it is heard all the same."""
    try:
        return decode_times(clip.with_suffix(".json").read_bytes()).sentences
    except (OSError, ValueError):
        return ()


def marks_of(sentences: Sequence[Sentence]) -> str:
    """The sentences as a sound file carries them in its comments."""
    return msgspec.json.encode(sentences).decode() if sentences else ""


def read_marks(data: bytes, characters: int, duration_s: float) -> tuple[Sentence, ...]:
    """The sentences a sound file says it holds; none if they do not fit its words and its length.

    `characters` is the length of the spoken text. Nothing is lost without them but the mark on the screen.
    """
    try:
        found = msgspec.json.decode(data, type=tuple[Sentence, ...])
    except (msgspec.MsgspecError, RecursionError):
        return ()
    ends = [0.0, *(bound for one in found for bound in (one.start_s, one.end_s)), duration_s + _ROUNDING_S]
    places = [0, *(bound for one in found for bound in (one.start, one.end)), characters]
    return found if ends == sorted(ends) and places == sorted(places) else ()


def later(sentences: Iterable[Sentence], by_s: float) -> tuple[Sentence, ...]:
    """The same sentences with `by_s` seconds of something else before them."""
    return tuple(
        Sentence(round(one.start_s + by_s, 3), round(one.end_s + by_s, 3), one.start, one.end) for one in sentences
    )


def sentence_at(sentences: Sequence[Sentence], position_s: float) -> int | None:
    """The index of the sentence being said so far into the clip; the pause behind one still belongs to it.

    None during the tones before the first, and after the last.
    """
    index = bisect_right(sentences, position_s, key=lambda sentence: sentence.start_s) - 1
    if index < 0 or position_s >= sentences[-1].end_s:
        return None
    return index
