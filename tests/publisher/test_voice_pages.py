"""Whose voice is heard: people's in an emergency, the machine's here or on each board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin
from publisher.media.models import Asset

pytestmark = pytest.mark.django_db


def stored_recording(letter: str) -> str:
    asset = Asset.objects.create(sha256=letter * 64, kind="audio", mime="audio/ogg", size=3000, name="chu-tich.wav")
    return asset.sha256


def test_an_emergency_may_carry_recordings(commune: Any, as_user: Callable[[User], Client]) -> None:
    """The chairman's own voice, and a language no machine speaks; new words keep them until they are changed too."""
    client = as_user(commune.approver)
    own, other = stored_recording("a"), stored_recording("b")
    form = {"unit": "25357", "body": "Sơ tán.", "level": 0, "hours": 6, "repeat_min": 10,
            "audio": own, "lang2": "sti", "audio2": other}  # fmt: skip
    confirm = client.post("/khan-cap", form).headers["Location"]
    page = client.get(confirm).content.decode()
    assert page.count("<audio") == 2
    assert "S&#x27;tiêng" in page
    uid = Bulletin.objects.get().uid
    client.post(f"/tin/{uid}/publish")
    (vietnamese, stieng) = Bulletin.objects.get().texts.all()
    assert (vietnamese.lang, vietnamese.audio_id, vietnamese.spoken) == ("vi", own, "Sơ tán.")
    assert (stieng.lang, stieng.audio_id, stieng.body) == ("sti", other, "")
    again = client.get(f"/khan-cap/{uid}/thay").content.decode()
    assert f'name="audio" value="{own}"' in again
    assert f'name="audio2" value="{other}"' in again


def test_a_recording_of_an_emergency_names_its_language(commune: Any, as_user: Callable[[User], Client]) -> None:
    form = {"unit": "25357", "body": "Sơ tán.", "level": 0, "hours": 6, "repeat_min": 10,
            "audio2": stored_recording("b")}  # fmt: skip
    answer = as_user(commune.approver).post("/khan-cap", form)
    assert answer.status_code == 422
    assert "Hãy chọn ngôn ngữ của bản ghi âm thứ hai." in answer.content.decode()


def test_the_emergency_page_may_use_the_microphone(commune: Any, as_user: Callable[[User], Client]) -> None:
    assert "microphone=(self)" in as_user(commune.approver).get("/khan-cap").headers["Permissions-Policy"]


def test_a_unit_says_who_speaks_for_the_machine(commune: Any, as_user: Callable[[User], Client]) -> None:
    client = as_user(commune.admin)
    assert "từng bảng tự đọc</dd>" in client.get("/don-vi/25357").content.decode()
    assert client.post("/don-vi/25357", {"speech": "central"}).status_code == 302
    commune.unit.refresh_from_db()
    assert commune.unit.settings == {"speech": "central"}
    page = client.get("/don-vi/25357").content.decode()
    assert "máy chủ đọc sẵn rồi gửi tiếng xuống bảng" in page
    assert "máy chủ chưa cài giọng đọc" in page, "nothing is promised that cannot be kept"
