"""Cuts spoken text into pieces a voice says in one breath."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_SENTENCE: Final = re.compile(r"[.!?;:]+(?=\s|\Z)|\n+")


class Chunk(NamedTuple):
    """A piece of the spoken text: `text` is `spoken[start:end]`."""

    start: int
    end: int
    text: str


def chunks(spoken: str, limit: int = 70) -> tuple[Chunk, ...]:
    """Pieces of at most `limit` characters: whole sentences, else cut at a comma, else at a space.

    A single word longer than `limit` is cut hard, so that no voice ever gets more than it can hold.
    """
    if limit < 1:
        raise ValueError(f"limit {limit}: allowed is 1 or more characters")
    found: list[Chunk] = []
    start = 0
    for mark in _SENTENCE.finditer(spoken):
        _cut(spoken, start, mark.end(), limit, found)
        start = mark.end()
    _cut(spoken, start, len(spoken), limit, found)
    return tuple(found)


def _cut(spoken: str, start: int, end: int, limit: int, found: list[Chunk]) -> None:
    while True:
        while start < end and spoken[start].isspace():
            start += 1
        while end > start and spoken[end - 1].isspace():
            end -= 1
        if start == end:
            return
        stop = end if end - start <= limit else _break(spoken, start, start + limit)
        text = spoken[start:stop].rstrip()
        if any(char.isalnum() for char in text):
            found.append(Chunk(start, start + len(text), text))
        start = stop


def _break(spoken: str, start: int, stop: int) -> int:
    """Just behind the last comma, else at the last space, else at `stop`."""
    comma = spoken.rfind(", ", start, stop)
    if comma > start:
        return comma + 1
    space = spoken.rfind(" ", start + 1, stop + 1)
    return space if space > start else stop
