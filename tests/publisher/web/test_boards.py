"""Forty boards on a telephone: what needs a look stands on top, one is found by its name, and words are for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import agent.commands
import player.stage
from player.model import Verb
from publisher.accounts.models import User
from publisher.screens import commands
from publisher.screens.models import Screen
from publisher.units.models import Unit
from publisher.web import plain

pytestmark = pytest.mark.django_db

AsUser = Callable[[User], Client]


def board(unit: Unit, name: str, **known: Any) -> Screen:
    """A claimed board that is heard from and in order, but for what is `known` otherwise."""
    now = timezone.now()
    well = {"claimed": now, "online": True, "seen": now, "health_at": now, "password_hash": "$7$101$x$x"}
    size = {"width_px": 192, "height_px": 96, "kind": "led"}
    screen: Screen = Screen.objects.create(id=f"s-{Screen.objects.count()}", unit=unit, name=name, **size, **well)
    for field, value in known.items():
        setattr(screen, field, value)
    screen.save()
    return screen


def shown(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def many(commune: Any) -> list[Screen]:
    """Twelve boards in order, and one at the end that is hot."""
    Screen.objects.all().delete()
    boards = [board(commune.unit, f"Bảng số {number:02d}") for number in range(12)]
    return [*boards, board(commune.unit, "Chợ Đồng Phú", health={"alarms": ["disk_full"]})]


def test_what_needs_a_look_stands_on_top_and_is_counted(commune: Any, as_user: AsUser, many: list[Screen]) -> None:
    page = shown(as_user(commune.technician), "/bang")
    assert page.index("Chợ Đồng Phú") < page.index("Bảng số 00") < page.index("Bảng số 11")
    assert "1/13 bảng cần xem" in page


@pytest.mark.parametrize("typed", ["dong phu", "Đồng Phú", "CHỢ"])
def test_a_board_is_found_by_what_is_typed(typed: str, commune: Any, as_user: AsUser, many: list[Screen]) -> None:
    page = as_user(commune.technician).get("/bang", {"q": typed}).content.decode()
    assert "Chợ Đồng Phú" in page
    assert "Bảng số" not in page
    assert "Xem tất cả" in page


def test_nothing_found_is_said(commune: Any, as_user: AsUser, many: list[Screen]) -> None:
    assert "Không tìm thấy bảng nào." in shown(as_user(commune.technician), "/bang?q=xyz")


def test_two_boards_need_no_search(commune: Any, as_user: AsUser) -> None:
    assert 'role="search"' not in shown(as_user(commune.technician), "/bang")


def test_alarms_have_names_for_technicians_and_words_for_everybody(commune: Any, as_user: AsUser) -> None:
    screen = board(commune.unit, "Bảng nóng", health={"alarms": ["disk_full", "new_thing", "newer_thing"]})
    for path in ("/", "/bang"):
        page = shown(as_user(commune.writer), path)
        assert "Thẻ nhớ sắp đầy" in page
        assert page.count("Bảng báo động;") == 1
        assert "disk_full" not in page
        assert "new_thing" not in page
    technical = shown(as_user(commune.technician), f"/bang/{screen.id}")
    assert "Thẻ nhớ sắp đầy (disk_full)" in technical
    assert "newer_thing" in technical


def test_a_revoked_board_says_that_and_nothing_else(commune: Any, as_user: AsUser) -> None:
    screen = board(commune.unit, "Bảng mất trộm", online=False, seen=None, revoked=timezone.now())
    assert plain.problems(screen, timezone.now()) == []
    page = shown(as_user(commune.technician), f"/bang/{screen.id}")
    assert "Đã thu hồi lúc" in page
    assert "bảng hiện tên đơn vị" not in page


def test_a_board_that_never_spoke_and_one_that_fell_silent(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.technician)
    never = board(commune.unit, "Bảng mới", online=False, seen=None, health_at=None)
    assert "Bảng chưa kết nối lần nào" in shown(client, f"/bang/{never.id}")
    silent = board(commune.unit, "Bảng im", online=False)
    assert "Bảng vẫn tự phát những tin đã nhận." in shown(client, f"/bang/{silent.id}")


def test_what_became_of_a_command_comes_by_itself(commune: Any, as_user: AsUser) -> None:
    commands.send(commune.hdmi, Verb.IDENTIFY, commune.technician, timezone.now())
    page = shown(as_user(commune.technician), f"/bang/{commune.hdmi.id}")
    now = page.partition('id="screen-now"')[2].partition(">")[0]
    assert f'hx-get="/bang/{commune.hdmi.id}"' in now
    assert 'hx-select-oob="#screen-commands"' in now
    assert "chờ trả lời" in page.partition('id="screen-commands"')[2]


def test_a_command_that_was_sent_is_not_called_done(commune: Any, as_user: AsUser) -> None:
    page = as_user(commune.technician).post(f"/bang/{commune.hdmi.id}/lenh/stop", follow=True).content.decode()
    assert "Đã gửi lệnh ngắt khẩn cấp" in page


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("an emergency or the stop goes first", "tin khẩn cấp hoặc lệnh ngắt đang giữ bảng"),
        ("no picture: [Errno 2]", "không chụp được hình: [Errno 2]"),
        ("a word of a later board", "a word of a later board"),
    ],
)
def test_why_a_board_did_not_obey_is_told_in_words(said: str, told: str) -> None:
    assert plain.answer(said) == told


def test_every_reason_is_one_that_boards_give() -> None:
    sources = [module.__file__ or "" for module in (agent.commands, player.stage)]
    written = "".join(Path(source).read_text("utf-8") for source in sources)
    assert [reason for reason in plain.ANSWERS if reason not in written] == []
