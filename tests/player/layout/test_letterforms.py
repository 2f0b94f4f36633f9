"""The low face: composed from its drawing, in rows that leave every mark its own place."""

from __future__ import annotations

import string
from pathlib import Path

import pygame
import pytest

from player.layout import letterforms
from player.layout.letterforms import ASCENT, DRAWN, FACE_FILE, ROWS, DrawingError, Glyph


@pytest.fixture(scope="module")
def face() -> dict[str, Glyph]:
    return letterforms.compose(letterforms.read(DRAWN.read_text(encoding="utf-8")))


def columns(rows: tuple[str, ...], row: int) -> set[int]:
    return {at for at, lamp in enumerate(rows[row]) if lamp == "#"}


def test_the_file_is_what_the_drawing_gives(face: dict[str, Glyph]) -> None:
    assert FACE_FILE.read_text(encoding="utf-8") == letterforms.bdf(face), "run python -m player.layout.letterforms"


def test_every_letter_that_boards_need_is_there(face: dict[str, Glyph], alphabet: str) -> None:
    printable = string.ascii_letters + string.digits + string.punctuation + " "
    assert set(alphabet + printable + "\u00a0–—…“”‘’°₫•·×²³") <= set(face)
    assert all(len(glyph.rows) == ROWS for glyph in face.values())


def test_marks_leave_a_free_row_above_and_below_their_letter(face: dict[str, Glyph]) -> None:
    for letter in "ấểỗắẩéảĩÂẤẨẮẪÉẢĨ":
        top = 4 if letter.islower() or letter in "ẤẨẮẪẢ" else 3
        assert not columns(face[letter].rows, top - 1), letter
        assert columns(face[letter].rows, top), letter
    for letter in "ạệịọụựẠỆỊỌỤỰỴ":
        assert not columns(face[letter].rows, ASCENT), letter
        assert len(columns(face[letter].rows, ROWS - 1)) == 2, letter


def test_two_marks_stand_beside_each_other(face: dict[str, Glyph]) -> None:
    for letter in "ấầẩẫắằẳẵếềểễốồổỗẤỀỔỖ":
        marked = set().union(*(columns(face[letter].rows, row) for row in range(3)))
        free = set(range(min(marked), max(marked))) - marked
        assert len(free) == 1, letter
        assert face[letter].out_px == 1
        assert face[letter].advance_px == len(face[letter].rows[0]) - 1


def test_one_tone_over_capital_and_small_letter_is_the_same_mark(face: dict[str, Glyph]) -> None:
    for small, top in (("á", 0), ("à", 0), ("ã", 1), ("ả", 0)):
        high = 0
        rows = 3 if small == "ả" else 2
        assert [face[small].rows[top + n] for n in range(rows)] == [
            face[small.upper()].rows[high + n] for n in range(rows)
        ]


def test_a_capital_loses_a_row_that_is_the_same_as_the_next() -> None:
    assert letterforms.lowered(("##", "#.", "#.", "##")) == ("##", "#.", "##")


def test_the_font_library_draws_just_the_lamps_of_the_drawing(face: dict[str, Glyph]) -> None:
    pygame.font.init()
    font = pygame.font.Font(FACE_FILE, ROWS)
    for letter in ("g", "Đ", "ỹ", "%", "₫"):
        mask = pygame.mask.from_surface(font.render(letter, False, (255, 255, 255)))
        rows = face[letter].rows
        wanted = {(x, y) for y, row in enumerate(rows) for x, lamp in enumerate(row) if lamp == "#"}
        width, height = mask.get_size()
        assert {(x, y) for x in range(width) for y in range(height) if mask.get_at((x, y))} == wanted, letter
    assert font.metrics("ấâ") == [(-1, 5, -2, 9, 5), (0, 4, -2, 9, 5)], "a column out over each neighbour"


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [("= a\n##\n#\n", "line 1, '= a'"), ("= ab\n##\n", "'= LETTER'"), ("= a x\n##\n", "ROWS_BELOW"),
     ("= a\n#o#\n", "line 2, '#o#'"), ("##\n= a\n", "needs rows"), ("= a\n", "needs rows")],
)  # fmt: skip
def test_a_faulty_drawing_names_its_line(drawn: str, fault: str) -> None:
    with pytest.raises(DrawingError, match=fault):
        letterforms.read(drawn)


def test_the_face_is_written_by_the_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(letterforms, "FACE_FILE", tmp_path / "made.bdf")
    letterforms.main()
    assert (tmp_path / "made.bdf").read_bytes() == FACE_FILE.read_bytes()
