"""The choice of days in a real Chromium, on a telephone and on a desk: usable, told in words, and axe finds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from publisher.bulletins import workflow
from tests.publisher.telephone import Person, faults
from tests.publisher.test_when_words import RICH

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"telephone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


@pytest.mark.parametrize("size", SIZES)
def test_the_days_are_chosen_and_the_next_ones_are_told(
    size: str, browser: Browser, live_server: Any, commune: Any, tmp_path: Path
) -> None:
    writer = Person(browser, live_server.url, "soan")
    page = writer.page
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page = writer.go("/soan-tin")
    page.get_by_label("Nội dung", exact=True).first.fill("Mời bà con dự lễ giỗ Tổ tại đình làng.")
    page.locator("summary", has_text="Phát khi nào").click()
    days = page.locator("#next-days li")
    expect(days).to_have_count(5, timeout=30_000)
    expect(page.get_by_label("Ngày âm lịch", exact=True)).to_be_hidden()
    page.get_by_label("Một ngày âm lịch").check()
    expect(page.locator("#next-days")).to_contain_text("Điền đủ các ô", timeout=30_000)
    page.get_by_label("Ngày âm lịch", exact=True).fill("10")
    page.get_by_label("Tháng âm lịch").select_option("3")
    page.get_by_label("Phát trước mấy ngày").fill("2")
    page.keyboard.press("Tab")
    expect(days.nth(2)).to_contain_text("Giỗ Tổ Hùng Vương", timeout=30_000)
    page.locator(".when").screenshot(caret="initial", path=tmp_path / f"when-{size}.png")
    assert faults(page) == []
    page.get_by_label("Lặp lại nâng cao").check()
    expect(page.get_by_label("Quy tắc lặp")).to_be_visible()
    page.locator(".when").screenshot(caret="initial", path=tmp_path / f"rule-{size}.png")
    assert faults(page) == []
    assert writer.complaints == []
    writer.go(f"/bang/{commune.hdmi.id}/lich-phat")
    expect(page.get_by_role("heading", name="Lịch phát")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_who_approves_reads_the_days_on_a_page_that_fits(
    size: str, browser: Browser, live_server: Any, commune: Any, tmp_path: Path
) -> None:
    bulletin = workflow.draft(commune.unit, commune.writer, RICH, timezone.now())
    workflow.submit(bulletin, commune.writer, timezone.now())
    approver = Person(browser, live_server.url, "duyet")
    approver.page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    for name, address in (("approval", "/duyet"), ("bulletin", "")):
        page = approver.go(f"/tin/{bulletin.uid}{address}")
        expect(page.locator("#days li")).to_have_count(5, timeout=30_000)
        expect(page.locator("#when-lines")).to_contain_text("ngày lễ, tết")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(caret="initial", full_page=True, path=tmp_path / f"{name}-{size}.png")
        assert faults(page) == []
    page = approver.go("/tin")
    expect(page.get_by_text("Hiện ít nhất 6 lần mỗi ngày")).to_be_visible()
    page.screenshot(caret="initial", full_page=True, path=tmp_path / f"list-{size}.png")
    assert faults(page) == []
    assert approver.complaints == []
