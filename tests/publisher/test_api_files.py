"""Files by the HTTP API, with the checks of the pages, and `bangtin send --image`."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from dataclasses import replace
from math import sin
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from publisher.accounts import people
from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin
from publisher.home import Options
from publisher.media.limits import MB
from publisher.media.models import Asset, Upload
from publisher.send import send
from tests.waiting import eventually

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


def picture(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def ask() -> Ask:
    """(user, path, data) -> response: a POST of a form where there is data, else a GET."""
    tokens: dict[int, str] = {}

    def send_it(user: User, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        token = tokens.setdefault(user.pk, people.new_token(user, "test"))
        headers = {"authorization": f"Bearer {token}"}
        client = Client()
        path = f"/api/v1{path}"
        return client.get(path, headers=headers) if data is None else client.post(path, data, headers=headers, **kwargs)

    return send_it


def spoken() -> bytes:
    """A second of a tone, as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"".join(round(9000 * sin(n / 8)).to_bytes(2, "little", signed=True) for n in range(16_000)))
    return out.getvalue()


def sent(data: bytes, name: str = "ảnh.jpg") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, data)}


def settled(ask: Ask, user: User, upload: str) -> Any:
    """The answer once the check is over."""

    def done() -> Any:
        answer = ask(user, f"/files/{upload}")
        return answer if answer.json().get("status") != "checking" else None

    return eventually(done)


def test_a_picture_is_checked_and_goes_with_a_bulletin(commune: Any, ask: Ask) -> None:
    landed = ask(commune.writer, "/files", sent(picture()))
    assert landed.status_code == 202
    assert (landed.json()["status"], landed.json()["id"]) == ("checking", None)
    found = settled(ask, commune.writer, landed.json()["upload"]).json()
    assert (found["status"], found["mime"], found["width_px"], found["height_px"]) == (
        "accepted",
        "image/jpeg",
        320,
        200,
    )
    again = ask(commune.writer, "/files", sent(picture()))
    assert (again.status_code, again.json()["id"]) == (201, found["id"])
    body = {"unit": commune.unit.code, "texts": [{"body": "Lễ hội."}], "picture": found["id"]}
    made = ask(commune.writer, "/bulletins", body, content_type="application/json")
    assert made.status_code == 201
    assert Bulletin.objects.get().picture_id == found["id"]


@pytest.mark.parametrize(
    ("data", "code", "english"),
    [(b"<svg/>", "format", "is not a picture"), (b"", "empty", "empty"), (picture()[:900], "truncated", "breaks off")],
)
def test_a_bad_file_is_refused_in_both_languages(data: bytes, code: str, english: str, commune: Any, ask: Ask) -> None:
    landed = ask(commune.writer, "/files", sent(data, "x.png"))
    answer = settled(ask, commune.writer, landed.json()["upload"]) if landed.status_code == 202 else landed
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["message"] != answer.json()["message_en"]
    assert english in answer.json()["message_en"]
    assert not Asset.objects.exists()


def test_a_file_too_large_is_refused_with_the_largest_of_this_house(
    commune: Any, ask: Ask, home: Any, settings: Any
) -> None:
    settings.OPTIONS = replace(Options(), upload_mb=1, film_mb=3)
    answer = ask(commune.writer, "/files", sent(b"\xff\xd8\xff" + bytes(MB)))
    assert (answer.status_code, answer.json()["code"]) == (422, "size")
    for message in (answer.json()["message"], answer.json()["message_en"]):
        assert "1 MB" in message
        assert "3 MB" in message
    assert not Upload.objects.exists()
    assert not list((home.scratch / "uploads").iterdir())


def test_only_who_may_write_brings_files_and_sees_only_their_own(commune: Any, ask: Ask) -> None:
    for path in ("/files", "/recordings"):
        refused = ask(commune.technician, path, sent(picture()))
        assert (refused.status_code, refused.json()["code"]) == (403, "right")
        assert Client().post(f"/api/v1{path}", sent(picture())).status_code == 401
    upload = ask(commune.writer, "/files", sent(picture())).json()["upload"]
    other = ask(commune.approver, f"/files/{upload}")
    assert (other.status_code, other.json()["code"]) == (404, "not-found")


def test_a_form_without_its_file_says_so(commune: Any, ask: Ask) -> None:
    answer = ask(commune.writer, "/files", {"image": "x"})
    assert answer.status_code == 422
    assert answer.json()["details"] == ["file: còn thiếu"]


def test_a_recording_goes_with_a_text(commune: Any, ask: Ask) -> None:
    made = ask(commune.writer, "/recordings", sent(spoken(), "loi.wav"))
    assert made.status_code == 201, made.content
    assert made.json()["duration_s"] > 0
    body = {"unit": commune.unit.code, "texts": [{"body": "Lễ hội.", "audio": made.json()["id"]}]}
    assert ask(commune.writer, "/bulletins", body, content_type="application/json").status_code == 201
    assert Bulletin.objects.get().texts.get().audio_id == made.json()["id"]
    gone = {"unit": commune.unit.code, "texts": [{"body": "Lễ hội.", "audio": "0" * 64}]}
    assert ask(commune.writer, "/bulletins", gone, content_type="application/json").status_code == 422
    silent = ask(commune.writer, "/recordings", sent(b"no sound", "x.wav"))
    assert (silent.status_code, silent.json()["code"]) == (422, "audio")


def test_files_are_described(commune: Any) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    posted = described["paths"]["/api/v1/files"]["post"]
    assert "multipart/form-data" in posted["requestBody"]["content"]
    assert {"201", "202", "401", "403", "422"} <= set(posted["responses"])
    assert "get" in described["paths"]["/api/v1/files/{upload}"]
    assert "post" in described["paths"]["/api/v1/recordings"]


@pytest.mark.django_db(transaction=True)
def test_send_brings_an_image_along(tmp_path: Path, live_server: Any, commune: Any) -> None:
    words, image, torn = (tmp_path / name for name in ("tin.txt", "anh.jpg", "hong.jpg"))
    words.write_text("Lễ hội đình làng.", "utf-8")
    image.write_bytes(picture("teal"))
    torn.write_bytes(b"not a picture")
    common = [str(words), "--url", live_server.url, "--token", people.new_token(commune.writer, "x"), "--image"]
    refused = CliRunner().invoke(send, [*common, str(torn)])
    assert refused.exit_code == 1
    assert "Tệp này không phải ảnh" in refused.output
    assert not Bulletin.objects.exists()
    done = CliRunner().invoke(send, [*common, str(image)])
    assert done.exit_code == 0, done.output
    assert Bulletin.objects.get().picture.name == "anh.jpg"  # type: ignore[union-attr]
