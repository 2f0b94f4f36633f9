"""A file to go with a bulletin: its check asks again in its own place, it goes along, and it can be taken off again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, expect

from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin
from publisher.media.models import Asset, Upload
from publisher.media.store import Store
from tests.publisher.telephone import Person

AsUser = Callable[[User], Client]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_picture_is_attached_and_taken_off_beside_the_preview(
    browser: Browser, live_server: Any, commune: Any
) -> None:
    writer = Person(browser, live_server.url, "soan")
    page = writer.go("/soan-tin")
    page.get_by_label("Nội dung", exact=True).first.fill("Họp dân.")
    preview = page.locator("#live .pages img").first
    expect(preview).to_be_visible(timeout=30_000)
    without = preview.get_attribute("src") or ""
    page.set_input_files("#id_file", {"name": "do.png", "mimeType": "image/png", "buffer": picture()})
    chosen = page.locator('#picture-field input[name="picture"]')
    expect(chosen).not_to_have_value("", timeout=30_000)
    expect(page.locator("#picture-field")).to_have_count(1)
    expect(preview).not_to_have_attribute("src", without, timeout=30_000)
    page.get_by_role("button", name="Bỏ tệp này").click()
    expect(chosen).to_have_value("")
    expect(preview).to_have_attribute("src", without, timeout=30_000)
    assert writer.complaints == []


def test_a_picture_still_being_checked_is_not_left_out_in_silence(
    commune: Any, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user(commune.writer)
    client.post("/tep", {"file": SimpleUploadedFile("do.png", picture())})
    uid = Upload.objects.get().uid
    form = {"unit": commune.unit.code, "body": "Họp dân", "priority": "routine", "picture": "", "checking": uid}
    with monkeypatch.context() as patch:
        patch.setattr(Store, "settle", lambda _store, upload: upload)
        page = client.post("/soan-tin", form)
    assert page.status_code == 422
    assert "còn đang được kiểm tra" in page.content.decode()
    assert f'hx-get="/tep/{uid}"' in page.content.decode()
    assert not Bulletin.objects.exists()


def test_a_picture_whose_check_ended_meanwhile_goes_along(commune: Any, as_user: AsUser) -> None:
    asset = Asset.objects.create(sha256="ab" * 32, kind="picture", mime="image/png", size=1, width_px=1, height_px=1)
    Upload.objects.create(uid="u1", owner=commune.writer, status="accepted", asset=asset)
    form = {"unit": commune.unit.code, "body": "Họp dân", "priority": "routine", "picture": "", "checking": "u1"}
    as_user(commune.writer).post("/soan-tin", {**form, "action": "save"})
    assert Bulletin.objects.get().picture_id == asset.sha256


def test_a_refused_file_keeps_the_form_open_and_says_why(commune: Any, as_user: AsUser) -> None:
    Upload.objects.create(uid="u1", owner=commune.writer, status="refused", reason="truncated")
    form = {"unit": commune.unit.code, "body": "Họp dân", "priority": "routine", "checking": "u1"}
    page = as_user(commune.writer).post("/soan-tin", form)
    assert page.status_code == 422
    assert "Tệp bị cụt" in page.content.decode()
    assert "Họp dân" in page.content.decode()


def test_nobody_attaches_the_upload_of_somebody_else(commune: Any, as_user: AsUser) -> None:
    asset = Asset.objects.create(sha256="ab" * 32, kind="picture", mime="image/png", size=1, width_px=1, height_px=1)
    Upload.objects.create(uid="u1", owner=commune.approver, status="accepted", asset=asset)
    form = {"unit": commune.unit.code, "body": "Họp dân", "priority": "routine", "checking": "u1"}
    as_user(commune.writer).post("/soan-tin", {**form, "action": "save"})
    assert Bulletin.objects.get().picture is None
