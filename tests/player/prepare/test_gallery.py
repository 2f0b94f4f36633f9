"""Every kind by one door: what it is, what it looks like, and why it cannot be shown. And telephones' photographs."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from pathlib import Path

import pygame
import pytest
from PIL import Image, ImageCms
from pillow_heif import from_pillow

from player.bench.film import shoot
from player.prepare import heic
from player.prepare.gallery import Gallery
from tests.noise import noisy

GALLERY = Gallery()


def halves(size: tuple[int, int] = (64, 48)) -> Image.Image:
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image


def colour(surface: pygame.Surface, x: int, y: int) -> str:
    r, g, b, _ = surface.get_at((x, y))
    return max((("red", r), ("green", g), ("blue", b)), key=lambda pair: pair[1])[0]


def save_heic(path: Path, image: Image.Image, exif: bytes = b"") -> Path:
    made = from_pillow(image)
    if exif:
        made.info["exif"] = exif
    made.save(path, quality=95)
    return path


def refused(path: Path) -> str:
    with pytest.raises(ValueError) as caught:
        GALLERY.inspect("k", path)
    return str(caught.value).partition(":")[0]


@pytest.mark.parametrize(
    ("name", "mime"),
    [("a.jpg", "image/jpeg"), ("a.png", "image/png"), ("a.heic", "image/heic"), ("a.mp4", "video/mp4")],
)
def test_every_kind_comes_by_one_door(name: str, mime: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "a.heic":
        save_heic(path, halves())
    elif name == "a.mp4":
        shoot(path, [halves()] * 5)
    else:
        halves().save(path)
    for found in (GALLERY.inspect("k", path), GALLERY.look(path)):
        assert (found.mime, found.width_px, found.height_px, found.pages) == (mime, 64, 48, 1)
    drawn = GALLERY.fitted(path, 320, 320)
    assert drawn.get_size() == (320, 240)
    assert (colour(drawn, 40, 120), colour(drawn, 280, 120)) == ("red", "blue")


def test_a_board_of_photographs_loads_no_film_library(tmp_path: Path) -> None:
    halves().save(tmp_path / "a.png")
    code = (
        "import sys; from pathlib import Path; from player.prepare.gallery import Gallery\n"
        f"Gallery().inspect('k', Path({str(tmp_path / 'a.png')!r}))\n"
        "print([name for name in ('av', 'pypdfium2', 'pillow_heif') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


@pytest.mark.parametrize("data", [b"", b"hello", b"\0" * 5000, b"BM" + bytes(200), b"PK\x03\x04" + bytes(200)])
def test_what_is_of_no_kind_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    assert refused(tmp_path / "a.jpg") == "format"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.jpg") == "missing"


# --- photographs of telephones


def orientation(number: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = number
    return exif.tobytes()


def test_a_telephone_s_photograph_is_upright_once(tmp_path: Path) -> None:
    """The file turns it by itself; the EXIF word beside it must not turn it again."""
    path = save_heic(tmp_path / "a.heic", halves(), orientation(6))
    found = heic.inspect("k", path)
    assert (found.width_px, found.height_px) == (48, 64)
    drawn = heic.fitted(path, 48, 64)
    assert drawn.get_size() == (48, 64)
    assert (colour(drawn, 24, 8), colour(drawn, 24, 56)) == ("red", "blue")


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_telephone_s_photograph_cut_short_is_refused(share: float, tmp_path: Path) -> None:
    path = save_heic(tmp_path / "a.heic", noisy((400, 300), 90).convert("RGB"))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert refused(path) in ("truncated", "format")


def test_a_telephone_s_photograph_of_absurd_size_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heic, "LARGEST_PIXELS", 1000)
    assert refused(save_heic(tmp_path / "a.heic", halves())) == "bomb"


# --- colours


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.heic"])
def test_the_colours_of_another_profile_become_srgb(name: str, tmp_path: Path) -> None:
    """A profile with red and green exchanged: whoever heeds it sees green where the numbers say red."""
    path, image = tmp_path / name, Image.new("RGB", (64, 48), (250, 0, 0))
    profile = exchanged()
    if name == "a.heic":
        made = from_pillow(image)
        made.info["icc_profile"] = profile
        made.save(path, quality=95)
    else:
        image.save(path, icc_profile=profile)
    drawn = GALLERY.fitted(path, 64, 48)
    assert colour(drawn, 20, 20) == "green"


def exchanged() -> bytes:
    """The sRGB profile, the names of its red and its green primary exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", data, 128)[0]
    for entry in range(132, 132 + 12 * count, 12):
        name = bytes(data[entry : entry + 4])
        data[entry : entry + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name, name)
    return bytes(data)


def test_a_profile_that_is_no_profile_changes_nothing(tmp_path: Path) -> None:
    out = io.BytesIO()
    halves().save(out, "PNG", icc_profile=b"nonsense")
    (tmp_path / "a.png").write_bytes(out.getvalue())
    assert colour(GALLERY.fitted(tmp_path / "a.png", 64, 48), 5, 5) == "red"
