"""A page says what happened in staff's words, and what to do next; nobody is sent where they may not go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from player.model import Verb
from publisher.accounts.models import User
from publisher.broadcast.models import SentCommand
from publisher.bulletins import workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin
from publisher.screens.models import PlayRecord, Screen
from publisher.web import plain
from publisher.web.views.home import waiting_for

pytestmark = pytest.mark.django_db

AsUser = Callable[[User], Client]


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def returned(commune: Any, note: str = "Sai ngày họp") -> Bulletin:
    now = timezone.now()
    bulletin = workflow.draft(commune.unit, commune.writer, Content(texts=(TextIn("vi", "Họp dân."),)), now)
    workflow.submit(bulletin, commune.writer, now)
    return workflow.give_back(bulletin, commune.approver, now, note)


def test_what_came_back_waits_for_its_writer_with_the_reason_on_top(commune: Any, as_user: AsUser) -> None:
    bulletin = returned(commune)
    assert waiting_for(commune.writer) == [bulletin]
    assert waiting_for(commune.approver) == []
    assert f'href="/tin/{bulletin.uid}"' in page(as_user(commune.writer), "/").partition("Bảng cần xem")[0]
    shown = page(as_user(commune.writer), f"/tin/{bulletin.uid}")
    assert "Duyet trả lại lúc" in shown
    assert shown.index("Sai ngày họp") < shown.index("Lời đọc")
    workflow.submit(bulletin, commune.writer, timezone.now())
    assert "trả lại lúc" not in page(as_user(commune.writer), f"/tin/{bulletin.uid}")
    assert waiting_for(commune.writer) == []


@pytest.mark.parametrize("path", ["/", "/tin"])
def test_only_who_may_write_is_invited_to(path: str, commune: Any, as_user: AsUser) -> None:
    assert "/soan-tin" in page(as_user(commune.writer), path)
    assert "/soan-tin" not in page(as_user(commune.admin), path)


def test_a_search_without_a_find_leads_back_to_all(commune: Any, as_user: AsUser) -> None:
    shown = page(as_user(commune.writer), "/tin?q=xyz")
    assert "Không tìm thấy tin nào." in shown
    assert "Xem tất cả" in shown


def test_commands_are_named_as_their_buttons_are(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.technician)
    client.post(f"/bang/{commune.hdmi.id}/lenh/test-pattern")
    assert SentCommand.objects.get().verb == "test-pattern"
    assert "· hình thử ·" in page(client, f"/bang/{commune.hdmi.id}")
    assert set(plain.COMMANDS) == set(Verb)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("shown", "phát xong"), ("cut", "nhường tin gấp hơn"), ("lost", "ngắt giữa chừng"), ("", "đang phát")],
)
def test_the_play_log_says_how_a_showing_ended(outcome: str, words: str, commune: Any, as_user: AsUser) -> None:
    now = timezone.now()
    Screen.objects.update(online=True)
    PlayRecord.objects.create(
        screen=commune.hdmi, uuid="u", row=1, bulletin_uid="b1", revision=1, started=now - timedelta(seconds=9),
        ended=now if outcome else None, received=now, outcome=outcome,
    )  # fmt: skip
    assert words in page(as_user(commune.writer), "/nhat-ky")


@pytest.mark.parametrize(
    ("online", "next_kind", "words"),
    [
        (True, "item", "đã hết, bảng chưa báo giờ kết thúc"),
        (True, "alert", "đã hết, bảng chưa báo giờ kết thúc"),
        (True, "speech", "đang phát"),  # a reading takes no picture's place
        (False, "speech", "chưa rõ, bảng mất kết nối"),
        (False, "item", "đã hết, bảng chưa báo giờ kết thúc"),
    ],
)
def test_a_showing_without_its_end_is_not_said_to_go_on(
    online: bool, next_kind: str, words: str, commune: Any, as_user: AsUser
) -> None:
    Screen.objects.update(online=online)
    now = timezone.now()
    for row, (screen, kind) in enumerate(
        [(commune.hdmi, "item"), (commune.hdmi, next_kind), (commune.led, "item"), (commune.led, "item")]
    ):
        PlayRecord.objects.create(
            screen=screen, uuid=screen.id, row=row, bulletin_uid=f"b{row}", revision=1, kind=kind, received=now,
            started=now - timedelta(seconds=90 - row),
        )  # fmt: skip
    rows = as_user(commune.writer).get("/nhat-ky").context["rows"]
    assert {play.bulletin_uid: outcome for play, _title, outcome in rows}["b0"] == words


def test_an_end_without_a_word_is_an_end() -> None:
    with translation.override("vi"):
        assert plain.outcome(PlayRecord(ended=timezone.now()), followed=False) == "phát xong"
        assert plain.outcome(PlayRecord(outcome="torn"), followed=True) == "torn"


def test_a_board_that_nobody_claimed_says_how_to(commune: Any, as_user: AsUser) -> None:
    board = Screen.objects.create(id="s-new", unit=commune.unit, name="Bảng mới")
    assert "Bấm “Tạo mã nhận bảng”" in page(as_user(commune.technician), f"/bang/{board.id}")
    told = page(as_user(commune.writer), f"/bang/{board.id}")
    assert "Kỹ thuật viên cần tạo mã" in told
    assert "bảng hiện tên đơn vị" not in told


def test_a_second_language_is_named_in_words(commune: Any, as_user: AsUser) -> None:
    texts = (TextIn("vi", "Họp dân."), TextIn("km", "ប្រជុំ"))
    bulletin = workflow.draft(commune.unit, commune.writer, Content(texts=texts), timezone.now())
    with translation.override("vi"):
        assert "<h3>Tiếng Khmer</h3>" in page(as_user(commune.writer), f"/tin/{bulletin.uid}")
