"""What a writer says differently from the machine, span by span, and how it lives on while the text still changes.

Nothing of it is stored but the spoken form, which travels with the bulletin: the same text reads the same, so that
the difference between its reading and the spoken form is what the writer changed. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"(?:[^\W_]+(?:[-'][^\W_]+)*|[^\w\s]|_|\n)[^\S\n]*")
_MOST_WORDS: Final = 4_000  # longer texts are compared line by line: comparing costs more than reading
_SPACES: Final = re.compile(r"[^\S\n]+")
_MARKS: Final = tuple(".,;:!?)”’")
_LOOSE: Final = re.compile(r" +(?=[.,;:!?)”’\n]|\Z)|(?m:^) +")


class Override(NamedTuple):
    """Words of the machine and what is said in their place; either may be empty."""

    machine: str
    writer: str


class Carried(NamedTuple):
    """The reading of a changed text with the writer's changes in it, and those that have no place in it any more."""

    words: str
    lost: tuple[Override, ...]


class _Change(NamedTuple):
    """Tokens `start` to `end` of the machine's reading gave way to `said`."""

    start: int
    end: int
    said: tuple[str, ...]


def overrides(machine: str, writer: str) -> tuple[Override, ...]:
    """What `writer` says differently from `machine`, in the order of the text."""
    before, edited = _cut(machine, writer)
    return tuple(_override(before, change) for change in _changes(before, edited))


def carried(before: str, edited: str, now: str) -> Carried:
    """The writer changed the reading `before` into `edited`; this is what `now`, the reading of a later text, becomes.

    A change is kept where its words still stand between the words they stood between. An empty `edited` stays: the
    writer wants silence.
    """
    if before == now or not edited.strip():
        return Carried(edited, ())
    old, mine, new = _cut(before, edited, now)
    places = _places(old, new)
    lost: list[Override] = []
    kept: list[tuple[int, _Change]] = []
    for change in _changes(old, mine):
        at = _place(change, places)
        if at is None:
            lost.append(_override(old, change))
        else:
            kept.append((at, change))
    for at, change in reversed(kept):
        new[at : at + change.end - change.start] = change.said
    return Carried(_joined(new) if kept else now, tuple(lost))


def _cut(*texts: str) -> list[list[str]]:
    """The texts as words and marks with the spaces behind them; as lines if one of them is very long."""
    words = [_WORD.findall(text) for text in texts]
    return words if max(map(len, words)) <= _MOST_WORDS else [text.splitlines(keepends=True) for text in texts]


def _changes(before: Sequence[str], edited: Sequence[str]) -> list[_Change]:
    found = SequenceMatcher(None, _bare(before), _bare(edited)).get_opcodes()
    return [_Change(a, b, tuple(edited[c:d])) for tag, a, b, c, d in found if tag != "equal"]


def _places(before: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """Where the tokens of `before` that are still there stand `now`."""
    blocks = SequenceMatcher(None, _bare(before), _bare(now)).get_matching_blocks()
    places = {a + n: b + n for a, b, size in blocks for n in range(size)}
    return {-1: -1, **places, len(before): len(now)}  # the edges of the text are where they were


def _place(change: _Change, places: dict[int, int]) -> int | None:
    """Where the changed words stand now; None if they, or a neighbour of theirs, are not as they were."""
    around = [places.get(index) for index in range(change.start - 1, change.end + 1)]
    first = around[0]
    if first is None or around != list(range(first, first + len(around))):
        return None
    return first + 1


def _override(before: Sequence[str], change: _Change) -> Override:
    return Override(_joined(before[change.start : change.end]), _joined(change.said))


def _bare(tokens: Iterable[str]) -> list[str]:
    """Without the spaces behind them, which nobody hears; a line's end is a pause, and heard."""
    return [token.strip(" ") for token in tokens]


def _joined(tokens: Iterable[str]) -> str:
    """The tokens as text again; two words never touch, and no space stands before a mark."""
    parts: list[str] = []
    for token in tokens:
        if parts and token[:1].isalnum() and (parts[-1][-1:].isalnum() or parts[-1][-1:] in _MARKS):
            parts.append(" ")
        parts.append(token)
    return _LOOSE.sub("", _SPACES.sub(" ", "".join(parts)))
