"""Golden frames: each page of each layout on each panel as somebody looked at it and found it right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from drivers.surfaces import new_surface
from player import render, scene
from player.layout.boxes import Band
from player.layout.fonts import FontBook
from player.show import PanelShape, Show
from tests.player import goldens
from tests.player.goldens import GOLDENS, LEDS, SHAPES, Golden, Shows, size_of

MakeShow = Callable[..., Show]
Look = Callable[..., pygame.Surface]

APPROVED = Path(__file__).parent / "golden"
STRAY = 24  # of 255: a colour further off is another colour
STRAYS = 0.002  # other builds of the font library round differently
CLUMP_PX = 2  # strays that touch each other: more of them are a mark that is gone or another letter


@pytest.fixture(scope="module")
def shows(make_show: MakeShow, tmp_path_factory: pytest.TempPathFactory) -> Shows:
    return goldens.shows(make_show, goldens.draw_crest(tmp_path_factory.mktemp("crest") / "crest.png"))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_layouts_look_as_they_were_approved(
    golden: Golden, shows: Shows, book: FontBook, look: Look, tmp_path: Path
) -> None:
    show = shows[golden.layout](golden.shape)
    faults = []
    for number, page in enumerate(scene.compose(show, book).pages):
        faults.append(difference(golden.file(number), kept(look(show, number, said=golden.said)), tmp_path))
        if page.band:
            name = golden.file(number, strip=True)
            faults.append(difference(name, unrolled(page.band, render.strip(page.band, book)), tmp_path))
    assert not "".join(faults), faults


def difference(name: str, now: pygame.Surface, folder: Path) -> str:
    """What sets the picture `now` apart from the approved one, which then lies in `folder`; empty for nothing."""
    path = APPROVED / name
    if not path.exists():
        pygame.image.save(now, folder / name)
        return f"no approved picture {name}; look at {folder / name} and put it there"
    strays = strays_between(pygame.image.load(path), now)
    if strays.count() <= now.get_width() * now.get_height() * STRAYS and clump_px(strays) <= CLUMP_PX:
        return ""
    pygame.image.save(now, folder / name)
    return f"{strays.count()} pixels of {name} differ; compare with {folder / name}"


def kept(surface: pygame.Surface) -> pygame.Surface:
    """Small enough to keep: a large panel's picture at a quarter of its size."""
    width, height = surface.get_size()
    return surface if max(width, height) <= 400 else pygame.transform.smoothscale(surface, (width // 4, height // 4))


def unrolled(band: Band, strip: pygame.Surface) -> pygame.Surface:
    """All that passes through the window of a strip: what passes by sideways in rows as wide as the window."""
    if band.vertical:
        return strip
    wide, high = band.box.w, band.box.h
    rows = -(-band.length_px // wide)
    sheet = new_surface(wide, high * rows)
    for row in range(rows):
        sheet.blit(strip, (0, row * high), (row * wide, 0, wide, high))
    return sheet


def strays_between(one: pygame.Surface, other: pygame.Surface) -> pygame.Mask:
    """The pixels that differ clearly."""
    assert one.get_size() == other.get_size()
    mask = pygame.mask.from_threshold(
        one.convert(32), (0, 0, 0), (STRAY, STRAY, STRAY, 255), othersurface=other.convert(32)
    )
    mask.invert()
    return mask


def clump_px(strays: pygame.Mask) -> int:
    """The most strays that touch each other."""
    return strays.connected_component().count() if strays.count() else 0


def test_a_stray_pixel_is_counted() -> None:
    one, other = pygame.Surface((10, 10), 0, 32), pygame.Surface((10, 10), 0, 32)
    assert strays_between(one, other).count() == 0
    assert clump_px(strays_between(one, other)) == 0
    other.set_at((3, 3), (STRAY - 1, 0, 0))
    other.set_at((4, 4), (STRAY + 1, 0, 0))
    assert strays_between(one, other).count() == 1
    for place in ((8, 8), (9, 9)):
        other.set_at(place, (0, 255, 0))
    assert strays_between(one, other).count() == 3
    assert clump_px(strays_between(one, other)) == 2


@pytest.mark.parametrize("shape", SHAPES, ids=size_of)
@pytest.mark.parametrize("spoilt", ["CÚP NƯƠC", "CUP NƯỚC", "CÚP NƯỚC"])
def test_a_mark_less_in_a_title_is_no_approved_picture(
    spoilt: str, shape: PanelShape, make_show: MakeShow, look: Look, tmp_path: Path
) -> None:
    show = make_show(spoilt, "Từ 8 giờ ngày 25/11 tại ấp 1 và ấp 2.", shape, ticker=("Gọi 113",))
    fault = difference(Golden("notice", shape).file(0), kept(look(show)), tmp_path)
    assert bool(fault) is (spoilt != "CÚP NƯỚC"), fault


def test_no_golden_frame_is_left_over(shows: Shows, book: FontBook) -> None:
    wanted = {
        golden.file(number, strip=strip)
        for golden in GOLDENS
        for number, page in enumerate(scene.compose(shows[golden.layout](golden.shape), book).pages)
        for strip in ((False, True) if page.band else (False,))
    }
    assert {path.name for path in APPROVED.glob("*.png")} == wanted


@pytest.mark.parametrize("shape", SHAPES, ids=size_of)
def test_blank_lights_nothing(shape: PanelShape, make_show: MakeShow, look: Look) -> None:
    surface = look(Show(make_show("", "x").unit, shape, layout="blank"))
    surface.set_colorkey((0, 0, 0))
    assert surface.get_bounding_rect().w == 0


@pytest.mark.parametrize("rotation", [90, 180, 270])
@pytest.mark.parametrize(
    "layout", ["notice", "slate", "emergency-3", "languages", "illustrated", "identify", "crest-slate"]
)
@pytest.mark.parametrize("shape", [*LEDS[2:], PanelShape(640, 360)], ids=size_of)
def test_a_turned_panel_shows_the_turned_picture(
    shape: PanelShape, layout: str, rotation: int, shows: Shows, look: Look
) -> None:
    straight = look(shows[layout](shape))
    turned = look(shows[layout](PanelShape(shape.width_px, shape.height_px, shape.kind, rotation=rotation)))
    assert pygame.image.tobytes(pygame.transform.rotate(turned, rotation), "RGB") == pygame.image.tobytes(
        straight, "RGB"
    )
