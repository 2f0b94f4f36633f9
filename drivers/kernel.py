"""What the kernel tells in small text files (sysfs, procfs): one that is not there or not to be read says nothing."""

from __future__ import annotations

from pathlib import Path


def text_of(path: Path) -> str:
    """The text of the file without the line's end, or the NUL a device tree ends it with; empty if there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip(" \t\n\0")
    except OSError:
        return ""


def number_in(path: Path) -> float | None:
    """The number the file begins with; None if there is none."""
    fields = text_of(path).split()
    try:
        return float(fields[0]) if fields else None
    except ValueError:
        return None
