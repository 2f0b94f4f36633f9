"""How a bulletin stands on each screen shape it reaches: pages and seconds, measured by the screens' own code."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Final, NamedTuple

from player import scene
from player.model import Item, Media, Priority, Unit, Version, placed
from player.show import PanelShape
from publisher.bulletins import reach
from publisher.bulletins.models import Bulletin, Placement
from publisher.media.models import Asset
from publisher.screens.models import Screen

LONG_S: Final = 120.0  # above this nobody reads to the end: the writer is warned
DEFAULT_SHAPE: Final = PanelShape(width_px=1920, height_px=1080)  # what is measured while a unit has no screen yet

_FONTS: Final = Lock()  # a font is not made for two threads at a time


class Spot(NamedTuple):
    shape: PanelShape
    pages: int
    dwell_s: float


def placements(bulletin: Bulletin) -> list[Spot]:
    """A Spot for each shape among the screens `bulletin` is for."""
    item, unit = item_of(bulletin), Unit(code=bulletin.unit_id, name=bulletin.unit.name)
    return [spot(item, unit, shape, bulletin.picture) for shape in shapes(list(reach.screens_of(bulletin)))]


def keep(bulletin: Bulletin, spots: Iterable[Spot]) -> None:
    """Store what was measured of the present revision in place of what was known of it; belongs in a transaction."""
    Placement.objects.filter(bulletin=bulletin, revision=bulletin.revision).delete()
    Placement.objects.bulk_create(
        Placement(
            bulletin=bulletin, revision=bulletin.revision, width_px=spot.shape.width_px,
            height_px=spot.shape.height_px, kind=spot.shape.kind, pages=spot.pages, dwell_s=spot.dwell_s,
        )
        for spot in spots
    )  # fmt: skip


def spot(item: Item, unit: Unit, shape: PanelShape, asset: Asset | None = None) -> Spot:
    """Pages and seconds of one item, with its picture, document or film `asset`, on one shape."""
    pages, length_s = (asset.pages, asset.duration_s) if asset is not None else (1, 0.0)
    with _FONTS:
        found = scene.estimate(item, unit, shape, pages=pages, length_s=length_s)
    return Spot(shape, found.pages, found.dwell_s)


def shapes(screens: list[Screen]) -> list[PanelShape]:
    """The different shapes among `screens`, the largest first; the usual one if there are none."""
    found = {(screen.width_px, screen.height_px, screen.kind) for screen in screens}
    ordered = sorted(found, key=lambda size: (-size[0] * size[1], size))
    return [PanelShape(width_px=w, height_px=h, kind=kind) for w, h, kind in ordered] or [DEFAULT_SHAPE]


def item_of(bulletin: Bulletin) -> Item:
    """The bulletin as the screens' code sees it; its times of day do not matter here."""
    asset = bulletin.picture
    picture, film = placed(Media(sha256=asset.sha256, size=asset.size, mime=asset.mime) if asset else None)
    versions = tuple(Version(lang=text.lang, title=text.title, body=text.body) for text in bulletin.texts.all())
    return Item(
        id=bulletin.uid,
        revision=bulletin.revision,
        priority=Priority(bulletin.priority),
        versions=versions or (Version(lang="vi"),),
        dwell_s=1.0,
        picture=picture,
        film=film,
        level=bulletin.level,
    )
