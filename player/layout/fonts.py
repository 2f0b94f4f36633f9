"""The one table of fonts: which face draws which script, where its file lies, and its measures.

Every face but one comes from the distribution; that one, for low LED panels, is the project's
own (`letterforms`). A missing file is one clear error that names the package to install. Faces and
measured words are kept in a `FontBook`, handed to whoever lays out or draws; nothing else opens a font.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pygame.font

from player.layout.fontfile import Letters, letters

FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path(__file__).parent / "data",
)
LED_FLOOR_PX: Final = 13  # below thirteen rows only LOW tells all Vietnamese letters apart
_WORDS_KEPT: Final = 20_000


class FontMissingError(RuntimeError):
    """A font file is not installed; the message names the package that brings it."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file. `script` is its OpenType tag for the shaper; `rows` is the fixed height of a bitmap face."""

    name: str
    file: str  # path below one of the font folders
    package: str
    script: str = ""
    rows: int = 0


_NOTO: Final = "truetype/noto/"
REGULAR: Final = Face("Noto Sans", _NOTO + "NotoSans-Regular.ttf", "fonts-noto-core")
BOLD: Final = Face("Noto Sans Bold", _NOTO + "NotoSans-Bold.ttf", "fonts-noto-core")
KHMER: Final = Face("Noto Sans Khmer", _NOTO + "NotoSansKhmer-Regular.ttf", "fonts-noto-core", "Khmr")
KHMER_BOLD: Final = Face("Noto Sans Khmer Bold", _NOTO + "NotoSansKhmer-Bold.ttf", "fonts-noto-core", "Khmr")
CHAM: Final = Face("Noto Sans Cham", _NOTO + "NotoSansCham-Regular.ttf", "fonts-noto-core", "Cham")
CHAM_BOLD: Final = Face("Noto Sans Cham Bold", _NOTO + "NotoSansCham-Bold.ttf", "fonts-noto-core", "Cham")
TAI_VIET: Final = Face("Noto Sans Tai Viet", _NOTO + "NotoSansTaiViet-Regular.ttf", "fonts-noto-core", "Tavt")
SYMBOLS: Final = Face("Noto Sans Symbols", _NOTO + "NotoSansSymbols-Regular.ttf", "fonts-noto-core")
SYMBOLS_2: Final = Face("Noto Sans Symbols 2", _NOTO + "NotoSansSymbols2-Regular.ttf", "fonts-noto-core")
MATH: Final = Face("Noto Sans Math", _NOTO + "NotoSansMath-Regular.ttf", "fonts-noto-core")
LOW: Final = Face("Bảng Tin 11", "bangtin11.bdf", "bangtin", rows=11)
FIXED_13: Final = Face("7x13", "X11/misc/7x13.pcf.gz", "xfonts-base", rows=13)
FIXED_15: Final = Face("9x15", "X11/misc/9x15.pcf.gz", "xfonts-base", rows=15)  # its bold twin merges Ứ and Ừ
FIXED_20: Final = Face("10x20", "X11/misc/10x20.pcf.gz", "xfonts-base", rows=20)

_TEXT_CHAIN: Final = (REGULAR, KHMER, CHAM, TAI_VIET, SYMBOLS, SYMBOLS_2, MATH)
_BOLD_CHAIN: Final = (BOLD, KHMER_BOLD, CHAM_BOLD, TAI_VIET, SYMBOLS, SYMBOLS_2, MATH)
_CHAINS: Final = {
    REGULAR: _TEXT_CHAIN,
    BOLD: _BOLD_CHAIN,
    LOW: (LOW, *_BOLD_CHAIN),
    FIXED_13: (FIXED_13, *_BOLD_CHAIN),
    FIXED_15: (FIXED_15, *_BOLD_CHAIN),
    FIXED_20: (FIXED_20, *_BOLD_CHAIN),
}
ALL_FACES: Final = (*_TEXT_CHAIN, BOLD, KHMER_BOLD, CHAM_BOLD, LOW, FIXED_13, FIXED_15, FIXED_20)


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
        self._fonts: dict[Type, pygame.font.Font] = {}
        self._letters: dict[Face, Letters] = {}
        self._faces: dict[tuple[Face, str], Face | None] = {}
        self._widths: dict[tuple[Type, str], int] = {}
        self._pitches: dict[Type, int] = {}

    def path(self, face: Face) -> Path:
        """Where the face's file lies. Raises FontMissingError."""
        for folder in self._folders:
            path = folder / face.file
            if path.is_file():
                return path
        raise FontMissingError(
            f"Thiếu phông chữ {face.name}: hãy cài gói {face.package} (apt install {face.package}). / "
            f"The font {face.name} is not installed: no {face.file} in {', '.join(map(str, self._folders))}; "
            f"install the package {face.package}."
        )

    def font(self, kind: Type) -> pygame.font.Font:
        """The opened font, its shaper set to the face's script. Raises FontMissingError."""
        if kind not in self._fonts:
            font = pygame.font.Font(self.path(kind.face), kind.face.rows or kind.size_px)
            if kind.face.script and hasattr(font, "set_script"):
                font.set_script(kind.face.script)
            self._fonts[kind] = font
        return self._fonts[kind]

    def covers(self, face: Face, letter: str) -> bool:
        if face not in self._letters:
            self._letters[face] = letters(self.path(face))
        return letter in self._letters[face]

    def face_for(self, wanted: Face, letter: str) -> Face | None:
        """The first face in the chain of `wanted` that has `letter`, or None if no installed face has it."""
        place = (wanted, letter)
        if place not in self._faces:
            self._faces[place] = next((face for face in _CHAINS[wanted] if self._has(face, letter)), None)
        return self._faces[place]

    def _has(self, face: Face, letter: str) -> bool:
        try:
            return self.covers(face, letter)
        except FontMissingError:
            if face in (REGULAR, BOLD):  # without these there is no sign at all
                raise
            return False

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


@functools.cache
def system_book() -> FontBook:
    """The book of the distribution's fonts, opened once a process."""
    return FontBook()
