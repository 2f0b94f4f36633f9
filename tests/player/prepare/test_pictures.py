"""Pictures: the right size, upright, and every bad file refused with its reason."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pygame
import pytest
from PIL import Image

from player.bench.photo import photograph, psnr_db
from player.prepare.pictures import PictureError, fitted, inspect


def photo(path: Path, size: tuple[int, int] = (400, 300), **options: object) -> Path:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def colour(surface: pygame.Surface, x: int, y: int) -> str:
    r, g, b, _ = surface.get_at((x, y))
    return max((("red", r), ("green", g), ("blue", b)), key=lambda pair: pair[1])[0]


@pytest.mark.parametrize(
    ("name", "mime"),
    [("a.jpg", "image/jpeg"), ("a.png", "image/png"), ("a.webp", "image/webp"), ("a.gif", "image/gif")],
)
def test_the_four_kinds_are_taken(name: str, mime: str, tmp_path: Path) -> None:
    path = photo(tmp_path / name)
    found = inspect("k", path)
    assert (found.key, found.mime, found.width_px, found.height_px) == ("k", mime, 400, 300)
    drawn = fitted(path, 200, 200)
    assert drawn.get_size() == (200, 150)
    assert (colour(drawn, 20, 75), colour(drawn, 180, 75)) == ("red", "blue")


def test_a_kind_is_what_its_bytes_say_not_its_name(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg").rename(tmp_path / "a.png")
    assert inspect("k", path).mime == "image/jpeg"


def test_small_pictures_grow_to_their_box(tmp_path: Path) -> None:
    assert fitted(photo(tmp_path / "a.png", (20, 10)), 200, 200).get_size() == (200, 100)


def test_the_camera_s_rotation_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # hold it turned 90 degrees clockwise
    path = photo(tmp_path / "a.jpg", exif=exif)
    assert (inspect("k", path).width_px, inspect("k", path).height_px) == (300, 400)
    drawn = fitted(path, 300, 400)
    assert drawn.get_size() == (300, 400)
    assert (colour(drawn, 150, 50), colour(drawn, 150, 350)) == ("red", "blue")


def test_large_jpegs_are_decoded_small_yet_sharp_enough(tmp_path: Path) -> None:
    drawn = fitted(photo(tmp_path / "a.jpg", (4000, 3000)), 640, 480)
    assert drawn.get_size() == (640, 480)
    assert (colour(drawn, 300, 200), colour(drawn, 340, 200)) == ("red", "blue")


@pytest.mark.parametrize(("name", "wanted"), [("a.jpg", Image.Resampling.HAMMING), ("a.png", Image.Resampling.LANCZOS)])
def test_what_the_decoder_shrank_is_scaled_by_the_cheaper_filter(
    name: str, wanted: Image.Resampling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = photo(tmp_path / name, (800, 600))
    plain, filters = Image.Image.resize, []

    def noted(image: Image.Image, size: tuple[int, int], resample: int, **options: Any) -> Image.Image:
        filters.append(resample)
        return plain(image, size, resample, **options)

    monkeypatch.setattr(Image.Image, "resize", noted)
    fitted(path, 280, 210)
    assert filters[0] == wanted


def test_a_photograph_decoded_small_stays_near_the_best_scaling(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    photograph((1200, 900)).save(path, quality=90)
    assert psnr_db(fitted(path, 430, 330), path) >= 35


def test_a_clear_ground_becomes_white(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(path)
    assert tuple(fitted(path, 10, 10).get_at((5, 5)))[:3] == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "CMYK", "I;16"])
def test_every_mode_becomes_colour(mode: str, tmp_path: Path) -> None:
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.new(mode, (10, 10)).save(path)
    assert fitted(path, 20, 20).get_size() == (20, 20)


def test_only_the_first_picture_of_a_gif_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    first, second = Image.new("RGB", (10, 10), "red"), Image.new("RGB", (10, 10), "blue")
    first.save(path, save_all=True, append_images=[second])
    assert colour(fitted(path, 10, 10), 5, 5) == "red"


# --- bad input


def refused(path: Path) -> str:
    with pytest.raises(PictureError) as inspected:
        inspect("k", path)
    with pytest.raises(PictureError):
        fitted(path, 100, 100)
    assert path.name in str(inspected.value)
    return str(inspected.value).partition(":")[0]


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif"])
def test_a_truncated_picture_is_refused(name: str, tmp_path: Path) -> None:
    path = photo(tmp_path / name, (900, 700))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    assert refused(path) in {"truncated", "format"}


def test_a_jpeg_cut_in_its_pixels_says_truncated(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", (900, 700), quality=95)
    path.write_bytes(path.read_bytes()[:-2000])
    assert refused(path) == "truncated"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("a.jpg", b"<!doctype html><html></html>"),
        ("a.webp", b"%PDF-1.7"), ("empty.png", b""), ("a.gif", b"GI"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert refused(path) == "format"


def test_other_picture_formats_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (10, 10)).save(path, format="BMP")
    assert refused(path) == "format"


def test_a_bomb_is_refused_by_its_header_alone(tmp_path: Path) -> None:
    """A few hundred bytes that claim 400 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    path = tmp_path / "bomb.png"
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    assert refused(path) == "bomb"


def test_a_missing_picture_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.jpg") == "missing"


def test_a_broken_colour_profile_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", icc_profile=b"not a profile")
    assert fitted(path, 40, 30).get_size() == (40, 30)
