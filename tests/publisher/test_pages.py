"""The staff's pages, as a browser without scripts sees them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from publisher.accounts.models import User
from publisher.broadcast.keys import KeyStore
from publisher.broadcast.models import SentCommand
from publisher.bulletins import content, workflow
from publisher.bulletins.models import Bulletin
from publisher.home import Home
from publisher.screens.models import Claim, Picture, PlayRecord, Screen, ScreenEvent
from publisher.units.models import Unit

pytestmark = pytest.mark.django_db

BODY = "Kính mời bà con ấp 3 họp lúc 19h ngày 05/12/2026 tại nhà văn hóa."


def typed(commune: Any, **changed: object) -> dict[str, object]:
    """What the compose form sends."""
    return {"unit": commune.unit.code, "title": "Mời họp", "body": BODY, "priority": "routine", "speech_times": 2,
            "weekdays": [1, 2, 3, 4, 5, 6, 7], "action": "submit"} | changed  # fmt: skip


def revisions_in(page: Any) -> list[str]:
    """The revision that each of the page's decisions would be about."""
    return re.findall(r'name="revision" value="(\d+)"', page.content.decode())


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


def test_a_page_that_stood_open_does_not_approve_what_came_after_it(
    commune: Any, as_user: Callable[[User], Client]
) -> None:
    writer, approver = as_user(commune.writer), as_user(commune.approver)
    writer.post("/soan-tin", typed(commune))
    uid = Bulletin.objects.get().uid
    shown = revisions_in(approver.get(f"/tin/{uid}/duyet"))
    assert len(shown) == 2  # to approve, and to return
    writer.post(f"/tin/{uid}/recall")
    writer.post(f"/tin/{uid}/sua", typed(commune, body="Cấm đường cả tuần."))
    answer = approver.post(f"/tin/{uid}/approve", {"revision": shown[0]}, follow=True)
    assert "đã được sửa từ lúc bạn mở trang" in answer.content.decode()
    assert Bulletin.objects.get().status == "submitted"
    approver.post(f"/tin/{uid}/approve", {"revision": revisions_in(answer)[0]})
    assert Bulletin.objects.get().status == "on_air"


def test_a_confirmation_that_stood_open_does_not_publish_what_another_wrote_meanwhile(
    commune: Any, as_user: Callable[[User], Client]
) -> None:
    client = as_user(commune.approver)
    client.post("/khan-cap", {"unit": "25357", "body": "Sơ tán ngay.", "level": 3, "hours": 6, "repeat_min": 10})
    alarm = Bulletin.objects.get()
    (shown,) = revisions_in(client.get(f"/khan-cap/{alarm.uid}"))
    other = content.Content(texts=(content.TextIn("vi", "Ở yên trong nhà."),), priority="emergency")
    workflow.edit(alarm, commune.approver, other, timezone.now())
    answer = client.post(f"/tin/{alarm.uid}/publish", {"revision": shown}, follow=True)
    assert "đã được sửa từ lúc bạn mở trang" in answer.content.decode()
    assert "Ở yên trong nhà." in answer.content.decode()
    assert Bulletin.objects.get().status == "draft"
    client.post(f"/tin/{alarm.uid}/publish", {"revision": revisions_in(answer)[0]})
    assert Bulletin.objects.get().status == "on_air"


PAGES = ("/", "/soan-tin", "/tin", "/bang", "/khan-cap", "/nhat-ky", "/don-vi", "/don-vi/25357", "/tai-khoan", "/them",
         "/mat-khau")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_its_people(path: str, commune: Any, as_user: Callable[[User], Client]) -> None:
    assert as_user(commune.approver).get(path).status_code == 200


# --- writing


def live(client: Client, commune: Any, **changed: object) -> str:
    return client.post("/soan-tin/xem-thu", typed(commune, **changed)).content.decode()


