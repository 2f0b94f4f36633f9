"""The buttons of a decision: what is decided is seen, what comes next is said, and no tap counts twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from publisher.accounts.models import User
from publisher.bulletins import workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin
from publisher.screens.models import Screen

pytestmark = pytest.mark.django_db

AsUser = Callable[[User], Client]


def submitted(commune: Any, body: str = "Họp dân ngày 05/12/2026.") -> Bulletin:
    now = timezone.now()
    bulletin = workflow.draft(commune.unit, commune.writer, Content(texts=(TextIn("vi", body, "Giấy mời"),)), now)
    return workflow.submit(bulletin, commune.writer, now)


def shown(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


def emergency(commune: Any, as_user: AsUser, body: str) -> str:
    """The confirmation page of an emergency with this text."""
    form = {"unit": commune.unit.code, "body": body, "level": "0", "hours": "1", "repeat_min": "10"}
    page = as_user(commune.approver).post("/khan-cap", form, follow=True)
    assert page.redirect_chain
    return page.content.decode()


def test_the_approver_reads_the_written_words_beside_the_pixels_and_the_spoken_ones(
    commune: Any, as_user: AsUser
) -> None:
    page = shown(as_user(commune.approver), f"/tin/{submitted(commune).uid}/duyet")
    written = page.partition("Trên bảng</h2>")[0].partition('<div class="grid')[2]
    assert "Họp dân ngày 05/12/2026." in written
    assert "Giấy mời" in written


def test_after_a_decision_the_next_one_is_one_tap_away(commune: Any, as_user: AsUser) -> None:
    first, second = submitted(commune), submitted(commune, "Dọn vệ sinh.")
    client = as_user(commune.approver)
    assert "Tin chờ tiếp theo" not in shown(client, f"/tin/{first.uid}")
    page = client.post(f"/tin/{first.uid}/approve", {"revision": first.revision}, follow=True).content.decode()
    assert "Tin chờ tiếp theo (còn 1)" in page
    assert f'href="/tin/{second.uid}/duyet"' in page
    assert "Tin chờ tiếp theo" not in shown(as_user(commune.writer), f"/tin/{first.uid}")


def test_a_second_tap_is_no_fault(commune: Any, as_user: AsUser) -> None:
    bulletin = submitted(commune)
    client = as_user(commune.approver)
    for _tap in range(2):
        page = client.post(f"/tin/{bulletin.uid}/approve", {"revision": bulletin.revision}, follow=True)
        assert "note bad" not in page.content.decode()
    assert [step.verb for step in bulletin.steps.all()].count("approve") == 1


def test_somebody_else_s_decision_is_told(commune: Any, as_user: AsUser) -> None:
    bulletin = submitted(commune)
    workflow.recall(bulletin, commune.writer, timezone.now())
    page = as_user(commune.approver).post(f"/tin/{bulletin.uid}/approve", follow=True).content.decode()
    assert "note bad" in page


def test_undoing_a_withdrawal_is_promised_to_those_who_may(commune: Any, as_user: AsUser) -> None:
    bulletin = submitted(commune)
    workflow.approve(bulletin, commune.approver, timezone.now())
    assert "Chỉ người duyệt hoàn tác được" in shown(as_user(commune.writer), f"/tin/{bulletin.uid}")
    assert "Chỉ người duyệt hoàn tác được" not in shown(as_user(commune.approver), f"/tin/{bulletin.uid}")
    workflow.withdraw(bulletin, commune.writer, timezone.now())
    assert "Gỡ nhầm? Người duyệt" in shown(as_user(commune.writer), f"/tin/{bulletin.uid}")
    assert "Hoàn tác gỡ tin" in shown(as_user(commune.approver), f"/tin/{bulletin.uid}")


def test_nobody_is_offered_to_undo_what_was_withdrawn_long_ago(commune: Any, as_user: AsUser) -> None:
    bulletin = submitted(commune)
    workflow.approve(bulletin, commune.approver, timezone.now())
    workflow.withdraw(bulletin, commune.writer, timezone.now() - workflow.RESTORE_LIMIT - timedelta(minutes=1))
    assert "Hoàn tác gỡ tin" not in shown(as_user(commune.approver), f"/tin/{bulletin.uid}")
    assert "Gỡ nhầm?" not in shown(as_user(commune.writer), f"/tin/{bulletin.uid}")


def test_the_same_emergency_twice_is_told_before_it_goes_out(commune: Any, as_user: AsUser) -> None:
    flood = "Nước sông Bé lên nhanh."
    assert "đang phát rồi" not in emergency(commune, as_user, flood)
    workflow.publish(Bulletin.objects.get(), commune.approver, timezone.now())
    assert "đang phát rồi" in emergency(commune, as_user, flood)
    assert "đang phát rồi" not in emergency(commune, as_user, "Nước đã rút.")


def test_many_boards_do_not_push_the_button_down(commune: Any, as_user: AsUser) -> None:
    for number in range(40):
        Screen.objects.create(
            id=f"s-{number}", unit=commune.unit, name=f"Bảng số {number}", kind="led", width_px=192, height_px=96,
            claimed=timezone.now(), password_hash="$7$101$x$x",
        )  # fmt: skip
    before, _button, after = emergency(commune, as_user, "Bão vào.").partition("PHÁT NGAY")
    assert "42 bảng" in before
    assert "Bảng số 39" not in before
    assert "Bảng số 39" in after


def test_an_emergency_for_no_board_is_told_before_it_goes_out(commune: Any, as_user: AsUser) -> None:
    Screen.objects.all().delete()
    assert "Chưa có bảng nào nhận được tin này" in emergency(commune, as_user, "Bão vào.")


@pytest.mark.parametrize(("who", "path"), [("technician", "/bang/{screen}"), ("admin", "/nguoi-dung/{person}")])
def test_what_is_hard_to_undo_is_asked_before(who: str, path: str, commune: Any, as_user: AsUser) -> None:
    page = shown(as_user(getattr(commune, who)), path.format(screen=commune.hdmi.id, person=commune.writer.pk))
    for word in ("Thu hồi bảng", "Khởi động lại", "Bỏ vai trò", "Cấp mật khẩu mới"):
        before, button, _after = page.partition(f">{word}</button>")
        assert not button or "data-confirm=" in before.rpartition("<form")[2], word
