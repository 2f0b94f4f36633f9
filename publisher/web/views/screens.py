"""Screens: the list, one screen with its live picture, commands, and claiming."""

from __future__ import annotations

import io
from typing import Final

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from player.model import Verb
from publisher.accounts import rights
from publisher.address import own_address
from publisher.broadcast.keys import KeyStore
from publisher.broadcast.models import SentCommand
from publisher.screens import claims, commands
from publisher.screens.models import Delivery, Picture, Screen, ScreenEvent
from publisher.screens.register import add_screen
from publisher.units import services
from publisher.units.models import Unit
from publisher.web import plain
from publisher.web.forms_admin import ScreenForm
from publisher.web.views.common import me, require, visible_screen

MANY: Final = 8  # as many boards a telephone shows without being pushed far

VERBS: Final = {
    Verb.IDENTIFY: ("operate", gettext_lazy("Đã gửi lệnh: bảng sẽ hiện tên của nó.")),
    Verb.TEST_PATTERN: ("operate", gettext_lazy("Đã gửi lệnh hiện hình thử.")),
    Verb.RESTART: ("operate", gettext_lazy("Đã gửi lệnh khởi động lại; bảng tối trong chốc lát.")),
    Verb.STOP: ("stop", gettext_lazy("Đã gửi lệnh ngắt khẩn cấp; bảng tắt hình, tắt tiếng khi nhận được.")),
    Verb.RELEASE: ("stop", gettext_lazy("Đã gửi lệnh thôi ngắt; bảng hoạt động trở lại khi nhận được.")),
}


def listing(request: HttpRequest) -> HttpResponse:
    """Every screen of my units with what is wrong with it, those with something wrong first; `q` looks for some."""
    units = rights.units_where(me(request), "view")
    now, words = timezone.now(), request.GET.get("q", "").strip()
    screens = Screen.objects.filter(unit_id__in=units).select_related("unit").order_by("unit_id", "name")
    rows = [(screen, plain.problems(screen, now)) for screen in screens if _called(screen, words)]
    context = {
        "rows": sorted(rows, key=lambda row: not row[1]),
        "q": words,
        "many": len(screens) > MANY,
        "troubled": sum(bool(wrong) for _screen, wrong in rows),
        "may_add": rights.has_anywhere(me(request), "operate"),
        "may_stop": rights.has_anywhere(me(request), "stop"),
        "just_stopped": _just_stopped(request),
        "stop_units": Unit.objects.filter(
            code__in=rights.units_where(me(request), "stop") & {screen.unit_id for screen in screens}
        ),
    }
    return render(request, "web/screens.html", context)


def _called(screen: Screen, words: str) -> bool:
    """Whether a screen's name, place, unit or id holds what was typed, whatever its tone marks."""
    told = services.fold(f"{screen.name} {screen.place} {screen.unit.name} {screen.id}")
    return services.fold(words) in told


def page(request: HttpRequest, screen_id: str) -> HttpResponse:
    """One screen: what it really shows now, since when, and how it is."""
    screen = visible_screen(request, screen_id)
    user, now = me(request), timezone.now()
    shown = Delivery.objects.filter(screen=screen, gone=None).exclude(committed=None)
    context = {
        "screen": screen,
        "problems": plain.problems(screen, now, technical=True),
        "figures": plain.figures(screen),
        "shown": shown.select_related("bulletin").prefetch_related(Prefetch("bulletin__texts")).order_by("-shown")[:50],
        "commands": SentCommand.objects.filter(screen=screen).exclude(asked_by=None).order_by("-asked")[:8],
        "events": [_happened(event) for event in screen.events.all()[:8]],
        "may_operate": rights.can(user, "operate", screen.unit_id),
        "may_stop": rights.can(user, "stop", screen.unit_id),
        "picture": Picture.objects.filter(screen=screen).only("at").first(),
    }
    return render(request, "web/screen.html", context)


def _happened(event: ScreenEvent) -> dict[str, object]:
    words, detail = plain.event(event)
    return {"at": event.at, "words": words, "detail": detail}


def live_picture(request: HttpRequest, screen_id: str) -> HttpResponse:
    """The part of the page that holds the picture; asking for it asks the screen for a newer one."""
    screen = visible_screen(request, screen_id)
    newest = commands.fresh_picture(screen, timezone.now()) if screen.claimed else None
    return render(request, "web/parts/live_picture.html", {"screen": screen, "picture": newest})


