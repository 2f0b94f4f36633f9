"""Still pictures: checking a file somebody uploaded, and decoding one to the size of its box.

Only the kinds a board takes are even tried (a file is what its bytes say, not its name); large
JPEGs are decoded at reduced size; the camera's rotation and its colour profile are applied.
"""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pygame
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from player.prepare.jobs import Inspected

FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
_MIMES: Final = {**FORMATS, "HEIF": "image/heic"}
LARGEST_PIXELS: Final = 200_000_000
LARGEST_MOVING_PX: Final = 4_000_000  # of one frame: more than that no board decodes many times a second
LONGEST_MOVING_PX: Final = 600_000_000  # of all frames together: what a small board decodes within its patience
_UNSAID_MS: Final = 100  # what browsers show a frame for whose duration is missing or too short to be meant
_LEAST_MS: Final = 20
_US: Final = 1000
# what the decoders let through when a file breaks off or says what cannot be
_RUBBISH: Final = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    EOFError,
    TypeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
_TURNED: Final = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
_ORIENTATION: Final = 0x0112


Opener = Callable[[Path], Image.Image]


class PictureError(ValueError):
    """The file cannot be shown; the message begins with its reason: truncated, bomb, format, missing."""


def inspect(key: str, path: Path, open_image: Opener | None = None) -> Inspected:
    """Decodes the whole file once, small, and says what it is. Raises PictureError."""
    with refusing(path), (open_image or opened)(path) as image:
        mime = _MIMES[image.format or ""]
        width, height = _upright_size(image)
        note = _too_much(image)
        if note:
            raise PictureError(note)
        length_s = _round_s(image)
        _decoded(image, (64, 64))
    return Inspected(key, mime, width, height, length_s=length_s)


def look(path: Path) -> Inspected:
    """What the file says of itself, without decoding it whole; `note` if it moves and will not here."""
    with refusing(path), opened(path) as image:
        mime = _MIMES[image.format or ""]
        width, height = _upright_size(image)
        note = _too_much(image)
        length_s = 0.0 if note else _round_s(image)
    return Inspected("", mime, width, height, length_s=length_s, note=note)


def fitted(path: Path, width_px: int, height_px: int, open_image: Opener | None = None) -> pygame.Surface:
    """The picture, upright, in sRGB, as large as fits the box without changing its shape. Raises PictureError."""
    with refusing(path), (open_image or opened)(path) as image:
        width, height = _upright_size(image)
        scale = min(width_px / width, height_px / height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        drawn = _decoded(image, size if image.size == (width, height) else (size[1], size[0]))
        sieve = _filter(drawn.size, (width, height))
        small = drawn if drawn.size == size else drawn.resize(size, sieve, reducing_gap=2.0)
        return pygame.image.frombuffer(small.tobytes(), small.size, "RGB")  # no second copy


@contextlib.contextmanager
def refusing(path: Path) -> Iterator[None]:
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
    except _RUBBISH as exc:
        raise PictureError(f"truncated: {path.name}: {exc}") from exc


def opened(path: Path) -> Image.Image:
    """The file opened but not decoded, if it is of an allowed kind and size. To be used within `refusing`."""
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
    return _srgb(flat(image), profile)


def _filter(decoded: tuple[int, int], whole: tuple[int, int]) -> Image.Resampling:
    """A decoder that made the picture smaller smoothed it already: a filter half as wide and as dear will do."""
    return Image.Resampling.LANCZOS if decoded == whole else Image.Resampling.HAMMING


def flat(image: Image.Image) -> Image.Image:
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


def durations_us(image: Image.Image) -> list[int]:
    """How long each frame of an open picture shows, in microseconds."""
    found = []
    for number in range(_frames_of(image)):
        image.seek(number)
        if image.format == "WEBP":  # it knows only once it has decoded the frame
            image.load()
        ms = image.info.get("duration", 0)
        found.append(round((ms if ms >= _LEAST_MS else _UNSAID_MS) * _US))
    return found


def _frames_of(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1))


def _too_much(image: Image.Image) -> str:
    """Why an animated picture stands still on a board; empty if it moves."""
    area, count = image.width * image.height, _frames_of(image)
    if count == 1:
        return ""
    if area > LARGEST_MOVING_PX or area * count > LONGEST_MOVING_PX:
        most = f"{LARGEST_MOVING_PX // 1_000_000} million each, {LONGEST_MOVING_PX // 1_000_000} million together"
        what = f"{count} frames of {image.width}x{image.height}"
        return f"animation: {what} are too many pixels, at most {most}: the first one stands still"
    return ""


def _round_s(image: Image.Image) -> float:
    """One round of an animated picture; 0 for one that stands still. Leaves it at its first frame."""
    if _frames_of(image) == 1:
        return 0.0
    length_s = sum(durations_us(image)) / 1_000_000
    image.seek(0)
    return length_s
