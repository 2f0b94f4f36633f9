"""What is on air for some screens, read from the database in few queries as plain values for `compose`.

Texts and measures of a revision never change, so they are kept; what may change without a new
revision (rank, hours, targets) is read each time.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from django.db.models import Q

from player.model import DayPart, Media, Priority, Version
from player.show import LEAF_S
from publisher.broadcast.compose import Face, OnAir
from publisher.bulletins import dates
from publisher.bulletins.models import Bulletin, BulletinText, Placement
from publisher.media.models import Asset
from publisher.screens.models import Screen
from publisher.speech import shelf
from publisher.speech.said import Said, unrecorded, with_files
from publisher.units.dress import face_of
from publisher.units.models import GroupMember, Unit
from publisher.units.policy import CENTRAL, policy_of

CACHE_LIMIT: Final = 20_000
FALLBACK_DWELL_S: Final = 12.0


class Shape(NamedTuple):
    width_px: int
    height_px: int
    kind: str


class Revision(NamedTuple):
    bulletin: int
    revision: int


class Placed(NamedTuple):
    """A bulletin as it stands on one screen, and which row of the database it is."""

    key: Revision
    bulletin: OnAir


@dataclass(frozen=True)
class Target:
    """A screen with all that decides its playlist but the bulletins."""

    face: Face
    shape: Shape
    central: bool = False  # its speech is made here


@dataclass(frozen=True)
class Row:
    """A bulletin on air and whom it is for: group codes, and single screens."""

    bulletin: OnAir
    key: Revision
    groups: frozenset[str]
    screens: frozenset[str]

    def reaches(self, target: Target) -> bool:
        return target.face.screen in self.screens or not self.groups.isdisjoint(target.face.groups)


Measure = Callable[[OnAir, Shape, str], float]
"""(bulletin, shape, unit name) → dwell_s, for a shape that was not measured when the bulletin was written."""


def guess_dwell_s(bulletin: OnAir, _shape: Shape, _unit: str) -> float:
    """By the length of the text alone, 15 letters a second, 8 s to 10 minutes; a film is never cut."""
    letters = max((len(v.title) + len(v.body) for v in bulletin.versions), default=0) * len(bulletin.versions)
    return max(bulletin.file_s, min(600.0, max(FALLBACK_DWELL_S if bulletin.picture else 8.0, letters / 15)))


class OnAirReader:
    """Reads targets and their bulletins; keeps texts and measures by revision."""

    def __init__(self, measure: Measure = guess_dwell_s) -> None:
        self._measure = measure
        self._texts: OrderedDict[Revision, tuple[Version, ...]] = OrderedDict()
        self._dwells: OrderedDict[tuple[Revision, Shape], float] = OrderedDict()

    def targets(self, screens: Iterable[Screen]) -> list[Target]:
        """The screens with their groups, unit face and desired state: two queries for all."""
        asked = list(screens)
        units = linked_units()
        free = defaultdict(list)
        members = GroupMember.objects.filter(screen_id__in=[s.id for s in asked]).order_by("group_id")
        for screen_id, group in members.values_list("screen_id", "group_id"):
            free[screen_id].append(group)
        return [_target(screen, units, free[screen.id]) for screen in asked]

    def for_each(self, targets: Sequence[Target]) -> dict[str, list[Placed]]:
        """For each screen id the bulletins on air there, each with its dwell for that screen's shape."""
        rows = self._rows(targets)
        wanted = {target.face.screen: [row for row in rows if row.reaches(target)] for target in targets}
        self._load_dwells({(row.key, t.shape) for t in targets for row in wanted[t.face.screen]})
        central = (row.bulletin for t in targets if t.central for row in wanted[t.face.screen])
        files = shelf.find({said for bulletin in central for said in unrecorded(bulletin.versions)})
        return {
            t.face.screen: [
                self._measured(_spoken(row, files) if t.central else row, t) for row in wanted[t.face.screen]
            ]
            for t in targets
        }

    def _measured(self, row: Row, target: Target) -> Placed:
        dwell_s = self._dwells.get((row.key, target.shape))
        if dwell_s is None:
            dwell_s = self._measure(row.bulletin, target.shape, target.face.unit.name)
            _keep(self._dwells, (row.key, target.shape), dwell_s)
        return Placed(row.key, replace(row.bulletin, dwell_s=dwell_s))

    def _rows(self, targets: Sequence[Target]) -> list[Row]:
        groups = {code for target in targets for code in target.face.groups}
        reach = Q(targets__in=groups) | Q(screens__in=[t.face.screen for t in targets]) | Q(unit__in=groups)
        keys = Bulletin.objects.filter(reach, status=Bulletin.Status.ON_AIR).order_by().values("pk")
        on_air = Bulletin.objects.filter(pk__in=keys).exclude(priority=Bulletin.Priority.EMERGENCY)
        found = list(on_air.order_by().values(*_COLUMNS))
        ids = [row["pk"] for row in found]
        groups_by = _pairs(Bulletin.targets.through.objects.filter(bulletin__in=ids), "unit_id")
        screens_by = _pairs(Bulletin.screens.through.objects.filter(bulletin__in=ids), "screen_id")
        texts = self._texts_of([Revision(row["pk"], row["revision"]) for row in found])
        return [_row(row, groups_by[row["pk"]], screens_by[row["pk"]], texts) for row in found]

    def _texts_of(self, keys: Sequence[Revision]) -> Mapping[Revision, tuple[Version, ...]]:
        missing = {key.bulletin: key for key in keys if key not in self._texts}
        found: dict[Revision, list[Version]] = {key: [] for key in missing.values()}
        for text in BulletinText.objects.filter(bulletin__in=missing).select_related("audio").order_by("id"):
            found[missing[text.bulletin_id]].append(version_of(text))
        for key, versions in found.items():
            _keep(self._texts, key, tuple(versions))
        return {key: self._texts.get(key, ()) for key in keys}

    def _load_dwells(self, wanted: set[tuple[Revision, Shape]]) -> None:
        missing = {pair for pair in wanted if pair not in self._dwells}
        placed = Placement.objects.filter(bulletin__in={key.bulletin for key, _ in missing})
        columns = ("bulletin_id", "revision", "width_px", "height_px", "kind", "dwell_s")
        for bulletin, revision, width_px, height_px, kind, dwell_s in placed.values_list(*columns):
            pair = (Revision(bulletin, revision), Shape(width_px, height_px, kind))
            if pair in missing:
                _keep(self._dwells, pair, dwell_s)


