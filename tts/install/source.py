"""Where the files of a voice come from: a web mirror, a folder, a USB stick. Bytes only; nobody here trusts them."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, Protocol

from tts.bilingual import both
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
            raise SourceError(both("{file}: {why}", "{file}: {why}", file=file, why=error)) from error

    def _find(self, record: VoiceRecord, name: str) -> Path:
        places = [self._folder / name, self._folder / record.name / name, self._folder / record.path / name]
        for file in places:
            if file.is_file():
                return file
        raise SourceError(
            both("không có {file} trong {folder}, cả trong hai thư mục con {one} và {other}",
                 "{file} is not in {folder}, nor in its folders {one} and {other}",
                 file=name, folder=self._folder, one=record.name, other=record.path)
        )  # fmt: skip


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
            raise SourceError(
                both("{url}: máy chủ trả lời {code} {why}", "{url}: the server answered {code} {why}",
                     url=url, code=error.code, why=error.reason)
            ) from error  # fmt: skip
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise SourceError(both("{url}: {why}", "{url}: {why}", url=url, why=error)) from error


def open_source(where: str) -> Source:
    """The source a person named: an http(s) address, a file address, or a folder. Raises SourceError."""
    parts = urllib.parse.urlsplit(where)
    if parts.scheme in ("http", "https"):
        return WebSource(where)
    if parts.scheme not in ("", "file"):
        raise SourceError(
            both("{it!r} không phải là thư mục, cũng không phải địa chỉ bắt đầu bằng http://, https:// hay file://",
                 "{it!r} is neither a folder nor an address that begins with http://, https:// or file://", it=where)
        )  # fmt: skip
    folder = Path(urllib.request.url2pathname(parts.path) if parts.scheme else where)
    if not folder.is_dir():
        raise SourceError(both("không có thư mục {it}", "the folder {it} is not there", it=folder))
    return FolderSource(folder)
