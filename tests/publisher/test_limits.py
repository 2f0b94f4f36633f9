"""How large a file may be, and a disk that is nearly full: as this installation sets them, told on the page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from publisher.accounts.models import User
from publisher.home import Home, Options
from publisher.media.limits import MB, Limits
from publisher.media.models import Upload
from publisher.media.reasons import REASONS, known, told
from publisher.media.store import RefusedError, Store

pytestmark = pytest.mark.django_db

SMALL = Limits(upload_mb=1, film_mb=3, free_mb=0)
FILM = b"\0\0\0\x20ftypisom" + bytes(20)  # as an MP4 file begins
AsUser = Callable[[User], Client]


@pytest.fixture
def store(home: Home) -> Store:
    return Store(home, apps.get_app_config("media").desk, SMALL)  # type: ignore[attr-defined]


def waiting(home: Home) -> list[Path]:
    return list((home.scratch / "uploads").iterdir())


def endless(head: bytes = b"") -> Iterator[bytes]:
    yield head + bytes(1000)
    while True:
        yield bytes(MB // 4)


def test_by_default_pictures_have_20_mb_and_films_200() -> None:
    limits = Limits.of(Options())
    assert limits.file_b(film=False) == 20 * 1024 * 1024
    assert limits.file_b(film=True) == 200 * 1024 * 1024
    assert limits.request_b > limits.file_b(film=True)


@pytest.mark.parametrize(("upload_mb", "film_mb"), [(1, 50), (50, 1)])
def test_the_largest_file_and_its_form_are_always_read(upload_mb: int, film_mb: int) -> None:
    """What is larger than the request may be is cut off by the server, without a word on the page."""
    assert Limits(upload_mb, film_mb, 0).request_b > 50 * MB


@pytest.mark.parametrize(("head", "most"), [(b"\xff\xd8\xff", SMALL.upload_mb), (FILM, SMALL.film_mb)])
def test_a_file_may_be_just_as_large_as_is_set(head: bytes, most: int, commune: Any, store: Store, home: Home) -> None:
    whole = head + bytes(most * MB - len(head))
    assert store.receive(commune.writer, "a", [whole[:5000], whole[5000:]]).status == "checking"
    with pytest.raises(RefusedError, match="size"):
        store.receive(commune.writer, "b", [whole[:5000], whole[5000:], b"\0"])
    assert len(waiting(home)) == 1


@pytest.mark.parametrize("head", [b"", FILM], ids=["picture", "film"])
def test_a_file_without_end_is_cut_off(head: bytes, commune: Any, store: Store, home: Home) -> None:
    with pytest.raises(RefusedError, match="size"):
        store.receive(commune.writer, "x.png", endless(head))
    assert not waiting(home)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Says how many bytes are free."""
    return lambda free: monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1 << 40, (1 << 40) - free, free))


def test_a_disk_that_is_nearly_full_takes_nothing_more(commune: Any, home: Home, disk: Callable[[int], None]) -> None:
    store = Store(home, apps.get_app_config("media").desk, replace(SMALL, free_mb=10))  # type: ignore[attr-defined]
    disk(10 * MB + 5000)
    assert store.receive(commune.writer, "a", [b"\xff\xd8\xff" + bytes(4997)]).status == "checking"
    for receive in (store.receive, store.receive_audio, store.receive_crest):
        with pytest.raises(RefusedError, match="room"):
            receive(commune.writer, "b", [b"\xff\xd8\xff" + bytes(4998)])
    assert len(waiting(home)) == 1


def test_with_nothing_to_stay_free_only_a_full_disk_refuses(
    commune: Any, store: Store, disk: Callable[[int], None]
) -> None:
    disk(5000)
    assert store.receive(commune.writer, "a", [b"\xff\xd8\xff" + bytes(4997)]).status == "checking"


@pytest.fixture
def small(settings: Any) -> None:
    settings.OPTIONS = replace(Options(), upload_mb=1, film_mb=3, free_mb=7)


@pytest.mark.usefixtures("small")
def test_the_page_says_what_is_taken_here(commune: Any, as_user: AsUser) -> None:
    page = as_user(commune.writer).get("/soan-tin").content.decode()
    assert "đến 40 trang, tối đa 1 MB;" in page
    assert "đến 30 phút, tối đa 3 MB." in page


@pytest.mark.usefixtures("small")
def test_the_page_says_why_a_file_is_too_large(commune: Any, as_user: AsUser) -> None:
    sent = {"file": SimpleUploadedFile("ảnh.jpg", b"\xff\xd8\xff" + bytes(MB))}
    page = as_user(commune.writer).post("/tep", sent).content.decode()
    assert "Tệp quá lớn: ảnh, PDF và bản ghi âm tối đa 1 MB, phim và nhạc tối đa 3 MB." in page
    assert not Upload.objects.exists()


@pytest.mark.usefixtures("small")
def test_the_page_says_what_to_do_about_a_full_disk(commune: Any, as_user: AsUser, disk: Callable[[int], None]) -> None:
    disk(7 * MB)
    page = as_user(commune.writer).post("/tep", {"file": SimpleUploadedFile("ảnh.jpg", b"\xff\xd8\xff")})
    assert "phải chừa trống 7 MB; hãy báo quản trị viên dọn bớt" in page.content.decode()


@pytest.mark.parametrize("reason", list(REASONS))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reason_is_told_in_words_with_its_numbers(reason: str, language: str) -> None:
    with translation.override(language):
        words = str(told(reason, SMALL))
    assert len(words) > 5
    assert "{" not in words
    assert ("3 MB" in words) == (reason == "size")


def test_no_reason_has_no_words_and_an_unknown_one_those_of_an_unreadable_file() -> None:
    assert str(told("", SMALL)) == ""
    assert known("segfault") == "format"
    assert RefusedError("segfault").reason == "format"
