"""The one table of fonts: which face draws which script, under which licence, where its file lies, and its measures.

Every face but one comes from the distribution; that one, for low LED panels, is the project's own
(`letterforms`). A face whose file is missing or damaged counts as not there: the next that has the
letter draws it, and the book notes what is wrong and which package to install. Faces and measured
words are kept in a `FontBook`, handed to whoever lays out or draws; nothing else opens a font.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import pygame.font

from player.layout.fontfile import Letters, letters

FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path(__file__).parent / "data",
)
LED_FLOOR_PX: Final = 13  # below thirteen rows only LOW tells all Vietnamese letters apart
OWN: Final = ""  # the package of a face that the project brings itself
_WORDS_KEPT: Final = 20_000
_TRIED_PX: Final = 16  # at which a face is opened to see whether it can be


class FontError(RuntimeError):
    """A face cannot be used; the message names it, what is wrong, and what to install."""


class FontMissingError(FontError):
    """A font file is not installed."""


class FontBrokenError(FontError):
    """A font file is damaged, or cannot be opened."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, the distribution's package it comes from and its licence, an SPDX expression.

    `script` is its OpenType tag for the shaper; `rows` is the fixed height of a bitmap face.
    """

    name: str
    file: str  # path below one of the font folders
    package: str
    licence: str
    script: str = ""
    rows: int = 0


OFL: Final = "OFL-1.1"
PUBLIC_DOMAIN: Final = "LicenseRef-Public-Domain"  # SPDX has no identifier for it
PROJECT_LICENCE: Final = "GPL-3.0-or-later"


def _noto(name: str, file: str, script: str = "") -> Face:
    return Face(name, f"truetype/noto/{file}.ttf", "fonts-noto-core", OFL, script)


REGULAR: Final = _noto("Noto Sans", "NotoSans-Regular")
BOLD: Final = _noto("Noto Sans Bold", "NotoSans-Bold")
KHMER: Final = _noto("Noto Sans Khmer", "NotoSansKhmer-Regular", "Khmr")
KHMER_BOLD: Final = _noto("Noto Sans Khmer Bold", "NotoSansKhmer-Bold", "Khmr")
CHAM: Final = _noto("Noto Sans Cham", "NotoSansCham-Regular", "Cham")
CHAM_BOLD: Final = _noto("Noto Sans Cham Bold", "NotoSansCham-Bold", "Cham")
TAI_VIET: Final = _noto("Noto Sans Tai Viet", "NotoSansTaiViet-Regular", "Tavt")
SYMBOLS: Final = _noto("Noto Sans Symbols", "NotoSansSymbols-Regular")
SYMBOLS_2: Final = _noto("Noto Sans Symbols 2", "NotoSansSymbols2-Regular")
MATH: Final = _noto("Noto Sans Math", "NotoSansMath-Regular")
LOW: Final = Face("Bảng Tin 11", "bangtin11.bdf", OWN, PROJECT_LICENCE, rows=11)
FIXED_13: Final = Face("7x13", "X11/misc/7x13.pcf.gz", "xfonts-base", PUBLIC_DOMAIN, rows=13)

_UPRIGHT: Final = {  # who draws the common letters; who stands in is no higher, or as high at the same size
    REGULAR: (REGULAR, BOLD),
    BOLD: (BOLD, REGULAR),
    LOW: (LOW, BOLD, REGULAR),
    FIXED_13: (FIXED_13, LOW, BOLD, REGULAR),
}
_OTHERS: Final = (KHMER, KHMER_BOLD, CHAM, CHAM_BOLD, TAI_VIET, SYMBOLS, SYMBOLS_2, MATH)
_BOLD_OTHERS: Final = (KHMER_BOLD, KHMER, CHAM_BOLD, CHAM, TAI_VIET, SYMBOLS, SYMBOLS_2, MATH)
_CHAINS: Final = {
    face: (*upright, *(_OTHERS if face is REGULAR else _BOLD_OTHERS)) for face, upright in _UPRIGHT.items()
}
ALL_FACES: Final = (*_CHAINS[REGULAR], LOW, FIXED_13)


@dataclass(frozen=True, slots=True)
class Type:
    """A face at an em size in pixels: what a line of text is set in. Bitmap faces ignore the size."""

    face: Face
    size_px: int


class FontBook:
    """Opened fonts and measured words. One per process is enough; it is not for several threads at once."""

    def __init__(self, folders: Sequence[Path] = FOLDERS) -> None:
        pygame.font.init()
        self._folders = folders
        self._letters: dict[Face, Letters] = {}
        self._lost: dict[Face, FontError] = {}
        self._noted: dict[Face, str] = {}
        self._fonts: dict[Type, pygame.font.Font] = {}
        self._faces: dict[tuple[Face, str], Face | None] = {}
        self._widths: dict[tuple[Type, str], int] = {}

    def path(self, face: Face) -> Path:
        """Where the face's file lies. Raises FontMissingError."""
        for folder in self._folders:
            path = folder / face.file
            if path.is_file():
                return path
        raise FontMissingError(
            f"Thiếu phông chữ {face.name}: hãy cài {_package(face, 'install')}. / "
            f"The font {face.name} is not installed: no {face.file} in {', '.join(map(str, self._folders))}; "
            f"install {face.package or 'Bảng Tin anew'}."
        )

    def font(self, kind: Type) -> pygame.font.Font:
        """The opened font, its shaper set to the script; of the face that stands in if this one is lost.

        Raises FontError if no other can.
        """
        if kind not in self._fonts:
            self._fonts[kind] = self._opened(self._at_hand(kind.face), kind.size_px)
        return self._fonts[kind]

    def _opened(self, face: Face, size_px: int) -> pygame.font.Font:
        try:
            font = pygame.font.Font(self.path(face), face.rows or size_px)
        except (ValueError, OSError, pygame.error) as exc:
            raise self._lose(face, _broken(face, exc)) from exc
        if face.script and hasattr(font, "set_script"):
            font.set_script(face.script)
        return font

    def _at_hand(self, wanted: Face) -> Face:
        """`wanted`, or who stands in for it. Raises the FontError of `wanted` if nobody can."""
        for face in _UPRIGHT.get(wanted, (wanted,)):
            if self._held(face) is not None:
                return face
        raise self._lost[wanted].with_traceback(None)

    def covers(self, face: Face, letter: str) -> bool:
        """Whether `face` is here, whole, and has `letter`."""
        held = self._held(face)
        return held is not None and letter in held

    def face_for(self, wanted: Face, letter: str) -> Face | None:
        """The first face in the chain of `wanted` that has `letter`, or None if no installed face has it.

        Raises FontError if neither `wanted` nor who stands in for it can be used: without one there is no sign at all.
        """
        place = (wanted, letter)
        if place not in self._faces:
            self._at_hand(wanted)
            self._faces[place] = next((face for face in _CHAINS[wanted] if self.covers(face, letter)), None)
        return self._faces[place]

    def _held(self, face: Face) -> Letters | None:
        """The letters of a face that can be used; None, and a note, for one that cannot."""
        if face not in self._letters and face not in self._lost:
            self._examine(face)
        lost = self._lost.get(face)
        if lost is not None:
            self._noted[face] = str(lost)
        return self._letters.get(face)

    def _examine(self, face: Face) -> None:
        """Every byte is read before the renderer sees any: some garbage would end the process."""
        try:
            path = self.path(face)
            found = letters(path)
            pygame.font.Font(path, face.rows or _TRIED_PX)
        except FontMissingError as exc:
            self._lose(face, exc)
        except (ValueError, OSError, pygame.error) as exc:
            self._lose(face, _broken(face, exc))
        else:
            self._letters[face] = found

    def _lose(self, face: Face, error: FontError) -> FontError:
        self._letters.pop(face, None)
        self._lost[face] = error
        return error

    def noted(self) -> tuple[str, ...]:
        """What is wrong with faces that were asked for since the last call, in Vietnamese and English, each once."""
        notes = tuple(self._noted.values())
        self._noted.clear()
        return notes

    def lost(self) -> tuple[str, ...]:
        """The names of faces found to be unusable, in order: what is drawn meanwhile looks otherwise."""
        return tuple(sorted(face.name for face in self._lost))

    def refresh(self) -> None:
        """To be called before a show or a check: a lost face may have been installed since, or is noted once more."""
        self._noted.clear()
        if self._lost:
            for kept in (self._lost, self._fonts, self._faces, self._widths):
                kept.clear()

    def kept_width(self, kind: Type, word: str) -> int | None:
        return self._widths.get((kind, word))

    def keep_width(self, kind: Type, word: str, width_px: int) -> None:
        if len(self._widths) >= _WORDS_KEPT:
            self._widths.clear()
        self._widths[kind, word] = width_px

    def ascent(self, kind: Type) -> int:
        """Rows above the baseline."""
        return self.font(kind).get_ascent()

    def draws_whole(self, face: Face, line: str) -> bool:
        """Whether `face` itself has every letter of `line`, so that none of another height stands among them."""
        return all(self.covers(face, letter) for letter in line)

    def height(self, kind: Type) -> int:
        """Rows of the font's own line box."""
        return self.font(kind).get_height()


class Overhang(NamedTuple):
    """Rows that a drawn run reaches above and below its face's line box."""

    above_px: int
    below_px: int


def overhang(ink: pygame.Surface, height_px: int) -> Overhang:
    """Where the picture of a run is higher than the line box, because it has to be.

    A capital's marks reach above (Ẵ at some sizes, Ê̆), a second subscript of Khmer reaches below.
    """
    over = ink.get_height() - height_px
    if over <= 0:
        return Overhang(0, 0)
    lit = ink.get_bounding_rect()
    below = lit.bottom == ink.get_height() or lit.top > 0
    return Overhang(0, over) if below else Overhang(over, 0)


def _broken(face: Face, why: Exception) -> FontBrokenError:
    return FontBrokenError(
        f"Phông chữ {face.name} hỏng: hãy cài lại {_package(face, 'install --reinstall')}. / "
        f"The font {face.name} is broken: {why}; reinstall {face.package or 'Bảng Tin'}."
    )


def _package(face: Face, how: str) -> str:
    return f"gói {face.package} (apt {how} {face.package})" if face.package else "Bảng Tin"


@functools.cache
def system_book() -> FontBook:
    """The book of the distribution's fonts, opened once a process."""
    return FontBook()
