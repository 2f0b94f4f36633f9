"""The letters of the project's own low face: drawn bases and marks, composed into every Vietnamese letter.

Eleven rows leave no room for two marks one above the other, so that a tone stands beside its
circumflex or breve, a row higher and a column out over each neighbour, and a capital under three
rows of marks is one row lower. `bdf` writes the face as a Glyph Bitmap Distribution Format 2.1
file, which FreeType opens.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

ROWS: Final = 11
ASCENT: Final = 9  # rows above the baseline
DRAWN: Final = Path(__file__).parent / "data" / "letters11.txt"
FACE_FILE: Final = Path(__file__).parent / "data" / "bangtin11.bdf"

_SHAPES: Final = {"\u0302": "circumflex", "\u0306": "breve"}
_TONES: Final = {"\u0301": "acute", "\u0300": "grave", "\u0309": "hook", "\u0303": "tilde"}
_DOT: Final = "\u0323"
_HORN: Final = "\u031b"
_LOW: Final = ("circumflex", "breve", "tilde")  # nearer to small letters: a slanted mark lies clear of a hook's tail
_HIGHEST: Final = 3  # rows of a hook, and of two marks beside each other
_SPACE_PX: Final = 3
_COPYRIGHT: Final = "Copyright Bang Tin maintainers. Licence: GPL-3.0-or-later"  # a BDF file is plain ASCII
_COPIES: Final = {"\u00a0": " ", "\u2011": "-", "\u2212": "–"}  # what looks the same

Rows = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter's eleven rows of "." and "#"; its first `out_px` columns lie over the letter before it."""

    rows: Rows
    out_px: int = 0

    @property
    def advance_px(self) -> int:
        """How far the next letter stands: two marks fill the free column after their letter."""
        return len(self.rows[0]) - self.out_px + (0 if self.out_px else 1)


class DrawingError(ValueError):
    """The drawn letters cannot be read; the message names the line and what is allowed there."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Letters, each with how many rows it reaches below the baseline, and marks by name."""

    letters: Mapping[str, tuple[Rows, int]]
    marks: Mapping[str, Rows]


def read(drawn: str) -> Drawing:
    """The drawing in `drawn`, in the form its own head explains. Raises DrawingError."""
    letters: dict[str, tuple[Rows, int]] = {}
    marks: dict[str, Rows] = {}
    for number, head, rows in _blocks(drawn):
        if not rows or len({len(row) for row in rows}) != 1:
            raise DrawingError(f"line {number}, {head!r}: a letter needs rows, all of one length")
        if head.startswith("+ "):
            marks[head[2:]] = rows
            continue
        letter, _, below = head[2:].partition(" ")
        if len(letter) != 1 or not (below or "0").isdigit():
            raise DrawingError(f"line {number}, {head!r}: expected '= LETTER' or '= LETTER ROWS_BELOW'")
        letters[letter] = (rows, int(below or "0"))
    return Drawing(letters, marks)


def _blocks(drawn: str) -> Iterable[tuple[int, str, Rows]]:
    head, at, rows = "", 0, list[str]()
    for number, line in enumerate(drawn.splitlines(), 1):
        if line.startswith(("= ", "+ ")):
            if head:
                yield at, head, tuple(rows)
            head, at, rows = line, number, []
        elif head and line and set(line) <= {".", "#"}:
            rows.append(line)
        elif line and not (line.startswith("#") and not head):
            raise DrawingError(f"line {number}, {line!r}: expected '= LETTER', '+ MARK' or a row of '.' and '#'")
    if head:
        yield at, head, tuple(rows)


def compose(drawing: Drawing) -> dict[str, Glyph]:
    """Every letter of the face."""
    drawn = {letter: _standing(rows, below) for letter, (rows, below) in drawing.letters.items() if letter != "ı"}
    made = {letter: Glyph(rows) for letter, rows in drawn.items()} | {" ": Glyph(("." * _SPACE_PX,) * ROWS)}
    made |= {letter: _marked(letter, drawing) for letter in vietnamese() if letter not in made}
    return made | {copy: made[letter] for copy, letter in _COPIES.items()}


def vietnamese() -> tuple[str, ...]:
    """The composed letters of the alphabet beyond ASCII: twelve vowels by six tones, and đ, in both cases."""
    vowels = [vowel + tone for vowel in "aăâeêioôơuưy" for tone in ("", *_TONES, _DOT)]
    small = [unicodedata.normalize("NFC", vowel) for vowel in vowels] + ["đ"]
    return tuple(letter for one in small for letter in (one, one.upper()) if not letter.isascii())


def _marked(letter: str, drawing: Drawing) -> Glyph:
    parts = unicodedata.normalize("NFD", letter)
    base = unicodedata.normalize("NFC", parts[0] + (_HORN if _HORN in parts else ""))
    above = [_SHAPES[mark] for mark in parts if mark in _SHAPES] + [_TONES[mark] for mark in parts if mark in _TONES]
    mark = _beside(above, drawing.marks)
    rows, below = drawing.letters["ı" if base == "i" and mark else base]
    if base.isupper() and len(mark) == _HIGHEST:
        rows = lowered(rows)
    body = _standing(rows, below)
    if mark:
        body = _crowned(body, mark, 1 if base.islower() and above[0] in _LOW and len(mark) < _HIGHEST else 0)
    if _DOT in parts:
        body = _dotted(body, drawing.marks["dot"], below)
    return Glyph(body, 1 if len(above) > 1 else 0)


