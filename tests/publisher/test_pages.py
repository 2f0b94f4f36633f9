"""The staff's pages, as a browser without scripts sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin

pytestmark = pytest.mark.django_db

BODY = "Kính mời bà con ấp 3 họp lúc 19h ngày 05/12/2026 tại nhà văn hóa."


def typed(commune: Any, **changed: object) -> dict[str, object]:
    """What the compose form sends."""
    return {"unit": commune.unit.code, "title": "Mời họp", "body": BODY, "priority": "routine", "speech_times": 2,
            "weekdays": [1, 2, 3, 4, 5, 6, 7], "action": "submit"} | changed  # fmt: skip


def test_written_submitted_and_approved_over_the_pages(commune: Any, as_user: Callable[[User], Client]) -> None:
    sent = as_user(commune.writer).post("/soan-tin", typed(commune))
    bulletin = Bulletin.objects.get()
    assert sent.status_code == 302
    assert sent.headers["Location"] == f"/tin/{bulletin.uid}"
    assert bulletin.status == "submitted"

    page = as_user(commune.approver).get(f"/tin/{bulletin.uid}/duyet").content.decode()
    assert "mười chín giờ" in page
    done = as_user(commune.approver).post(f"/tin/{bulletin.uid}/approve")
    bulletin.refresh_from_db()
    assert done.status_code == 302
    assert bulletin.status == "on_air"
    assert bulletin.approver == commune.approver


PAGES = ("/", "/soan-tin", "/tin", "/bang", "/khan-cap", "/nhat-ky", "/don-vi", "/don-vi/25357", "/tai-khoan", "/them",
         "/mat-khau")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_its_people(path: str, commune: Any, as_user: Callable[[User], Client]) -> None:
    assert as_user(commune.approver).get(path).status_code == 200
