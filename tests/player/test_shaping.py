"""Shaping of the province's scripts, seen in the pixels that a board draws.

Two controls: the same text shaped by a second program (Raqm, in Pillow) must look the same, and the
same text set letter by letter must not.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from drivers.surfaces import new_surface
from player import render, text
from player.layout.boxes import Label
from player.layout.fonts import (
    BOLD,
    CHAM,
    CHAM_BOLD,
    FIXED_13,
    KHMER,
    KHMER_BOLD,
    REGULAR,
    TAI_VIET,
    Face,
    FontBook,
    Type,
)
from player.layout.theme import Colour

Ink = NDArray[Any]
EM_PX = 40
LEFT, TOP = 60, 60
LIT = 128
SHAPED = [  # what moves, joins or stacks when it is shaped
    (CHAM, "ꨆꨯ"), (CHAM, "ꨆꨰ"), (CHAM, "ꨆꨴ"), (CHAM, "ꨆꨴꨯ"), (CHAM, "ꨚꨴꨯꩂ"), (CHAM_BOLD, "ꨆꨴꨯ"),
    (TAI_VIET, "ꪀꪸ꪿"), (TAI_VIET, "ꪀꪲ꫁"),
    (KHMER, "ស្រុក"), (KHMER, "ខ្ញុំ"), (KHMER, "កែ"), (KHMER_BOLD, "ស្រុក"),
    (REGULAR, "ê̆"), (REGULAR, "ô̆"), (REGULAR, "Ê̆"), (REGULAR, "Ô̆"), (BOLD, "ê̆"), (BOLD, "ô̆"),
]  # fmt: skip


def drawn(words: str, face: Face, book: FontBook, em_px: int = EM_PX) -> Ink:
    """What `render` makes of one line of Latin and other letters; white on black, rows by columns."""
    bold = face in (BOLD, CHAM_BOLD, KHMER_BOLD)
    kind = Type(face if face.rows else BOLD if bold else REGULAR, em_px)
    surface = new_surface(500, 200)
    render.draw_label(surface, Label(LEFT, TOP, words, kind, Colour(255, 255, 255)), book)
    return pygame.surfarray.pixels_red(surface).T.copy()


def by_pillow(words: str, face: Face, book: FontBook, engine: ImageFont.Layout) -> Ink:
    picture = Image.new("L", (500, 200))
    font = ImageFont.truetype(str(book.path(face)), EM_PX, layout_engine=engine)
    ImageDraw.Draw(picture).text((LEFT, TOP), words, fill=255, font=font)
    return np.array(picture)


def trimmed(ink: Ink) -> Ink:
    lit = ink >= LIT // 2
    rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def likeness(one: Ink, other: Ink) -> float:
    """The share of lit pixels that both have, 0 to 1, at the best of nine places a pixel from each other."""
    a, b = (np.pad(trimmed(ink) >= LIT, 1) for ink in (one, other))
    size = max(a.shape[0], b.shape[0]), max(a.shape[1], b.shape[1])
    a, b = (np.pad(ink, ((0, size[0] - ink.shape[0]), (0, size[1] - ink.shape[1]))) for ink in (a, b))
    moved = [np.roll(b, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return max(float((a & one).sum() / (a | one).sum()) for one in moved)


def stretches(lit: Ink) -> list[tuple[int, int]]:
    """Where pixels are lit: half-open ranges."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], lit, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def columns(ink: Ink) -> list[tuple[int, int]]:
    return stretches(np.any(ink >= LIT, axis=0))


def rows(ink: Ink) -> list[tuple[int, int]]:
    return stretches(np.any(ink >= LIT, axis=1))


def case(value: object) -> str:
    return value.name if isinstance(value, Face) else "-".join(f"{ord(letter):04X}" for letter in str(value))


@pytest.mark.parametrize(("face", "word"), SHAPED, ids=case)
def test_a_cluster_looks_as_another_shaper_sets_it_and_not_as_letters_in_a_row(
    face: Face, word: str, book: FontBook
) -> None:
    if not features.check("raqm"):
        pytest.skip("this Pillow has no Raqm to compare with")
    ours = drawn(word, face, book)
    assert likeness(ours, by_pillow(word, face, book, ImageFont.Layout.RAQM)) > 0.87
    assert likeness(ours, by_pillow(word, face, book, ImageFont.Layout.BASIC)) < 0.85


# --- Cham


