"""What stands beside a text while it is written or approved: pixels on each screen shape, spoken form, doubts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from player.model import Item, Media, Priority, Version, placed, seen
from player.show import PanelShape, Show
from publisher.bulletins import check, measure, overrides, reach, reading
from publisher.bulletins.models import Bulletin
from publisher.bulletins.overrides import Override
from publisher.media.desk import Look, PrepareDesk
from publisher.media.models import Asset
from publisher.screens.models import Screen
from publisher.units import services
from publisher.units.dress import face_of
from publisher.units.models import Unit
from tts.reader import Doubt


@dataclass(frozen=True)
class Typed:
    """A bulletin that may not be stored yet, as far as pixels and words depend on it."""

    unit: Unit
    texts: tuple[tuple[str, str, str], ...]  # language, title, body: as typed
    shapes: tuple[PanelShape, ...]
    priority: str = "routine"
    level: int = 0
    picture: Asset | None = None
    spoken: str | None = None  # what is said, where it need not be the machine's reading
    edited: bool = False  # the writer changed it
    spoken_of: str = ""  # and the machine's reading it was changed from; empty: of this same text


@dataclass(frozen=True)
class OnShape:
    """One screen shape: how long the text stands there and its pictures as far as they are made."""

    shape: PanelShape
    pages: int
    dwell_s: float
    look: Look | None


@dataclass(frozen=True)
class Panel:
    """All of it, for the template."""

    shapes: tuple[OnShape, ...] = ()
    problems: tuple[check.Problem, ...] = ()
    warnings: tuple[check.Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    spoken: str = ""
    machine: str = ""  # the reading without the writer's changes, which are `overrides`
    overrides: tuple[Override, ...] = ()
    lost: tuple[Override, ...] = ()  # changes whose words the text does not hold any more
    speech_s: float = 0.0
    waiting: bool = field(default=False)
    empty: bool = True

    @property
    def too_long(self) -> bool:
        """Whether it stands or speaks longer than anybody listens."""
        return self.speech_s > measure.LONG_S or any(one.dwell_s > measure.LONG_S for one in self.shapes)


def typed(form: Any) -> Typed:
    """From a ComposeForm that was asked for its cleaned data, valid or not."""
    given = form.cleaned_data
    texts = [("vi", given.get("title", ""), given.get("body", ""))]
    if given.get("lang2"):
        texts.append((given["lang2"], given.get("title2", ""), given.get("body2", "")))
    unit = Unit.objects.get(pk=given["unit"])
    return Typed(
        unit=unit,
        texts=tuple(texts),
        shapes=tuple(measure.shapes(_screens(unit, given.get("targets", []), given.get("screens", [])))),
        priority=given.get("priority") or "routine",
        picture=Asset.objects.filter(pk=given.get("picture") or "-").first(),
        spoken=check.cleaned(given.get("spoken", "")) if given.get("spoken_edited") else None,
        spoken_of=check.cleaned(given.get("spoken_of", "")),
        edited=bool(given.get("spoken_edited")),
    )


def stored(bulletin: Bulletin) -> Typed:
    """From a bulletin in the database."""
    first = bulletin.texts.first()
    return Typed(
        unit=bulletin.unit,
        texts=tuple((text.lang, text.title, text.body) for text in bulletin.texts.all()),
        shapes=tuple(measure.shapes(list(reach.screens_of(bulletin)))),
        priority=bulletin.priority,
        level=bulletin.level,
        picture=bulletin.picture,
        spoken=first.spoken if first else "",
        edited=first is not None and first.spoken_edited,
    )


def panel_for(given: Typed, desk: PrepareDesk) -> Panel:
    """The panel for `given`; asks for pictures that are not there yet and does not wait for them."""
    problems = tuple(problem for lang, title, body in given.texts for problem in check.refusals(title, body, lang))
    written = any(title.strip() or body.strip() for _lang, title, body in given.texts)
    if problems or not (written or given.picture):
        return Panel(problems=problems, empty=not written)
    _lang, title, body = given.texts[0]
    said = reading.spoken(check.cleaned(title), check.cleaned(body), "vi", reading.style_of(given.unit))
    machine = check.cleaned(said.words)
    own = overrides.carried(given.spoken_of or machine, given.spoken, machine) if given.spoken is not None else None
    spoken = machine if own is None else own.words
    shapes = tuple(_on_shape(given, shape, desk) for shape in given.shapes)
    return Panel(
        shapes=shapes,
        warnings=tuple(problem for _lang, title, body in given.texts for problem in check.warnings(title, body)),
        doubts=said.doubts,
        spoken=spoken,
        machine=machine,
        overrides=overrides.overrides(machine, spoken) if given.edited else (),
        lost=own.lost if own is not None else (),
        speech_s=reading.duration_s(spoken),
        waiting=any(one.look and not one.look.views and not one.look.reason for one in shapes),
        empty=False,
    )


def _on_shape(given: Typed, shape: PanelShape, desk: PrepareDesk) -> OnShape:
    face, item = face_of(given.unit), _item(given)
    spot = measure.spot(item, face, shape, given.picture)
    picture = str(content_path(given.picture)) if given.picture and seen(item) else ""
    crest = str(settings.HOME.content / face.crest.sha256) if face.crest else ""
    return OnShape(shape, spot.pages, spot.dwell_s, desk.look(Show(face, shape, item, picture=picture, crest=crest)))


def _item(given: Typed) -> Item:
    asset = given.picture
    picture, film = placed(Media(sha256=asset.sha256, size=asset.size, mime=asset.mime) if asset else None)
    return Item(
        id="preview",
        revision=1,
        priority=Priority(given.priority),
        versions=tuple(
            Version(lang=lang, title=check.cleaned(title), body=check.cleaned(body))
            for lang, title, body in given.texts
        ),
        dwell_s=1.0,
        picture=picture,
        film=film,
        level=given.level,
    )


def content_path(asset: Asset) -> Path:
    """Where the file of an asset lies."""
    folder: Path = settings.HOME.content
    return folder / asset.sha256


def _screens(unit: Unit, targets: list[str], named: list[str]) -> list[Screen]:
    ids = set(named) | (services.screens_under(targets or [unit.code]) if targets or not named else set())
    return list(Screen.objects.filter(id__in=ids, revoked=None).exclude(claimed=None))
