"""The reading beside the text: what the writer changed in it outlives every other change, and everybody sees it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from publisher.accounts.models import User
from publisher.bulletins import reading, workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
BODY = "Mời bà con họp tại TT lúc 19h.\nĐịa điểm: nhà văn hóa khu phố 2."


def read(commune: Any, body: str = BODY) -> str:
    return reading.machine("", body, commune.unit)


def edited(commune: Any) -> str:
    return read(commune).replace("mười chín giờ", "bảy giờ tối")


def typed(commune: Any, **changed: object) -> dict[str, object]:
    """What the form sends when the writer has changed the reading of BODY."""
    return {
        "unit": commune.unit.code, "title": "", "body": BODY, "priority": "routine", "speech_times": 2,
        "weekdays": [1, 2, 3, 4, 5, 6, 7], "action": "save", "spoken_edited": "on",
        "spoken": edited(commune).replace("\n", "\r\n"), "spoken_of": read(commune).replace("\n", "\r\n"),
    } | changed  # fmt: skip


def field(page: str, name: str) -> str:
    """What the browser sends for a field of the page."""
    found = re.findall(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert len(found) == 1, f"{name} stands {len(found)} times on the page"
    return html.unescape(found[0])


def live(client: Client, commune: Any, **changed: object) -> str:
    return client.post("/soan-tin/xem-thu", typed(commune, **changed)).content.decode()


def draft(commune: Any, **changed: Any) -> Bulletin:
    text = TextIn("vi", BODY, spoken=edited(commune))
    return workflow.draft(commune.unit, commune.writer, Content(texts=(text,), **changed), timezone.now())


def test_a_change_of_the_reading_stays_while_the_text_changes(commune: Any, as_user: LogIn) -> None:
    body = BODY.replace("khu phố 2", "khu phố 3")
    page = live(as_user(commune.writer), commune, body=body)
    assert field(page, "spoken") == edited(commune).replace("khu phố hai", "khu phố ba")
    assert field(page, "spoken_of") == read(commune, body)
    assert "mười chín" in page, "the change is told"
    assert "hãy xem lại" not in page


def test_a_change_whose_words_are_gone_is_told(commune: Any, as_user: LogIn) -> None:
    page = live(as_user(commune.writer), commune, body=BODY.replace("19h", "20h"))
    assert "hai mươi giờ" in field(page, "spoken")
    assert "hãy xem lại" in page


def test_an_unchanged_reading_is_the_machines(commune: Any, as_user: LogIn) -> None:
    page = live(as_user(commune.writer), commune, spoken_edited="", body=BODY.replace("19h", "20h"))
    assert field(page, "spoken") == read(commune, BODY.replace("19h", "20h"))


@pytest.mark.parametrize("body", ["", "Mời họp\x07 lúc 19h."])
def test_a_reading_is_not_lost_while_the_text_is_empty_or_refused(body: str, commune: Any, as_user: LogIn) -> None:
    page = live(as_user(commune.writer), commune, body=body)
    again = live(as_user(commune.writer), commune, **{name: field(page, name) for name in ("spoken", "spoken_of")})
    assert field(again, "spoken") == edited(commune)


def test_going_on_with_a_draft_keeps_its_reading(commune: Any, as_user: LogIn) -> None:
    client, bulletin = as_user(commune.writer), draft(commune)
    page = client.get(f"/tin/{bulletin.uid}/sua").content.decode()
    sent = {name: field(page, name) for name in ("spoken", "spoken_of")}
    assert sent == {"spoken": edited(commune), "spoken_of": read(commune)}
    assert field(live(client, commune, **sent), "spoken") == edited(commune)
    client.post(f"/tin/{bulletin.uid}/sua", typed(commune, **sent))
    assert (bulletin.texts.get().spoken, bulletin.texts.get().spoken_edited) == (edited(commune), True)


def test_a_page_that_came_back_refused_keeps_the_reading(commune: Any, as_user: LogIn) -> None:
    answer = as_user(commune.writer).post("/soan-tin", typed(commune, part_from="06:00"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert field(page, "spoken").replace("\r\n", "\n") == edited(commune)


def test_what_is_saved_fits_the_text_even_if_the_page_had_no_time_to(commune: Any, as_user: LogIn) -> None:
    """The text was changed and sent at once: the reading beside it is still that of before."""
    client = as_user(commune.writer)
    answer = client.post("/soan-tin", typed(commune, body=BODY.replace("khu phố 2", "khu phố 3")), follow=True)
    assert Bulletin.objects.get().texts.get().spoken == edited(commune).replace("khu phố hai", "khu phố ba")
    assert "không còn chỗ" not in answer.content.decode()
    answer = client.post("/soan-tin", typed(commune, body=BODY.replace("19h", "20h")), follow=True)
    assert "Lời đọc đã sửa “bảy” không còn chỗ" in answer.content.decode()


def test_who_approves_sees_what_was_changed(commune: Any, as_user: LogIn) -> None:
    bulletin = draft(commune)
    workflow.submit(bulletin, commune.writer, timezone.now())
    page = as_user(commune.approver).get(f"/tin/{bulletin.uid}/duyet").content.decode()
    assert "Chỗ người soạn sửa lời đọc" in page
    assert re.search(r"mười chín</span>\s*→ bảy", page)


def test_what_the_machine_read_is_nobodys_change(commune: Any, as_user: LogIn) -> None:
    content = Content(texts=(TextIn("vi", BODY),))
    bulletin = workflow.draft(commune.unit, commune.writer, content, timezone.now())
    bulletin.texts.update(spoken="Một lời đọc của phiên bản trước.")
    workflow.submit(bulletin, commune.writer, timezone.now())
    page = as_user(commune.approver).get(f"/tin/{bulletin.uid}/duyet").content.decode()
    assert "Một lời đọc của phiên bản trước." in page
    assert "Chỗ người soạn sửa lời đọc" not in page


def test_an_emergency_tells_its_doubts_before_it_is_published(commune: Any, as_user: LogIn) -> None:
    body = "Tìm người mang CCCD 070098001234, đoàn XKQ, từ ngày 31/02."
    content = Content(texts=(TextIn("vi", body),), priority=Bulletin.Priority.EMERGENCY)
    bulletin = workflow.draft(commune.unit, commune.approver, content, timezone.now())
    page = as_user(commune.approver).get(f"/khan-cap/{bulletin.uid}").content.decode()
    for told in ("Không rõ chữ viết tắt này", "Ngày này không có trên lịch", "Có dãy 12 chữ số"):
        assert told in page


def test_more_doubts_than_are_listed_are_counted(commune: Any, as_user: LogIn) -> None:
    body = " ".join(f"Đoàn XK{letter}Q họp." for letter in "BCDĐGHKLMNPRS")
    page = live(as_user(commune.writer), commune, spoken_edited="", body=body)
    assert page.count("Không rõ chữ viết tắt này") == 12
    assert "Tất cả có 13 chỗ." in page


# --- emergencies


STORM = "Bão số 3: UBND xã yêu cầu sơ tán tại TT trước 19h."


@pytest.fixture
def alarm(commune: Any) -> Bulletin:
    content = Content(texts=(TextIn("vi", STORM),), priority=Bulletin.Priority.EMERGENCY, ends=timezone.now())
    return workflow.draft(commune.unit, commune.approver, content, timezone.now())


def reread(client: Client, alarm: Bulletin, **changed: object) -> str:
    machine = reading.machine("", STORM, alarm.unit)
    own = machine.replace("mười chín giờ", "bảy giờ tối")
    given = {"spoken": own, "spoken_of": machine, "spoken_edited": "on"} | changed
    return client.post(f"/khan-cap/{alarm.uid}", given, follow=True).content.decode()


def test_the_reading_of_an_emergency_is_changed_where_it_is_confirmed(
    commune: Any, as_user: LogIn, alarm: Bulletin
) -> None:
    page = reread(as_user(commune.approver), alarm)
    assert "bảy giờ tối" in field(page, "spoken")
    assert "PHÁT NGAY" in page
    assert alarm.texts.get().spoken_edited
    page = reread(as_user(commune.approver), alarm, machine="1")
    assert "mười chín giờ" in field(page, "spoken")
    assert not alarm.texts.get().spoken_edited


def test_a_reading_no_board_would_take_is_refused(commune: Any, as_user: LogIn, alarm: Bulletin) -> None:
    page = reread(as_user(commune.approver), alarm, spoken="bão\u202e số ba")
    assert "ký tự đảo chiều" in page
    assert not alarm.texts.get().spoken_edited


def test_an_emergency_that_is_written_again_keeps_its_reading(commune: Any, as_user: LogIn, alarm: Bulletin) -> None:
    client = as_user(commune.approver)
    reread(client, alarm)
    page = client.get(f"/khan-cap?sua={alarm.uid}").content.decode()
    sent = {name: field(page, name) for name in ("spoken", "spoken_of")} | {"spoken_edited": "on"}
    body = STORM.replace("Bão số 3", "Bão số 4")
    given = {"unit": commune.unit.code, "body": body, "level": 0, "hours": 12, "repeat_min": 10} | sent
    client.post(f"/khan-cap?sua={alarm.uid}", given)
    assert alarm.texts.get().spoken.startswith("Bão số bốn")
    assert "bảy giờ tối" in alarm.texts.get().spoken
    answer = client.post(f"/khan-cap?sua={alarm.uid}", given | {"body": STORM.replace("19h", "20h")}, follow=True)
    assert "không còn chỗ trong nội dung mới" in answer.content.decode()


def test_who_may_not_write_an_emergency_changes_no_reading(commune: Any, as_user: LogIn, alarm: Bulletin) -> None:
    before = alarm.texts.get().spoken
    reread(as_user(commune.technician), alarm)
    assert alarm.texts.get().spoken == before
