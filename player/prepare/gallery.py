"""Everything a page can show beside text, whatever its kind: each kind has its decoder, loaded when one comes.

A decoder is a module with `inspect(key, path)`, `look(path)` and `fitted(path, width_px, height_px)`; one of
documents takes a page too. A board that shows photographs alone never loads the film library.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Final

import pygame

from player.prepare.jobs import Inspected
from player.prepare.kinds import HEAD_B, Kind, kind_of

_DECODERS: Final = {
    Kind.PICTURE: "player.prepare.pictures",
    Kind.HEIC: "player.prepare.heic",
    Kind.DOCUMENT: "player.prepare.documents",
    Kind.FILM: "player.film.poster",
}
TAKEN: Final = "JPEG, PNG, WebP, GIF, HEIC, PDF, MP4, WebM"


class GalleryError(ValueError):
    """The file cannot be shown; the message begins with its reason: format, empty, missing."""


class Gallery:
    """The pictures of a worker. Everything raises ValueError with the reason as its first word."""

    def inspect(self, key: str, path: Path) -> Inspected:
        """What the file is, after enough of it was decoded to be sure."""
        found: Inspected = _decoder(path).inspect(key, path)
        return found

    def look(self, path: Path) -> Inspected:
        """What the file says of itself; `note` tells what of it will not be shown."""
        found: Inspected = _decoder(path).look(path)
        return found

    def fitted(self, path: Path, width_px: int, height_px: int, page: int = 0) -> pygame.Surface:
        """Its first frame, or page `page`, upright, as large as fits the box without changing its shape."""
        places = (page,) if page else ()
        surface: pygame.Surface = _decoder(path).fitted(path, width_px, height_px, *places)
        return surface


def _decoder(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_B)
    except OSError as exc:
        raise GalleryError(f"missing: {path.name}: {exc.strerror}") from exc
    kind = kind_of(head)
    if kind is Kind.NONE:
        raise GalleryError(f"format: {path.name} is {'none of ' + TAKEN if head else 'empty'}")
    return importlib.import_module(_DECODERS[kind])
