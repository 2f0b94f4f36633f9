"""A file of every kind a board takes, made here and now, for a commune that shows them all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image
from pillow_heif import from_pillow

from player.bench.film import shoot
from player.bench.photo import photograph
from player.model import Media

_PICTURE_PX: Final = (384, 216)
_FILM_PX: Final = (320, 180)  # a window that moves over a picture
_FPS: Final = 15
_TONE_S: Final = 4.0
_FRAMES_MS: Final = 400
_ORIENTATION: Final = 0x0112
_UPRIGHT_AT_SIX: Final = 6  # EXIF: the camera was held upright


class Kind(NamedTuple):
    """`make` writes one file, of a content of its own for each number."""

    name: str
    mime: str
    make: Callable[[Path, int], object]


def kept(part: Path, mime: str) -> Media:
    """The file under its content's name, where the agent puts it."""
    data = part.read_bytes()
    media = Media(hashlib.sha256(data).hexdigest(), len(data), mime)
    part.replace(part.parent / media.sha256)
    return media


def make(kind: Kind, folder: Path, number: int) -> Media:
    """The `number`-th file of its kind in `folder`."""
    part = folder / f"{number}-{kind.name}"
    kind.make(part, number)
    return kept(part, kind.mime)


def _still(path: Path, number: int, form: str) -> None:
    _photo(number).save(path, form)


def _turned(path: Path, number: int) -> None:
    """As a telephone held upright stores it: lying, with a word on how it is to stand."""
    exif = Image.Exif()
    exif[_ORIENTATION] = _UPRIGHT_AT_SIX
    _photo(number).save(path, "JPEG", exif=exif)


def _moving(path: Path, number: int, form: str) -> None:
    first, *more = _sequence(number)
    first.save(path, form, save_all=True, append_images=more, duration=_FRAMES_MS, loop=0)


def _heic(path: Path, number: int) -> None:
    from_pillow(_photo(number)).save(path)


def _document(path: Path, number: int) -> None:
    first, *more = _sequence(number)
    first.save(path, "PDF", save_all=True, append_images=more)


def _film(path: Path, number: int, codec: str) -> None:
    frames = round(_TONE_S * _FPS)
    ground = _photo(number)
    pictures = [ground.crop((x, 0, x + _FILM_PX[0], _FILM_PX[1])) for x in range(frames)]
    shoot(path, pictures, codec=codec, fps=_FPS, tone_s=_TONE_S)


def _sound(path: Path, number: int) -> None:
    shoot(path, tone_s=_TONE_S + number)


def _photo(number: int) -> Image.Image:
    return photograph((_PICTURE_PX[0] + number, _PICTURE_PX[1]))


def _sequence(number: int) -> Sequence[Image.Image]:
    photo = _photo(number)
    return (photo, *(Image.new("RGB", photo.size, (number * 12 % 256, shade, 40)) for shade in (90, 180)))


PICTURES: Final = (
    Kind("a.jpg", "image/jpeg", partial(_still, form="JPEG")),
    Kind("turned.jpg", "image/jpeg", _turned),
    Kind("a.png", "image/png", partial(_still, form="PNG")),
    Kind("moving.png", "image/png", partial(_moving, form="PNG")),
    Kind("a.gif", "image/gif", partial(_still, form="GIF")),
    Kind("moving.gif", "image/gif", partial(_moving, form="GIF")),
    Kind("a.webp", "image/webp", partial(_still, form="WEBP")),
    Kind("moving.webp", "image/webp", partial(_moving, form="WEBP")),
    Kind("a.heic", "image/heic", _heic),
    Kind("a.pdf", "application/pdf", _document),
)
FILMS: Final = (
    Kind("h264.mp4", "video/mp4", partial(_film, codec="libx264")),
    Kind("hevc.mp4", "video/mp4", partial(_film, codec="libx265")),
    Kind("vp9.webm", "video/webm", partial(_film, codec="libvpx-vp9")),
    Kind("av1.mp4", "video/mp4", partial(_film, codec="libsvtav1")),
    Kind("a.mp3", "audio/mpeg", _sound),
    Kind("a.m4a", "audio/mp4", _sound),
    Kind("a.ogg", "audio/ogg", _sound),
    Kind("a.flac", "audio/flac", _sound),
    Kind("a.wav", "audio/wav", _sound),
)
