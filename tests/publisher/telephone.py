"""Staff at a telephone, and what is wrong with a page there."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.chromium import TELEPHONE

PASSWORD = "mot-cau-rat-kho-doan"  # of everybody in the commune of the tests
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


class Person:
    """Somebody at a telephone. Everything the browser complains about is kept in `complaints`."""

    def __init__(self, browser: Browser, url: str, username: str) -> None:
        self.page: Page = browser.new_context(viewport=TELEPHONE, locale="vi").new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if complains(said) else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._url = url
        self.go("/dang-nhap")
        self.page.get_by_label("Tên đăng nhập").fill(username)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.get_by_role("button", name="Đăng nhập").click()

    def go(self, path: str) -> Page:
        """Open a page, once what this one still asks for has come: a request cut off is a complaint in the console."""
        expect(self.page.locator(".htmx-request")).to_have_count(0, timeout=30_000)
        self.page.goto(self._url + path)
        return self.page


def complains(said: ConsoleMessage) -> bool:
    """Whether a line in the console is a complaint. htmx also logs each request that a newer one replaced; one that
    fails has a line of its own kind (htmx:sendError, htmx:responseError, htmx:timeout).
    """
    return said.type == "error" and not said.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the telephone."""
    found = Axe().run(page, options=RULES).response["violations"]
    lines = [f"{one['id']}: {[node['html'][:120] for node in one['nodes']][:3]}" for one in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        lines.append("wider than the screen")
    return lines
