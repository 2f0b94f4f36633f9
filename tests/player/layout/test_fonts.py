"""The font gate, and what happens when a font is missing."""

from __future__ import annotations

import itertools
import string

import pygame

from player.layout.fonts import (
    ALL_FACES,
    BOLD,
    KHMER,
    LOW,
    REGULAR,
    FontBook,
    Type,
)


def test_the_alphabet_has_134_letters(alphabet: str) -> None:
    assert len(set(alphabet)) == len(alphabet) == 134


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
