"""What a page tells the person who looks at it: its errors and warnings, or else its title."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

TELLING: Final = frozenset({"bad", "warn", "error"})
VOID: Final = frozenset({"br", "img", "input", "hr", "link", "meta"})


def said(html: str) -> str:
    """In one line."""
    page = _Page()
    page.feed(html)
    return "; ".join(line for line in page.lines() if line) or html.strip()[:200]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._errors: list[list[str]] = []
        self._title: list[str] = []
        self._open: list[tuple[str, list[str] | None]] = []  # elements around here, and where their words go

    def lines(self) -> list[str]:
        """The errors; the title if there are none."""
        return [" ".join("".join(words).split()) for words in self._errors or [self._title]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        words = self._open[-1][1] if self._open else None
        classes = set((dict(attrs).get("class") or "").split())
        if tag == "title":
            words = self._title
        elif words is None and classes & TELLING and tag in {"div", "p", "li"}:
            words = []
            self._errors.append(words)
        self._open.append((tag, words))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and (words := self._open[-1][1]) is not None:
            words.append(data)
