"""What a board reports as wrong, on its page: in both languages, with the board's own word behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from publisher.accounts.models import User
from publisher.screens.models import Screen
from publisher.web import plain

pytestmark = pytest.mark.django_db


def test_health_is_said_in_plain_words(commune: Any, as_user: Callable[[User], Client]) -> None:
    now = timezone.now()
    health = {"alarms": ["under-voltage", "something-new"], "board": {"c": 61.27}}
    Screen.objects.filter(pk=commune.hdmi.pk).update(online=True, seen=now, health_at=now, health=health)
    page = as_user(commune.technician).get(f"/bang/{commune.hdmi.id}").content.decode()
    assert "Nguồn điện yếu (under-voltage)" in page
    assert "something-new" in page
    assert "61.3" in page


@pytest.mark.parametrize(
    ("alarm", "vietnamese", "english"),
    [
        ("refused-desired-signature", "Bảng từ chối lịch phát: chữ ký không đúng", "refuses a playlist: the signature"),
        ("refused-alert-target", "từ chối tin khẩn cấp: gửi cho bảng hoặc nhóm khác", "emergency: it is for another"),
        ("refused-keys-seq", "từ chối bộ khoá: cũ hơn", "key set: older"),
        ("playlist-disk-full", "Chưa nhận được lịch phát mới: thẻ nhớ hết chỗ", "the memory card is full"),
        ("playlist-new-word", "Chưa nhận được lịch phát mới (playlist-new-word)", "(playlist-new-word)"),
        ("keys-overdue", "quá hạn", "overdue"),
        ("panel-lost", "Màn hình bị mất", "panel is lost"),
        ("led-helper-lost", "điều khiển LED bị mất", "drives the LEDs was lost"),
        ("film-process-lost", "Trình phát phim ngừng", "film player stopped"),
        ("asset-skipped", "bị bỏ qua", "passed over"),
        ("settings-refused", "Cấu hình màn hình không đúng", "settings of the screen are wrong"),
        ("time-jumped", "Giờ của bảng vừa nhảy", "time of the board has jumped"),
        ("connection-contested", "thiết bị khác", "nother device"),
    ],
)
def test_an_alarm_is_said_in_both_languages(alarm: str, vietnamese: str, english: str) -> None:
    with translation.override("vi"):
        assert vietnamese in plain.alarm(alarm)
    with translation.override("en"):
        assert english in plain.alarm(alarm)


@pytest.mark.parametrize(
    ("alarm", "figures", "said"),
    [
        (
            "settings-refused",
            {"halted.why": "ddp: 9 modules, chain=4"},
            "chạy được: ddp: 9 modules, chain=4 (settings-",
        ),
        ("panel-lost", {"halted.why": "no screen"}, "đang thử mở lại: no screen (panel-lost)"),
        ("panel-lost", {}, "đang thử mở lại (panel-lost)"),
        ("time-jumped", {"clock_jumps": 1, "clock_jumped_s": -86400.0}, "bị sai: -86400 s (time-jumped)"),
        ("time-jumped", {"clock_jumped_s": "long ago"}, "bị sai (time-jumped)"),
        ("time-jumped", None, "bị sai (time-jumped)"),
    ],
)
def test_the_player_s_own_word_stands_behind_an_alarm(
    alarm: str, figures: Any, said: str, commune: Any, as_user: Callable[[User], Client]
) -> None:
    now, health = timezone.now(), {"alarms": [alarm], "player": figures}
    Screen.objects.filter(pk=commune.hdmi.pk).update(online=True, seen=now, health_at=now, health=health)
    assert said in as_user(commune.technician).get(f"/bang/{commune.hdmi.id}").content.decode()
