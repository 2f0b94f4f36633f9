"""The official tree as data: a pinned snapshot of the reform's first day, and dated changes since.

The snapshot was taken from the `vietnam_provinces` package and is pinned here because its releases
for different Pythons disagree in some 130 codes and none of them knows what changed in 2026. Codes
are the statistics office's, zero-padded: two digits for a province, five for a commune.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

DATA: Final = Path(__file__).resolve().parent / "data"
SNAPSHOT: Final = DATA / "tree-2025-07-01.tsv"
CHANGES: Final = DATA / "changes.yaml"
SNAPSHOT_DAY: Final = date(2025, 7, 1)
SNAPSHOT_SOURCE: Final = "19/2025/QĐ-TTg"

WORDS: Final = {
    "tinh": "Tỉnh",
    "thanh_pho": "Thành phố",
    "xa": "Xã",
    "phuong": "Phường",
    "dac_khu": "Đặc khu",
}


class Fact(NamedTuple):
    """What a unit is called, of which kind and under whom, for valid_from <= day <= valid_to (None: until changed)."""

    code: str
    parent: str
    kind: str
    name: str
    valid_from: date
    valid_to: date | None
    source: str


class UnknownUnitError(LookupError):
    """There is no unit of this code in the official tree."""


def facts_of(province: str) -> list[Fact]:
    """Every fact about `province` and its communes, by code and day. Raises UnknownUnitError."""
    start = [fact for fact in _snapshot() if province in (fact.code, fact.parent)]
    if not start:
        known = ", ".join(f"{fact.code} {fact.name}" for fact in _snapshot() if not fact.parent)
        raise UnknownUnitError(f"no province {province!r}; there are {known}")
    return sorted(_with_changes(start, _changes()), key=lambda fact: (fact.code, fact.valid_from))


def on_day(facts: Iterable[Fact], day: date) -> dict[str, Fact]:
    """The fact of each unit in force on `day`; a day before the snapshot gets the snapshot's."""
    found: dict[str, Fact] = {}
    for fact in facts:
        if fact.valid_from <= day or fact.code not in found:
            found[fact.code] = fact
    return found


def _snapshot() -> Iterator[Fact]:
    with SNAPSHOT.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield Fact(row["code"], row["parent"], row["kind"], row["name"], SNAPSHOT_DAY, None, SNAPSHOT_SOURCE)


def _changes() -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = yaml.safe_load(CHANGES.read_text("utf-8"))
    return sorted(changes, key=lambda change: change["valid_from"])


def _with_changes(start: Iterable[Fact], changes: Iterable[dict[str, Any]]) -> Iterator[Fact]:
    newest = {fact.code: fact for fact in start}
    for change in changes:
        for code in change["codes"]:
            if code in newest:
                day: date = change["valid_from"]
                yield newest[code]._replace(valid_to=day - timedelta(days=1))
                newest[code] = _changed(newest[code], change)
    yield from newest.values()


def _changed(fact: Fact, change: dict[str, Any]) -> Fact:
    kind = change.get("kind", fact.kind)
    bare = change.get("name") or fact.name.removeprefix(WORDS[fact.kind]).strip()
    return fact._replace(
        kind=kind,
        name=f"{WORDS[kind]} {bare}",
        parent=change.get("parent", fact.parent),
        valid_from=change["valid_from"],
        valid_to=None,
        source=change["source"],
    )