@pytest.mark.parametrize("vowel", ["\uaa2f", "\uaa30"], ids=["O", "AI"])
@pytest.mark.parametrize("face", [CHAM, CHAM_BOLD], ids=lambda face: face.name)
def test_a_cham_vowel_that_stands_before_its_consonant_is_drawn_there(face: Face, vowel: str, book: FontBook) -> None:
    """It is written after it; unshaped it stays there, behind a dotted circle."""
    alone, word = drawn("ꨆ", face, book), drawn("ꨆ" + vowel, face, book)
    (first, last), unshaped = columns(word), by_pillow("ꨆ" + vowel, face, book, ImageFont.Layout.BASIC)
    assert np.array_equal(trimmed(word[:, last[0] :]), trimmed(alone)), "the consonant is the last piece"
    assert first[1] < last[0]
    assert likeness(unshaped[:, : columns(unshaped)[0][1]], alone) > 0.87, "letter by letter it is the first"


def test_a_cham_medial_ra_embraces_its_consonant(book: FontBook) -> None:
    base, word = drawn("ꨆ", CHAM, book), drawn("ꨆ\uaa34", CHAM, book)
    ((left, right),) = columns(word)
    ((base_left, base_right),) = columns(base)
    assert len(columns(by_pillow("ꨆ\uaa34", CHAM, book, ImageFont.Layout.BASIC))) == 2
    assert right - left > base_right - base_left
    assert rows(word)[-1][1] > rows(base)[-1][1], "its stroke goes on below"


def test_consonant_medial_and_vowel_of_cham_are_vowel_then_medial_and_consonant(book: FontBook) -> None:
    medial, word = drawn("ꨆ\uaa34", CHAM, book), drawn("ꨆ\uaa34\uaa2f", CHAM, book)
    first, last = columns(word)
    assert np.array_equal(trimmed(word[:, last[0] :]), trimmed(medial))
    vowel = drawn("ꨆ\uaa2f", CHAM, book)
    assert np.array_equal(trimmed(word[:, : first[1]]), trimmed(vowel[:, : columns(vowel)[0][1]]))


# --- Tai Viet


@pytest.mark.parametrize("vowel", "\uaab5\uaab6\uaab9\uaabb\uaabc", ids=case)
def test_a_tai_viet_vowel_written_before_its_consonant_stays_before_it(vowel: str, book: FontBook) -> None:
    """These five are stored in the order of their looks (Unicode, Logical_Order_Exception): nothing is moved."""
    consonant = drawn("ꪀ", TAI_VIET, book)
    ((left, right),), ((top, bottom),) = columns(consonant), rows(consonant)
    before, after = (drawn(word, TAI_VIET, book)[top:bottom] for word in (vowel + "ꪀ", "ꪀ" + vowel))
    wide = right - left
    assert likeness(before[:, columns(before)[-1][1] - wide :], consonant) > 0.9
    assert likeness(after[:, : columns(after)[0][0] + wide], consonant) > 0.9
    assert likeness(before, after) < 0.8, "typed the other way round it is another picture"


def test_a_tai_viet_tone_stands_over_the_middle_of_its_consonant(book: FontBook) -> None:
    """Where the font's anchors put it; unshaped it stands wherever its own drawing has it."""
    word = "ꪀꪸ\uaabf"
    shaped, unshaped = drawn(word, TAI_VIET, book), by_pillow(word, TAI_VIET, book, ImageFont.Layout.BASIC)
    assert columns(shaped)[-1][1] == columns(drawn("ꪀ", TAI_VIET, book))[-1][1], "no wider"
    assert abs(off_middle(shaped)) <= 2 < abs(off_middle(unshaped))


def off_middle(ink: Ink) -> float:
    """Columns from the middle of the letter in the last stretch of rows to the top of what stands above it."""
    above, letter = rows(ink)
    ((left, right),) = stretches(np.any(ink[slice(*letter)] >= LIT, axis=0))
    return float(np.flatnonzero(ink[above[0]] >= LIT).mean()) + 0.5 - (left + right) / 2


# --- Latin letters with stacked marks


@pytest.mark.parametrize("face", [REGULAR, BOLD], ids=lambda face: face.name)
@pytest.mark.parametrize("letter", "êôÊÔ")
def test_a_breve_stands_above_the_circumflex_and_takes_no_room_of_its_own(
    letter: str, face: Face, book: FontBook
) -> None:
    stacked, kind = letter + "\u0306", Type(face, EM_PX)
    for form in ("NFC", "NFD"):
        word = text.nfc(unicodedata.normalize(form, stacked))  # as it is at the door
        assert text.width(word, kind, book) == text.width(letter, kind, book)
        breve, circumflex, body = rows(drawn(word, face, book))
        assert breve[1] <= circumflex[0] < circumflex[1] <= body[0]
        assert [circumflex, body] == rows(drawn(letter, face, book)), "the letter below stands where it always does"
    assert len(rows(by_pillow(unicodedata.normalize("NFD", stacked), face, book, ImageFont.Layout.BASIC))) < 3