def test_beside_the_text_stand_its_length_its_spoken_form_and_what_is_doubted(
    commune: Any, as_user: Callable[[User], Client]
) -> None:
    page = live(as_user(commune.writer), commune, body="Đoàn XKQ làm việc lúc 8h ngày 31/02/2026.")
    assert "1920×1080" in page
    assert "192×96" in page
    assert "tám giờ" in page
    assert "Ngày này không có trên lịch" in page


def test_more_than_two_minutes_is_warned_of(commune: Any, as_user: Callable[[User], Client]) -> None:
    assert "dài hơn 2 phút" in live(as_user(commune.writer), commune, body=f"{BODY}\n" * 40)
    assert "dài hơn 2 phút" not in live(as_user(commune.writer), commune)


def test_an_old_encoding_is_offered_for_conversion_and_converted(
    commune: Any, as_user: Callable[[User], Client]
) -> None:
    client = as_user(commune.writer)
    old = "Uû ban nh©n d©n x· T©n H\u00adng th«ng b¸o"
    page = live(client, commune, body=old, title="")
    assert "bảng mã cũ" in page
    assert "Chuyển sang Unicode" in page
    field = client.post("/soan-tin/chuyen-ma", typed(commune, body=old, title="")).content.decode()
    assert "Uỷ ban nhân dân xã Tân Hưng thông báo" in field
    refused = client.post("/soan-tin", typed(commune, body=old, title=""))
    assert refused.status_code == 422
    assert "th«ng b¸o" in refused.content.decode()  # nothing that was typed is lost
    assert not Bulletin.objects.exists()


def test_a_spoken_form_changed_by_hand_stays(commune: Any, as_user: Callable[[User], Client]) -> None:
    client = as_user(commune.writer)
    client.post("/soan-tin", typed(commune, spoken="Họp lúc bảy giờ tối.", spoken_edited="on"))
    assert Bulletin.objects.get().texts.get().spoken == "Họp lúc bảy giờ tối."


def test_hours_and_days_become_day_parts(commune: Any, as_user: Callable[[User], Client]) -> None:
    as_user(commune.writer).post(
        "/soan-tin", typed(commune, part_from="06:30", part_to="21:00", weekdays=[1, 5], starts="2026-12-01T05:00")
    )
    bulletin = Bulletin.objects.get()
    assert bulletin.dayparts == [{"start_min": 390, "end_min": 1260, "weekdays": [1, 5]}]
    assert bulletin.starts is not None
    assert bulletin.starts.isoformat() == "2026-11-30T22:00:00+00:00"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"body": "", "title": ""}, "chưa có nội dung"),
        ({"body": "x" * 200_000}, "quá dài"),
        ({"part_from": "06:00"}, "Hãy ghi cả giờ bắt đầu và giờ kết thúc"),
        ({"body2": "សូម", "lang2": ""}, "Hãy chọn ngôn ngữ"),
        ({"starts": "2026-12-02T05:00", "ends": "2026-12-01T05:00"}, "phải sau thời điểm bắt đầu"),
        ({"picture": "0" * 64}, ""),
    ],
)
def test_a_wrong_form_says_what_is_wrong(
    changed: dict[str, str], told: str, commune: Any, as_user: Callable[[User], Client]
) -> None:
    answer = as_user(commune.writer).post("/soan-tin", typed(commune, **changed))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Bulletin.objects.exists()


def test_a_returned_notice_shows_the_reason_to_its_writer(commune: Any, as_user: Callable[[User], Client]) -> None:
    writer, approver = as_user(commune.writer), as_user(commune.approver)
    writer.post("/soan-tin", typed(commune))
    uid = Bulletin.objects.get().uid
    approver.post(f"/tin/{uid}/return", {"note": "Ghi rõ nhà văn hóa nào"})
    assert "Ghi rõ nhà văn hóa nào" in writer.get(f"/tin/{uid}/sua").content.decode()


