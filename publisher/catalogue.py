"""The English catalogue: Vietnamese source strings gathered from code and templates, checked and compiled.

python -m publisher.catalogue          gather new strings into en/LC_MESSAGES/django.po, compile the .mo
python -m publisher.catalogue --check  say what is missing or out of date; exit 1 if anything is
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent
FOLDER: Final = ROOT / "locale" / "en" / "LC_MESSAGES"
PO: Final = FOLDER / "django.po"
MO: Final = FOLDER / "django.mo"
_KEYWORDS: Final[dict[str, Any]] = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip


def gathered() -> Catalog:
    """Every string that is shown to people, with where it stands."""
    catalogue = Catalog(locale="en", project="bangtin", charset="utf-8")
    for path, source in _sources():
        place = path.relative_to(ROOT.parent).as_posix()
        for line, message, _comments, context in extract("python", io.BytesIO(source), _KEYWORDS):
            if message:
                catalogue.add(message, None, [(place, line)], context=context)
    return catalogue


def stored() -> Catalog:
    """The catalogue as it is kept."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def missing() -> list[str]:
    """Strings without an English word, and stored ones that nobody uses any more."""
    wanted, known = gathered(), stored()
    found = [str(m.id) for m in wanted if m.id and not _translated(known, m)]
    found += [f"unused: {m.id}" for m in known if m.id and wanted.get(m.id, m.context) is None]
    return found


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update() -> None:
    """Bring the stored catalogue up to the sources and compile it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = gathered()
    catalogue = stored() if PO.is_file() else wanted
    catalogue.update(wanted, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with PO.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, omit_header=False, include_lineno=False)
    MO.write_bytes(compiled(stored()))


def _translated(known: Catalog, message: Any) -> bool:
    found = known.get(message.id, message.context)
    if found is None or found.fuzzy:
        return False
    strings = found.string if isinstance(found.string, tuple) else (found.string,)
    return all(strings)


def _sources() -> Iterator[tuple[Path, bytes]]:
    for path in sorted(ROOT.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for path in sorted(ROOT.rglob("*.html")):
        lines = templatize(path.read_text("utf-8"), origin=str(path)).splitlines()
        yield path, "\n".join(line.strip() for line in lines).encode()  # indentation means nothing there


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        update()
    for line in missing():
        print(line)  # noqa: T201 - this is a command
    return 1 if missing() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