@pytest.mark.parametrize("stacked", ["ê\u0306", "ô\u0306", "ơ\u0306", "ư\u0306", "ŏ", "Ê\u0306", "Ô\u0306"], ids=case)
def test_both_normal_forms_are_the_same_pixels_even_past_the_door(stacked: str, book: FontBook) -> None:
    composed, taken_apart = (unicodedata.normalize(form, stacked) for form in ("NFC", "NFD"))
    assert composed != taken_apart
    assert np.array_equal(drawn(composed, REGULAR, book), drawn(taken_apart, REGULAR, book))
    assert not np.array_equal(
        by_pillow(composed, REGULAR, book, ImageFont.Layout.BASIC),
        by_pillow(taken_apart, REGULAR, book, ImageFont.Layout.BASIC),
    )


def test_which_mark_was_written_first_stands_lower(book: FontBook) -> None:
    assert not np.array_equal(drawn("ê\u0306", REGULAR, book), drawn("ĕ\u0302", REGULAR, book))


@pytest.mark.parametrize(("letter", "plain"), ["ƀb", "ŏo", "Ƀb", "Ŏo", ("ê\u0306", "ê"), ("ô\u0306", "ô")], ids=case)
@pytest.mark.parametrize("em_px", [12, 14, 16, 23, 40])
def test_letters_of_the_highlands_are_told_from_their_kin_at_led_sizes(
    letter: str, plain: str, em_px: int, book: FontBook
) -> None:
    one, other = drawn(letter, BOLD, book, em_px), drawn(plain, BOLD, book, em_px)
    assert (np.abs(one.astype(int) - other) >= LIT).sum() >= 2


def test_a_capital_with_stacked_marks_stands_on_the_line_of_its_neighbours(book: FontBook) -> None:
    """The library's picture of the run is higher than the line box then, and begins above it."""
    lone, joined = drawn("ê", REGULAR, book), drawn("Ê\u0306ê", REGULAR, book)
    start = columns(joined)[1][0]
    assert rows(joined[:, start:]) == rows(lone)


@pytest.mark.parametrize("em_px", [12, 13, 14, 17, 19, 28])
@pytest.mark.parametrize("face", [REGULAR, BOLD], ids=lambda face: face.name)
def test_every_vietnamese_capital_stands_on_the_same_line(
    face: Face, em_px: int, alphabet: str, book: FontBook
) -> None:
    """Hinted to such a size, a few of them (Ẵ, Ỗ) are a row higher than the face says its letters are."""
    apart = [unicodedata.normalize("NFD", letter) for letter in alphabet if letter.isupper()]
    foot = {base: rows(drawn(base, face, book, em_px))[-1][1] for base in "AEIOUYĐ"}
    sunk = [marked for marked in apart if "\u0323" not in marked  # a dot has rows of its own
            and rows(drawn(text.nfc(marked), face, book, em_px))[-1][1] != foot[marked[0]]]  # fmt: skip
    assert sunk == []


def test_marks_that_reach_above_the_panel_are_set_lower_and_not_cut(book: FontBook) -> None:
    surface = new_surface(100, 60)
    render.draw_label(surface, Label(0, 0, "Ê\u0306", Type(BOLD, EM_PX), Colour(255, 255, 255)), book)
    assert np.array_equal(trimmed(pygame.surfarray.pixels_red(surface).T), trimmed(drawn("Ê\u0306", BOLD, book)))


def test_a_bitmap_face_leaves_letters_with_marks_of_their_own_to_one_that_stacks_them(book: FontBook) -> None:
    found = text.runs("Hội ê\u0306 ở", FIXED_13, book)
    assert [(run.text, run.face) for run in found] == [
        ("Hội ", FIXED_13), ("ê\u0306 ", BOLD), ("ở", FIXED_13)
    ]  # fmt: skip
    ink = rows(drawn("ê\u0306", FIXED_13, book, 12))
    assert ink[-1][1] - ink[0][0] <= FIXED_13.rows, "nothing stands rows above the line"
