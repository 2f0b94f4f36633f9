"""The tree in the database: loading it, its names on a day, who is above and below, and finding a unit by name."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from publisher import names
from publisher.screens.models import Screen
from publisher.units import tree
from publisher.units.models import GroupMember, Unit, UnitFact


@transaction.atomic
def load_province(province: str, today: date) -> int:
    """Put a province and its communes into the database, or bring them up to date; how many units there are now.

    Settings, screens and people of units stay as they are. Raises tree.UnknownUnitError.
    """
    facts = tree.facts_of(province)
    current = tree.on_day(facts, today)
    for code in sorted(current, key=lambda code: current[code].parent):  # the province first
        fact = current[code]
        Unit.objects.update_or_create(
            code=code, defaults={"name": fact.name, "kind": fact.kind, "parent_id": fact.parent or None}
        )
    UnitFact.objects.filter(unit_id__in=current).delete()
    UnitFact.objects.bulk_create(
        UnitFact(
            unit_id=fact.code, name=fact.name, kind=fact.kind, parent_code=fact.parent,
            valid_from=fact.valid_from, valid_to=fact.valid_to, source=fact.source,
        )
        for fact in facts
    )  # fmt: skip
    return len(current)


def refresh_names(today: date) -> list[str]:
    """Give every official unit the name, kind and parent in force `today`; the codes of those that changed."""
    changed: list[str] = []
    for unit in Unit.objects.filter(official=True).prefetch_related("facts"):
        fact = next((fact for fact in reversed(unit.facts.all()) if fact.valid_from <= today), None)
        if fact and (unit.name, unit.kind, unit.parent_id or "") != (fact.name, fact.kind, fact.parent_code):
            unit.name, unit.kind, unit.parent_id = fact.name, fact.kind, fact.parent_code or None
            unit.save(update_fields=["name", "kind", "parent"])
            changed.append(unit.code)
    return changed


def name_on(code: str, day: date) -> str:
    """What the unit was called on `day`; its earliest known name before that. Raises Unit.DoesNotExist."""
    facts = list(UnitFact.objects.filter(unit_id=code).order_by("valid_from"))
    if not facts:
        return Unit.objects.get(code=code).name
    return next((fact.name for fact in reversed(facts) if fact.valid_from <= day), facts[0].name)


def ancestors(code: str) -> list[str]:
    """The code itself and every unit above it, nearest first. The tree is a few steps high: a row a step is cheap."""
    line: list[str] = []
    step: str | None = code
    while step is not None and step not in line:
        line.append(step)
        step = Unit.objects.filter(code=step).values_list("parent_id", flat=True).first()
    return line


def subtree(codes: Iterable[str]) -> set[str]:
    """The codes themselves and every unit below them, one query a level."""
    found: set[str] = set()
    level = set(codes)
    while level:
        found |= level
        below = Unit.objects.filter(parent_id__in=level).values_list("code", flat=True)
        level = set(below) - found
    return found


def screens_under(codes: Iterable[str]) -> set[str]:
    """Ids of the screens of these units, of the units below them, and of these free groups."""
    below = subtree(codes)
    own = Screen.objects.filter(unit_id__in=below).values_list("id", flat=True)
    grouped = GroupMember.objects.filter(group_id__in=below).values_list("screen_id", flat=True)
    return {*own, *grouped}


def groups_of(screen: Screen) -> list[str]:
    """The group codes a screen listens to: its unit, every unit above, and its free groups."""
    free = GroupMember.objects.filter(screen=screen).order_by("group_id").values_list("group_id", flat=True)
    return [*ancestors(screen.unit_id), *free]


def add_subunit(parent: Unit, name: str, kind: str) -> Unit:
    """A hamlet, quarter or village: no state level and no official code, so it gets one of its own.

    It begins with the official one it lies below, however many such levels are between: a screen takes 32 letters.
    Raises django.core.exceptions.ValidationError if the name or the kind may not be shown.
    """
    kept = names.checked(Unit, name=name, kind=kind)
    code = f"{parent.code.partition('-')[0]}-{secrets.token_hex(3)}"
    return Unit.objects.create(code=code, parent=parent, official=False, **kept)


def add_group(owner: Unit, name: str, screens: Iterable[str]) -> Unit:
    """A free group of screens, such as those of a former district; people of `owner` govern it.

    Raises django.core.exceptions.ValidationError if the name may not be shown.
    """
    kept = names.checked(Unit, name=name)
    group = Unit.objects.create(code=f"g-{secrets.token_hex(5)}", parent=owner, kind="group", official=False, **kept)
    GroupMember.objects.bulk_create(GroupMember(group=group, screen_id=screen) for screen in sorted(set(screens)))
    return group


def search(words: str, within: Iterable[str] | None = None, limit: int = 20) -> list[Unit]:
    """Units whose name or code holds `words`, whatever the tone marks and case; best first.

    Marks typed count all the same: with them, an exact match comes before its look-alikes, because
    `Lộc Thạnh` and `Lộc Thành` differ in nothing else.
    """
    units = Unit.objects.all() if within is None else Unit.objects.filter(code__in=within)
    plain, exact = fold(words), unicodedata.normalize("NFC", words).casefold().strip()
    found = [unit for unit in units if plain in fold(unit.name) or unit.code.startswith(words.strip())]
    found.sort(key=lambda unit: (exact not in unit.name.casefold(), len(unit.name), unit.code))
    return found[:limit]


def fold(words: str) -> str:
    """Lower case without tone marks and without đ: what people type on a telephone."""
    flat = unicodedata.normalize("NFD", words.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in flat if not unicodedata.combining(letter)).split())
