"""What is said in a playlist, which of it has a file already, and which of it could have one. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from player.model import Media, Version


class Said(NamedTuple):
    """Words in a language, as they were approved."""

    lang: str
    words: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.lang}\n{self.words}".encode()).hexdigest()


def unrecorded(versions: Iterable[Version]) -> Iterator[Said]:
    """What a machine has to say of these versions: a person's recording goes before it."""
    for version in versions:
        if version.spoken.strip() and version.audio is None:
            yield Said(version.lang, version.spoken)


def with_files(versions: tuple[Version, ...], files: Mapping[Said, Media]) -> tuple[Version, ...]:
    """The versions, each with the file that holds its words where there is one."""
    return tuple(
        replace(version, audio=file)
        if version.audio is None and (file := files.get(Said(version.lang, version.spoken))) is not None
        else version
        for version in versions
    )
