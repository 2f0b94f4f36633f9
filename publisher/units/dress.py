"""The face a unit's screens wear: its name, and the crest and the colours of the nearest unit that has its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from player.layout import themefile
from player.model import Media, UnitTheme
from player.model import Unit as UnitFace
from publisher.media.models import Asset
from publisher.units.models import Unit


def face_of(unit: Unit) -> UnitFace:
    """What `unit` shows of itself on its screens."""
    crest = next((each.crest for each in _line(unit) if each.crest is not None), None)
    theme = next((each.theme for each in _line(unit) if each.theme), None)
    return UnitFace(
        code=unit.code,
        name=unit.name,
        crest=Media(sha256=crest.sha256, size=crest.size, mime=crest.mime) if crest is not None else None,
        theme=msgspec.convert(theme, UnitTheme) if theme else None,
    )


def wear_crest(unit: Unit, crest: Asset | None) -> None:
    """Give the unit a crest of its own, or none."""
    unit.crest = crest
    unit.save(update_fields=["crest"])


def wear_theme(unit: Unit, data: bytes | None, name: str = "") -> None:
    """Give the unit the colours of a theme file, or none. Raises config.faults.ConfigError with all of its faults."""
    unit.theme = msgspec.to_builtins(themefile.read(data, Path(name))) if data is not None else None
    unit.save(update_fields=["theme"])


def _line(unit: Unit) -> Iterator[Unit]:
    """The unit and those above it, nearest first."""
    step: Unit | None = unit
    while step is not None:
        yield step
        step = step.parent
