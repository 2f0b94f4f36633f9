"""A session that ended, and a page older than the last log-in: nothing half done, no word lost, and it is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin
from tests.publisher.telephone import PASSWORD, Person

AsUser = Callable[[User], Client]
FROM = "http://testserver/tin/b1/duyet?x=1"
HTMX = {"HX-Request": "true", "HX-Current-URL": FROM}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_was_typed_outlives_its_session_and_is_stored_once(
    browser: Browser, live_server: Any, commune: Any
) -> None:
    writer = Person(browser, live_server.url, "soan")
    page = writer.go("/soan-tin")
    page.get_by_label("Nội dung", exact=True).first.fill("Họp dân lúc 19 giờ.")
    page.get_by_text("Phát ở đâu").click()
    page.get_by_label("Bảng LED chợ").check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_text("Phiên đăng nhập đã hết")).to_be_visible()
    page.get_by_label("Tên đăng nhập").fill("soan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("đã được điền lại")).to_be_visible()
    expect(page.get_by_label("Nội dung", exact=True).first).to_have_value("Họp dân lúc 19 giờ.")
    expect(page.get_by_label("Bảng LED chợ")).to_be_checked()
    page.get_by_role("button", name="Trình duyệt").dblclick()
    expect(page.get_by_text("Đã trình duyệt.")).to_be_visible()
    assert Bulletin.objects.count() == 1
    page = writer.go("/soan-tin")
    expect(page.locator("#restored")).to_be_hidden()
    expect(page.get_by_label("Nội dung", exact=True).first).to_have_value("")


def test_a_button_pressed_too_late_leads_back_to_its_page_and_says_so(client: Client, db: None) -> None:
    page = client.post("/tin/b1/approve", headers={"referer": FROM}, follow=True)
    assert page.redirect_chain == [("/dang-nhap?next=/tin/b1/duyet%3Fx%3D1", 302)]
    assert "việc vừa bấm chưa được thực hiện" in page.content.decode()


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/x", "javascript:alert(1)"])
def test_a_strange_page_leads_to_the_first_one(referer: str, client: Client, db: None) -> None:
    page = client.post("/tin/b1/approve", headers={"referer": referer})
    assert page.headers["Location"] == "/dang-nhap?next=/"


def test_a_path_that_looks_like_another_host_stays_here(client: Client, db: None) -> None:
    page = client.post("/tin/b1/approve", headers={"referer": "http://testserver//elsewhere.example/x"})
    assert page.headers["Location"] == "/dang-nhap?next=/elsewhere.example/x"


def test_a_page_that_is_asked_for_comes_after_the_log_in(client: Client, db: None) -> None:
    assert client.get("/tin").headers["Location"] == "/dang-nhap?next=/tin"


def test_the_log_in_never_stands_inside_a_page(client: Client, db: None) -> None:
    part = client.post("/soan-tin/xem-thu", headers=HTMX)
    assert part.status_code == 286
    assert part.headers["HX-Retarget"] == "#over"
    assert 'href="/dang-nhap?next=%2Ftin%2Fb1%2Fduyet%3Fx%3D1"' in part.content.decode()
    assert "id_password" not in part.content.decode()


# --- pages older than the last log-in


def strict(user: User) -> Client:
    """A browser of that person whose forms are checked for their token, as in life."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="publisher.accounts.backend.LimitedBackend")
    return client


def test_an_old_page_is_told_in_words_and_can_be_opened_again(commune: Any) -> None:
    page = strict(commune.writer).post("/soan-tin", {"body": "Họp"}, headers={"referer": "http://testserver/soan-tin"})
    assert page.status_code == 403
    assert "Trang đã cũ" in page.content.decode()
    assert 'href="/soan-tin"' in page.content.decode()


def test_a_part_of_an_old_page_is_told_over_it(commune: Any) -> None:
    part = strict(commune.writer).post("/soan-tin/xem-thu", headers=HTMX)
    assert (part.status_code, part.headers["HX-Retarget"]) == (286, "#over")
    assert 'href="/tin/b1/duyet?x=1"' in part.content.decode()


def test_an_old_log_in_form_is_shown_again(commune: Any) -> None:
    page = Client(enforce_csrf_checks=True).post("/dang-nhap?next=/tin", {"username": "soan"}, follow=True)
    assert page.redirect_chain == [("/dang-nhap?next=/tin", 302)]
    assert "hãy đăng nhập lại" in page.content.decode()


def test_an_old_log_in_form_of_somebody_who_is_in_leads_on(commune: Any) -> None:
    page = strict(commune.writer).post("/dang-nhap?next=/tin", {"username": "soan"}, follow=True)
    assert page.redirect_chain[-1][0] == "/tin"
