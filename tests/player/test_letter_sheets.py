"""The letters of each face that LED panels use, as somebody looked at them and could tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from player import render
from player.layout.boxes import Label, ScenePage
from player.layout.fonts import BOLD, FIXED_13, LOW, FontBook, Type
from player.layout.theme import Colour
from player.show import PanelShape

SHEETS = Path(__file__).parent / "golden" / "letters"
KINDS = [Type(LOW, 11), Type(FIXED_13, 13), Type(BOLD, 12), Type(BOLD, 13), Type(BOLD, 14), Type(BOLD, 16)]
ACROSS = 17  # letters in a row
STRAY = 24  # of 255: a lamp further off is another lamp
STRAYS_PX = 1  # of one letter: other builds of the font library round differently, and a mark has more
BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def cells(kind: Type, alphabet: str, book: FontBook) -> Iterator[tuple[str, pygame.Rect]]:
    """Where each letter has its place on the sheet."""
    wide, high = kind.size_px + 6, book.height(kind) + 2
    for n, letter in enumerate(alphabet):
        yield letter, pygame.Rect(n % ACROSS * wide, n // ACROSS * high, wide, high)


def sheet(kind: Type, alphabet: str, book: FontBook) -> pygame.Surface:
    """The alphabet in rows, each letter in a cell of its own."""
    places = list(cells(kind, alphabet, book))
    labels = tuple(Label(cell.x + 2, cell.y + 1, letter, kind, WHITE) for letter, cell in places)
    shape = PanelShape(max(cell.right for _, cell in places), max(cell.bottom for _, cell in places), "led")
    return render.page(shape, ScenePage(BLACK, labels=labels), book)


def other_letters(
    approved: pygame.Surface, now: pygame.Surface, kind: Type, alphabet: str, book: FontBook
) -> list[str]:
    """The letters that look otherwise than they were approved."""
    assert approved.get_size() == now.get_size()
    return [
        letter
        for letter, cell in cells(kind, alphabet, book)
        if strays_px(approved.subsurface(cell), now.subsurface(cell)) > STRAYS_PX
    ]


def strays_px(one: pygame.Surface, other: pygame.Surface) -> int:
    """How many pixels differ clearly."""
    pixels = zip(*(iter_rgb(pygame.image.tobytes(surface, "RGB")) for surface in (one, other)), strict=True)
    return sum(max(abs(a - b) for a, b in zip(left, right, strict=True)) > STRAY for left, right in pixels)


def iter_rgb(data: bytes) -> Iterator[tuple[int, ...]]:
    """The pixels of an image's bytes."""
    return zip(*[iter(data)] * 3, strict=True)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.face.name.replace(' ', '-')}-{kind.size_px}")
def test_letters_look_as_they_were_approved(kind: Type, alphabet: str, book: FontBook, tmp_path: Path) -> None:
    name = f"{kind.face.name.replace(' ', '-')}-{kind.size_px}.png"
    now = sheet(kind, alphabet, book)
    if not (SHEETS / name).exists():
        pygame.image.save(now, tmp_path / name)
        pytest.fail(f"no approved sheet {name}; look at {tmp_path / name} and put it there")
    assert other_letters(pygame.image.load(SHEETS / name), now, kind, alphabet, book) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.face.name.replace(' ', '-')}-{kind.size_px}")
def test_one_letter_with_another_s_mark_is_found(kind: Type, alphabet: str, book: FontBook) -> None:
    approved = sheet(kind, alphabet, book)
    now = sheet(kind, alphabet.replace("ẩ", "ấ").replace("Ị", "I"), book)
    assert sorted(other_letters(approved, now, kind, alphabet, book)) == sorted("ẩỊ")
