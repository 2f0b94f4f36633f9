"""Small things every view needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from publisher.accounts import rights
from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin
from publisher.bulletins.overrides import Override
from publisher.bulletins.workflow import WorkflowError
from publisher.screens.models import Screen
from publisher.units.models import Unit

CHANGED: Final = "bangtin:changed"  # what the page is told when a field was changed from here


def me(request: HttpRequest) -> User:
    """The person asking; every view but the log-in has one."""
    return cast(User, request.user)


def require(request: HttpRequest, verb: str, unit: str) -> None:
    """Raises PermissionDenied unless the person may do `verb` in `unit`."""
    if not rights.can(me(request), verb, unit):
        raise PermissionDenied


def visible_bulletin(request: HttpRequest, uid: str) -> Bulletin:
    """The bulletin, if the person may see its unit or one it is for. Raises Http404."""
    found = Bulletin.objects.select_related("unit", "author", "approver", "countersigner", "picture").filter(uid=uid)
    bulletin = found.first()
    if bulletin is None:
        raise Http404
    units = {bulletin.unit_id, *bulletin.targets.values_list("code", flat=True)}
    units |= set(bulletin.screens.values_list("unit_id", flat=True))
    if not units & rights.units_where(me(request), "view"):
        raise Http404
    return bulletin


def visible_screen(request: HttpRequest, screen_id: str) -> Screen:
    """The screen, if the person may see its unit. Raises Http404."""
    screen = Screen.objects.select_related("unit").filter(pk=screen_id).first()
    if screen is None or not rights.can(me(request), "view", screen.unit_id):
        raise Http404
    return screen


def visible_unit(request: HttpRequest, code: str, verb: str = "view") -> Unit:
    """The unit, if the person may do `verb` there. Raises Http404."""
    unit = Unit.objects.filter(pk=code).first()
    if unit is None or not rights.can(me(request), verb, unit.code):
        raise Http404
    return unit


def changed_fields(response: HttpResponse) -> HttpResponse:
    """The answer puts fields into a page: once they stand there, and not before, its preview is made anew."""
    response.headers["HX-Trigger-After-Swap"] = CHANGED
    return response


def with_microphone(response: HttpResponse) -> HttpResponse:
    """The page records a voice: its browser may ask for the microphone."""
    response.headers["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=()"
    return response


def say_lost(request: HttpRequest, lost: Iterable[Override]) -> None:
    """Tell the writer which changes of the reading found no place in the new text."""
    for gone in lost:
        told = _("Lời đọc đã sửa “%(words)s” không còn chỗ trong nội dung mới; chỗ đó nay theo máy đọc.")
        messages.warning(request, told % {"words": gone.writer or gone.machine}, extra_tags="warn")


def say_refusal(request: HttpRequest, error: WorkflowError) -> None:
    """Show why a step was not possible."""
    for line in [str(problem) for problem in error.details] or [str(error.message)]:
        messages.error(request, line, extra_tags="bad")
