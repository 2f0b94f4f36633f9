"""Reading coverage from font files, garbage included."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from player.layout.fontfile import FontFileError, Letters, letters
from player.layout.fonts import BOLD, CHAM, FIXED_13, KHMER, LOW, SYMBOLS_2, TAI_VIET, Face, FontBook


def test_ranges_hold_exactly_their_points() -> None:
    held = Letters({65, 66, 67, 70})
    assert [chr(point) in held for point in (64, 65, 67, 68, 69, 70, 71)] == [
        False, True, True, False, False, True, False,
    ]  # fmt: skip
    assert len(held) == 4
    assert 65 not in held


@pytest.mark.parametrize(
    ("face", "inside", "outside"),
    [
        (BOLD, "aẾự\u0306ƀ", "ក中"),
        (KHMER, "ក្ណ", "ệ"),
        (CHAM, "ꨀꨁ", "ộ"),
        (TAI_VIET, "ꪀꪱ", "ộ"),
        (FIXED_13, "aẾự→", "ក中"),
        (LOW, " aẾự₫…°", "ក中\u0302"),
        (SYMBOLS_2, "☎", "ấ"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_coverage_agrees_with_the_font(face: Face, inside: str, outside: str, book: FontBook) -> None:
    held = letters(book.path(face))
    assert all(letter in held for letter in inside)
    assert not any(letter in held for letter in outside)


@pytest.mark.parametrize(
    "data",
    [b"", b"not a font", b"\x00\x01\x00\x00\x00\x05" + b"\xff" * 200, b"\x01fcp\xff\xff\xff\xff", b"\x1f\x8bbroken",
     gzip.compress(b"hello"), b"STARTFONT 2.1\nENCODING A\nENDFONT\n", b"STARTFONT 2.1\nENCODING 65\n",
     b"STARTFONT 2.1\nENCODING -1\nENDFONT\n"],
    ids=["empty", "text", "wild tables", "wild pcf", "broken gzip", "gzipped text", "wild bdf", "half a bdf",
         "no letters"],
)  # fmt: skip
def test_garbage_is_named_and_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "garbage.ttf"
    path.write_bytes(data)
    with pytest.raises(FontFileError, match=r"garbage\.ttf"):
        letters(path)


def test_a_truncated_font_is_refused(tmp_path: Path, book: FontBook) -> None:
    path = tmp_path / "half.ttf"
    path.write_bytes(book.path(BOLD).read_bytes()[:600])
    with pytest.raises(FontFileError, match=r"half\.ttf"):
        letters(path)
