"""The pages in a real Chromium on a telephone: they can be used, and axe finds nothing (WCAG 2.1 AA)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect

from publisher.bulletins import workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin
from tests.publisher.telephone import Person, faults
from tests.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTICE = "UBND phường Tân Khai thông báo: tạm ngừng cấp điện từ 7g45 đến 16g45 ngày 05/12/2026."


def test_a_notice_is_written_seen_and_approved(browser: Browser, live_server: Any, commune: Any) -> None:
    writer = Person(browser, live_server.url, "soan")
    page = writer.go("/soan-tin")
    page.get_by_label("Nội dung", exact=True).first.fill(NOTICE)
    pictures = page.locator("#live .pages img")
    expect(pictures.first).to_be_visible(timeout=30_000)
    assert "bảy giờ bốn mươi lăm" in page.locator("#id_spoken").input_value()
    expect(pictures.first).to_have_js_property("naturalWidth", 1920, timeout=30_000)
    assert faults(page) == []
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_text("Đã trình duyệt.")).to_be_visible()
    assert writer.complaints == []

    approver = Person(browser, live_server.url, "duyet")
    page = approver.page
    page.get_by_role("link", name="UBND phường Tân Khai").first.click()
    expect(page.get_by_role("heading", name="Duyệt tin")).to_be_visible()
    expect(page.locator(".pages img").first).to_be_visible(timeout=30_000)
    assert faults(page) == []
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt")).to_be_visible()
    assert Bulletin.objects.get().status == "on_air"
    assert approver.complaints == []


def test_an_emergency_takes_one_text_and_one_confirmation(browser: Browser, live_server: Any, commune: Any) -> None:
    chief = Person(browser, live_server.url, "duyet")
    page = chief.go("/khan-cap")
    assert faults(page) == []
    button, tabs = page.locator("button.huge").bounding_box(), page.locator(".tabs").bounding_box()
    assert button is not None
    assert tabs is not None
    assert button["y"] + button["height"] <= tabs["y"], "the button stands above the tabs without scrolling"
    page.keyboard.type("Nước sông Bé lên nhanh, bà con sơ tán ngay.")  # the field has the focus already
    page.get_by_role("button", name="PHÁT KHẨN CẤP").click()
    expect(page.get_by_role("button", name="PHÁT NGAY")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã phát khẩn cấp.")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Kết thúc tin khẩn cấp").click()
    expect(page.get_by_text("Đã kết thúc tin khẩn cấp.")).to_be_visible()
    assert Bulletin.objects.get().status == "ended"
    assert chief.complaints == []


PAGES = {
    "soan": ("/", "/tin", "/soan-tin", "/them", "/mat-khau"),
    "duyet": ("/", "/khan-cap", "/nhat-ky"),
    "kythuat": ("/bang", "/bang/{screen}", "/bang/moi", "/tai-khoan"),
    "quantri": ("/nguoi-dung", "/nguoi-dung/{person}", "/don-vi", "/don-vi/25357", "/don-vi/25357/cach-doc"),
}


@pytest.mark.parametrize("username", PAGES)
def test_axe_finds_nothing_on_the_main_pages(username: str, browser: Browser, live_server: Any, commune: Any) -> None:
    person = Person(browser, live_server.url, username)
    found = {}
    for pattern in PAGES[username]:
        path = pattern.format(screen=commune.hdmi.id, person=commune.writer.pk)
        page = person.go(path)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        if wrong := faults(page):
            found[path] = wrong
    assert found == {}
    assert person.complaints == []


def test_the_bulletin_page_is_clean_in_every_state(browser: Browser, live_server: Any, commune: Any) -> None:
    now = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    bulletin = workflow.draft(commune.unit, commune.writer, Content(texts=(TextIn("vi", NOTICE),)), now)
    writer = Person(browser, live_server.url, "soan")
    for act in (None, "submit", "approve", "withdraw"):
        if act:
            workflow.take(act, bulletin, commune.approver if act == "approve" else commune.writer, now)
        page = writer.go(f"/tin/{bulletin.uid}")
        expect(page.locator(".pages img").first).to_be_visible(timeout=30_000)
        assert faults(page) == []
    assert writer.complaints == []


def test_everything_can_be_done_with_the_keyboard(browser: Browser, live_server: Any, commune: Any) -> None:
    page = Person(browser, live_server.url, "soan").go("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    outlined = page.evaluate(
        "(() => { const link = document.querySelector('.tabs a'); link.focus({focusVisible: true});"
        " return getComputedStyle(link).outlineWidth; })()"
    )
    assert outlined == "3px"


def test_a_reading_changed_by_hand_outlives_a_change_of_the_text(
    browser: Browser, live_server: Any, commune: Any
) -> None:
    writer = Person(browser, live_server.url, "soan")
    page = writer.go("/soan-tin")
    page.get_by_label("Nội dung", exact=True).first.fill(NOTICE)
    said = page.locator("#id_spoken")
    expect(said).to_have_value(re.compile("bảy giờ bốn mươi lăm"), timeout=30_000)
    said.fill(said.input_value().replace("bảy giờ bốn mươi lăm", "tám giờ kém mười lăm"))
    page.get_by_label("Nội dung", exact=True).first.fill(NOTICE.replace("Tân Khai", "Tân Hưng"))
    expect(said).to_have_value(re.compile("Tân Hưng.*tám giờ kém mười lăm"), timeout=30_000)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Đã lưu bản nháp.")).to_be_visible()
    page = writer.go(f"/tin/{Bulletin.objects.get().uid}/sua")
    expect(page.locator("#id_spoken")).to_have_value(re.compile("tám giờ kém mười lăm"), timeout=30_000)
    assert writer.complaints == []


class Held:
    """The request for a preview that comes after `passed` others, kept from the centre until it is let go."""

    def __init__(self, page: Page, passed: int) -> None:
        self._page, self._passed = page, passed
        self._held: list[Route] = []
        self._url = f"**{reverse('live')}"
        page.route(self._url, self._take)

    def let_go(self) -> None:
        """The answer comes, and is asked for anew."""
        with self._page.expect_request(self._url):
            self._held[0].continue_()

    def wait(self) -> None:
        eventually(lambda: self._held, act=lambda: self._page.wait_for_timeout(20))

    def _take(self, route: Route) -> None:
        self._passed -= 1
        if self._passed == -1:
            self._held.append(route)
        else:
            route.fallback()


@pytest.mark.parametrize(
    "asker", ["the form", "the pictures that are not drawn yet", "the pictures, replaced by newer ones"]
)
def test_a_preview_that_comes_late_does_not_put_back_what_was_written_meanwhile(
    browser: Browser, live_server: Any, commune: Any, asker: str
) -> None:
    writer = Person(browser, live_server.url, "soan")
    page = writer.go("/soan-tin")
    body, said = page.get_by_label("Nội dung", exact=True).first, page.locator("#id_spoken")
    expect(page.locator(".htmx-request")).to_have_count(0, timeout=30_000)
    if asker == "the form":
        body.fill(NOTICE)
        expect(page.locator(".pages img")).to_have_count(2, timeout=30_000)
        held = Held(page, passed=0)
        body.press("Tab")
    else:
        held = Held(page, passed=1)
        body.fill(f"{NOTICE} {asker}")
    held.wait()
    expect(said).to_have_value(re.compile("bảy giờ bốn mươi lăm"), timeout=30_000)
    said.fill(said.input_value().replace("bảy giờ bốn mươi lăm", "tám giờ kém mười lăm"))
    if asker == "the pictures, replaced by newer ones":
        said.press("Tab")
        body.press("End")
        body.type(".")
        expect(page.get_by_text("Lời đọc đã được sửa tay.")).to_be_visible(timeout=30_000)
    held.let_go()
    expect(page.get_by_text("Lời đọc đã được sửa tay.")).to_be_visible(timeout=30_000)
    expect(said).to_have_value(re.compile("tám giờ kém mười lăm"))
    assert writer.complaints == []
