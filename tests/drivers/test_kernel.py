"""The kernel's small files, and the many ways in which one says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.kernel import number_in, text_of


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"connected\n", "connected"),
        (b"Raspberry Pi 5 Model B\0", "Raspberry Pi 5 Model B"),
        (b"\xff\n", "\ufffd"),
        (b"", ""),
    ],
)
def test_words_come_without_what_ends_the_file(tmp_path: Path, raw: bytes, told: str) -> None:
    (tmp_path / "file").write_bytes(raw)
    assert text_of(tmp_path / "file") == told


@pytest.mark.parametrize(
    ("raw", "told"),
    [(b"48312\n", 48312.0), (b"12.5 3.1\n", 12.5), (b"-4\n", -4.0), (b"none\n", None), (b"\n", None), (b"", None)],
)
def test_a_number_is_the_first_of_the_line(tmp_path: Path, raw: bytes, told: float | None) -> None:
    (tmp_path / "file").write_bytes(raw)
    assert number_in(tmp_path / "file") == told


def test_a_file_that_is_not_there_or_no_file_says_nothing(tmp_path: Path) -> None:
    assert (text_of(tmp_path / "none"), number_in(tmp_path / "none")) == ("", None)
    assert (text_of(tmp_path), number_in(tmp_path)) == ("", None)
