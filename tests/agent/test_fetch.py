"""Fetching from servers that serve, lie, stall, drip, break off or never end, onto disks that fill."""

from __future__ import annotations

import errno
import io
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from agent.disk import RESERVE_B
from agent.fetch import Fetcher, FetchError
from agent.trust import digest
from player.model import Media
from tests.agent.web import Web
from tests.waiting import DEADLINE_S

DATA = bytes(range(256)) * 1000


@pytest.fixture
def fetcher(web: Web) -> Iterator[Fetcher]:
    fetcher = Fetcher(web.url, "t0ken", shortest_limit_s=0.5, silence_limit_s=1.0)
    yield fetcher
    fetcher.close()


def failure(act: Any, *args: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        act(*args)
    return caught.value


def body(fetcher: Fetcher, media: Media, url: str = "") -> bytes:
    return fetcher.body(url or f"/content/{media.sha256}", media.size, media.sha256)


def file(fetcher: Fetcher, media: Media, folder: Path) -> Path:
    path = folder / media.sha256
    fetcher.file(f"/content/{media.sha256}", media, path)
    return path


def test_bodies_and_files_come_over_one_connection_with_the_token(fetcher: Fetcher, web: Web, tmp_path: Path) -> None:
    media = web.put(DATA)
    for _ in range(3):
        assert body(fetcher, media) == DATA
    assert file(fetcher, media, tmp_path).read_bytes() == DATA
    assert web.connections == 1
    assert {headers["Authorization"] for _, _, headers in web.seen} == {"Bearer t0ken"}
    assert [path.name for path in tmp_path.iterdir()] == [media.sha256]


def test_the_token_goes_to_nobody_else(fetcher: Fetcher, web: Web) -> None:
    media = web.put(DATA)
    elsewhere = Fetcher("http://publisher.invalid", "t0ken")
    assert body(elsewhere, media, f"{web.url}/content/{media.sha256}") == DATA
    assert "Authorization" not in web.seen[-1][2]
    elsewhere.close()


def test_no_redirection_is_followed(fetcher: Fetcher, web: Web) -> None:
    media = web.put(DATA)

    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", f"/content/{media.sha256}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    web.answers["/elsewhere"] = redirect
    assert failure(body, fetcher, media, "/elsewhere").reason == "server"


def test_a_proxy_variable_does_not_reach_this_machine(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    fetcher = Fetcher(web.url, "t0ken")
    assert body(fetcher, web.put(DATA)) == DATA
    fetcher.close()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "gopher://x", "data:,x"])
def test_only_http_addresses_are_fetched(fetcher: Fetcher, url: str) -> None:
    error = failure(fetcher.body, url, 3, "0" * 64)
    assert (error.reason, error.final) == ("url", True)


def test_bytes_with_another_hash_are_refused(fetcher: Fetcher, web: Web, tmp_path: Path) -> None:
    media = web.put(DATA)
    web.files[f"/content/{media.sha256}"] = DATA[:-1] + b"x"
    for act in (lambda: body(fetcher, media), lambda: file(fetcher, media, tmp_path)):
        error = failure(act)
        assert (error.reason, error.final) == ("hash", False)
    assert list(tmp_path.iterdir()) == []


def test_more_bytes_than_announced_are_not_read(fetcher: Fetcher, web: Web, tmp_path: Path) -> None:
    media = web.put(DATA)
    web.files[f"/content/{media.sha256}"] = DATA + b"x"
    for act in (lambda: body(fetcher, media), lambda: file(fetcher, media, tmp_path)):
        error = failure(act)
        assert (error.reason, error.final) == ("size", False)
    assert list(tmp_path.iterdir()) == []


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass


def test_an_answer_without_end_is_cut_off_at_the_announced_size(fetcher: Fetcher, web: Web, tmp_path: Path) -> None:
    media = Media(digest(DATA), len(DATA), "x/y")
    web.answers[f"/content/{media.sha256}"] = endless
    assert failure(file, fetcher, media, tmp_path).reason == "size"
    assert failure(body, fetcher, media).reason == "size"
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_drips_is_given_up_in_time(web: Web, tmp_path: Path) -> None:
    """One byte a moment never trips a read timeout: only a limit on the whole does."""
    media = web.put(DATA)
    fetcher = Fetcher(web.url, "t", shortest_limit_s=0.3, silence_limit_s=5.0)
    drops = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(media.size))
        handler.end_headers()
        try:
            while not (web.leaving.is_set() or drops.wait(0.01)):
                handler.wfile.write(b"x")
        except OSError:
            pass

    web.answers[f"/content/{media.sha256}"] = drip
    # 256,000 bytes at the slowest rate would be 64 s: the announced size is made small to keep the test short
    small = Media(media.sha256, 1000, "x/y")
    error = failure(fetcher.file, f"/content/{media.sha256}", small, tmp_path / media.sha256)
    assert (error.reason, error.final) == ("slow", False)
    drops.set()
    fetcher.close()


def test_a_silent_server_is_given_up_in_time(web: Web) -> None:
    fetcher = Fetcher(web.url, "t", silence_limit_s=0.1)
    media = web.put(DATA)

    def stay_silent(handler: BaseHTTPRequestHandler) -> None:
        web.leaving.wait(DEADLINE_S)

    web.answers[f"/content/{media.sha256}"] = stay_silent
    assert failure(body, fetcher, media).reason == "network"
    web.leaving.set()
    fetcher.close()


