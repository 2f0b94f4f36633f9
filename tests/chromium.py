"""A real Chromium for the tests that look at pages, as large as a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, ViewportSize, sync_playwright

TELEPHONE: Final[ViewportSize] = {"width": 390, "height": 844}
_FLAGS: Final = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def launched(path: str | None, *flags: str) -> Iterator[Browser]:
    """Chromium from `path` (None: Playwright's own) with these flags beside the usual ones, closed at the end."""
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=path, args=[*_FLAGS, *flags])
        yield chromium
        chromium.close()
