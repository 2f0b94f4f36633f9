"""The choice of days on the writing page, the next days in words, and the board's schedule."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import translation

from player import wire
from player.cli import timeline
from player.model import Holiday, LunarDate, Playlist, Recurrence
from publisher.accounts.models import User
from publisher.broadcast.compose import Face, compose, dated
from publisher.broadcast.content import ContentStore
from publisher.broadcast.onair import OnAirReader
from publisher.bulletins import content, dates
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin
from publisher.web import when
from tests.publisher.broadcast.test_compose import FACE, NOON, on_air, only_item

pytestmark = pytest.mark.django_db
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LogIn = Callable[[User], Client]
KINGS = {"kind": "lunar", "day": 10, "month": 3, "lead_days": 3}
MOON = [{"kind": "lunar", "day": 1, "lead_days": 0}, {"kind": "lunar", "day": 15, "lead_days": 0}]
FIRST_MONDAY = {"rule": "FREQ=MONTHLY;BYDAY=1MO", "rule_start": "2026-01-05T07:00", "rule_min": "60"}


def typed(commune: Any, **changed: object) -> dict[str, object]:
    return {"unit": commune.unit.code, "body": "Mời bà con dự lễ.", "priority": "routine", "action": "save"} | changed


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({"on_days": "every"}, []),
        ({"on_days": "moon"}, MOON),
        ({"on_days": "lunar", "lunar_day": 10, "lunar_month": 3, "lead_days": 3}, [KINGS]),
        ({"on_days": "holidays"}, [{"kind": "holiday"}]),
        (
            {"on_days": "rule", **FIRST_MONDAY},
            [{"kind": "rrule", "rule": "FREQ=MONTHLY;BYDAY=1MO", "start": "2026-01-05T07:00", "duration_min": 60}],
        ),
    ],
)
def test_a_choice_of_days_becomes_rules_and_comes_back(
    chosen: dict[str, object], kept: list[object], commune: Any, as_user: LogIn
) -> None:
    client = as_user(commune.writer)
    assert client.post("/soan-tin", typed(commune, **chosen, skip_holidays="", times_a_day=6)).status_code == 302
    bulletin = Bulletin.objects.get()
    assert (bulletin.dates, bulletin.exdates, bulletin.times_a_day) == (kept, [], 6)
    page = client.get(f"/tin/{bulletin.uid}/sua").content.decode()
    assert f'value="{chosen["on_days"]}" id="id_on_days' in page.replace("required ", "")
    checked = page[: page.index("checked", page.index('name="on_days"'))]
    assert checked.rindex(f'value="{chosen["on_days"]}"') > checked.rindex('type="radio"')


def test_holidays_may_be_left_out(commune: Any, as_user: LogIn) -> None:
    as_user(commune.writer).post("/soan-tin", typed(commune, on_days="every", skip_holidays="on"))
    assert Bulletin.objects.get().exdates == [{"kind": "holiday"}]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"on_days": "lunar"}, "Hãy ghi ngày âm lịch"),
        ({"on_days": "rule"}, "cần quy tắc, lần đầu"),
        ({"on_days": "rule", **FIRST_MONDAY, "rule": "FREQ=SECONDLY"}, "FREQ chỉ được là DAILY"),
        ({"on_days": "rule", **FIRST_MONDAY, "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "không rơi vào ngày nào"),
        ({"on_days": "holidays", "skip_holidays": "on"}, "Đã chọn chỉ phát ngày lễ"),
        ({"on_days": "every", "times_a_day": "999"}, "288"),
    ],
)
def test_a_wrong_choice_says_what_is_wrong(chosen: dict[str, object], told: str, commune: Any, as_user: LogIn) -> None:
    answer = as_user(commune.writer).post("/soan-tin", typed(commune, **chosen))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Bulletin.objects.exists()


def test_a_refused_rule_is_told_in_english_too() -> None:
    wrong = {"kind": "rrule", "rule": "FREQ=MINUTELY", "start": "2026-01-05T07:00", "duration_min": 5}
    with translation.override("en"):
        (problem,) = dates.problems([wrong])
        assert "DAILY, WEEKLY, MONTHLY" in str(problem)
        assert "chỉ được" not in str(problem)
    assert problem.code == "recurrence-frequency"


def test_rules_of_no_known_form_are_refused() -> None:
    wrong: tuple[dict[str, Any], ...] = ({"kind": "tide"}, {"kind": "lunar", "day": 31}, {})
    for rule in wrong:
        found = content.problems(Content((TextIn("vi", "Tin"),), dates=(rule,)))
        assert [problem.code for problem in found] == ["dates"]


def test_the_next_days_are_told_in_both_calendars() -> None:
    moon = Content((TextIn("vi", "Tin"),), dates=tuple(MOON))
    found = when.next_days(moon, HANOI, datetime(2026, 11, 24, tzinfo=UTC))
    assert found[0] == "Thứ Tư 09/12/2026, mùng một tháng 11 âm lịch"
    assert found[1] == "Thứ Tư 23/12/2026, rằm tháng 11 âm lịch"
    assert len(found) == 5
    assert when.in_words(date(2027, 4, 16)) == "Thứ Sáu 16/04/2027, ngày 10 tháng 3 âm lịch – Giỗ Tổ Hùng Vương"
    assert when.in_words(date(2025, 7, 25)) == "Thứ Sáu 25/07/2025, mùng một tháng 6 nhuận âm lịch"


def test_days_that_never_come_are_told(commune: Any, as_user: LogIn) -> None:
    client = as_user(commune.writer)
    page = client.post("/soan-tin/ngay-phat", typed(commune, on_days="moon")).content.decode()
    assert page.count("<li>") == 5
    over = typed(commune, on_days="moon", starts="2026-11-25T00:00", ends="2026-11-26T00:00")
    assert "không được phát ngày nào" in client.post("/soan-tin/ngay-phat", over).content.decode()
    unfinished = typed(commune, on_days="lunar")
    assert "Điền đủ các ô" in client.post("/soan-tin/ngay-phat", unfinished).content.decode()


def test_rules_travel_in_the_playlist_as_they_were_chosen() -> None:
    rules = (LunarDate(15), Recurrence("FREQ=DAILY", "2026-01-05T07:00", 60))
    item = only_item(on_air("a", dates=rules, exdates=(Holiday(),), times_a_day=4))
    assert (item.dates, item.exdates, item.times_a_day) == (rules, (Holiday(),), 4)
    again = wire.decode(wire.encode(dated(compose(FACE, [on_air("a", dates=rules)]), 1, NOON)), Playlist)
    assert again.items[0].dates == rules


def test_the_row_is_read_into_rules(commune: Any, as_user: LogIn) -> None:
    client = as_user(commune.writer)
    client.post("/soan-tin", typed(commune, on_days="moon", skip_holidays="on", times_a_day=3, action="submit"))
    as_user(commune.approver).post(f"/tin/{Bulletin.objects.get().uid}/approve")
    reader = OnAirReader(lambda *_args: None)  # type: ignore[arg-type]
    commune.hdmi.claimed = NOON
    commune.hdmi.save()
    (placed,) = reader.for_each(reader.targets([commune.hdmi]))[commune.hdmi.id]
    assert placed.bulletin.dates == (LunarDate(1), LunarDate(15))
    assert (placed.bulletin.exdates, placed.bulletin.times_a_day) == ((Holiday(),), 3)


def test_the_page_and_the_player_s_command_print_the_same(
    commune: Any, as_user: LogIn, home: Any, tmp_path: Any
) -> None:
    parts = [on_air(f"b{n}", dwell_s=60.0 + n, times_a_day=n % 3, dates=(LunarDate(15),) if n % 2 else ())
             for n in range(5)]  # fmt: skip
    face = Face(commune.hdmi.id, FACE.unit, (), FACE.desired)
    body = wire.encode(dated(compose(face, parts), 1, NOON))
    sha256 = hashlib.sha256(body).hexdigest()
    ContentStore(home.content).put_body(body, sha256)
    commune.hdmi.playlist_sha256 = sha256
    commune.hdmi.save()
    (tmp_path / "list.json").write_bytes(body)
    begin = datetime(2026, 11, 23, 7, 30, tzinfo=HANOI)  # a rằm
    printed = CliRunner().invoke(
        timeline, [str(tmp_path / "list.json"), "--from", begin.isoformat(),
                   "--to", (begin + timedelta(hours=1)).isoformat()],
    )  # fmt: skip
    page = as_user(commune.technician).get(f"/bang/{commune.hdmi.id}/lich-phat?tu=2026-11-23T07:30")
    assert printed.exit_code == 0, printed.output
    assert [row.line() for row in page.context["rows"]] == printed.output.splitlines()
    assert len(printed.output.splitlines()) > 50


def test_a_board_without_a_playlist_and_a_wrong_time_are_told(commune: Any, as_user: LogIn) -> None:
    client = as_user(commune.technician)
    assert "chưa có lịch phát" in client.get(f"/bang/{commune.hdmi.id}/lich-phat").content.decode()
    wrong = client.get(f"/bang/{commune.hdmi.id}/lich-phat?tu=hom-qua")
    assert wrong.status_code == 422
    assert "hom-qua" in wrong.content.decode()
    assert as_user(commune.stranger).get(f"/bang/{commune.hdmi.id}/lich-phat").status_code == 404
