"""A session that ended, and a page older than the last log-in: nothing half done, no word lost, and it is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Dialog, Page, expect

from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin
from publisher.media.models import Asset
from tests.publisher.telephone import PASSWORD, Person

AsUser = Callable[[User], Client]
FROM = "http://testserver/tin/b1/duyet?x=1"
HTMX = {"HX-Request": "true", "HX-Current-URL": FROM}

TWO_TAPS = """() => {
  const send = document.querySelector("button[value=submit]"), over = new AbortController(), taken = [];
  const note = (event) => { taken.push(!event.defaultPrevented); event.preventDefault(); };
  document.addEventListener("submit", note, { signal: over.signal });
  send.click();
  send.click();
  over.abort();
  window.dispatchEvent(new Event("pageshow"));
  return taken;
}"""  # which of two taps, one behind the other, are sent


def png(width_px: int, height_px: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width_px, height_px), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


def log_in(page: Page) -> None:
    page.get_by_label("Tên đăng nhập").fill("soan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


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
    log_in(page)
    expect(page.get_by_text("đã được điền lại")).to_be_visible()
    expect(page.get_by_label("Nội dung", exact=True).first).to_have_value("Họp dân lúc 19 giờ.")
    expect(page.get_by_label("Bảng LED chợ")).to_be_checked()
    assert page.evaluate(TWO_TAPS) == [True, False]
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_text("Đã trình duyệt.")).to_be_visible()
    assert Bulletin.objects.count() == 1
    page.go_back()
    expect(page.get_by_role("heading", name="Soạn tin")).to_be_visible()
    expect(page.locator("#restored")).to_be_hidden()
    expect(page.get_by_label("Nội dung", exact=True).first).to_have_value("")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_page_opened_again_has_its_reading_and_its_picture(browser: Browser, live_server: Any, commune: Any) -> None:
    writer = Person(browser, live_server.url, "soan")
    page = writer.go("/soan-tin")
    page.get_by_label("Nội dung", exact=True).first.fill("Họp dân lúc 19 giờ.")
    page.locator("#id_spoken").fill("Họp dân lúc bảy giờ tối.")
    page.set_input_files("#id_file", {"name": "a.png", "mimeType": "image/png", "buffer": png(64, 48)})
    expect(page.get_by_role("button", name="Bỏ tệp này")).to_be_visible(timeout=30_000)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Ưu tiên", exact=True).check()
    page.get_by_role("link", name="Mở lại trang").click()
    log_in(page)
    assert asked == []
    expect(page.get_by_role("button", name="Bỏ tệp này")).to_be_visible()
    expect(page.locator("#id_spoken")).to_have_value("Họp dân lúc bảy giờ tối.", timeout=30_000)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Đã lưu bản nháp.")).to_be_visible()
    text = Bulletin.objects.get().texts.get()
    assert text.bulletin.priority == "priority"
    assert (text.spoken, text.bulletin.picture) == ("Họp dân lúc bảy giờ tối.", Asset.objects.get())
    assert writer.complaints == []


def test_the_field_of_a_chosen_file_is_drawn_again(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.writer)
    for kind, slot in (("picture", "picture"), ("audio", "audio"), ("audio", "audio2")):
        asset, _new = Asset.objects.get_or_create(sha256=kind.ljust(64, "0"), kind=kind, mime="x/y", size=1)
        page = client.get(f"/tep/chon/{slot}", {"sha256": asset.sha256}).content.decode()
        assert f'name="{slot}" value="{asset.sha256}"' in page
        assert f'name="{slot}" value=""' in client.get(f"/tep/chon/{slot}", {"sha256": "f" * 64}).content.decode()
    assert client.get("/tep/chon/khac").status_code == 404


def test_an_emergency_that_was_never_sent_says_so_on_the_first_page(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.approver)
    form = {"unit": commune.unit.code, "body": "Bão vào.", "level": "0", "hours": "1", "repeat_min": "10"}
    client.post("/khan-cap", form)
    assert "Khẩn cấp, chưa phát" in client.get("/").content.decode()


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