def test_a_replacement_is_written_from_one_on_air(commune: Any, as_user: Callable[[User], Client]) -> None:
    writer, approver = as_user(commune.writer), as_user(commune.approver)
    writer.post("/soan-tin", typed(commune))
    old = Bulletin.objects.get()
    approver.post(f"/tin/{old.uid}/approve")
    assert "tin cũ vẫn trên bảng" in writer.get(f"/tin/{old.uid}/sua").content.decode()
    writer.post(f"/tin/{old.uid}/sua")
    new = Bulletin.objects.exclude(pk=old.pk).get()
    writer.post(f"/tin/{new.uid}/sua", typed(commune, body="Họp dời sang 20h."))
    approver.post(f"/tin/{new.uid}/approve")
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) == ("withdrawn", "on_air")


def test_the_writer_is_told_why_they_cannot_approve(commune: Any, as_user: Callable[[User], Client]) -> None:
    client = as_user(commune.approver)
    client.post("/soan-tin", typed(commune))
    uid = Bulletin.objects.get().uid
    assert "không được tự duyệt" in client.get(f"/tin/{uid}/duyet").content.decode()
    client.post(f"/tin/{uid}/approve")
    assert Bulletin.objects.get().status == "submitted"


def test_a_step_that_is_none_and_a_bulletin_of_others_are_not_found(
    commune: Any, as_user: Callable[[User], Client]
) -> None:
    as_user(commune.writer).post("/soan-tin", typed(commune))
    uid = Bulletin.objects.get().uid
    assert as_user(commune.writer).post(f"/tin/{uid}/expire").status_code == 404
    assert as_user(commune.stranger).get(f"/tin/{uid}").status_code == 404
    assert as_user(commune.stranger).post(f"/tin/{uid}/withdraw").status_code == 404
    assert as_user(commune.writer).get(f"/tin/{uid}/approve").status_code == 405


def test_a_pasted_script_is_text(commune: Any, as_user: Callable[[User], Client]) -> None:
    client = as_user(commune.writer)
    client.post("/soan-tin", typed(commune, title="<script>alert(1)</script>"))
    answer = client.get(f"/tin/{Bulletin.objects.get().uid}")
    assert "<script>alert" not in answer.content.decode()
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


# --- emergencies


def test_an_emergency_over_the_pages(commune: Any, as_user: Callable[[User], Client]) -> None:
    client = as_user(commune.approver)
    form = {"unit": "25357", "body": "Sơ tán ngay.", "level": 3, "hours": 6, "repeat_min": 10}
    confirm = client.post("/khan-cap", form).headers["Location"]
    page = client.get(confirm).content.decode()
    assert "PHÁT NGAY" in page
    assert "2 bảng" in page
    uid = Bulletin.objects.get().uid
    client.post(f"/tin/{uid}/publish")
    replaced = client.post(f"/khan-cap/{uid}/thay", form | {"body": "Sơ tán đến trường."})
    assert replaced.status_code == 302
    client.post(f"/tin/{uid}/end")
    bulletin = Bulletin.objects.get()
    assert (bulletin.status, bulletin.revision, bulletin.texts.get().body) == ("ended", 2, "Sơ tán đến trường.")


def test_an_emergency_can_be_changed_before_it_is_published(commune: Any, as_user: Callable[[User], Client]) -> None:
    client = as_user(commune.approver)
    form = {"unit": "25357", "body": "Sơ tán.", "level": 0, "hours": 6, "repeat_min": 10}
    client.post("/khan-cap", form)
    uid = Bulletin.objects.get().uid
    assert "Sơ tán." in client.get(f"/khan-cap?sua={uid}").content.decode()
    client.post(f"/khan-cap?sua={uid}", form | {"body": "Sơ tán ngay."})
    assert Bulletin.objects.get().texts.get().body == "Sơ tán ngay."


def test_the_emergency_page_is_for_holders_of_the_right(commune: Any, as_user: Callable[[User], Client]) -> None:
    assert as_user(commune.writer).get("/khan-cap").status_code == 403


# --- screens


