"""How a unit wants its abbreviations read: a table of its own on top of the house's and of every unit above it.

Kept as the reader's table form (see `tts.lexicon`), so that the same text is a file for `bangtin read --lexicon`.
People type `KP = khu phố`, a row a line; whoever needs contexts pastes rows with tabs.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Final, NamedTuple

from publisher.units.models import Unit
from tts.lexicon import LexiconError, default_lexicon, parse_lexicon
from tts.reader.lexicon import Lexicon

log = logging.getLogger(__name__)

LONGEST: Final = 60_000  # characters: over a thousand rows


class Table(NamedTuple):
    """One unit's rows, and the name that faults in them are told under."""

    name: str
    rows: str


def tables_of(unit: Unit) -> tuple[Table, ...]:
    """The tables that hold in `unit`, the highest unit's first: a later row goes before an earlier one."""
    found: list[Table] = []
    step: Unit | None = unit
    while step is not None:
        if step.words:
            found.append(Table(step.name, step.words))
        step = step.parent
    return tuple(reversed(found))


def rows_of(typed: str) -> str:
    """What a person typed, in the reader's table form. Raises LexiconError naming the line and what is allowed."""
    lines = [_row(line) for line in typed.replace("\r\n", "\n").split("\n")]
    rows = "\n".join(lines).strip("\n")
    parse_lexicon(rows, "bảng cách đọc")
    return rows


def typed_of(rows: str) -> str:
    """Stored rows as a person types them: a row of two columns with an equals sign."""
    return "\n".join(
        line.replace("\t", " = ") if line.count("\t") == 1 and "=" not in line else line for line in rows.split("\n")
    )


@lru_cache(maxsize=64)
def lexicon_of(tables: tuple[Table, ...]) -> Lexicon:
    """The house's lexicon with these tables on top. A table the reader no longer takes is passed over: text must
    be read all the same."""
    lexicon = default_lexicon()
    for table in tables:
        try:
            lexicon = parse_lexicon(table.rows, table.name, lexicon)
        except LexiconError as error:
            log.warning("the table of readings of %s is passed over: %s", table.name, error)
    return lexicon


def _row(line: str) -> str:
    if "\t" in line or "=" not in line or line.startswith("#"):
        return line.rstrip()
    short, _, spoken = line.partition("=")
    return f"{short.strip()}\t{spoken.strip()}"
