"""A face whose file is missing or damaged: passed over, noted once, and taken up again when it is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from drivers.surfaces import new_surface
from player import render, text
from player.layout.boxes import Label
from player.layout.fonts import (
    BOLD,
    FIXED_13,
    FOLDERS,
    KHMER,
    KHMER_BOLD,
    LOW,
    REGULAR,
    SYMBOLS_2,
    Face,
    FontBook,
    FontBrokenError,
    FontMissingError,
    Type,
)
from player.layout.theme import Colour

Damage = Callable[[bytes], bytes]
GARBAGE: dict[str, Damage] = {
    "empty": lambda whole: b"",
    "text": lambda whole: b"not a font" * 50,
    "half": lambda whole: whole[: len(whole) // 2],
    "hollow": lambda whole: whole[:5000] + bytes(4000) + whole[9000:],
}
KHMER_WORD = "ស្រុក"


@pytest.fixture(params=list(GARBAGE.values()), ids=list(GARBAGE))
def damage(request: pytest.FixtureRequest) -> Damage:
    made: Damage = request.param
    return made


@pytest.fixture
def with_bad(tmp_path: Path, book: FontBook) -> Callable[..., FontBook]:
    """A book in which some faces' files are damaged; the rest is the distribution's."""

    def made(*faces: Face, damage: Damage = GARBAGE["text"]) -> FontBook:
        for face in faces:
            path = tmp_path / face.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(damage(book.path(face).read_bytes()))
        return FontBook((tmp_path, *FOLDERS))

    return made


def drawn(words: str, kind: Type, book: FontBook) -> pygame.Surface:
    surface = new_surface(400, 100)
    render.draw_label(surface, Label(10, 10, words, kind, Colour(255, 255, 255)), book)
    return surface


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def test_a_broken_script_face_is_passed_over_for_the_next_that_has_the_letters(
    with_bad: Callable[..., FontBook], damage: Damage, book: FontBook
) -> None:
    partly = with_bad(KHMER, damage=damage)
    line = f"Xã {KHMER_WORD} ☎"
    assert [run.face for run in text.runs(line, REGULAR, partly)] == [REGULAR, KHMER_BOLD, SYMBOLS_2]
    wanted = drawn(KHMER_WORD, Type(BOLD, 40), book)  # whose chain has the bold Khmer face first
    assert pixels(drawn(KHMER_WORD, Type(REGULAR, 40), partly)) == pixels(wanted)
    assert text.uncovered(line, partly) == ()


def test_what_is_wrong_is_noted_once_with_file_and_package(with_bad: Callable[..., FontBook], tmp_path: Path) -> None:
    partly = with_bad(KHMER)
    text.runs("Chủ nhật nghỉ", REGULAR, partly)
    assert partly.noted() == ()
    text.runs(f"{KHMER_WORD} ☎ {KHMER_WORD}", REGULAR, partly)
    (note,) = partly.noted()
    assert "Noto Sans Khmer hỏng" in note
    assert "apt install --reinstall fonts-noto-core" in note
    assert str(tmp_path / KHMER.file) in note
    assert partly.noted() == ()
    assert partly.lost() == ("Noto Sans Khmer",)


def test_letters_of_a_script_without_any_whole_face_are_left_out_and_the_line_goes_on(
    with_bad: Callable[..., FontBook],
) -> None:
    partly = with_bad(KHMER, KHMER_BOLD)
    assert "".join(run.text for run in text.runs(f"Xã {KHMER_WORD} ☎", REGULAR, partly)) == "Xã  ☎"
    assert text.uncovered(f"Xã {KHMER_WORD} ☎", partly) == tuple(dict.fromkeys(KHMER_WORD))
    assert len(partly.noted()) == 2


@pytest.mark.parametrize(
    ("wanted", "instead"), [(REGULAR, BOLD), (BOLD, REGULAR), (FIXED_13, LOW)], ids=lambda face: face.name
)
def test_a_broken_basic_face_has_one_that_stands_in(
    wanted: Face, instead: Face, with_bad: Callable[..., FontBook], damage: Damage, book: FontBook
) -> None:
    partly, line = with_bad(wanted, damage=damage), "Thông báo cúp nước ở ấp Ứng Hòa"
    kind, stands_in = Type(wanted, 30), Type(instead, 30)
    assert partly.height(kind) == book.height(stands_in)
    assert text.width(line, kind, partly) == text.width(line, stands_in, book)
    assert pixels(drawn(line, kind, partly)) == pixels(drawn(line, stands_in, book))
    assert [wanted.name in note for note in partly.noted()] == [True]


def test_without_any_basic_face_the_error_names_the_one_that_was_wanted(with_bad: Callable[..., FontBook]) -> None:
    bare = with_bad(REGULAR, BOLD)
    for _ in range(2):
        with pytest.raises(FontBrokenError, match=r"Noto Sans hỏng.*fonts-noto-core.*NotoSans-Regular"):
            bare.font(Type(REGULAR, 20))
        with pytest.raises(FontBrokenError, match="Noto Sans Bold is broken"):
            bare.face_for(BOLD, "a")


def test_a_broken_low_face_is_not_chosen_by_any_layout(with_bad: Callable[..., FontBook]) -> None:
    partly = with_bad(LOW)
    assert not partly.draws_whole(LOW, "An")
    (note,) = partly.noted()
    assert "hãy cài lại Bảng Tin" in note, "the project's own face comes with no package"


def test_a_face_that_is_whole_again_draws_again(with_bad: Callable[..., FontBook], tmp_path: Path) -> None:
    partly = with_bad(KHMER)
    assert partly.face_for(REGULAR, "ក") is KHMER_BOLD
    narrow = text.width(KHMER_WORD, Type(REGULAR, 40), partly)
    (tmp_path / KHMER.file).unlink()
    assert partly.face_for(REGULAR, "ក") is KHMER_BOLD, "within one show nothing changes"
    partly.refresh()
    assert partly.face_for(REGULAR, "ក") is KHMER
    assert text.width(KHMER_WORD, Type(REGULAR, 40), partly) != narrow
    assert partly.lost() == partly.noted() == ()


def test_who_writes_need_not_wait_for_a_restart_after_the_font_was_installed(
    with_bad: Callable[..., FontBook], tmp_path: Path
) -> None:
    partly = with_bad(KHMER, KHMER_BOLD)
    assert text.uncovered(KHMER_WORD, partly)
    (tmp_path / KHMER.file).unlink()
    assert text.uncovered(KHMER_WORD, partly) == ()


def test_a_file_damaged_after_it_was_examined_is_an_error_once_and_then_passed_over(
    with_bad: Callable[..., FontBook], tmp_path: Path, book: FontBook
) -> None:
    partly = with_bad(KHMER, damage=lambda whole: whole)
    assert partly.face_for(REGULAR, "ក") is KHMER
    (tmp_path / KHMER.file).write_bytes(b"")
    with pytest.raises(FontBrokenError, match="Noto Sans Khmer"):
        partly.font(Type(KHMER, 31))
    partly.refresh()
    assert partly.face_for(REGULAR, "ក") is KHMER_BOLD


def test_a_missing_font_names_the_package_to_install(tmp_path: Path) -> None:
    bare = FontBook(folders=(tmp_path,))
    with pytest.raises(FontMissingError, match="fonts-noto-core") as caught:
        bare.font(Type(REGULAR, 20))
    assert "apt install" in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_missing_script_font_is_passed_over_and_noted(tmp_path: Path, book: FontBook) -> None:
    noto = tmp_path / REGULAR.file
    noto.parent.mkdir(parents=True)
    noto.symlink_to(book.path(REGULAR))
    partly = FontBook(folders=(tmp_path,))
    assert partly.face_for(REGULAR, "ê") is REGULAR
    assert partly.noted() == ()
    assert partly.face_for(REGULAR, "ក") is None
    assert any("Thiếu phông chữ Noto Sans Khmer" in note for note in partly.noted())
