"""Which screens a bulletin is for."""

from __future__ import annotations

from django.db.models import QuerySet

from publisher.bulletins.models import Bulletin
from publisher.screens.models import Screen
from publisher.units import services


def screens_of(bulletin: Bulletin) -> QuerySet[Screen]:
    """The screens in service that `bulletin` is meant for: of its targets and screens, or of its own unit."""
    units = list(bulletin.targets.values_list("code", flat=True))
    named = set(bulletin.screens.values_list("id", flat=True))
    if not units and not named:
        units = [bulletin.unit_id]
    ids = named | services.screens_under(units)
    return Screen.objects.filter(id__in=ids, revoked=None).exclude(claimed=None)