def test_a_server_that_is_not_there_is_a_network_error(tmp_path: Path) -> None:
    fetcher = Fetcher("http://127.0.0.1:9", "t")
    error = failure(fetcher.body, "/content/x", 3, "0" * 64)
    assert (error.reason, error.final) == ("network", False)
    fetcher.close()


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_a_server_that_refuses_is_asked_again_later(fetcher: Fetcher, web: Web, status: int) -> None:
    media = web.put(DATA)

    def refuse(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    web.answers[f"/content/{media.sha256}"] = refuse
    error = failure(body, fetcher, media)
    assert (error.reason, error.final) == ("server", False)
    assert str(status) in error.detail


def break_off_at(size: int, media: Media) -> Any:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(media.size))
        handler.end_headers()
        handler.wfile.write(DATA[:size])
        handler.close_connection = True

    return answer


def test_a_broken_download_resumes_where_it_broke_off(fetcher: Fetcher, web: Web, tmp_path: Path) -> None:
    media = web.put(DATA)
    web.answers[f"/content/{media.sha256}"] = break_off_at(100_000, media)
    assert failure(file, fetcher, media, tmp_path).reason == "network"
    part = tmp_path / f"{media.sha256}.part"
    assert part.stat().st_size == 100_000
    assert not (tmp_path / media.sha256).exists()
    web.answers.clear()
    assert file(fetcher, media, tmp_path).read_bytes() == DATA
    assert web.seen[-1][2]["Range"] == "bytes=100000-"
    assert not part.exists()


def test_a_server_without_ranges_starts_anew(fetcher: Fetcher, web: Web, tmp_path: Path) -> None:
    media = web.put(DATA)
    (tmp_path / f"{media.sha256}.part").write_bytes(DATA[:5000])

    def whole(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(media.size))
        handler.end_headers()
        handler.wfile.write(DATA)

    web.answers[f"/content/{media.sha256}"] = whole
    assert file(fetcher, media, tmp_path).read_bytes() == DATA


@pytest.mark.parametrize("left_over", [b"y" * 5000, DATA + b"z", DATA], ids=["wrong", "too long", "complete"])
def test_left_overs_of_a_download_are_checked_like_everything(
    fetcher: Fetcher, web: Web, tmp_path: Path, left_over: bytes
) -> None:
    media = web.put(DATA)
    (tmp_path / f"{media.sha256}.part").write_bytes(left_over)
    if left_over[:1] == b"y":
        assert failure(file, fetcher, media, tmp_path).reason == "hash"
    assert file(fetcher, media, tmp_path).read_bytes() == DATA


class FullDisk(io.BytesIO):
    """A file on a disk that has room for 1,000 bytes more."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > 1000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_said_clearly_and_cleaned_up(web: Web, tmp_path: Path) -> None:
    media = web.put(DATA)

    def open_full(path: Path) -> BinaryIO:
        path.write_bytes(b"")
        return FullDisk()

    fetcher = Fetcher(web.url, "t", open_part=open_full)
    error = failure(file, fetcher, media, tmp_path)
    assert (error.reason, error.final) == ("disk-full", False)
    assert str(tmp_path) in error.detail
    assert list(tmp_path.iterdir()) == []
    fetcher.close()


def test_room_is_left_for_an_emergency(
    fetcher: Fetcher, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A download must not take the last kilobytes that the next commit needs."""
    media = web.put(DATA)
    usage = type(shutil.disk_usage(tmp_path))(10**9, 10**9 - RESERVE_B - 1000, RESERVE_B + 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert failure(file, fetcher, media, tmp_path).reason == "disk-full"
    assert web.seen == []


def test_what_is_here_of_a_file_needs_no_room_again(
    fetcher: Fetcher, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a disk half full of a broken-off film would refuse the rest of it for a week, until a sweep."""
    media = web.put(DATA)
    (tmp_path / f"{media.sha256}.part").write_bytes(DATA[:-1000])
    usage = type(shutil.disk_usage(tmp_path))(10**9, 10**9 - RESERVE_B - 1000, RESERVE_B + 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert file(fetcher, media, tmp_path).read_bytes() == DATA


def test_a_newer_announcement_breaks_off_an_older_download(web: Web, tmp_path: Path) -> None:
    media, superseded = web.put(DATA), threading.Event()
    fetcher = Fetcher(web.url, "t", superseded=superseded)
    superseded.set()
    assert failure(file, fetcher, media, tmp_path).reason == "superseded"
    superseded.clear()
    assert file(fetcher, media, tmp_path).read_bytes() == DATA
    fetcher.close()


def test_a_picture_goes_up_with_its_request(fetcher: Fetcher, web: Web) -> None:
    def accept(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(204)
        handler.end_headers()

    web.answers["/device/v1/picture"] = accept
    fetcher.put_picture("c7", b"\x89PNG")
    method, path, headers = web.seen[-1]
    assert (method, path) == ("PUT", "/device/v1/picture")
    assert (headers["X-Request-Id"], headers["Content-Type"]) == ("c7", "image/png")
    assert headers["Authorization"] == "Bearer t0ken"
    assert web.bodies[-1] == b"\x89PNG"


def test_a_picture_that_is_not_wanted_is_an_error(fetcher: Fetcher) -> None:
    assert failure(fetcher.put_picture, "c7", b"png").reason == "server"
