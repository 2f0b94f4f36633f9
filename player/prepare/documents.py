"""PDF documents: how many pages, and each of them drawn to the size of its box on white paper."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pygame
from pypdfium2 import PdfDocument, PdfiumError

from player.prepare.jobs import Inspected

MOST_PAGES: Final = 40  # a longer document is no bulletin
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD
_SECURITY: Final = 5  # FPDF_ERR_SECURITY: a way of encryption it does not know


class DocumentError(ValueError):
    """The document cannot be shown; the message begins with its reason: password, pages, format, missing."""


def inspect(key: str, path: Path) -> Inspected:
    """Opens the document and draws its first page small. Raises DocumentError; `pages` if there are too many."""
    with _opened(path) as document:
        pages = len(document)
        if pages > MOST_PAGES:
            raise DocumentError(f"pages: {path.name} has {pages}, at most {MOST_PAGES} are taken")
        width, height = document[0].get_size()
        _drawn(document, 0, 64, 64, path)
    return Inspected(key, "application/pdf", round(width), round(height), pages=pages)


def look(path: Path) -> Inspected:
    """The same from its table of pages; one that is too long shows as far as a board goes, and says so."""
    with _opened(path) as document:
        pages = len(document)
        width, height = document[0].get_size()
    note = f"pages: {pages}, only the first {MOST_PAGES} are shown" if pages > MOST_PAGES else ""
    return Inspected(
        "", "application/pdf", round(width), round(height), pages=min(pages, MOST_PAGES), note=note
    )  # fmt: skip


def fitted(path: Path, width_px: int, height_px: int, page: int = 0) -> pygame.Surface:
    """Page `page`, counted from 0, as large as fits the box. Raises DocumentError."""
    with _opened(path) as document:
        return _drawn(document, page, width_px, height_px, path)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[PdfDocument]:
    if not path.is_file():
        raise DocumentError(f"missing: {path.name}")
    try:
        document = PdfDocument(path)
    except PdfiumError as exc:
        raise DocumentError(f"{'password' if _locked(path) else 'format'}: {path.name}: {exc}") from exc
    try:
        if len(document) == 0:
            raise DocumentError(f"format: {path.name} has no pages")
        yield document
    except PdfiumError as exc:
        raise DocumentError(f"format: {path.name}: {exc}") from exc
    finally:
        document.close()


def _locked(path: Path) -> bool:
    """Whether a document that does not open asks for a password. PDFium keeps the reason of an earlier failure where
    it has none for this one: so first it is given another, then asked once more.
    """
    codes = []
    for source in (b"", path):
        try:
            PdfDocument(source).close()
            codes.append(0)
        except PdfiumError as exc:
            codes.append(getattr(exc, "err_code", 0))
    return codes[-1] in (_PASSWORD, _SECURITY)


def _drawn(document: PdfDocument, number: int, width_px: int, height_px: int, path: Path) -> pygame.Surface:
    page = document[number]
    width_pt, height_pt = page.get_size()
    if width_pt <= 0 or height_pt <= 0:
        raise DocumentError(f"format: {path.name}: page {number + 1} is {width_pt:g}x{height_pt:g} points")
    scale = min(width_px / width_pt, height_px / height_pt)
    bitmap = page.render(scale=scale, rev_byteorder=False, may_draw_forms=False, prefer_bgrx=True)
    drawn = pygame.image.frombytes(bytes(bitmap.buffer), (bitmap.stride // 4, bitmap.height), "BGRA")
    box = pygame.Rect(0, 0, min(bitmap.width, width_px), min(bitmap.height, height_px))
    fitting = pygame.Surface(box.size, 0, 24)
    drawn.set_alpha(None)
    fitting.blit(drawn, (0, 0), box)
    return fitting