def picture(request: HttpRequest, screen_id: str) -> HttpResponse:
    """The newest picture the screen sent."""
    newest = Picture.objects.filter(screen=visible_screen(request, screen_id)).first()
    if newest is None:
        raise Http404
    return HttpResponse(bytes(newest.png), content_type="image/png", headers={"Cache-Control": "private, max-age=60"})


@require_POST
def command(request: HttpRequest, screen_id: str, verb: str) -> HttpResponse:
    """Send one of the few commands."""
    screen = visible_screen(request, screen_id)
    wanted = next((known for known in VERBS if known.value == verb), None)
    if wanted is None:
        raise Http404
    right, done = VERBS[wanted]
    require(request, right, screen.unit_id)
    commands.send(screen, wanted, me(request), timezone.now())
    messages.success(request, str(done), extra_tags="good")
    return redirect("screen", screen.id)


@require_POST
def stop_unit(request: HttpRequest) -> HttpResponse:
    """Ngắt khẩn cấp for every screen of a unit and below, or its release."""
    code = request.POST.get("unit", "")
    require(request, "stop", code)
    verb = Verb.RELEASE if request.POST.get("verb") == Verb.RELEASE.value else Verb.STOP
    screens = Screen.objects.filter(id__in=services.screens_under([code]), revoked=None).exclude(claimed=None)
    now = timezone.now()
    for screen in screens:
        commands.send(screen, verb, me(request), now)
    messages.success(request, _("Đã gửi tới %(n)s bảng.") % {"n": len(screens)}, extra_tags="good")
    return redirect(f"{reverse('screens')}?{urlencode({'don-vi': code})}")


def _just_stopped(request: HttpRequest) -> Unit | None:
    """The unit that was stopped on the page before, while boards of it still stand: one tap takes that back."""
    code = request.GET.get("don-vi", "")
    if not code or not rights.can(me(request), "stop", code):
        return None
    stopped = Screen.objects.filter(id__in=services.screens_under([code]), revoked=None, stopped=True)
    return Unit.objects.filter(pk=code).first() if stopped.exists() else None


def new(request: HttpRequest) -> HttpResponse:
    """A new screen, and its first claim code."""
    if not rights.has_anywhere(me(request), "operate"):
        raise PermissionDenied
    form = ScreenForm(me(request), request.POST or None)
    if not form.is_valid():
        return render(request, "web/screen_new.html", {"form": form}, status=422 if form.is_bound else 200)
    typed = form.cleaned_data
    unit = Unit.objects.get(pk=typed.pop("unit"))
    return _show_code(request, add_screen(unit, **typed))


def claim(request: HttpRequest, screen_id: str) -> HttpResponse:
    """Another claim code for a screen; older ones are void. Its page opened anew has none: back to the screen."""
    screen = visible_screen(request, screen_id)
    if request.method != "POST":
        return redirect("screen", screen.id)
    require(request, "operate", screen.unit_id)
    return _show_code(request, screen)


@require_POST
def revoke(request: HttpRequest, screen_id: str) -> HttpResponse:
    """Shut out a screen that was lost or stolen."""
    screen = visible_screen(request, screen_id)
    require(request, "operate", screen.unit_id)
    claims.revoke(screen, timezone.now())
    messages.success(request, _("Đã thu hồi bảng; nó không còn nhận tin."), extra_tags="good")
    return redirect("screen", screen.id)


def _show_code(request: HttpRequest, screen: Screen) -> HttpResponse:
    """The code is shown on this one answer and kept nowhere."""
    root = KeyStore(settings.HOME.keys).load().root_public
    code = claims.create_code(screen, me(request), root, timezone.now())
    url = own_address(request)
    context = {"screen": screen, "code": code, "qr": _qr(f"{url} {code}"), "url": url}
    response = render(request, "web/claim.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _qr(words: str) -> str:
    out = io.BytesIO()
    segno.make(words, error="m").save(out, kind="svg", scale=5, border=2, xmldecl=False, omitsize=True)
    return mark_safe(out.getvalue().decode())  # noqa: S308 - drawn here, from letters and digits
