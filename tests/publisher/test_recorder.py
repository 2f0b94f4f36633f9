"""A voice recorded on the writing page, in a real Chromium whose microphone hears a beep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from publisher.bulletins.models import BulletinText
from publisher.media.models import Asset
from tests.chromium import TELEPHONE
from tests.publisher.telephone import PASSWORD, RULES

pytest.importorskip("av", reason="the decoder of recordings is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser_flags() -> tuple[str, ...]:
    return ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def writing(context: BrowserContext, url: str) -> Page:
    """The writing page of somebody at a telephone, with both places for a recording unfolded."""
    page = context.new_page()
    page.goto(f"{url}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill("soan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"{url}/soan-tin")
    page.get_by_text("Đọc thành tiếng", exact=True).click()
    page.get_by_text("Ngôn ngữ thứ hai", exact=True).first.click()
    return page


@pytest.fixture
def page(browser: Browser, live_server: Any, commune: Any) -> Iterator[Page]:
    context = browser.new_context(viewport=TELEPHONE, locale="vi", permissions=["microphone"])
    yield writing(context, live_server.url)
    context.close()


def speak(page: Page, slot: str) -> None:
    """Start by the keyboard, wait until the meter has moved twice, stop."""
    begin(page, slot)
    finish(page, slot)


def begin(page: Page, slot: str) -> None:
    page.locator(f"#record-{slot}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{slot}-field [role=status]")).to_have_text("Đang ghi âm…")
    expect(page.locator(f"#record-{slot}")).to_have_attribute("aria-pressed", "true")


def finish(page: Page, slot: str) -> None:
    """Not before something was heard: a silent recording is refused."""
    for louder in ("> 0.05", "< 0.01", "> 0.05"):  # from one beep to the next: about a second
        page.wait_for_function(f"slot => document.querySelector(`#${{slot}}-field meter`).value {louder}", arg=slot)
    page.keyboard.press("Enter")


def test_a_voice_is_recorded_heard_again_and_sent_with_the_bulletin(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.get_by_label("Nội dung", exact=True).first.fill("Họp dân tại nhà văn hóa ấp Một.")
    speak(page, "audio")
    expect(page.locator("#audio-field audio")).to_be_visible(timeout=30_000)
    expect(page.locator("#record-audio")).to_be_focused()
    page.wait_for_function("document.querySelector('#audio-field audio').load() || true")
    page.locator("#audio-field audio").evaluate("sound => { sound.muted = true; return sound.play(); }")

    first = Asset.objects.get()
    assert (first.kind, first.mime) == ("audio", "audio/ogg")
    assert first.duration_s > 0
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Đã lưu bản nháp.")).to_be_visible()
    assert BulletinText.objects.get(lang="vi").audio_id == first.sha256
    assert complaints == []


def test_a_recording_can_be_made_again_and_thrown_away(page: Page) -> None:
    speak(page, "audio2")
    heard = page.locator("#audio2-field audio")
    expect(heard).to_be_visible(timeout=30_000)
    assert page.locator("input[name=audio2]").input_value()
    heard.evaluate("sound => { sound.dataset.first = 'yes'; }")
    speak(page, "audio2")  # the same beeps may make the same recording, under the same name
    expect(page.locator("#audio2-field audio:not([data-first])")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Bỏ bản ghi âm").click()
    expect(page.locator("#audio2-field audio")).to_have_count(0)
    assert page.locator("input[name=audio2]").input_value() == ""


def test_axe_finds_nothing_before_while_and_after(page: Page) -> None:
    def faults() -> list[str]:
        return [str(one["id"]) for one in Axe().run(page, options=RULES).response["violations"]]

    assert faults() == []
    begin(page, "audio")
    assert faults() == []
    finish(page, "audio")
    expect(page.locator("#audio-field audio")).to_be_visible(timeout=30_000)
    assert faults() == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_without_a_microphone_a_file_can_be_chosen(browser: Browser, live_server: Any, commune: Any) -> None:
    """As on a page without TLS, where browsers give no microphone away."""
    context = browser.new_context(viewport=TELEPHONE, locale="vi")
    context.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    page = writing(context, live_server.url)
    expect(page.locator("#record-audio")).to_be_hidden()
    expect(page.locator("#id_recording_audio")).to_be_visible()
    context.close()


def test_a_microphone_that_is_refused_is_told_with_the_way_round(
    browser: Browser, live_server: Any, commune: Any
) -> None:
    context = browser.new_context(viewport=TELEPHONE, locale="vi")
    context.add_init_script("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no'));")
    page = writing(context, live_server.url)
    page.locator("#record-audio").click()
    expect(page.locator("#audio-field [role=status]")).to_contain_text("hãy chọn tệp ghi âm")
    context.close()
