"""When a stored bulletin shows, in sentences, on the pages of those who did not write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from publisher.accounts.models import User
from publisher.bulletins import workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin
from publisher.media.models import Asset
from publisher.web import when_words

LogIn = Callable[[User], Client]
TEXTS = (TextIn("vi", "Mời bà con dự lễ giỗ Tổ."),)
KINGS = {"kind": "lunar", "day": 10, "month": 3, "lead_days": 3, "days": 2}
MONDAYS = {"kind": "rrule", "rule": "FREQ=MONTHLY;BYDAY=1MO", "start": "2026-01-05T07:00", "duration_min": 90}
NIGHT = {"start_min": 1320, "end_min": 300, "weekdays": [6, 7]}
RICH = Content(
    TEXTS, dates=(KINGS, MONDAYS, {"kind": "lunar", "day": 15}), exdates=({"kind": "holiday"},),
    dayparts=(NIGHT, {"start_min": 0, "end_min": 1440, "weekdays": [1]}), times_a_day=6,
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"kind": "lunar", "day": 1}, "mùng một mỗi tháng âm lịch"),
        ({"kind": "lunar", "day": 15, "month": 7}, "ngày rằm tháng 7 âm lịch"),
        ({"kind": "lunar", "day": 30, "month": 12}, "ngày cuối tháng 12 âm lịch"),
        (KINGS, "ngày 10 tháng 3 âm lịch, từ 3 ngày trước đó, trong 2 ngày"),
        ({"kind": "holiday"}, "ngày lễ, tết"),
        (MONDAYS, "lặp lại hằng tháng từ 07:00 05/01/2026, mỗi lần 90 phút (FREQ=MONTHLY;BYDAY=1MO)"),
    ],
)
def test_each_rule_has_its_sentence(rule: dict[str, Any], said: str) -> None:
    assert when_words.rules({"dates": [rule], "exdates": [], "dayparts": []}) == [f"Chỉ phát: {said}"]
    assert when_words.rules({"dates": [], "exdates": [rule], "dayparts": []}) == [f"Không phát: {said}"]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (NIGHT, "22:00–05:00 hôm sau, Thứ Bảy, Chủ nhật"),
        ({"start_min": 300, "end_min": 1440}, "05:00–24:00, mỗi ngày"),
        ({"start_min": 0, "end_min": 1440, "weekdays": [1]}, "Thứ Hai, cả ngày"),
    ],
)
def test_hours_of_the_week_are_said(part: dict[str, Any], said: str) -> None:
    assert when_words.rules({"dates": [], "exdates": [], "dayparts": [part]}) == [f"Giờ phát: {said}"]


def test_the_sentences_are_told_in_english_too() -> None:
    with translation.override("en"):
        told = " ".join(when_words.rules({"dates": RICH.dates, "exdates": RICH.exdates, "dayparts": RICH.dayparts}))
    for word in ("Only on", "Not on", "public holidays", "lunar", "monthly", "Saturday", "next day", "all day"):
        assert word in told
    assert not set(told) & set("ạặầếịộờủựỳđ")


@pytest.mark.django_db
def test_nothing_chosen_is_every_day_and_short_in_a_list(commune: Any) -> None:
    plain = Bulletin(unit=commune.unit)
    assert when_words.lines(plain) == ["Mỗi ngày, mọi giờ"]
    assert when_words.brief(plain) == ""
    urgent = Bulletin(unit=commune.unit, priority=Bulletin.Priority.EMERGENCY)
    assert (when_words.lines(urgent), when_words.brief(urgent)) == ([], "")
    assert when_words.next_days(urgent, timezone.now()) is None


@pytest.mark.django_db
def test_who_approves_sees_the_days_and_hours(commune: Any, as_user: LogIn) -> None:
    bulletin = workflow.draft(commune.unit, commune.writer, RICH, timezone.now())
    workflow.submit(bulletin, commune.writer, timezone.now())
    client = as_user(commune.approver)
    for address in (f"/tin/{bulletin.uid}/duyet", f"/tin/{bulletin.uid}"):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.context["when_lines"] == when_words.lines(bulletin)
        for line in answer.context["when_lines"]:
            assert f"<li>{line}</li>" in page
        assert len(answer.context["days"]) == 5
        assert "âm lịch</li>" in page.replace(" – Giỗ Tổ Hùng Vương", "")
    assert "Hiện ít nhất 6 lần mỗi ngày" in client.get("/tin").content.decode()


@pytest.mark.django_db
def test_a_day_that_never_comes_is_told_before_it_is_approved(commune: Any, as_user: LogIn) -> None:
    now = timezone.now()
    never = Content(TEXTS, dates=({"kind": "holiday"},), exdates=({"kind": "holiday"},))
    bulletin = workflow.draft(commune.unit, commune.writer, never, now)
    workflow.submit(bulletin, commune.writer, now)
    page = as_user(commune.approver).get(f"/tin/{bulletin.uid}/duyet").content.decode()
    assert "không được phát ngày nào" in page
    workflow.approve(bulletin, commune.approver, now)
    workflow.withdraw(bulletin, commune.approver, now)
    bulletin.refresh_from_db()
    assert when_words.next_days(bulletin, now) is None
    assert "không được phát ngày nào" not in as_user(commune.approver).get(f"/tin/{bulletin.uid}").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mime", "tag", "listed"),
    [
        ("video/mp4", "<video controls", "có phim"),
        ("audio/mpeg", "<audio controls", "có nhạc"),
        ("image/png", "<img", ""),
    ],
)
def test_the_film_itself_is_on_the_page(mime: str, tag: str, listed: str, commune: Any, as_user: LogIn) -> None:
    file = Asset.objects.create(sha256="a" * 64, kind="picture", mime=mime, size=9, duration_s=125, name="Lễ hội.mp4")
    content = Content(TEXTS, picture=file.sha256)
    bulletin = workflow.draft(commune.unit, commune.writer, content, timezone.now())
    bulletin.status = Bulletin.Status.SUBMITTED
    bulletin.save()
    client = as_user(commune.approver)
    for address in (f"/tin/{bulletin.uid}/duyet", f"/tin/{bulletin.uid}"):
        page = client.get(address).content.decode()
        assert tag in page.partition('class="attached"')[2]
        assert "2 phút 05 giây" in page
        assert "Lễ hội.mp4" in page
    assert listed in client.get("/tin").content.decode()