def lowered(rows: Rows) -> Rows:
    """A capital without one of its rows that is the same as the next."""
    return next(rows[:n] + rows[n + 1 :] for n in range(len(rows) - 1) if rows[n] == rows[n + 1])


def _beside(names: list[str], marks: Mapping[str, Rows]) -> Rows:
    """No mark, one, or the narrow forms of two: a free column between them, the second from the highest row on."""
    if len(names) < 2:
        return marks[names[0]] if names else ()
    shape, tone = (marks[f"narrow {name}"] for name in names)
    shape = ("." * len(shape[0]),) * (_HIGHEST - len(shape)) + shape
    tone += ("." * len(tone[0]),) * (_HIGHEST - len(tone))
    return tuple(one + "." + other for one, other in zip(shape, tone, strict=True))


def _crowned(body: Rows, mark: Rows, top: int) -> Rows:
    """The mark in the rows from `top`, centred over the letter."""
    wide = max(len(body[0]), len(mark[0]))
    letter = _shifted(body, (wide - len(body[0])) // 2, wide)
    return _laid(letter, _shifted(mark, (wide - len(mark[0])) // 2, wide), top)


def _dotted(body: Rows, dot: Rows, below: int) -> Rows:
    """The dot in the last row: under the letter, or after it where the letter itself reaches down there."""
    if below:
        return _laid(_shifted(body, 0, len(body[0]) + 3), _shifted(dot, len(body[0]) + 1, len(body[0]) + 3), ROWS - 1)
    wide = max(len(body[0]), len(dot[0]))
    foot = body[ASCENT - 1]
    middle = (foot.index("#") + foot.rindex("#") + 1 - len(dot[0]) + 1) // 2
    return _laid(_shifted(body, 0, wide), _shifted(dot, max(0, middle), wide), ROWS - 1)


def _standing(rows: Rows, below: int) -> Rows:
    """The letter in its eleven rows."""
    empty = "." * len(rows[0])
    top = ASCENT + below - len(rows)
    return (empty,) * top + rows + (empty,) * (ROWS - top - len(rows))


def _shifted(rows: Rows, by: int, wide: int) -> Rows:
    return tuple(("." * by + row).ljust(wide, ".") for row in rows)


def _laid(body: Rows, over: Rows, top: int) -> Rows:
    lines = ("." * len(body[0]),) * top + over
    return tuple(
        "".join("#" if "#" in pair else "." for pair in zip(row, line or "." * len(row), strict=True))
        for row, line in zip_longest(body, lines, fillvalue="")
    )


def bdf(letters: Mapping[str, Glyph]) -> str:
    """The face as a BDF file."""
    widest = max(len(glyph.rows[0]) for glyph in letters.values())
    head = (
        "STARTFONT 2.1", f"FONT -bangtin-bangtin11-medium-r-normal--{ROWS}-{ROWS * 10}-72-72-p-50-iso10646-1",
        f"SIZE {ROWS} 72 72", f"FONTBOUNDINGBOX {widest} {ROWS} -1 {ASCENT - ROWS}", "STARTPROPERTIES 6",
        f"FONT_ASCENT {ASCENT}", f"FONT_DESCENT {ROWS - ASCENT}", f"PIXEL_SIZE {ROWS}",
        'CHARSET_REGISTRY "ISO10646"', 'CHARSET_ENCODING "1"', f'COPYRIGHT "{_COPYRIGHT}"', "ENDPROPERTIES",
        f"CHARS {len(letters)}",
    )  # fmt: skip
    glyphs = [line for letter in sorted(letters) for line in _entry(letter, letters[letter])]
    return "\n".join((*head, *glyphs, "ENDFONT", ""))


def _entry(letter: str, glyph: Glyph) -> tuple[str, ...]:
    wide = len(glyph.rows[0])
    bits = -(-wide // 8) * 8
    plain = (row.replace(".", "0").replace("#", "1").ljust(bits, "0") for row in glyph.rows)
    return (
        f"STARTCHAR U+{ord(letter):04X}", f"ENCODING {ord(letter)}", f"SWIDTH {glyph.advance_px * 1000 // ROWS} 0",
        f"DWIDTH {glyph.advance_px} 0", f"BBX {wide} {ROWS} {-glyph.out_px} {ASCENT - ROWS}", "BITMAP",
        *(f"{int(row, 2):0{bits // 4}X}" for row in plain), "ENDCHAR",
    )  # fmt: skip


def main() -> None:
    """Writes the face's file anew from the drawing: `python -m player.layout.letterforms`."""
    FACE_FILE.write_text(bdf(compose(read(DRAWN.read_text(encoding="utf-8")))), encoding="utf-8")


if __name__ == "__main__":
    main()
