"""One file over HTTP: whole, unchanged or from an offset on (RFC 9110 §14), for downloads that were cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

_CHUNK_B: Final = 256 * 1024


def respond(request: HttpRequest, path: Path, *, etag: str, content_type: str) -> HttpResponseBase:
    """200 with all of it, 206 with the range asked for, 304 if the asker has it, 416 for a range outside."""
    size = path.stat().st_size
    if etag in [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]:
        return _finished(HttpResponse(status=304), etag)
    span = _span(request, size, etag)
    if span is None:
        response: HttpResponseBase = FileResponse(path.open("rb"), content_type=content_type)
        response.headers["Content-Length"] = str(size)
        return _finished(response, etag)
    first, last = span
    if first > last or first >= size:
        return _finished(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}), etag)
    part = StreamingHttpResponse(_read(path, first, last - first + 1), status=206, content_type=content_type)
    part.headers["Content-Length"] = str(last - first + 1)
    part.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _finished(part, etag)


def _span(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte asked for; None: everything. Several ranges, or one of another version, are everything."""
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", "").strip())
    if match is None or match[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    if not match[1]:
        return max(0, size - int(match[2])), size - 1
    return int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)


def _read(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(_CHUNK_B, length))):
            length -= len(chunk)
            yield chunk


def _finished(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
