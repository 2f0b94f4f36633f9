"""Golden frames: each layout on each panel as somebody looked at it and found it right."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from player.model import Media, Priority, Version
from player.motion import Said
from player.show import Box, PanelShape, Show

MakeShow = Callable[..., Show]
Look = Callable[..., pygame.Surface]

GOLDEN = Path(__file__).parent / "golden"
SHAPES = [
    PanelShape(64, 32, "led"), PanelShape(128, 64, "led"), PanelShape(192, 96, "led"), PanelShape(320, 160, "led"),
    PanelShape(1920, 1080), PanelShape(1080, 1920),
]  # fmt: skip
STORM = "Hồi 04 giờ ngày 27/9, bão mạnh cấp 11-12, giật cấp 15. Bà con sơ tán trước 18 giờ."
PHOTO = Media("ab" * 32, 100_000, "image/jpeg")
STRAY = 24  # of 255: a colour further off is another colour
STRAYS = 0.002  # other builds of the font library round differently


def storm(make_show: MakeShow, level: int, shape: PanelShape) -> Show:
    return make_show("BÃO SỐ 10", STORM, shape, priority=Priority.EMERGENCY, level=level)


def eight(shape: PanelShape) -> tuple[Box, ...]:
    """Two chains of four modules."""
    w, h = shape.width_px // 4, shape.height_px // 2
    return tuple(Box(n % 4 * w, n // 4 * h, w, h) for n in range(8))


def size_of(shape: PanelShape) -> str:
    return f"{shape.width_px}x{shape.height_px}"


@pytest.fixture(scope="module")
def shows(make_show: MakeShow) -> dict[str, Callable[[PanelShape], Show]]:
    """The layouts by name."""
    unit = make_show("", "x").unit
    khmer = Version("km", "ជូនដំណឹង", "ការិយាល័យនឹងបិទ។")
    vietnamese = Version("vi", "THÔNG BÁO", "Chủ nhật cơ quan nghỉ.")
    photo = {"picture": PHOTO, "picture_path": "photo.jpg"}
    return {
        "notice": lambda shape: make_show(
            "CÚP NƯỚC", "Từ 8 giờ ngày 25/11 tại ấp 1 và ấp 2.", shape, ticker=("Gọi 113",)
        ),
        "priority": lambda shape: make_show("HỌP DÂN", "19 giờ tại nhà văn hóa ấp 3.", shape,
                                            priority=Priority.PRIORITY),
        "languages": lambda shape: make_show("", "", shape, versions=(vietnamese, khmer)),
        "picture": lambda shape: make_show("", "", shape, **photo),
        "caption": lambda shape: make_show("Hội chợ nông sản xã Tân Hưng", "", shape, **photo),
        "illustrated": lambda shape: make_show("HỘI CHỢ", "Mời bà con đến dự lúc 7 giờ.", shape, **photo),
        "speaking": lambda shape: make_show("HỌP DÂN", "19 giờ tại nhà văn hóa ấp 3. Đi đông đủ!", shape),
        "slate": lambda shape: Show(unit, shape),
        "identify": lambda shape: Show(unit, shape, layout="identify", label="s-7k2m9xq4"),
        "test-pattern": lambda shape: Show(unit, shape, layout="test-pattern"),
        "modules": lambda shape: Show(unit, shape, layout="test-pattern", modules=eight(shape)),
        **{f"emergency-{level}": functools.partial(storm, make_show, level) for level in range(6)},
    }  # fmt: skip


CASES = [
    *((layout, shape) for shape in SHAPES for layout in (
        "notice", "priority", "languages", "picture", "caption", "illustrated", "slate", "identify", "test-pattern",
        "speaking",
        "emergency-3",
    )),
    *(("modules", shape) for shape in SHAPES[1:4]),
    *((f"emergency-{level}", shape) for shape in (SHAPES[2], SHAPES[4]) for level in (0, 1, 2, 4, 5)),
]  # fmt: skip


@pytest.mark.parametrize(("layout", "shape"), CASES, ids=lambda case: case if isinstance(case, str) else size_of(case))
def test_layouts_look_as_they_were_approved(
    layout: str, shape: PanelShape, shows: dict[str, Callable[[PanelShape], Show]], look: Look, tmp_path: Path
) -> None:
    path = GOLDEN / f"{layout}-{size_of(shape)}.png"
    now = kept(look(shows[layout](shape), said=Said("vi", 1, 3) if layout == "speaking" else None))
    if not path.exists():
        pygame.image.save(now, tmp_path / path.name)
        pytest.fail(f"no approved picture {path.name}; look at {tmp_path / path.name} and put it there")
    strays = strays_between(pygame.image.load(path), now)
    if strays > now.get_width() * now.get_height() * STRAYS:
        pygame.image.save(now, tmp_path / path.name)
        pytest.fail(f"{strays} pixels of {path.name} differ; compare with {tmp_path / path.name}")


def kept(surface: pygame.Surface) -> pygame.Surface:
    """Small enough to keep: a large panel's picture at a quarter of its size."""
    width, height = surface.get_size()
    return surface if max(width, height) <= 400 else pygame.transform.smoothscale(surface, (width // 4, height // 4))


def strays_between(one: pygame.Surface, other: pygame.Surface) -> int:
    """How many pixels differ clearly."""
    assert one.get_size() == other.get_size()
    mask = pygame.mask.from_threshold(
        one.convert(32), (0, 0, 0), (STRAY, STRAY, STRAY, 255), othersurface=other.convert(32)
    )
    return one.get_width() * one.get_height() - mask.count()


def test_a_stray_pixel_is_counted() -> None:
    one, other = pygame.Surface((10, 10), 0, 32), pygame.Surface((10, 10), 0, 32)
    assert strays_between(one, other) == 0
    other.set_at((3, 3), (STRAY - 1, 0, 0))
    other.set_at((4, 4), (STRAY + 1, 0, 0))
    assert strays_between(one, other) == 1


def test_no_golden_frame_is_left_over() -> None:
    wanted = {f"{layout}-{size_of(shape)}.png" for layout, shape in CASES}
    assert {path.name for path in GOLDEN.glob("*.png")} == wanted


@pytest.mark.parametrize("shape", SHAPES, ids=size_of)
def test_blank_lights_nothing(shape: PanelShape, make_show: MakeShow, look: Look) -> None:
    surface = look(Show(make_show("", "x").unit, shape, layout="blank"))
    surface.set_colorkey((0, 0, 0))
    assert surface.get_bounding_rect().w == 0


@pytest.mark.parametrize("rotation", [90, 180, 270])
@pytest.mark.parametrize("layout", ["notice", "slate", "emergency-3", "languages", "illustrated", "identify"])
@pytest.mark.parametrize("shape", [SHAPES[2], SHAPES[3], PanelShape(640, 360)], ids=size_of)
def test_a_turned_panel_shows_the_turned_picture(
    shape: PanelShape, layout: str, rotation: int, shows: dict[str, Callable[[PanelShape], Show]], look: Look
) -> None:
    straight = look(shows[layout](shape))
    turned = look(shows[layout](PanelShape(shape.width_px, shape.height_px, shape.kind, rotation=rotation)))
    assert pygame.image.tobytes(pygame.transform.rotate(turned, rotation), "RGB") == pygame.image.tobytes(
        straight, "RGB"
    )
