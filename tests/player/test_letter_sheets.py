"""The letters of each face that LED panels use, as somebody looked at them and could tell them apart."""

from __future__ import annotations

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
STRAY, STRAYS = 24, 0.002
BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def sheet(kind: Type, alphabet: str, book: FontBook) -> pygame.Surface:
    """The alphabet in rows, each letter in a cell of its own."""
    wide, high = kind.size_px + 6, book.height(kind) + 2
    rows = -(-len(alphabet) // ACROSS)
    labels = tuple(
        Label(n % ACROSS * wide + 2, n // ACROSS * high + 1, letter, kind, WHITE) for n, letter in enumerate(alphabet)
    )
    return render.page(PanelShape(ACROSS * wide, rows * high, "led"), ScenePage(BLACK, labels=labels), book)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.face.name.replace(' ', '-')}-{kind.size_px}")
def test_letters_look_as_they_were_approved(kind: Type, alphabet: str, book: FontBook, tmp_path: Path) -> None:
    name = f"{kind.face.name.replace(' ', '-')}-{kind.size_px}.png"
    now = sheet(kind, alphabet, book)
    if not (SHEETS / name).exists():
        pygame.image.save(now, tmp_path / name)
        pytest.fail(f"no approved sheet {name}; look at {tmp_path / name} and put it there")
    approved = pygame.image.load(SHEETS / name)
    assert approved.get_size() == now.get_size()
    one, other = (pygame.image.tobytes(surface, "RGB") for surface in (approved, now))
    strays = sum(abs(a - b) > STRAY for a, b in zip(one, other, strict=True))
    assert strays <= len(one) * STRAYS, f"{strays} values of {name} differ"
