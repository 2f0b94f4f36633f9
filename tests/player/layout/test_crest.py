"""Crests: fitted to their square with their see-through corners, and refused when they are none."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import msgspec
import pygame
import pytest

from drivers.surfaces import new_surface
from player import scene
from player import show as shows
from player.layout import crest
from player.layout.fonts import FontBook
from player.model import Media, Priority, Unit
from player.prepare.cache import FrameCache
from player.prepare.jobs import Failed
from player.prepare.workers import Workers
from player.prepare.workshop import Workshop
from player.show import PanelShape, Prepared, Show

MakeShow = Callable[..., Show]
Look = Callable[..., pygame.Surface]
RED = (220, 20, 20)
HDMI = PanelShape(1920, 1080)


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A red disc, twice as wide as high, on nothing."""
    surface = pygame.Surface((400, 200), pygame.SRCALPHA, 32)
    pygame.draw.ellipse(surface, RED, surface.get_rect())
    path = tmp_path / "disc.png"
    pygame.image.save(surface, path)
    return path


def crested(show: Show, path: Path) -> Show:
    unit = Unit(show.unit.code, show.unit.name, crest=Media("cd" * 32, 1000, "image/png"))
    return msgspec.structs.replace(show, unit=unit, crest=str(path))


def test_it_fits_its_square_without_being_bent(disc: Path) -> None:
    drawn = crest.load(disc, 80)
    assert drawn.get_size() == (80, 40)
    assert drawn.get_at((0, 0)).a == 0
    middle = drawn.get_at((40, 20))
    assert middle.a >= 250
    assert all(abs(a - b) <= 3 for a, b in zip(tuple(middle)[:3], RED, strict=True)), "but for rounding"


def test_its_edge_has_no_dark_or_light_fringe(disc: Path) -> None:
    """Between ground and disc every pixel is a mixture of the two."""
    ground = new_surface(80, 40)
    ground.fill((220, 220, 20))
    ground.blit(crest.load(disc, 80), (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
    seen = [tuple(ground.get_at((x, y))) for x in range(80) for y in range(40)]
    assert all(abs(r - 220) <= 6 and abs(b - 20) <= 6 and 14 <= g <= 226 for r, g, b, _ in seen)


@pytest.mark.parametrize("side", ["header", "slate"])
def test_header_and_slate_show_it(side: str, disc: Path, make_show: MakeShow, look: Look) -> None:
    plain = make_show("Tin", "x") if side == "header" else Show(make_show("", "x").unit, HDMI)
    assert not reds(look(plain))
    assert reds(look(crested(plain, disc))) > 1000


def reds(surface: pygame.Surface) -> int:
    return pygame.mask.from_threshold(surface, RED, (4, 4, 4, 255)).count()


def test_the_name_moves_aside(disc: Path, make_show: MakeShow, book: FontBook) -> None:
    page = scene.compose(crested(make_show("Tin", "x"), disc), book).pages[0]
    assert page.crest
    assert page.labels[0].x > page.crest.x + page.crest.w


@pytest.mark.parametrize("size", [(64, 32), (128, 64), (192, 96), (320, 160)])
def test_a_header_of_lamps_has_no_room_for_it(
    size: tuple[int, int], disc: Path, make_show: MakeShow, book: FontBook
) -> None:
    assert scene.compose(crested(make_show("Tin", "x", PanelShape(*size, "led")), disc), book).pages[0].crest is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "0 bytes"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "not a PNG"),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 30_000, 30_000), "30000x30000"),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 64, 64), "crest"),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 0, 64), "0x64"),
    ],
)
def test_a_file_that_is_none_is_told_and_left_out(
    data: bytes, said: str, tmp_path: Path, make_show: MakeShow, book: FontBook
) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(data)
    show = crested(make_show("Tin", "x"), path)
    made = [one for one in Workshop(FrameCache(tmp_path / "cache"), book).make(shows.key(show), show) if one]
    assert "crest" in made[-1].problems[0]
    assert said in made[-1].problems[0]
    assert len(made[-1].pages) == 1


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"gone\.png"):
        crest.load(tmp_path / "gone.png", 10)


def test_the_lane_of_emergencies_draws_it_without_picture_decoders(
    disc: Path, make_show: MakeShow, workers: Workers, collect: Callable[..., dict[str, Prepared | Failed]]
) -> None:
    show = crested(make_show("BÃO", "Sơ tán ngay.", priority=Priority.EMERGENCY), disc)
    key = workers.request(show, urgent=True)
    found = collect(workers, key)[key]
    assert isinstance(found, Prepared)
    assert found.problems == ()


def test_another_crest_is_another_picture(disc: Path, make_show: MakeShow) -> None:
    show = crested(make_show("Tin", "x"), disc)
    moved = msgspec.structs.replace(show, crest="/elsewhere")
    other = msgspec.structs.replace(
        show, unit=msgspec.structs.replace(show.unit, crest=Media("ef" * 32, 9, "image/png"))
    )
    assert shows.key(show) == shows.key(moved) != shows.key(other)
