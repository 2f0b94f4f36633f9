"""The font gate, and what happens when a font is missing."""

from __future__ import annotations

import itertools
import string

import pygame
import pytest

from player.layout.fonts import (
    ALL_FACES,
    BOLD,
    FIXED_13,
    KHMER,
    LED_FLOOR_PX,
    LOW,
    PUBLIC_DOMAIN,
    REGULAR,
    Face,
    FontBook,
    Type,
)
from player.layout.theme import measures
from player.show import PanelShape

PANELS = [
    PanelShape(64, 32, "led"),
    PanelShape(128, 64, "led"),
    PanelShape(192, 96, "led"),
    PanelShape(320, 160, "led"),
    PanelShape(640, 384, "led"),
    PanelShape(1280, 720),
    PanelShape(1920, 1080),
    PanelShape(1080, 1920),
    PanelShape(3840, 2160),
]


def used_by_default(shape: PanelShape) -> set[Type]:
    m = measures(shape)
    titles = {Type(BOLD, round(size * m.title_ratio)) for size in m.sizes}
    bodies = {Type(face, size) for size in m.sizes for face in (m.body_face, BOLD)}
    return titles | bodies | {Type(m.small_face, m.small)}


def clashes(kind: Type, letters: str, book: FontBook) -> list[str]:
    """Letters drawn with the very same pixels as another."""
    seen: dict[bytes, str] = {}
    same = []
    for letter in letters:
        drawn = book.font(kind).render(letter, True, (255, 255, 255))
        pixels = pygame.image.tobytes(drawn, "RGBA") + repr(drawn.get_size()).encode()
        if pixels in seen:
            same.append(seen[pixels] + letter)
        seen[pixels] = letter
    return same


def test_the_alphabet_has_134_letters(alphabet: str) -> None:
    assert len(set(alphabet)) == len(alphabet) == 134


@pytest.mark.parametrize("shape", PANELS, ids=lambda shape: f"{shape.kind}-{shape.width_px}x{shape.height_px}")
def test_every_default_type_tells_all_vietnamese_letters_apart(
    shape: PanelShape, alphabet: str, book: FontBook
) -> None:
    for kind in used_by_default(shape):
        missing = [letter for letter in alphabet if not book.covers(kind.face, letter)]
        assert not missing, f"{kind}: no {missing}"
        assert not clashes(kind, alphabet, book), kind


@pytest.mark.parametrize("face", [LOW, FIXED_13], ids=lambda face: face.name)
def test_strict_bitmap_faces_pass_the_gate_at_their_own_height(alphabet: str, face: Face, book: FontBook) -> None:
    kind = Type(face, 0)
    assert not clashes(kind, alphabet, book)
    assert book.height(kind) == kind.face.rows


def test_the_gate_catches_the_bold_bitmap_face_that_merges_two_letters(alphabet: str, book: FontBook) -> None:
    merged = Face("9x15B", "X11/misc/9x15B.pcf.gz", "xfonts-base", PUBLIC_DOMAIN, rows=15)
    assert [set(pair) for pair in clashes(Type(merged, 0), alphabet, book)] == [{"Ứ", "Ừ"}]


def lit(letter: str, kind: Type, book: FontBook) -> set[tuple[int, int]]:
    """The lamps of a letter in a strict face, from the left edge of its first one."""
    drawn = pygame.mask.from_surface(book.font(kind).render(letter, False, (255, 255, 255)))
    points = {(x, y) for x in range(drawn.get_size()[0]) for y in range(drawn.get_size()[1]) if drawn.get_at((x, y))}
    left = min(x for x, _ in points)
    return {(x - left, y) for x, y in points}


def test_any_two_letters_of_the_low_face_differ_by_two_lamps_wherever_they_stand(alphabet: str, book: FontBook) -> None:
    letters = [*dict.fromkeys(alphabet + string.ascii_letters + string.digits + "–-—+=°%₫")]
    drawn = {letter: lit(letter, Type(LOW, 0), book) for letter in letters}
    assert not [a + b for a, b in itertools.combinations(letters, 2) if len(drawn[a] ^ drawn[b]) < 2]
    slid = [  # a tone told only by its place over the letter would be none
        a + b for a, b in itertools.combinations(alphabet, 2) for by in (-1, 1)
        if len(drawn[a] ^ {(x + by, y) for x, y in drawn[b]}) < 2
    ]  # fmt: skip
    assert not slid


@pytest.mark.parametrize("shape", PANELS[:5], ids=lambda shape: f"{shape.width_px}x{shape.height_px}")
def test_no_led_line_is_lower_than_thirteen_rows(shape: PanelShape, book: FontBook) -> None:
    assert min(book.height(kind) for kind in used_by_default(shape)) >= LED_FLOOR_PX


def test_no_stacked_mark_is_cut_off_at_the_top_of_its_line(alphabet: str, book: FontBook) -> None:
    for kind in (Type(BOLD, 12), Type(BOLD, 14), Type(REGULAR, 56), Type(BOLD, 70)):
        font = book.font(kind)
        for letter in alphabet:
            measured = font.metrics(letter)[0]
            assert measured is not None
            assert measured[3] <= font.get_ascent(), (kind, letter)


def test_every_face_of_the_table_is_installed_and_opens(book: FontBook) -> None:
    for face in ALL_FACES:
        assert book.font(Type(face, 20)).get_height() > 0


def test_khmer_is_shaped_and_not_set_letter_by_letter(book: FontBook) -> None:
    shaped = book.font(Type(KHMER, 40))
    plain = pygame.font.Font(book.path(KHMER), 40)
    word = "ស្រុក"
    assert shaped.size(word)[0] < plain.size(word)[0], "the coeng must draw its consonant below, not beside"


def test_measured_words_are_kept_within_bounds(book: FontBook) -> None:
    fresh = FontBook()
    kind = Type(REGULAR, 20)
    for number in range(20_005):
        fresh.keep_width(kind, str(number), number)
    assert fresh.kept_width(kind, "20004") == 20_004
    assert fresh.kept_width(kind, "0") is None
