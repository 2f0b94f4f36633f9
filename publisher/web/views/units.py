"""Units: finding one, what it is called and since when, its rules, what stands below it, and free groups."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from player.model import DayPart
from publisher.accounts import rights
from publisher.broadcast import outbox
from publisher.screens.models import Screen
from publisher.speech.studio import voice_fault
from publisher.units import policy, services
from publisher.units.dress import face_of
from publisher.units.models import Unit
from publisher.units.tree import WORDS
from publisher.web.forms import clock
from publisher.web.forms_admin import DressForm, PolicyForm
from publisher.web.views.common import me, visible_unit


def listing(request: HttpRequest) -> HttpResponse:
    """The units I can see; a search that needs no tone marks."""
    codes = rights.units_where(me(request), "view")
    words = request.GET.get("q", "").strip()
    units = (
        services.search(words, codes, limit=60) if words else list(Unit.objects.filter(code__in=codes).order_by("code"))
    )
    template = "web/parts/unit_list.html" if request.headers.get("HX-Request") else "web/units.html"
    return render(request, template, {"units": units, "q": words})


def page(request: HttpRequest, code: str) -> HttpResponse:
    """One unit and, for its administrator, its rules."""
    unit = visible_unit(request, code)
    may_govern = rights.can(me(request), "govern", code)
    form = PolicyForm(request.POST or None, initial=PolicyForm.initial_of(unit.settings))
    if form.is_bound and may_govern and form.is_valid():
        with transaction.atomic():
            unit.settings = policy.checked(form.settings())
            unit.save(update_fields=["settings"])
            outbox.put_many("desired", sorted(services.screens_under([code])))
        messages.success(request, _("Đã lưu; các bảng đang nhận cài đặt mới."), extra_tags="good")
        return redirect("unit", code)
    rules = policy.policy_of(unit)
    context = {
        "unit": unit,
        "form": form,
        "dress": DressForm(),
        "face": face_of(unit),
        "rules": rules,
        "hours": {name: _spans(getattr(rules, name)) for name in ("opening", "quiet", "speaking", "dimmed")},
        "facts": unit.facts.all(),
        "kind": WORDS.get(unit.kind, unit.kind),
        "children": unit.children.order_by("official", "code"),
        "screens": Screen.objects.filter(unit=unit),
        "members": unit.members.select_related("screen"),
        "all_screens": Screen.objects.filter(id__in=services.screens_under([code])).select_related("unit"),
        "may_govern": may_govern,
        "central": rules.speech == policy.CENTRAL,
        "voiceless": rules.speech == policy.CENTRAL and voice_fault(settings.HOME.root / "voices") != "",
    }
    return render(request, "web/unit.html", context, status=422 if form.errors else 200)


@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A hamlet or quarter below a unit, or a free group of screens."""
    unit = visible_unit(request, code, "govern")
    add_one = _add_group if request.POST.get("what") == "group" else _add_subunit
    try:
        made = add_one(request, unit)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages), extra_tags="bad")
        return redirect("unit", code)
    messages.success(request, _("Đã thêm %(name)s.") % {"name": made.name}, extra_tags="good")
    return redirect("unit", made.code)


@transaction.atomic
def _add_group(request: HttpRequest, owner: Unit) -> Unit:
    screens = services.screens_under([owner.code]) & set(request.POST.getlist("screens"))
    made = services.add_group(owner, request.POST.get("name", ""), screens)
    outbox.put("access", made.code)
    outbox.put_many("desired", sorted(screens))
    return made


def _add_subunit(request: HttpRequest, parent: Unit) -> Unit:
    kind = request.POST.get("kind", "").strip() or "ấp"
    return services.add_subunit(parent, request.POST.get("name", ""), kind)


def _spans(parts: tuple[DayPart, ...]) -> str:
    return ", ".join(f"{clock(part.start_min)}–{clock(part.end_min)}" for part in parts)
