"""What a helper or a file says in its own language stands behind words for the reader of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from player.show import PanelShape
from publisher.accounts.models import User
from publisher.media.desk import Look
from publisher.media.listening import Heard
from publisher.web import preview

pytestmark = pytest.mark.django_db

AsUser = Callable[[User], Client]


def pixels(reason: str) -> str:
    shape = preview.OnShape(PanelShape(1920, 1080), 1, 8.0, Look("0" * 32, reason=reason))
    return render_to_string("web/parts/pixels.html", {"panel": preview.Panel(shapes=(shape,))})


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("memory: the job needs more than a worker may take", "Tệp quá nặng để xử lý"),
        ("truncated", "Tệp bị cụt"),
        ("worker: died", "Hãy báo kỹ thuật viên: worker: died"),
    ],
)
def test_why_there_is_no_preview(reason: str, told: str) -> None:
    assert told in pixels(reason)
    with translation.override("en"):
        assert "The preview could not be drawn." in pixels(reason)


def test_why_there_is_nothing_to_hear() -> None:
    page = render_to_string("web/parts/listen.html", {"heard": Heard("k", reason="espeak-ng is missing")})
    assert "Không đọc thử được; hãy báo kỹ thuật viên:" in page
    assert '<span class="code">espeak-ng is missing</span>' in page


def test_a_theme_that_cannot_be_used(commune: Any, as_user: AsUser) -> None:
    sent = {"theme": SimpleUploadedFile("mau.yaml", b"nothing: here")}
    page = as_user(commune.admin).post(f"/don-vi/{commune.unit.code}/giao-dien", sent, follow=True)
    assert "Tệp màu không dùng được: " in page.content.decode()
