"""The whole road by hand: staff with telephones in a real Chromium, and the pixels of two running screens."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pygame
import pytest
from playwright.sync_api import Browser, Page, expect

from drivers.exported import ExportedFrame
from publisher.demo.sight import plain_alert, plain_item
from tests.chromium import TELEPHONE, launched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey")]

SLOW_MS: Final = 30_000
NOTICE: Final = "Họp dân phố lúc 19g30"
STORM: Final = "Bão số 3, ở trong nhà"
Open = Callable[[str], Page]


@pytest.fixture(scope="module")
def browser(chromium_path: str | None) -> Iterator[Browser]:
    with launched(chromium_path) as chromium:
        yield chromium


@pytest.fixture
def telephone_of(browser: Browser, town: Any) -> Iterator[Open]:
    """Somebody's telephone, logged in, in a context of its own; what its console complains about fails the test."""
    complaints: list[str] = []

    def pick_up(username: str) -> Page:
        account = town.commune.accounts[username]
        context = browser.new_context(viewport=TELEPHONE, locale="vi", base_url=town.commune.url)
        page = context.new_page()
        page.set_default_timeout(SLOW_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto("/")
        page.get_by_label("Tên đăng nhập").fill(account.username)
        page.get_by_label("Mật khẩu").fill(account.password)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("navigation")).to_be_visible()
        return page

    yield pick_up
    for context in browser.contexts:
        context.close()
    assert complaints == []


def sees(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible(timeout=SLOW_MS)


def sure(page: Page, button: str) -> None:
    """Clicks a button that asks back, and says yes."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=button).first.click()


def test_a_notice_goes_from_one_telephone_over_another_to_both_screens_and_off_again(
    town: Any, telephone_of: Open
) -> None:
    pages = town.pages(plain_item(NOTICE))

    writer = telephone_of("soan")
    writer.get_by_role("link", name="Soạn tin").first.click()
    writer.get_by_label("Nội dung", exact=True).first.press_sequentially(unicodedata.normalize("NFD", NOTICE))
    for width_px in (1920, 192):
        writer.wait_for_function(
            "width => [...document.querySelectorAll('#live .pages img')].some(image => image.naturalWidth == width)",
            arg=width_px,
        )
    assert "mười chín giờ ba mươi" in writer.locator("#id_spoken").input_value()
    writer.get_by_role("button", name="Trình duyệt").click()
    sees(writer, "Đã trình duyệt.")
    ((stored, uid),) = town.rows(
        "SELECT t.body, b.uid FROM bulletins_bulletintext t JOIN bulletins_bulletin b ON b.id = t.bulletin_id"
        " WHERE b.status = 'submitted'"
    )
    assert stored == NOTICE == unicodedata.normalize("NFC", stored)

    approver = telephone_of("duyet")
    approver.get_by_role("link", name=NOTICE).first.click()
    sees(approver, "mười chín giờ ba mươi")
    approver.get_by_role("button", name="Nghe thử").click()
    approver.wait_for_function("() => document.querySelector('audio')?.duration > 1")
    approver.get_by_role("button", name="Duyệt", exact=True).click()
    sees(approver, "Đã duyệt")
    town.wait_pages(pages, shown=True)
    sees(approver, "đang hiển thị trên 2/2 bảng, từ ")

    writer.goto(f"/tin/{uid}")
    sees(writer, "đang hiển thị trên 2/2 bảng, từ ")
    approver.reload()
    sure(approver, "Gỡ tin")
    town.wait_pages(pages, shown=False)
    sees(approver, "đã gỡ khỏi 2/2 bảng, lúc ")


def test_an_emergency_from_a_telephone_is_shown_at_once_until_it_is_ended(town: Any, telephone_of: Open) -> None:
    pages = town.pages(plain_alert(STORM, 3, datetime.now(UTC)))
    page = telephone_of("soan")
    page.get_by_role("link", name="Khẩn cấp").first.click()
    page.get_by_label("Nội dung khẩn cấp").fill(STORM)
    page.get_by_label("Cấp độ rủi ro thiên tai").select_option("3")
    page.get_by_role("button", name="PHÁT KHẨN CẤP").click()
    page.get_by_role("button", name="PHÁT NGAY").click()
    town.wait_pages(pages, shown=True)
    sees(page, "đang hiển thị trên 2/2 bảng, từ ")
    page.goto("/khan-cap")
    sure(page, "Kết thúc tin khẩn cấp")
    town.wait_pages(pages, shown=False)
    sees(page, "đã gỡ khỏi 2/2 bảng, lúc ")


def test_the_emergency_stop_blanks_both_screens_until_it_is_released(town: Any, telephone_of: Open, until: Any) -> None:
    pages = town.pages(plain_item(NOTICE))
    town.publish(NOTICE)
    town.wait_pages(pages, shown=True)
    page = telephone_of("duyet")
    page.goto("/bang#ngat")
    page.get_by_role("button", name="Ngắt khẩn cấp").click()
    sees(page, "Đã gửi tới 2 bảng.")
    until("dark panels", lambda: all(dark(screen) for screen in town.screens))

    before = town.play_count()
    for screen in town.screens:
        screen.export.unlink()
    town.restart(*(f"{screen.spec.name}-{part}" for screen in town.screens for part in ("player", "agent")))
    until("dark panels of new players", lambda: all(dark(screen) for screen in town.screens))
    assert town.play_count() == before  # not shown for a moment either

    page.reload()
    page.get_by_role("button", name="Thôi ngắt").click()
    town.wait_pages(pages, shown=True)


def test_the_page_of_a_screen_holds_what_its_panel_really_shows(town: Any, telephone_of: Open, until: Any) -> None:
    pages = town.pages(plain_item(NOTICE))
    town.publish(NOTICE)
    town.wait_pages(pages, shown=True)
    page = telephone_of("kythuat")
    for sight, screen, wanted in zip(town.sights, town.screens, pages, strict=True):
        page.goto("/bang")
        page.get_by_role("link", name=screen.spec.label).click()

        def fetched(band: Any = sight.band, wanted: bytes = wanted) -> bool:
            picture = page.locator("#live-picture img")
            if not picture.count():
                page.wait_for_timeout(50)
                return False
            answer = page.request.get(str(picture.get_attribute("src")))
            return answer.ok and band(rgb(answer.body())) == wanted

        until("the live picture of this notice", fetched)
        expect(page.locator("#live-picture img")).to_have_js_property("naturalWidth", screen.spec.width_px)


def rgb(png: bytes) -> bytes:
    return pygame.image.tobytes(pygame.image.load(io.BytesIO(png), "picture.png"), "RGB")


def dark(screen: Any) -> bool:
    """Whether the panel is there and black from edge to edge."""
    return screen.export.is_file() and not any(ExportedFrame.open(screen.export).read().rgb)
