"""A film's planes as the panel is given them: which frames, how large, and in the colours that were filmed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from drivers import panel
from drivers.film import Coding
from drivers.panel import Rect
from player.bench.film import shoot
from player.film.decode import Film
from player.film.footage import Layout
from player.film.planar import PlaneCopier
from player.film.ring import Ring
from player.film.worker import put

SIZE: Final = (160, 96)
BARS: Final = (
    (235, 235, 235),
    (180, 180, 16),
    (16, 180, 180),
    (16, 180, 16),
    (180, 16, 180),
    (180, 16, 16),
    (0, 0, 255),
)
BT2020: Final = 9  # AVCOL_SPC_BT2020_NCL


def bars(size: tuple[int, int] = SIZE) -> Image.Image:
    image = Image.new("RGB", size)
    for number, colour in enumerate(BARS):
        image.paste(colour, (number * size[0] // len(BARS), 0, (number + 1) * size[0] // len(BARS), size[1]))
    return image


def frame_of(
    image: Image.Image, matrix: int = Colorspace.ITU601, full: bool = False, pixels: str = "yuv420p"
) -> VideoFrame:
    """As a decoder would give it, and saying by which rule its colours were made."""
    colour_range = ColorRange.JPEG if full else ColorRange.MPEG
    plain: Any = VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
    made: VideoFrame = plain.reformat(format=pixels, dst_colorspace=matrix, dst_color_range=colour_range)
    made.colorspace, made.color_range = matrix, colour_range
    return made


def copied(frame: VideoFrame, box: tuple[int, int] = SIZE, rotation: int = 0) -> Layout | None:
    return PlaneCopier(box, rotation).copy(frame, memoryview(bytearray(box[0] * box[1] * 4)))


def seen(ring: Ring, slot: int, box: tuple[int, int]) -> Image.Image:
    """What a panel makes of the planes in that slot."""
    shown: Any = panel.create("sdl", *box, {"mode": "headless", "renderer": "software"})
    shown.open()
    shown.overlay.show(ring.planes(slot), Rect(0, 0, *box))
    shown.present([])
    image = Image.frombytes("RGB", box, shown.capture().data)
    shown.close()
    return image


def shown_colours(frame: VideoFrame, box: tuple[int, int] = SIZE) -> list[tuple[int, ...]]:
    """The middle of each bar on the panel."""
    ring = Ring.create(*box)
    layout = PlaneCopier(box, 0).copy(frame, ring.room(0))
    assert layout is not None
    ring.show(0, 0, layout)
    image = seen(ring, 0, box)
    ring.close()
    middles = [(2 * number + 1) * box[0] // (2 * len(BARS)) for number in range(len(BARS))]
    found = [image.getpixel((x, box[1] // 2)) for x in middles]
    return [pixel for pixel in found if isinstance(pixel, tuple)]


def alike(found: list[tuple[int, ...]], by: int = 6) -> bool:
    pairs = zip((part for one in found for part in one), (part for one in BARS for part in one), strict=True)
    return all(abs(one - other) <= by for one, other in pairs)


@pytest.mark.parametrize(
    ("matrix", "full", "pixels", "coding"),
    [
        (Colorspace.ITU601, False, "yuv420p", Coding.BT601),
        (6, False, "yuv420p", Coding.BT601),  # SMPTE 170M
        (Colorspace.ITU709, False, "yuv420p", Coding.BT709),
        (Colorspace.ITU601, True, "yuvj420p", Coding.BT601_FULL),
        (Colorspace.ITU601, True, "yuv420p", Coding.BT601_FULL),
        (Colorspace.ITU709, False, "yuv420p10le", Coding.BT709),
        (Colorspace.ITU601, False, "yuv444p", Coding.BT601),
        (Colorspace.ITU601, True, "yuvj422p", Coding.BT601_FULL),
        (Colorspace.ITU709, False, "nv12", Coding.BT709),
    ],
)
def test_colours_on_the_panel_are_those_that_were_filmed(matrix: int, full: bool, pixels: str, coding: Coding) -> None:
    frame = frame_of(bars(), matrix, full, pixels)
    layout = copied(frame)
    assert layout is not None
    assert (layout.size, layout.coding) == (SIZE, coding)
    assert alike(shown_colours(frame))


def test_a_format_that_is_full_range_by_its_name_is_so_whatever_else_is_left_unsaid() -> None:
    frame = frame_of(bars(), Colorspace.ITU601, True, "yuvj422p")
    frame.color_range = ColorRange.UNSPECIFIED
    assert alike(shown_colours(frame))


@pytest.mark.parametrize(("rows", "coding"), [(576, Coding.BT601), (720, Coding.BT709)])
def test_a_film_that_does_not_say_is_coloured_by_its_height(rows: int, coding: Coding) -> None:
    frame = frame_of(bars((1280, rows)))
    frame.colorspace = 2  # unspecified
    layout = copied(frame, (1280, 720))
    assert layout is not None
    assert layout.coding is coding


@pytest.mark.parametrize(
    ("matrix", "full", "pixels"),
    [(BT2020, False, "yuv420p10le"), (Colorspace.ITU709, True, "yuv420p"), (7, False, "yuv420p"), (0, True, "gbrp")],
)
def test_what_not_every_chip_can_colour_has_to_be_drawn(matrix: int, full: bool, pixels: str) -> None:
    frame = frame_of(bars(), Colorspace.ITU601, full, pixels)
    frame.colorspace = matrix
    assert copied(frame) is None


@pytest.mark.parametrize(("rotation", "size"), [(0, SIZE), (90, (96, 58)), (180, SIZE), (270, (96, 58))])
def test_on_a_turned_panel_planes_stay_as_they_are_and_say_how_they_are_to_be_turned(
    rotation: int, size: tuple[int, int]
) -> None:
    box = (58, 96) if rotation in (90, 270) else SIZE
    layout = copied(frame_of(bars()), box, rotation)
    assert layout is not None
    assert (layout.size, layout.turn) == (size, rotation)


def test_a_frame_that_fits_its_box_goes_as_it_is_and_fills_it_on_the_panel() -> None:
    small = frame_of(bars((70, 42)))
    layout = copied(small)
    assert layout is not None
    assert layout.size == (70, 42)
    assert layout.pitch_y == small.planes[0].line_size
    assert alike(shown_colours(small))


@pytest.mark.parametrize("size", [(320, 192), (320, 90), (80, 192)])
def test_a_frame_larger_than_its_box_is_made_smaller_first(size: tuple[int, int]) -> None:
    large = frame_of(bars(size))
    layout = copied(large)
    assert layout is not None
    assert layout.size == SIZE
    assert alike(shown_colours(large))


@pytest.mark.parametrize("size", [(159, 95), (33, 17), (2, 2), (1, 1)])
def test_odd_and_tiny_sizes_are_handed_over_whole_or_not_at_all(size: tuple[int, int]) -> None:
    frame = frame_of(Image.new("RGB", size, (180, 16, 16)))
    for box in (SIZE, size):
        ring = Ring.create(*box)
        layout = PlaneCopier(box, 0).copy(frame, ring.room(0))
        if layout is not None:
            ring.show(0, 0, layout)
            pixel = seen(ring, 0, box).getpixel((box[0] // 2, box[1] // 2))
            assert isinstance(pixel, tuple)
            assert all(abs(one - other) <= 6 for one, other in zip(pixel, (180, 16, 16), strict=True))
        ring.close()


def test_room_too_small_for_the_planes_stays_untouched() -> None:
    room = bytearray(100)
    assert PlaneCopier(SIZE, 0).copy(frame_of(bars()), memoryview(room)) is None
    assert room == bytes(100)


def test_a_film_gives_planes_where_they_are_welcome_and_pixels_where_not(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", [bars()] * 3)
    ring = Ring.create(*SIZE)
    for number, shot in enumerate(Film(path, SIZE, 0).shots(0)):
        ring.take_planes(number != 1)
        put(shot, ring, number)
    assert [ring.planes(slot) is not None for slot in range(3)] == [True, False, True]
    drawn = ring.surface(1).get_at((5, 48))[:3]
    handed = seen(ring, 0, SIZE).getpixel((5, 48))
    assert isinstance(handed, tuple)
    assert all(abs(one - other) <= 6 for one, other in zip(handed, drawn, strict=True))
    ring.close()


@pytest.mark.parametrize("held", [90, 180, 270])
def test_a_film_is_handed_over_as_the_camera_was_held_and_as_it_would_be_drawn(held: int, tmp_path: Path) -> None:
    box = (96, 160) if held in (90, 270) else SIZE
    shot = next(iter(Film(shoot(tmp_path / "a.mp4", [bars()], rotation=held), box, 0).shots(0)))
    ring = Ring.create(*box)
    put(shot, ring, 0)
    ring.take_planes(True)
    put(shot, ring, 1)
    assert (ring.planes(0), ring.planes(1) is not None) == (None, True)
    drawn, handed = ring.surface(0), seen(ring, 1, box)
    for place in ((5, 5), (box[0] - 6, 5), (5, box[1] - 6), (box[0] - 6, box[1] - 6)):
        pixel = handed.getpixel(place)
        assert isinstance(pixel, tuple)
        assert all(abs(one - other) <= 8 for one, other in zip(pixel, drawn.get_at(place)[:3], strict=True))
    ring.close()
