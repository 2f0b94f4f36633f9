"""The font gate: whatever face and size a layout opens on any default panel tells all Vietnamese letters apart.

The pairs are those that really composed scenes opened, not those a formula says they should.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from player import scene
from player.layout.boxes import Scene
from player.layout.fonts import (
    ALL_FACES,
    BOLD,
    FIXED_13,
    LED_FLOOR_PX,
    LOW,
    PUBLIC_DOMAIN,
    REGULAR,
    Face,
    FontBook,
    Type,
)
from player.layout.theme import measures
from player.model import Priority
from player.show import PanelShape, Show
from tests.player import goldens

MakeShow = Callable[..., Show]
Kinds = Callable[[PanelShape], tuple[set[Type], set[Type]]]

SCREENS = [PanelShape(1920, 1080), PanelShape(1280, 720), PanelShape(3840, 2160), PanelShape(640, 480),
           PanelShape(320, 240)]  # fmt: skip
TURNED = [PanelShape(shape.height_px, shape.width_px, shape.kind) for shape in (*goldens.LEDS, *SCREENS)]
FAR = [PanelShape(1920, 1080, floor_px=floor) for floor in (20, 41, 82, 163)]  # read from 2.5 to 20 metres
FAR_LEDS = [PanelShape(192, 96, "led", floor) for floor in (16, 24)]
SHAPES = [*goldens.LEDS, *SCREENS, *TURNED, *FAR, *FAR_LEDS]
LONG = " ".join(f"ấp {n} họp dân lúc 19 giờ tại nhà văn hóa, mọi hộ cử người đến dự." for n in range(60))
SHEETS = Path(__file__).parents[1] / "golden" / "letters"
SMALL_LED_EM = 16  # in larger ones every mark has lamps to spare
SEEN = 64  # of 255: a lamp that differs by less is no difference to somebody passing by


def composed(shape: PanelShape, make_show: MakeShow, book: FontBook) -> list[Scene]:
    """Every layout that has a golden frame, and long texts in it, which have other sizes and marks."""
    known = goldens.shows(make_show, Path("crest.png"))
    long = [
        make_show("KẾ HOẠCH", LONG, shape, ticker=("Gọi 113",)),
        make_show("BÃO SỐ 10", LONG, shape, priority=Priority.EMERGENCY, level=3),
        make_show("HỘI CHỢ", LONG, shape, picture=goldens.PHOTO, picture_path="photo.jpg"),
    ]
    return [scene.compose(show, book) for show in (*(layout(shape) for layout in known.values()), *long)]


class Noting(FontBook):
    """A book that remembers what was opened in it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: set[Type] = set()

    def font(self, kind: Type) -> pygame.font.Font:
        self.opened.add(kind)
        return super().font(kind)


def set_in(found: Scene) -> Iterator[Type]:
    """What the letters of a scene are set in."""
    bands = [found.ticker, *(page.band for page in found.pages)]
    labels = [label for page in found.pages for label in page.labels]
    labels += [label for band in bands if band for label in band.labels]
    yield from (label.kind for label in labels)
    yield from (clock.kind for clock in (found.clock, *found.dates) if clock)


@pytest.fixture(scope="module")
def kinds(make_show: MakeShow, book: FontBook) -> Kinds:
    """What all layouts of a panel set letters in, and what they opened beside that to measure by."""
    known: dict[PanelShape, tuple[set[Type], set[Type]]] = {}

    def collected(shape: PanelShape) -> tuple[set[Type], set[Type]]:
        if shape not in known:
            noting = Noting()
            used = {kind for found in composed(shape, make_show, noting) for kind in set_in(found)}
            tried = {kind for kind in noting.opened if book.covers(kind.face, "ệ")}
            known[shape] = used, tried - used
        return known[shape]

    return collected


