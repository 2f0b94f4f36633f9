"""Which screens a bulletin is for, and where somebody may send one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from publisher.accounts import rights
from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin
from publisher.screens.models import Screen
from publisher.units import services
from publisher.units.models import Unit


def screens_of(bulletin: Bulletin) -> QuerySet[Screen]:
    """The screens in service that `bulletin` is meant for: of its targets and screens, or of its own unit."""
    units = list(bulletin.targets.values_list("code", flat=True))
    named = set(bulletin.screens.values_list("id", flat=True))
    if not units and not named:
        units = [bulletin.unit_id]
    ids = named | services.screens_under(units)
    return Screen.objects.filter(id__in=ids, revoked=None).exclude(claimed=None)


def outside(actor: User, right: str, targets: Iterable[str], screens: Iterable[str]) -> list[str]:
    """Names of the unit codes `targets` and the `screens` where `actor` has no `right`; unknown ones as given."""
    codes, ids = list(targets), list(screens)
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    known = {screen.id: screen for screen in Screen.objects.filter(id__in=ids)}
    wrong = [units.get(code, code) for code in codes if not rights.can(actor, right, code)]
    for screen_id in ids:
        screen = known.get(screen_id)
        if screen is None or not rights.can(actor, right, screen.unit_id):
            wrong.append(screen.name if screen else screen_id)
    return wrong
