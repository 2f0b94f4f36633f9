"""Where the files of a voice come from: a web mirror, a folder, a USB stick. Bytes only; nobody here trusts them."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, Protocol

from tts.install.installed import VoiceRecord

_BLOCK: Final = 1 << 18
_TIMEOUT_S: Final = 30.0
_PARTIAL_CONTENT: Final = 206
_RANGE_NOT_SATISFIABLE: Final = 416


class SourceError(Exception):
    """The source does not give the file: not there, no network, the stick was pulled."""


class Source(Protocol):
    def read(self, record: VoiceRecord, name: str, offset: int) -> Iterator[tuple[int, bytes]]:
        """Blocks of the voice's file from `offset` on, each with its place in the file.

        A source that cannot start there starts at 0. Raises SourceError, perhaps in the middle.
        """
        ...


class FolderSource:
    """A folder that holds the files itself, or in a folder named after the voice, or laid out like the mirror."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, record: VoiceRecord, name: str, offset: int) -> Iterator[tuple[int, bytes]]:
        file = self._find(record, name)
        try:
            with open(file, "rb") as source:
                source.seek(offset)
                while block := source.read(_BLOCK):
                    yield offset, block
                    offset += len(block)
        except OSError as error:
            raise SourceError(f"{file}: {error.strerror}") from error

    def _find(self, record: VoiceRecord, name: str) -> Path:
        places = [self._folder / name, self._folder / record.name / name, self._folder / record.path / name]
        for file in places:
            if file.is_file():
                return file
        raise SourceError(f"{name} is not in {self._folder}, nor in its folders {record.name} and {record.path}")


class WebSource:
    """A mirror over HTTP or HTTPS: `url` is its root, below which `record.path` leads to the files."""

    def __init__(self, url: str) -> None:
        self._root = url.rstrip("/")

    def read(self, record: VoiceRecord, name: str, offset: int) -> Iterator[tuple[int, bytes]]:
        url = "/".join(part for part in (self._root, record.path.strip("/"), urllib.parse.quote(name)) if part)
        request = urllib.request.Request(url)  # noqa: S310 - open_source let only http and https through
        if offset:
            request.add_header("Range", f"bytes={offset}-")
        try:
            with closing(urllib.request.urlopen(request, timeout=_TIMEOUT_S)) as answer:  # noqa: S310 - as above
                at = offset if answer.status == _PARTIAL_CONTENT else 0
                while block := answer.read(_BLOCK):
                    yield at, block
                    at += len(block)
        except urllib.error.HTTPError as error:
            if error.code == _RANGE_NOT_SATISFIABLE:
                return  # we have all of it already
            raise SourceError(f"{url}: the server answered {error.code} {error.reason}") from error
        except (OSError, ValueError) as error:
            raise SourceError(f"{url}: {error}") from error


def open_source(where: str) -> Source:
    """The source a person named: an http(s) address, a file address, or a folder. Raises SourceError."""
    parts = urllib.parse.urlsplit(where)
    if parts.scheme in ("http", "https"):
        return WebSource(where)
    if parts.scheme not in ("", "file"):
        raise SourceError(f"{where!r} is neither a folder nor an address that begins with http://, https:// or file://")
    folder = Path(urllib.request.url2pathname(parts.path) if parts.scheme else where)
    if not folder.is_dir():
        raise SourceError(f"the folder {folder} is not there")
    return FolderSource(folder)
