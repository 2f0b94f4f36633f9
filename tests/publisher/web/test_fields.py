"""A form that was not taken: it says so on top, opens where the fault is, ties it to its field, keeps the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from playwright.sync_api import Browser, expect

from publisher.accounts.models import User
from publisher.web.forms import BaseForm
from tests.publisher.telephone import Person, faults

AsUser = Callable[[User], Client]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_fault_is_led_to_and_a_day_is_told_in_the_order_of_the_house(
    browser: Browser, live_server: Any, commune: Any
) -> None:
    writer = Person(browser, live_server.url, "soan")
    page = writer.go("/soan-tin")
    page.get_by_label("Nội dung", exact=True).first.fill("Họp dân.")
    page.get_by_text("Phát khi nào").click()
    page.get_by_label("Phát từ").fill("2026-12-05T07:30")
    expect(page.get_by_text("07:30 Thứ Bảy 05/12/2026")).to_be_visible()
    page.get_by_label("Từ giờ").fill("19:00")
    page.get_by_text("Phát khi nào").click()
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_text("hãy sửa các ô có chữ đỏ")).to_be_visible()
    expect(page.get_by_label("Đến giờ")).to_be_focused()
    expect(page.get_by_label("Phát từ")).to_have_value("2026-12-05T07:30")
    assert faults(page) == []


def refused(client: Client, path: str, form: dict[str, Any]) -> str:
    page = client.post(path, form)
    assert page.status_code in (400, 422)
    return page.content.decode()


class Wrong(NamedTuple):
    """What somebody sends, and the field that is wrong in it."""

    who: str
    path: str
    form: dict[str, Any]
    field: str


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong("writer", "/soan-tin", {"body": "Họp", "priority": "routine", "speech_times": "99"}, "speech_times"),
        Wrong("approver", "/khan-cap", {"body": "", "level": "0", "hours": "1", "repeat_min": "10"}, "body"),
        Wrong("admin", "/nguoi-dung", {"full_name": "Lê Thị Mới", "username": "Lê Mới", "role": "writer"}, "username"),
        Wrong("technician", "/bang/moi", {"name": "", "kind": "led", "width_px": "192", "height_px": "96"}, "name"),
        Wrong("writer", "/mat-khau", {"old": "sai", "new": "mot-cau-khac-rat-dai"}, "old"),
    ],
    ids=lambda wrong: wrong.path,
)
def test_a_fault_is_told_on_top_and_belongs_to_its_field(wrong: Wrong, commune: Any, as_user: AsUser) -> None:
    page = refused(as_user(getattr(commune, wrong.who)), wrong.path, {"unit": commune.unit.code, **wrong.form})
    assert "hãy sửa các ô có chữ đỏ" in page
    described = re.search(rf'name="{wrong.field}"[^>]*aria-describedby="([^"]+)"', page, re.DOTALL)
    assert described is not None
    for name in described.group(1).split():
        assert f'id="{name}"' in page


def test_what_is_open_by_itself_is_what_was_changed(commune: Any, as_user: AsUser) -> None:
    form = {"unit": commune.unit.code, "body": "", "priority": "routine", "times_a_day": "0", "on_days": "every"}
    page = refused(as_user(commune.writer), "/soan-tin", {**form, "speech_times": "2"})
    assert "<details><summary>Phát khi nào" in page
    page = refused(as_user(commune.writer), "/soan-tin", {**form, "times_a_day": "3"})
    assert "<details open><summary>Phát khi nào" in page


def test_a_claim_code_s_page_opened_anew_leads_to_its_board(commune: Any, as_user: AsUser) -> None:
    page = as_user(commune.technician).get(f"/bang/{commune.led.id}/ma")
    assert page.headers["Location"] == f"/bang/{commune.led.id}"


class Every(BaseForm):
    """One field of each kind, and one with words of its own."""

    number = forms.IntegerField(min_value=1, max_value=5)
    words = forms.CharField(max_length=3)
    choice = forms.ChoiceField(choices=[("x", "x")])
    several = forms.MultipleChoiceField(choices=[("x", "x")])
    moment = forms.DateTimeField()
    day = forms.DateField()
    hour = forms.TimeField()
    own = forms.CharField(error_messages={"required": "Hãy viết nội dung."})


def test_fields_say_what_is_wrong_in_the_words_of_the_house() -> None:
    none = Every({}).errors
    assert none.pop("own") == ["Hãy viết nội dung."]
    assert {tuple(words) for words in none.values()} == {("Ô này chưa có gì.",)}
    wrong = Every(
        {"number": "9", "words": "abcd", "choice": "y", "several": ["y"], "moment": "x", "day": "x", "hour": "x"}
    ).errors
    assert wrong["number"] == ["Số lớn nhất là 5."]
    assert wrong["words"] == ["Dài 4 ký tự; tối đa 3."]
    assert wrong["choice"] == wrong["several"] == ["Lựa chọn này không còn; hãy chọn lại."]
    assert wrong["hour"] == ["Hãy ghi giờ và phút, ví dụ 07:30."]
    assert wrong["day"] == ["Hãy ghi ngày, tháng và năm."]
    assert wrong["moment"] == ["Hãy ghi đủ ngày và giờ."]
    assert Every({"number": "x", "words": "a\0"}).errors["number"] == ["Hãy ghi một số nguyên."]
    assert Every({"number": "0", "words": "a\0"}).errors["words"] == ["Có ký tự không dùng được."]


@pytest.mark.parametrize("password", ["ngan", "1234567890", "password123"])
def test_a_bad_password_is_refused_in_vietnamese(password: str, commune: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, commune.writer)
    assert all(words.startswith("Mật khẩu") for words in refused.value.messages)


def test_a_page_is_never_taken_from_what_the_browser_kept(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.writer)
    for path in ("/", "/soan-tin", "/tin"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("KP = khu phố\nABC", "Dòng 2, “ABC”: hãy ghi chữ viết tắt, dấu bằng"),
        ("QL13 = quốc lộ 13", "Dòng 1: lời đọc “quốc lộ 13” có chữ số"),
        ("KP\tkhu phố\t\t\t!", "Dòng 1: cột cuối “!” chỉ được"),
    ],
)
def test_a_row_of_readings_that_cannot_be_used_is_told_in_vietnamese(
    typed: str, told: str, commune: Any, as_user: AsUser
) -> None:
    page = refused(as_user(commune.admin), f"/don-vi/{commune.unit.code}/cach-doc", {"rows": typed})
    assert told in page
