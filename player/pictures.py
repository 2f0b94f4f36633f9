"""Pictures: checking a file somebody uploaded, and decoding one to the size of its box.

Only the four kinds a board takes are even tried (a file is what its bytes say, not its name);
large JPEGs are decoded at reduced size; the camera's rotation is applied.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pygame
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from player.jobs import Inspected

FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
LARGEST_PIXELS: Final = 200_000_000
_TURNED: Final = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
_ORIENTATION: Final = 0x0112


class PictureError(ValueError):
    """The file cannot be shown; the message begins with its reason: truncated, bomb, format, missing."""


def inspect(key: str, path: Path) -> Inspected:
    """Decodes the whole file once, small, and says what it is. Raises PictureError."""
    with _refusing(path), _opened(path) as image:
        mime = FORMATS[image.format or ""]
        width, height = _upright_size(image)
        _decoded(image, (64, 64))
    return Inspected(key, mime, width, height)


def fitted(path: Path, width_px: int, height_px: int) -> pygame.Surface:
    """The picture, upright, in sRGB, as large as fits the box without changing its shape. Raises PictureError."""
    with _refusing(path), _opened(path) as image:
        width, height = _upright_size(image)
        scale = min(width_px / width, height_px / height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        drawn = _decoded(image, size if image.size == (width, height) else (size[1], size[0]))
        sieve = _filter(drawn.size, (width, height))
        small = drawn if drawn.size == size else drawn.resize(size, sieve, reducing_gap=2.0)
        return pygame.image.frombytes(small.tobytes(), small.size, "RGB")


@contextlib.contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turns whatever the decoder says about a bad file into one PictureError with its reason."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as exc:
        raise PictureError(f"bomb: {path.name}: more than {LARGEST_PIXELS // 1_000_000} million pixels") from exc
    except FileNotFoundError as exc:
        raise PictureError(f"missing: {path.name}") from exc
    except UnidentifiedImageError as exc:
        raise PictureError(f"format: {path.name} is none of {', '.join(FORMATS)}") from exc
    except (OSError, SyntaxError, ValueError, IndexError, EOFError) as exc:
        raise PictureError(f"truncated: {path.name}: {exc}") from exc


def _opened(path: Path) -> Image.Image:
    """The file opened but not decoded, if it is of an allowed kind and size."""
    Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
    return Image.open(path, formats=tuple(FORMATS))


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if image.getexif().get(_ORIENTATION) in _TURNED else (width, height)


def _decoded(image: Image.Image, at_least: tuple[int, int]) -> Image.Image:
    """The pixels as upright sRGB; a JPEG no larger than needed to stay above `at_least`."""
    image.draft("RGB", at_least)
    image.load()
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)  # a copy of twelve million pixels is worth avoiding
    return _srgb(_flat(image), profile)


def _filter(decoded: tuple[int, int], whole: tuple[int, int]) -> Image.Resampling:
    """A decoder that made the picture smaller smoothed it already: a filter half as wide and as dear will do."""
    return Image.Resampling.LANCZOS if decoded == whole else Image.Resampling.HAMMING


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency: a clear ground becomes white, as on the paper it was drawn for."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        return ground.convert("RGB")
    return image if image.mode in ("RGB", "CMYK") else image.convert("RGB")


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return turned if turned is not None else image.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile is no reason to refuse the picture; its numbers are taken as sRGB
    return image if image.mode == "RGB" else image.convert("RGB")