def test_commands_go_to_those_who_may(commune: Any, as_user: Callable[[User], Client]) -> None:
    place = f"/bang/{commune.hdmi.id}/lenh"
    assert as_user(commune.technician).post(f"{place}/identify").status_code == 302
    assert as_user(commune.writer).post(f"{place}/identify").status_code == 403
    assert as_user(commune.technician).post(f"{place}/reboot-all").status_code == 404
    assert as_user(commune.stranger).post(f"{place}/stop").status_code == 404
    assert list(SentCommand.objects.values_list("verb", "asked_by__username")) == [("identify", "kythuat")]


def test_a_whole_unit_is_stopped_and_released(commune: Any, as_user: Callable[[User], Client]) -> None:
    client = as_user(commune.approver)
    after = client.post("/bang/ngat", {"unit": "25357", "verb": "stop"}, follow=True).content.decode()
    undo = after.partition("Mọi bảng của Phường Tân Khai đang tắt")[2].partition("</form>")[0]
    assert 'name="unit" value="25357"' in undo
    assert 'value="release">Hoàn tác ngắt' in undo
    assert Screen.objects.filter(stopped=True).count() == 2
    assert "Hoàn tác ngắt" not in as_user(commune.technician).get("/bang?don-vi=99").content.decode()
    assert "Đang ngắt" in client.get("/bang").content.decode()
    client.post("/bang/ngat", {"unit": "25357", "verb": "release"})
    assert Screen.objects.filter(stopped=True).count() == 0
    assert "Hoàn tác ngắt" not in client.get("/bang?don-vi=25357").content.decode()
    assert client.post("/bang/ngat", {"unit": "75", "verb": "stop"}).status_code == 403


def test_one_board_is_stopped_as_a_unit_is_by_one_tap_and_back(commune: Any, as_user: Callable[[User], Client]) -> None:
    client, place = as_user(commune.approver), f"/bang/{commune.hdmi.id}"
    stop = client.get(place).content.decode().partition(f'action="{place}/lenh/stop"')[2].partition("</form>")[0]
    assert "data-confirm" not in stop
    assert "Ngắt khẩn cấp" in stop
    assert "Thôi ngắt" in client.post(f"{place}/lenh/stop", follow=True).content.decode()
    assert "data-confirm" not in client.get("/bang").content.decode().partition('id="ngat"')[2]


def test_a_claim_code_is_shown_once_with_its_qr(commune: Any, home: Home, as_user: Callable[[User], Client]) -> None:
    KeyStore(home.keys).create(timezone.now())
    form = {"unit": "25357", "name": "Bảng ấp 3", "kind": "led", "width_px": 128, "height_px": 64}
    answer = as_user(commune.technician).post("/bang/moi", form)
    page = answer.content.decode()
    found = re.search(r"([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}", page)
    assert found
    assert "<svg" in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert Claim.objects.get().screen.name == "Bảng ấp 3"
    assert found.group() not in as_user(commune.technician).get("/bang").content.decode()
    assert f"bangtin agent claim --publisher http://testserver --code {found.group()}" in page


def test_an_address_set_by_hand_is_the_one_told(
    commune: Any, home: Home, settings: Any, as_user: Callable[[User], Client]
) -> None:
    settings.OPTIONS = replace(settings.OPTIONS, url="https://bangtin.example.vn/")
    KeyStore(home.keys).create(timezone.now())
    page = as_user(commune.technician).post(f"/bang/{commune.led.id}/ma").content.decode()
    assert "bangtin agent claim --publisher https://bangtin.example.vn --code" in page


def test_what_a_screen_refused_is_explained_on_its_page(commune: Any, as_user: Callable[[User], Client]) -> None:
    detail = {"id": "e1", "kind": "desired", "reason": "schema", "detail": "field `colour` is unknown"}
    ScreenEvent.objects.create(screen=commune.hdmi, at=timezone.now(), kind="refused", detail=detail)
    page = as_user(commune.technician).get(f"/bang/{commune.hdmi.id}").content.decode()
    assert "Bảng từ chối lịch phát: phiên bản hoặc trường dữ liệu lạ" in page
    assert "field `colour` is unknown" in page


