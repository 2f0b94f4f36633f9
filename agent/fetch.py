"""Bytes over HTTP, named by their hash: nothing is believed because of where it came from.

One session keeps its connection open, because a playlist is announced and fetched in the same
moment. A file grows as `<hash>.part`, is hashed while it is written, resumes where it broke off,
and gets its name only after it has been checked and synced. Every read is capped in size and in
time: a server may send for ever, or send one byte a second for ever.

Errors of requests, urllib3, sockets and the disk are translated to FetchError here and go no further.
"""

from __future__ import annotations

import errno
import hashlib
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from agent.disk import has_room
from drivers.disk import sync_folder
from player.model import Media

CHUNK_B: Final = 64 * 1024
CONNECT_LIMIT_S: Final = 5.0
SILENCE_LIMIT_S: Final = 15.0
_SLOWEST_B_S: Final = 4_000  # a 4G link on a bad day; below that the transfer is given up and resumed later
_SHORTEST_LIMIT_S: Final = 30.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class FetchError(Exception):
    """The bytes could not be had. `reason`: network, server, size, hash, slow, disk-full, disk, url or superseded.

    `spoilt`: the server has something else under this name. `final`: asking again cannot help.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.spoilt = reason in ("size", "hash")
        self.final = reason == "url"


class Fetcher:
    """Fetches from one publisher, with the screen's token for that address and no other. For one thread.

    What is being fetched is given up when another thread sets `superseded`.
    """

    near = False

    def __init__(
        self,
        base_url: str,
        token: str,
        tls: ssl.SSLContext | None = None,
        *,
        superseded: threading.Event | None = None,
        open_part: Callable[[Path], BinaryIO] | None = None,
        shortest_limit_s: float = _SHORTEST_LIMIT_S,
        silence_limit_s: float = SILENCE_LIMIT_S,
    ) -> None:
        self._base_url = base_url.rstrip("/") + "/"
        self._origin = _origin(base_url)
        self._token = token
        self._open_part = open_part or _open_append
        self._shortest_limit_s = shortest_limit_s
        self._timeout_s = (CONNECT_LIMIT_S, silence_limit_s)
        self._superseded = superseded or threading.Event()
        self._session = open_session(base_url, tls)

    def close(self) -> None:
        self._session.close()

    def body(self, url: str, size: int, sha256: str) -> bytes:
        """Exactly `size` bytes of hash `sha256` from `url`, which may be relative. Raises FetchError."""
        with self._get(url, 0) as response:
            data = b"".join(self._chunks(response, size, size))
        _check(len(data), size, hashlib.sha256(data).hexdigest(), sha256)
        return data

    def file(self, url: str, media: Media, path: Path) -> None:
        """Bring `media` to `path`, which appears complete or not at all. Raises FetchError."""
        part = path.with_name(path.name + ".part")
        lacking = media.size - _size_of(part)  # what is here of it takes no room a second time
        if not has_room(path.parent, lacking):
            raise FetchError("disk-full", f"no room for {lacking} bytes in {path.parent}")
        try:
            self._fill(url, media, part)
            part.rename(path)
            sync_folder(path.parent)
        except FetchError as exc:
            if exc.spoilt or exc.reason == "disk-full":
                part.unlink(missing_ok=True)
            raise
        except OSError as exc:
            part.unlink(missing_ok=True)
            raise disk_error(exc, path) from exc

    def put_picture(self, request_id: str, png: bytes) -> None:
        """Send a screenshot up. Raises FetchError."""
        url = urljoin(self._base_url, "device/v1/picture")
        headers = self._headers(url) | {"Content-Type": "image/png", "X-Request-Id": request_id}
        with _translated():
            response = self._session.put(url, data=png, headers=headers, timeout=self._timeout_s, allow_redirects=False)
            response.close()
        if response.status_code not in (200, 201, 204):
            raise FetchError("server", f"{url} answered {response.status_code} to the picture")

    def _fill(self, url: str, media: Media, part: Path) -> None:
        hasher = hashlib.sha256()
        have = _hash_file(part, hasher)
        if have > media.size:
            part.unlink()
            hasher, have = hashlib.sha256(), 0
        if have < media.size:
            with self._get(url, have) as response:
                if have and response.status_code != requests.codes.partial_content:
                    part.unlink()
                    hasher, have = hashlib.sha256(), 0
                have = self._append(response, part, media.size, have, hasher)
        _check(have, media.size, hasher.hexdigest(), media.sha256)
        with part.open("rb") as done:
            os.fsync(done.fileno())

    def _append(self, response: requests.Response, part: Path, size: int, have: int, hasher: Any) -> int:
        with self._open_part(part) as out:
            for chunk in self._chunks(response, size - have, size):
                out.write(chunk)
                hasher.update(chunk)
                have += len(chunk)
        return have

    @contextmanager
    def _get(self, url: str, start: int) -> Iterator[requests.Response]:
        absolute = urljoin(self._base_url, url)
        if urlsplit(absolute).scheme not in ("http", "https"):
            raise FetchError("url", f"{absolute!r} is not an http address")
        headers = self._headers(absolute)
        if start:
            headers["Range"] = f"bytes={start}-"
        with _translated():
            response = self._session.get(
                absolute, headers=headers, stream=True, timeout=self._timeout_s, allow_redirects=False
            )
        try:
            if response.status_code not in (200, 206):
                raise FetchError("server", f"{absolute} answered {response.status_code}")
            yield response
        finally:
            response.close()

    def _chunks(self, response: requests.Response, expected: int, size: int) -> Iterator[bytes]:
        """The response's bytes as they come, no more than `expected` of them (of a whole of `size`)."""
        limit_s = max(self._shortest_limit_s, size / _SLOWEST_B_S)
        deadline = time.monotonic() + limit_s
        total = 0
        while True:
            with _translated():
                # not iter_content: it waits for a full chunk, for as long as a server likes to drip
                chunk = response.raw.read1(CHUNK_B)
            if not chunk:
                return
            total += len(chunk)
            if total > expected:
                raise FetchError("size", f"{response.url} sends more than the announced {size} bytes")
            yield chunk
            if time.monotonic() > deadline:
                raise FetchError("slow", f"{response.url} took over {limit_s:.0f} s for {size} bytes")
            if self._superseded.is_set():
                raise FetchError("superseded", "a newer playlist was announced")

    def _headers(self, url: str) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}
        if _origin(url) == self._origin:  # the token is for the publisher, whoever else a pointer names
            headers["Authorization"] = f"Bearer {self._token}"
        return headers