_COLUMNS: Final = (
    "pk", "uid", "revision", "priority", "approved", "rank", "starts", "ends", "dayparts", "always", "speech_times",
    "dates", "exdates", "times_a_day",
    "speak_at_debut", "level", "unit_id", "picture__sha256", "picture__size", "picture__mime",
    "picture__duration_s", "picture__pages",
)  # fmt: skip


def linked_units() -> dict[str, Unit]:
    """Every unit by code, each knowing its parent without a query."""
    units = {unit.code: unit for unit in Unit.objects.select_related("crest")}
    for unit in units.values():
        unit.parent = units[unit.parent_id] if unit.parent_id else None
    return units


def line_of(unit: Unit) -> list[str]:
    """The unit's code and those above it, nearest first."""
    codes: list[str] = []
    step: Unit | None = unit
    while step is not None and step.code not in codes:
        codes.append(step.code)
        step = step.parent
    return codes


def groups_for(screen: Screen, unit: Unit, free: Iterable[str]) -> tuple[str, ...]:
    """All the groups a screen listens to. It is also a group of one, so that an alert may be for it alone."""
    return (*line_of(unit), *free, screen.id)


def version_of(text: BulletinText) -> Version:
    return Version(lang=text.lang, title=text.title, body=text.body, spoken=text.spoken, audio=_media(text.audio))


def _media(asset: Asset | None) -> Media | None:
    return None if asset is None else Media(sha256=asset.sha256, size=asset.size, mime=asset.mime)


def _spoken(row: Row, files: Mapping[Said, Media]) -> Row:
    versions = with_files(row.bulletin.versions, files)
    return row if versions == row.bulletin.versions else replace(row, bulletin=replace(row.bulletin, versions=versions))


def _target(screen: Screen, units: Mapping[str, Unit], free: Iterable[str]) -> Target:
    unit = units[screen.unit_id]
    policy = policy_of(unit)
    face = Face(
        screen=screen.id,
        unit=face_of(unit),
        groups=groups_for(screen, unit, free),
        desired=policy.desired(),
    )
    return Target(face, Shape(screen.width_px, screen.height_px, screen.kind), policy.speech == CENTRAL)


def _row(
    row: Mapping[str, Any], groups: set[str], screens: set[str], texts: Mapping[Revision, tuple[Version, ...]]
) -> Row:
    key = Revision(row["pk"], row["revision"])
    everywhere = not groups and not screens
    return Row(
        bulletin=_on_air(row, texts[key]),
        key=key,
        groups=frozenset({row["unit_id"]} if everywhere else groups),
        screens=frozenset(screens),
    )


def _on_air(row: Mapping[str, Any], versions: tuple[Version, ...]) -> OnAir:
    picture, file_s = None, 0.0
    if row["picture__sha256"]:
        file_s = row["picture__duration_s"] or (LEAF_S * row["picture__pages"] if row["picture__pages"] > 1 else 0.0)
        picture = Media(sha256=row["picture__sha256"], size=row["picture__size"], mime=row["picture__mime"])
    return OnAir(
        uid=row["uid"],
        revision=row["revision"],
        priority=Priority(row["priority"]),
        versions=versions or (Version(lang="vi"),),
        dwell_s=FALLBACK_DWELL_S,
        approved=row["approved"],
        picture=picture,
        file_s=file_s,
        rank=row["rank"],
        starts=row["starts"],
        ends=row["ends"],
        dayparts=tuple(_daypart(part) for part in row["dayparts"]),
        dates=dates.rules(row["dates"]),
        exdates=dates.rules(row["exdates"]),
        times_a_day=row["times_a_day"],
        always=row["always"],
        speech_times=row["speech_times"],
        speak_at_debut=row["speak_at_debut"],
        level=row["level"],
    )


def _daypart(part: Mapping[str, Any]) -> DayPart:
    return DayPart(**{**part, "weekdays": tuple(part.get("weekdays", (1, 2, 3, 4, 5, 6, 7)))})


def _pairs(rows: Any, column: str) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for bulletin, other in rows.values_list("bulletin_id", column):
        found[bulletin].add(other)
    return found


def _keep(cache: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    cache[key] = value
    if len(cache) > CACHE_LIMIT:
        cache.popitem(last=False)
