"""Content, keys and pictures over HTTP."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from player import seal
from publisher.accounts.models import Membership, Role, User
from publisher.broadcast.content import ContentStore
from publisher.screens.models import Picture, Screen

TOKEN = "a-token-of-a-screen-0123456789"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
BODY = bytes(range(256)) * 4
SHA256 = hashlib.sha256(BODY).hexdigest()
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("running")]


@pytest.fixture
def screen(place: Any) -> Screen:
    place.screen.token_digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    place.screen.save()
    return Screen.objects.get()


@pytest.fixture
def url(home: Any, screen: Screen) -> str:
    ContentStore(home.content).put_body(BODY, SHA256)
    return f"/content/{SHA256}"


def get(url: str, **headers: str) -> Any:
    return Client().get(url, headers={**HEADERS, **{name.replace("_", "-"): text for name, text in headers.items()}})


def test_a_whole_file(url: str) -> None:
    response = get(url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == BODY
    assert response["ETag"] == f'"{SHA256}"'
    assert response["Content-Length"] == "1024"
    assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=1000-", 1000, 1023), ("bytes=-24", 1000, 1023), ("bytes=1000-9999", 1000, 1023)],
)
def test_a_download_that_was_cut_goes_on(url: str, asked: str, first: int, last: int) -> None:
    response = get(url, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/1024"
    body = b"".join(response.streaming_content)
    assert body == BODY[first : last + 1]
    assert response["Content-Length"] == str(len(body))


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=9-5", "bytes=99999-"])
def test_a_range_outside_is_refused(url: str, asked: str) -> None:
    response = get(url, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=x-y", ""])
def test_what_is_no_single_range_gets_everything(url: str, asked: str) -> None:
    assert get(url, Range=asked).status_code == 200


def test_a_range_of_another_version_gets_everything(url: str) -> None:
    assert get(url, Range="bytes=5-", If_Range='"other"').status_code == 200
    assert get(url, Range="bytes=5-", If_Range=f'"{SHA256}"').status_code == 206


def test_what_is_known_is_not_sent_again(url: str) -> None:
    response = get(url, If_None_Match=f'"{SHA256}"')
    assert response.status_code == 304
    assert response.content == b""


def test_head_tells_the_size(url: str) -> None:
    response = Client().head(url, headers=HEADERS)
    assert response.status_code == 200
    assert response["Content-Length"] == "1024"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer " + "x" * 5000, f"Bearer {TOKEN}x", "Bearer ../../a/b/c/d/e"],
)
def test_without_a_right_there_is_nothing(url: str, header: str) -> None:
    assert Client().get(url, headers={"Authorization": header}).status_code == 401


def test_a_revoked_screen_gets_nothing(url: str, now: list[Any]) -> None:
    Screen.objects.update(revoked=now[0])
    assert get(url).status_code == 401


def test_staff_may_look_and_strangers_with_an_account_may_not(url: str, place: Any) -> None:
    client = Client()
    client.force_login(place.user)
    assert client.get(url).status_code == 401
    Membership.objects.create(user=place.user, unit=place.unit, role=Role.VIEWER)
    assert client.get(url).status_code == 200
    User.objects.update(must_change_password=True)
    assert client.get(url).status_code in (302, 401)


@pytest.mark.parametrize("name", ["0" * 64, "..", "%2e%2e", "0" * 63, "A" * 64, "publisher.db"])
def test_only_hashes_that_are_here_are_found(url: str, name: str) -> None:
    assert get(f"/content/{name}").status_code == 404


def test_the_keys_are_public_and_signed_by_the_root(signer: Any) -> None:
    response = Client().get("/device/v1/keys")
    assert response.status_code == 200
    assert seal.unseal("keys", response.content, (signer.root_public,))


def put(body: bytes, content_type: str = "image/png", **headers: str) -> Any:
    return Client().put("/device/v1/picture", body, content_type=content_type, headers=headers or HEADERS)


def test_the_newest_picture_replaces_the_one_before(screen: Screen, now: list[Any]) -> None:
    assert put(PNG + b"1").status_code == 204
    assert put(PNG + b"2").status_code == 204
    picture = Picture.objects.get()
    assert (picture.screen_id, bytes(picture.png), picture.at) == (screen.id, PNG + b"2", now[0])


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"<svg/>", "image/png", 415),
        (PNG, "image/svg+xml", 415),
        (b"\x89PNG\r\n\x1a\nrubbish.....", "image/png", 415),
        (b"", "image/png", 415),
        (PNG + b"\x00" * (4 * 1024 * 1024), "image/png", 413),
    ],
)
def test_what_is_no_picture_is_not_kept(screen: Screen, body: bytes, content_type: str, status: int) -> None:
    assert put(body, content_type).status_code == status
    assert not Picture.objects.exists()


def test_a_stranger_brings_no_pictures(screen: Screen) -> None:
    assert put(PNG, Authorization="Bearer nobody-has-this-token-00").status_code == 401
