"""The page for a storm at 23:00 on a telephone: one text, one confirmation, and how to end it."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from publisher.accounts import rights
from publisher.bulletins import content, reach, reading, workflow
from publisher.bulletins.content import TextIn
from publisher.bulletins.models import Bulletin
from publisher.bulletins.workflow import WorkflowError
from publisher.media import apps as media
from publisher.screens.models import Screen
from publisher.web import preview
from publisher.web.forms import EmergencyForm
from publisher.web.forms_spoken import SpokenForm, initial_spoken
from publisher.web.views.common import me, say_lost, say_refusal, visible_bulletin, with_microphone


def page(request: HttpRequest) -> HttpResponse:
    """Write an emergency; what is on air already stands above it, with its end button."""
    if not rights.has_anywhere(me(request), "publish"):
        raise PermissionDenied
    begun = _begun(request)
    form = EmergencyForm(me(request), request.POST or None, initial=_initial(begun))
    if form.is_valid():
        try:
            drafted = _drafted(request, form, begun)
            say_lost(request, form.lost)
            return redirect("emergency-confirm", drafted.uid)
        except WorkflowError as error:
            say_refusal(request, error)
    units = rights.units_where(me(request), "view")
    context = {
        "form": form,
        "on_air": _on_air(units),
        "stopped": Screen.objects.filter(unit_id__in=units, stopped=True).count(),
        "may_stop": rights.has_anywhere(me(request), "stop"),
        **_recordings(form),
    }
    return with_microphone(render(request, "web/emergency.html", context, status=422 if form.is_bound else 200))


def confirm(request: HttpRequest, uid: str) -> HttpResponse:
    """The one confirmation: what will be shown and said, and on how many screens."""
    bulletin = visible_bulletin(request, uid)
    if bulletin.status != Bulletin.Status.DRAFT or not workflow.is_emergency(bulletin):
        return redirect("bulletin", bulletin.uid)
    if request.method == "POST":
        return _reread(request, bulletin)
    text = bulletin.texts.first()
    context = {
        "bulletin": bulletin,
        "text": text,
        "same": _same_on_air(bulletin, text.body) if text else None,
        "refusal": workflow.refusal(bulletin, "publish", me(request)),
        "screens": reach.screens_of(bulletin).select_related("unit"),
        "panel": preview.panel_for(preview.stored(bulletin), media.desk()),
        "speech_s": reading.duration_s(text.spoken) if text else 0,
    }
    return render(request, "web/emergency_confirm.html", context)


def _reread(request: HttpRequest, bulletin: Bulletin) -> HttpResponse:
    """Another spoken form for the same words: the writer's, or the machine's again."""
    stored = content.read(bulletin)
    first = stored.texts[0]
    if first.lang not in reading.READ_LANGUAGES:
        raise Http404
    form = SpokenForm(request.POST)
    form.is_valid()
    machine = reading.machine(first.title, first.body, bulletin.unit)
    text = dataclasses.replace(first, spoken=None if "machine" in request.POST else form.said(machine))
    try:
        now = timezone.now()
        workflow.edit(bulletin, me(request), dataclasses.replace(stored, texts=(text, *stored.texts[1:])), now)
    except WorkflowError as error:
        say_refusal(request, error)
    return redirect("emergency-confirm", bulletin.uid)


def replace(request: HttpRequest, uid: str) -> HttpResponse:
    """New words for an emergency on air, under the same name."""
    bulletin = visible_bulletin(request, uid)
    if workflow.refusal(bulletin, "replace", me(request)) is not None:
        return redirect("bulletin", bulletin.uid)
    form = EmergencyForm(me(request), request.POST or None, initial=_initial(bulletin))
    if form.is_valid():
        now = timezone.now()
        try:
            workflow.replace(bulletin, me(request), form.content(now), now)
        except WorkflowError as error:
            say_refusal(request, error)
        else:
            say_lost(request, form.lost)
            return redirect("bulletin", bulletin.uid)
    context = {"form": form, "bulletin": bulletin, "title": _("Thay nội dung khẩn cấp"), **_recordings(form)}
    return with_microphone(render(request, "web/emergency_replace.html", context, status=422 if form.is_bound else 200))


def _recordings(form: EmergencyForm) -> dict[str, Any]:
    return {"audio": form.chosen("audio"), "audio2": form.chosen("audio2")}


def _begun(request: HttpRequest) -> Bulletin | None:
    """The draft that the confirmation page sent back to be changed."""
    uid = request.GET.get("sua", "")
    if not uid:
        return None
    bulletin = visible_bulletin(request, uid)
    return bulletin if bulletin.status == Bulletin.Status.DRAFT and workflow.is_emergency(bulletin) else None


def _drafted(request: HttpRequest, form: EmergencyForm, begun: Bulletin | None) -> Bulletin:
    now = timezone.now()
    if begun is not None and begun.unit_id == form.cleaned_data["unit"]:
        return workflow.edit(begun, me(request), form.content(now), now)
    return workflow.draft(form.unit_row(), me(request), form.content(now), now)


def _initial(bulletin: Bulletin | None) -> dict[str, Any]:
    if bulletin is None:
        return {}
    old = content.read(bulletin)
    first = old.texts[0] if old.texts else TextIn("vi", "")
    second = next((text for text in old.texts if text.lang != "vi"), None)
    return {
        "audio": first.audio or "",
        **initial_spoken(first, bulletin),
        "lang2": second.lang if second else "",
        "audio2": second.audio if second else "",
        "unit": bulletin.unit_id,
        "level": old.level,
        "body": first.body,
        "repeat_min": old.repeat_s // 60,
        "targets": list(old.targets),
        "screens": list(old.screens),
    }


def _same_on_air(bulletin: Bulletin, body: str) -> Bulletin | None:
    """An emergency with these very words that is on air already: this one may be a second tap, or the way back."""
    found = Bulletin.objects.filter(priority=Bulletin.Priority.EMERGENCY, status=Bulletin.Status.ON_AIR)
    return found.filter(unit=bulletin.unit, texts__body=body).first()


def _on_air(units: set[str]) -> list[Bulletin]:
    found = Bulletin.objects.filter(priority=Bulletin.Priority.EMERGENCY, status=Bulletin.Status.ON_AIR, unit__in=units)
    return list(found.select_related("unit"))
