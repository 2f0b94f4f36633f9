"""Frame files: what goes in comes out, and what is torn is found out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.surfaces import MASKS, new_surface
from player import render, scene
from player.layout.fonts import FontBook
from player.prepare import frames
from player.show import Show

MakeShow = Callable[..., Show]


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def painted(width: int, height: int, rows: list[tuple[int, int, int]]) -> pygame.Surface:
    surface = new_surface(width, height)
    for y in range(height):
        surface.fill(rows[y % len(rows)], (0, y, width, 1))
    return surface


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    width=st.integers(1, 70), height=st.integers(1, 70),
    rows=st.lists(st.sampled_from([(0, 0, 0), (255, 0, 9), (1, 2, 3)]), min_size=1, max_size=70),
)  # fmt: skip
def test_every_pixel_comes_back(width: int, height: int, rows: list[tuple[int, int, int]], tmp_path: Path) -> None:
    surface = painted(width, height, rows)
    frames.save(surface, tmp_path / "f.btf")
    back = frames.load(tmp_path / "f.btf")
    assert back.get_size() == (width, height)
    assert pixels(back) == pixels(surface)
    assert back.get_masks() == MASKS


def test_noise_and_flat_ground_come_back_too(tmp_path: Path) -> None:
    noise = new_surface(333, 77)
    noise.get_buffer().write(bytes((n * 7919 + n // 13) & 0xFF for n in range(333 * 77 * 4)), 0)
    for name, surface in (("noise", noise), ("flat", painted(1920, 1080, [(9, 22, 43)]))):
        frames.save(surface, tmp_path / name)
        assert pixels(frames.load(tmp_path / name)) == pixels(surface)
    assert (tmp_path / "flat").stat().st_size < 200


def test_a_long_strip_comes_back(tmp_path: Path) -> None:
    strip = painted(3, 70_000, [(n % 251, n % 7, 0) for n in range(251)])
    frames.save(strip, tmp_path / "s")
    assert pixels(frames.load(tmp_path / "s")) == pixels(strip)


def test_a_page_of_text_is_small(plan: str, make_show: MakeShow, book: FontBook, tmp_path: Path) -> None:
    show = make_show("KẾ HOẠCH", plan)
    page = render.page(show.shape, scene.compose(show, book).pages[1], book)
    frames.save(page, tmp_path / "p")
    assert (tmp_path / "p").stat().st_size < 400_000


@pytest.mark.parametrize("keep", [0, 3, 20, 24, 30, -1])
def test_a_truncated_file_is_torn(keep: int, tmp_path: Path) -> None:
    path = tmp_path / "f"
    frames.save(painted(40, 40, [(1, 1, 1), (2, 2, 2)]), path)
    path.write_bytes(path.read_bytes()[:keep])
    assert not frames.complete(path)
    with pytest.raises(frames.FrameError, match="f: "):
        frames.load(path)


def test_one_flipped_bit_is_found(tmp_path: Path) -> None:
    path = tmp_path / "f"
    frames.save(painted(40, 40, [(1, 1, 1), (2, 2, 2)]), path)
    data = bytearray(path.read_bytes())
    for at in (30, len(data) // 2, len(data) - 1):
        torn = bytearray(data)
        torn[at] ^= 0x10
        path.write_bytes(torn)
        with pytest.raises(frames.FrameError):
            frames.load(path)


def test_zeroes_of_the_right_length_are_torn(tmp_path: Path) -> None:
    """What a power cut leaves on a file system that grew the file before writing it."""
    path = tmp_path / "f"
    frames.save(painted(40, 40, [(1, 1, 1), (2, 2, 2)]), path)
    path.write_bytes(bytes(path.stat().st_size))
    assert not frames.complete(path)
    with pytest.raises(frames.FrameError):
        frames.load(path)


def test_another_file_is_no_frame(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"\x89PNG" + bytes(100))
    with pytest.raises(frames.FrameError, match="not a frame"):
        frames.load(path)


def test_a_missing_file_is_an_oserror_and_incomplete(tmp_path: Path) -> None:
    assert not frames.complete(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        frames.load(tmp_path / "none")


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.mkdir()
    with pytest.raises(OSError, match=r"."):
        frames.write_whole(path, b"new")
    assert [found.name for found in tmp_path.iterdir()] == ["f"]


def test_a_frame_handed_over_is_read_until_it_is_saved(tmp_path: Path) -> None:
    surface = new_surface(40, 30)
    surface.fill((10, 200, 30))
    frames.hand_over(surface, tmp_path / "p0.btf")
    assert pygame.image.tobytes(frames.load(tmp_path / "p0.btf"), "RGB") == pygame.image.tobytes(surface, "RGB")
    frames.save(surface, tmp_path / "p0.btf")
    frames.take_back(tmp_path / "p0.btf")
    assert [path.name for path in tmp_path.iterdir()] == ["p0.btf"]
    assert pygame.image.tobytes(frames.load(tmp_path / "p0.btf"), "RGB") == pygame.image.tobytes(surface, "RGB")


@pytest.mark.parametrize("cut", [0, 4, 8, 100])
def test_a_torn_frame_handed_over_is_refused(tmp_path: Path, cut: int) -> None:
    frames.hand_over(new_surface(40, 30), tmp_path / "p0.btf")
    bare = next(tmp_path.iterdir())
    bare.write_bytes(bare.read_bytes()[:cut])
    with pytest.raises(frames.FrameError, match=r"torn|not a handed-over"):
        frames.load(tmp_path / "p0.btf")
