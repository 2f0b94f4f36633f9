"""Reading coverage from font files, garbage included."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from player.layout.fontfile import FontFileError, Letters, letters
from player.layout.fonts import ALL_FACES, BOLD, CHAM, FIXED_13, KHMER, LOW, SYMBOLS_2, TAI_VIET, Face, FontBook


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


@pytest.mark.parametrize("face", [BOLD, FIXED_13, LOW], ids=lambda face: face.name)
@pytest.mark.parametrize("kept", [600, 0.5, 0.999], ids=["its head", "half", "all but its end"])
def test_a_font_that_was_cut_off_is_refused(face: Face, kept: float, tmp_path: Path, book: FontBook) -> None:
    path = tmp_path / "short.ttf"
    whole = book.path(face).read_bytes()
    path.write_bytes(whole[: int(kept if kept > 1 else len(whole) * kept)])
    with pytest.raises(FontFileError, match=r"short\.ttf"):
        letters(path)


@pytest.mark.parametrize("face", [BOLD, FIXED_13, LOW], ids=lambda face: face.name)
def test_a_font_that_holds_a_block_of_zeros_is_refused(face: Face, tmp_path: Path, book: FontBook) -> None:
    """What a power cut leaves of a file that was just written: its length, and nothing in the middle."""
    path = tmp_path / "hollow.ttf"
    whole = book.path(face).read_bytes()
    start = len(whole) * 2 // 3
    path.write_bytes(whole[:start] + bytes(512) + whole[start + 512 :])
    with pytest.raises(FontFileError, match=r"hollow\.ttf"):
        letters(path)


def test_a_bitmap_font_with_a_letter_less_than_it_says_is_refused(tmp_path: Path, book: FontBook) -> None:
    path = tmp_path / "fewer.bdf"
    whole = book.path(LOW).read_text(encoding="ascii")
    path.write_text(whole.replace("STARTCHAR", "COMMENT", 1), encoding="ascii")
    with pytest.raises(FontFileError, match=r"fewer\.bdf.*letters"):
        letters(path)


@pytest.mark.parametrize("face", ALL_FACES, ids=lambda face: face.name)
def test_every_face_of_the_table_agrees_with_its_own_checksums(face: Face, book: FontBook) -> None:
    assert len(letters(book.path(face))) > 50
