"""Text at the door: normal form, what may not be written, and which face draws which letters.

Everything a citizen may read passes here first. Letters that no installed face can draw are
reported while somebody can still change them, and left out rather than drawn as boxes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from player.layout.fonts import BOLD, REGULAR, Face, FontBook, Type, overhang, system_book

_ALLOWED_CONTROLS: Final = "\n\t\r"
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f\u034f")
_BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029\x0b\x0c\x85]")
_STACKING: Final = re.compile("[\u1780-\u17ff\uaa00-\uaadf]")
_SHARED: Final = frozenset(("Mn", "Mc", "Me", "Zs", "Cf"))  # marks and spaces go with the run they stand in


class Run(NamedTuple):
    """Letters of one line that one face draws, without a change of script."""

    text: str
    face: Face


def nfc(text: str) -> str:
    """The composed form (NFC): one letter, one code point, however it was typed."""
    return unicodedata.normalize("NFC", text)


def forbidden(text: str) -> tuple[str, ...]:
    """What may not be written: controls, bidirectional overrides, lone surrogates, private use, non-characters.

    Each is returned once, as "U+202E RIGHT-TO-LEFT OVERRIDE", in order of appearance.
    """
    found = dict.fromkeys(letter for letter in text if _is_forbidden(letter))
    return tuple(f"U+{ord(letter):04X} {unicodedata.name(letter, 'CONTROL')}" for letter in found)


def _is_forbidden(letter: str) -> bool:
    if letter in _ALLOWED_CONTROLS:
        return False
    return letter in _BIDI or letter == "\ufffd" or unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """The text as it is laid out: composed, with plain line ends and spaces, without what is forbidden."""
    text = _BREAKS.sub("\n", nfc(text)).replace("\t", " ").replace("\u00ad", "").replace("\ufeff", "")
    return "".join(letter for letter in text if not _is_forbidden(letter))


def stacks(text: str) -> bool:
    """Whether `text` holds letters of a script that stacks them (Khmer, Cham, Tai Viet)."""
    return _STACKING.search(text) is not None


def uncovered(text: str, book: FontBook | None = None) -> tuple[str, ...]:
    """The letters of `text`, each once, that no installed face can draw. Empty is what a writer wants."""
    book = book or system_book()
    book.refresh()  # a font installed since somebody last asked counts from now on
    seen = dict.fromkeys(letter for letter in clean(text) if not letter.isspace() and letter not in _UNSEEN)
    return tuple(letter for letter in seen if book.face_for(REGULAR, letter) is None)


def runs(line: str, wanted: Face, book: FontBook) -> tuple[Run, ...]:
    """`line` cut where the face must change; letters that no face has are left out."""
    parts: list[tuple[Face, list[str]]] = []
    for letter, after in zip(line, (*line[1:], ""), strict=False):
        face = _face(letter, wanted, book, parts[-1][0] if parts else None)
        if face is not None and face.rows and after and unicodedata.category(after) == "Mn":
            face = book.face_for(BOLD, letter)  # in a bitmap face the mark would stand rows above the line
        if face is None:
            continue
        if not parts or parts[-1][0] is not face:
            parts.append((face, []))
        parts[-1][1].append(letter)
    return tuple(Run("".join(letters), face) for face, letters in parts)


def _face(letter: str, wanted: Face, book: FontBook, current: Face | None) -> Face | None:
    if letter in _UNSEEN:  # joiners matter to the shaper of their own run only
        return current if current is not None and current.script and letter in "\u200c\u200d" else None
    if current is not None and unicodedata.category(letter) in _SHARED and book.covers(current, letter):
        return current
    return book.face_for(wanted, letter)


def depth(line: str, kind: Type, book: FontBook) -> int:
    """Pixels that the subscripts of a stacking script reach below the line box of `kind`, mostly none."""
    if not stacks(line):
        return 0
    found = 0
    for run in runs(line, kind.face, book):
        font = book.font(Type(run.face, kind.size_px))
        if run.face.script and font.size(run.text)[1] > font.get_height():
            drawn = font.render(run.text, True, (255, 255, 255))
            found = max(found, overhang(drawn, font.get_height()).below_px)
    return found


def width(line: str, kind: Type, book: FontBook) -> int:
    """Pixels `line` takes when set in `kind`; words are measured once and remembered."""
    known = book.kept_width(kind, line)
    if known is None:
        known = sum(book.font(Type(run.face, kind.size_px)).size(run.text)[0] for run in runs(line, kind.face, book))
        book.keep_width(kind, line, known)
    return known
