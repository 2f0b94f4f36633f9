"""The first page: what waits for me, what is on air here, and which screens have a problem."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from publisher.accounts import rights
from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin
from publisher.screens.models import Screen
from publisher.web import plain
from publisher.web.views.common import me

LINES = 20


def home(request: HttpRequest) -> HttpResponse:
    """The dashboard of the units I am responsible for."""
    user = me(request)
    units = rights.units_where(user, "view")
    here = Bulletin.objects.filter(Q(unit__in=units) | Q(targets__in=units)).distinct().select_related("unit", "author")
    on_air = here.filter(status=Bulletin.Status.ON_AIR)
    screens = list(Screen.objects.filter(unit_id__in=units, revoked=None).select_related("unit"))
    now = timezone.now()
    context = {
        "waiting": waiting_for(user),
        "mine": here.filter(author=user, status=Bulletin.Status.DRAFT)[:LINES],
        "emergencies": on_air.filter(priority=Bulletin.Priority.EMERGENCY),
        "on_air": on_air.exclude(priority=Bulletin.Priority.EMERGENCY).order_by("-approved")[:LINES],
        "on_air_count": on_air.count(),
        "screens": len(screens),
        "online": sum(screen.online for screen in screens),
        "may_write": rights.has_anywhere(user, "write"),
        "troubled": [(screen, words) for screen in screens if (words := plain.problems(screen, now))],
    }
    return render(request, "web/home.html", context)


def waiting_for(user: User) -> list[Bulletin]:
    """What this person is asked to approve or to countersign, and their own that came back; oldest first."""
    units = rights.units_where(user, "approve")
    asked = Q(status=Bulletin.Status.SUBMITTED) | Q(
        priority=Bulletin.Priority.EMERGENCY,
        countersigned=None,
        status__in=(Bulletin.Status.ON_AIR, Bulletin.Status.ENDED, Bulletin.Status.EXPIRED),
    )
    back = Q(status=Bulletin.Status.RETURNED, author=user, unit__in=rights.units_where(user, "write"))
    found = (
        Bulletin.objects.filter(asked & Q(unit__in=units) | back).select_related("unit", "author").order_by("created")
    )
    return list(found[:LINES])