def clashes(kind: Type, letters: str, book: FontBook) -> list[str]:
    """Pairs of letters of the same bitmap: no pixel differs so much that it is seen.

    Of large letters only some of the pixels are looked at.
    """
    drawn = [book.font(kind).render(letter, True, (255, 255, 255)) for letter in letters]
    wide, high = max(one.get_width() for one in drawn), max(one.get_height() for one in drawn)
    step = max(1, high // 32)
    inks = np.zeros((len(letters), -(-wide // step), -(-high // step)), np.int16)
    for ink, one in zip(inks, drawn, strict=True):
        sampled = pygame.surfarray.pixels_alpha(one)[::step, ::step]
        ink[: sampled.shape[0], : sampled.shape[1]] = sampled
    flat = inks.reshape(len(letters), -1)
    return [
        letters[n] + letters[n + 1 + other]
        for n in range(len(letters) - 1)
        for other in np.flatnonzero(np.abs(flat[n + 1 :] - flat[n]).max(axis=1) < SEEN)
    ]


def named(shape: PanelShape) -> str:
    return f"{shape.kind}-{shape.width_px}x{shape.height_px}" + (f"-floor-{shape.floor_px}" if shape.floor_px else "")


@pytest.fixture(scope="module")
def faults(alphabet: str, book: FontBook) -> Callable[[Type], list[str]]:
    """What a face at a size lacks or merges; each is looked at once for all panels."""
    known: dict[Type, list[str]] = {}

    def found(kind: Type) -> list[str]:
        kind = Type(kind.face, kind.face.rows or kind.size_px)
        if kind not in known:
            missing = [f"no {letter}" for letter in alphabet if not book.covers(kind.face, letter)]
            known[kind] = missing or [f"one for {pair}" for pair in clashes(kind, alphabet, book)]
        return known[kind]

    return found


@pytest.mark.parametrize("shape", SHAPES, ids=named)
def test_every_type_that_scenes_open_tells_all_vietnamese_letters_apart(
    shape: PanelShape, kinds: Kinds, faults: Callable[[Type], list[str]]
) -> None:
    used, tried = kinds(shape)
    assert {kind.face for kind in used | tried} <= set(ALL_FACES)
    assert {(kind.face.name, kind.size_px): faults(kind) for kind in used | tried if faults(kind)} == {}


def test_the_gate_sees_the_sizes_of_all_furniture(kinds: Kinds) -> None:
    """None of these is a size of the panel's own measures: the gate would not know them from there."""
    m = measures(SCREENS[0])
    used, _ = kinds(SCREENS[0])
    assert {
        Type(REGULAR, round(m.small * 0.66)),  # the two dates of the header
        Type(BOLD, round(m.header * 0.6)),  # the heading of an emergency
        Type(BOLD, round(m.small * 0.62)),  # the number of a page
        Type(BOLD, round(m.small * 0.8)),  # the title once more, on later pages
        Type(REGULAR, round(m.small * 1.15)),  # below the slate's name
        Type(BOLD, round(m.sizes[0] * 1.6)),  # the slate's clock
        Type(FIXED_13, FIXED_13.rows),  # the ruler of the test pattern
    } <= used
    far, _ = kinds(FAR[-1])
    assert min(kind.size_px for kind in far if kind.face is not FIXED_13) == measures(FAR[-1]).least > 100


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.kind == "led"], ids=named)
def test_no_led_line_but_the_low_face_s_is_lower_than_the_floor(
    shape: PanelShape, kinds: Kinds, book: FontBook
) -> None:
    used, _ = kinds(shape)
    assert all(book.height(kind) >= LED_FLOOR_PX for kind in used if kind.face is not LOW)
    assert shape.floor_px <= LOW.rows or LOW not in {kind.face for kind in used}


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.kind == "led"], ids=named)
def test_every_small_type_of_a_led_panel_has_a_sheet_somebody_looked_at(shape: PanelShape, kinds: Kinds) -> None:
    used, _ = kinds(shape)
    small = {kind for kind in used if kind.face.rows or kind.size_px <= SMALL_LED_EM}
    names = {f"{kind.face.name.replace(' ', '-')}-{kind.face.rows or kind.size_px}.png" for kind in small}
    assert names
    assert names <= {path.name for path in SHEETS.glob("*.png")}


@pytest.mark.parametrize("shape", FAR, ids=named)
def test_no_line_is_lower_than_can_be_read_from_where_people_stand(
    shape: PanelShape, kinds: Kinds, book: FontBook
) -> None:
    used, _ = kinds(shape)
    assert all(book.height(kind) >= shape.floor_px for kind in used if kind.face is not FIXED_13)


@pytest.mark.parametrize("face", [LOW, FIXED_13], ids=lambda face: face.name)
def test_strict_bitmap_faces_pass_the_gate_at_their_own_height(
    face: Face, faults: Callable[[Type], list[str]], book: FontBook
) -> None:
    assert not faults(Type(face, 0))
    assert book.height(Type(face, 0)) == face.rows


def test_the_gate_catches_the_bold_bitmap_face_that_merges_two_letters(alphabet: str, book: FontBook) -> None:
    merged = Face("9x15B", "X11/misc/9x15B.pcf.gz", "xfonts-base", PUBLIC_DOMAIN, rows=15)
    assert [set(pair) for pair in clashes(Type(merged, 0), alphabet, book)] == [{"Ứ", "Ừ"}]


def test_the_gate_catches_a_size_that_is_too_small(alphabet: str, book: FontBook) -> None:
    assert "ãă" in clashes(Type(REGULAR, 9), alphabet, book)