def open_session(base_url: str, tls: ssl.SSLContext | None) -> requests.Session:
    """A session that keeps its connection, knows the right authority and asks no proxy for this machine itself."""
    session = requests.Session()
    session.trust_env = urlsplit(base_url).hostname not in _LOOPBACK  # a proxy cannot reach this machine
    session.mount("http://", HTTPAdapter(pool_connections=2, pool_maxsize=2, max_retries=0))
    session.mount("https://", _TlsAdapter(tls))
    return session


class _TlsAdapter(HTTPAdapter):
    """Uses the given context, which knows the publisher's own authority and how far the clock may be believed."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__(pool_connections=2, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        if self._context is not None:
            options["ssl_context"] = self._context
        super().init_poolmanager(*args, **options)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (requests.RequestException, HTTPError, ssl.SSLError) as exc:
        raise FetchError("network", str(exc)) from exc
    except OSError as exc:
        raise FetchError("network", str(exc)) from exc


def _check(size: int, wanted_size: int, sha256: str, wanted_sha256: str) -> None:
    if size < wanted_size:
        raise FetchError("network", f"the connection ended after {size} of {wanted_size} bytes")
    if sha256 != wanted_sha256:
        raise FetchError("hash", f"the bytes are {sha256[:12]}…, announced were {wanted_sha256[:12]}…")


def disk_error(exc: OSError, path: Path) -> FetchError:
    """A failed write as the error of this room."""
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return FetchError("disk-full", f"no room for {path.name} in {path.parent}")
    return FetchError("disk", f"{path}: {exc.strerror or exc}")


def _open_append(path: Path) -> BinaryIO:
    return path.open("ab")


def _hash_file(path: Path, hasher: Any) -> int:
    """Feed what is there of `path` to `hasher`; how many bytes that was."""
    try:
        with path.open("rb") as file:
            total = 0
            while chunk := file.read(CHUNK_B):
                hasher.update(chunk)
                total += len(chunk)
            return total
    except FileNotFoundError:
        return 0


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
