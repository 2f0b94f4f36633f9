"""Loads the reader's tables: the house's own from the package, a unit's own from a file of the same form.

Table form: UTF-8, one row a line, columns split by tabs, '#' at a line's start is a comment.

    abbreviation <TAB> spoken form [<TAB> words before [<TAB> words after [<TAB> flags]]]

Words before or after are split by '|'. Signs: '#' a number, '#ngắn' one of up to three digits, '#phòng' one of
three or four, '#liền' one that touches, '#cân' a weight, '#đất' an area, '#tiền' a sum of money,
'#đo' a number with its unit, '#năm' a year of birth, '#ngày' a full date, '#nhà' the number of a house, '^' the line's
edge, ':' a colon right behind, '"' a quotation mark, '@hoa' a capitalised word, '@tắt' a shortened one, '@mã' inside a
document number, '…' before words: anywhere in the text just before.
Marks around the words are looked over: "hn" before also fits "hn,". Rows of one abbreviation are tried from the top.
Spoken form '*' spells the letters. Flag '?' marks a guess, which is reported to the writer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from tts.reader.lexicon import Entry, Lexicon, Unit

MOST_COLUMNS: Final = 5


class LexiconError(ValueError):
    """A table cannot be used. The message names the file, the line and what is allowed (for the unit's staff).

    `fault` is one of "file", "columns", "digit" and "flags", `line` counts from 1 and `value` is what stands there: for
    whoever says it in another language.
    """

    def __init__(self, message: str, fault: str, line: int = 0, value: str = "") -> None:
        super().__init__(message)
        self.fault, self.line, self.value = fault, line, value


def default_lexicon() -> Lexicon:
    """The house's tables, read once in a process."""
    return _packaged()


@cache
def _packaged() -> Lexicon:
    folder = resources.files("tts") / "data"
    table = {
        name: list(_rows((folder / f"{name}.tsv").read_text(encoding="utf-8"), f"{name}.tsv"))
        for name in ("abbreviations", "units", "letters", "words")
    }
    base = Lexicon(
        entries={},
        units={row[0]: Unit(row[1], row[2] if len(row) > 2 else "measure") for _, row in table["units"]},
        letters={row[0]: row[1] for _, row in table["letters"]},
        words={row[0]: frozenset(_words(row[1])) for _, row in table["words"]},
    )
    return base.extended(_entry(row, "abbreviations.tsv", line) for line, row in table["abbreviations"])


def load_lexicon(path: Path, base: Lexicon | None = None) -> Lexicon:
    """`base` (default: the house's) with the rows of a unit's file on top.

    Raises LexiconError for a file that cannot be read or a row that has not the table's form.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise LexiconError(f"{path}: cannot be read as UTF-8 text: {fault}", "file") from fault
    return parse_lexicon(text, str(path), base)


def parse_lexicon(text: str, name: str, base: Lexicon | None = None) -> Lexicon:
    """As `load_lexicon`, for a table that is already in memory (the publisher keeps it in its database)."""
    rows = [_entry(row, name, line) for line, row in _rows(text, name)]
    return (base or default_lexicon()).extended(rows)


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = [cell.strip() for cell in line.split("\t")]
        if not 2 <= len(row) <= MOST_COLUMNS or not row[0]:
            raise LexiconError(
                f"{name}, line {number}: {line!r}: allowed are 2 to {MOST_COLUMNS} columns split by tabs: "
                "abbreviation, spoken form, words before, words after, flags",
                "columns", number, line.strip(),
            )  # fmt: skip
        yield number, row


def _entry(row: list[str], name: str, line: int) -> tuple[str, Entry]:
    where = f"{name}, line {line}"
    cells = [*row, "", "", ""]
    key, spoken, before, after, flags = cells[:MOST_COLUMNS]
    if any(char.isdigit() for char in spoken):
        told = f"{where}: spoken form {spoken!r} of {key!r} holds a digit: write it in words"
        raise LexiconError(told, "digit", line, spoken)
    if flags not in ("", "?"):
        raise LexiconError(f"{where}: flags {flags!r} of {key!r}: allowed are '?' or nothing", "flags", line, flags)
    return key, Entry(spoken, _words(before), _words(after), guess=flags == "?")


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in cell.split("|") if word.strip())