def test_the_live_picture_asks_the_screen_and_shows_what_it_sent(
    commune: Any, as_user: Callable[[User], Client]
) -> None:
    client = as_user(commune.writer)
    Screen.objects.filter(pk=commune.hdmi.pk).update(online=True)
    assert "Đang hỏi bảng" in client.get(f"/bang/{commune.hdmi.id}/anh").content.decode()
    assert SentCommand.objects.get().verb == "screenshot"
    Picture.objects.create(screen=commune.hdmi, at=timezone.now(), png=b"\x89PNG")
    assert f"/bang/{commune.hdmi.id}/anh.png" in client.get(f"/bang/{commune.hdmi.id}/anh").content.decode()
    assert client.get(f"/bang/{commune.hdmi.id}/anh.png").content == b"\x89PNG"
    assert as_user(commune.stranger).get(f"/bang/{commune.hdmi.id}/anh.png").status_code == 404


# --- units and history


def test_a_units_rules_are_changed_by_its_administrator(commune: Any, as_user: Callable[[User], Client]) -> None:
    form = {"volume_pct": 50, "two_person": "no", "quiet_from": "20:00", "quiet_to": "06:00", "thousand": "ngàn",
            "papers": "short"}  # fmt: skip
    assert as_user(commune.admin).post("/don-vi/25357", form).status_code == 302
    commune.unit.refresh_from_db()
    assert commune.unit.settings == {
        "volume_pct": 50, "two_person": False, "thousand": "ngàn", "papers": "short",
        "quiet": [{"start_min": 1200, "end_min": 360}],
    }  # fmt: skip
    page = as_user(commune.admin).get("/don-vi/25357").content.decode()
    assert 'value="20:00"' in page
    assert "20:00–06:00" in page
    as_user(commune.writer).post("/don-vi/25357", {"volume_pct": 100})
    commune.unit.refresh_from_db()
    assert commune.unit.settings["volume_pct"] == 50


def test_a_group_of_boards_is_made(commune: Any, as_user: Callable[[User], Client]) -> None:
    form = {"what": "group", "name": "Huyện cũ", "screens": [commune.led.id, "s-unknown1"]}
    as_user(commune.admin).post("/don-vi/75/them", form)
    group = Unit.objects.get(kind="group")
    assert list(group.members.values_list("screen_id", flat=True)) == [commune.led.id]


def test_the_log_is_listed_and_downloaded_without_formulas(commune: Any, as_user: Callable[[User], Client]) -> None:
    as_user(commune.writer).post("/soan-tin", typed(commune, title="=HYPERLINK(1)"))
    uid = Bulletin.objects.get().uid
    now = timezone.now()
    PlayRecord.objects.create(
        screen=commune.hdmi, uuid="u", row=1, bulletin_uid=uid, revision=1, started=now, received=now, outcome="shown"
    )
    client = as_user(commune.writer)
    assert "Bảng trước trụ sở" in client.get("/nhat-ky").content.decode()
    answer = client.get("/nhat-ky.csv")
    assert isinstance(answer, StreamingHttpResponse)
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0][0] == "Bảng"
    assert rows[1][:4] == ["Bảng trước trụ sở", "Phường Tân Khai", uid, "'=HYPERLINK(1)"]
    assert uid not in as_user(commune.stranger).get("/nhat-ky").content.decode()
    for beyond in ("9999-12-31", "0001-01-01"):  # days whose end or beginning no instant is
        assert client.get(f"/nhat-ky?start={beyond}&end={beyond}").status_code == 200


def test_units_are_found_without_tone_marks(commune: Any, as_user: Callable[[User], Client]) -> None:
    found = as_user(commune.admin).get("/don-vi?q=tan khai", headers={"HX-Request": "true"}).content.decode()
    assert "Phường Tân Khai" in found
    assert "<html" not in found
