"""The two languages that staff and their programs are answered in."""

from __future__ import annotations

from django.utils import translation


def in_both(words: object) -> tuple[str, str]:
    """`words`, or what prints as words, in Vietnamese and in English."""
    with translation.override("vi"):
        vietnamese = str(words)
    with translation.override("en"):
        return vietnamese, str(words)
