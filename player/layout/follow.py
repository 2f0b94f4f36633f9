"""Which lines of a page belong to which sentence of a version, so that the one being read can be marked.

The spoken form is not the written one: figures are words there, and a person may have changed it. So
sentences are counted on both sides; where the counts differ, they are matched by their share of the whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from player import text
from player.layout.boxes import Label, Scene, ScenePage
from player.model import Version

_END: Final = re.compile(r"(?<=[.!?…;])\s+|\n+")


class Spot(NamedTuple):
    """One line of a page: the sentences it has a part of, `first` to `last` `of` so many, from 0."""

    label: Label
    lang: str
    first: int
    last: int
    of: int


class _Reader:
    """Goes through one version's letters line by line, as the pages show them."""

    def __init__(self, version: Version) -> None:
        self._lang = version.lang
        written = f"{text.clean(version.title)}\n{text.clean(version.body)}"
        sentences = [flat for sentence in _END.split(written) if (flat := _flat(sentence))]
        self._letters = "".join(sentences)
        self._ends: list[int] = []
        for sentence in sentences:
            self._ends.append((self._ends[-1] if self._ends else 0) + len(sentence))
        self._at = 0

    def take(self, label: Label) -> Spot | None:
        """The spot of `label` if it is what comes next in this version."""
        flat = _flat(label.text)
        if not flat or not self._letters.startswith(flat, self._at):
            return None
        first = self._sentence(self._at)
        self._at += len(flat)
        return Spot(label, self._lang, first, self._sentence(self._at - 1), len(self._ends))

    def _sentence(self, place: int) -> int:
        return bisect_right(self._ends, place)


def spots(scene: Scene, versions: Sequence[Version]) -> tuple[tuple[Spot, ...], ...]:
    """The spots of each page of `scene`; a line that is no text of any version has none."""
    readers = [_Reader(version) for version in versions]
    found: dict[int, tuple[Spot, ...]] = {}
    for page in scene.pages:
        if id(page) not in found:  # a document shows one page beside each of its own
            found[id(page)] = tuple(_of_page(page, readers))
    return tuple(found[id(page)] for page in scene.pages)


def _of_page(page: ScenePage, readers: Sequence[_Reader]) -> Iterator[Spot]:
    for label in page.labels[page.furniture :]:
        taken = (reader.take(label) for reader in readers)
        spot = next((spot for spot in taken if spot), None)
        if spot:
            yield spot


def read_now(first: int, last: int, of: int, said: int, spoken: int) -> bool:
    """Whether a line with the sentences `first` to `last` `of` so many is in the sentence `said` of `spoken`."""
    if of == spoken:
        return first <= said <= last
    return first * spoken < (said + 1) * of and said * of < (last + 1) * spoken


def _flat(words: str) -> str:
    return "".join(words.split())
