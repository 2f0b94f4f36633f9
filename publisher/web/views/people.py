"""People of my units: adding, roles, a forgotten password, blocking."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from publisher.accounts import broker_access, people, rights
from publisher.accounts.models import Membership, User
from publisher.units.models import Unit
from publisher.web.forms_admin import MembershipForm, PersonForm
from publisher.web.views.common import me


def listing(request: HttpRequest) -> HttpResponse:
    """Who may do what in my units; and adding somebody. The password is shown on that one answer."""
    units = _governed(request)
    form = PersonForm(me(request), request.POST or None)
    shown: dict[str, str] = {}
    if form.is_valid():
        typed = form.cleaned_data
        unit = Unit.objects.get(pk=typed["unit"])
        user, password = people.add_person(
            typed["username"], typed["full_name"], unit, typed["role"], typed["emergency"]
        )
        shown = {"username": user.username, "password": password}
        form = PersonForm(me(request))
    context = {
        "form": form,
        "shown": shown,
        "memberships": Membership.objects.filter(unit_id__in=units)
        .select_related("user", "unit")
        .order_by("user__full_name", "user_id", "unit_id"),
    }
    return render(request, "web/people.html", context, status=422 if form.is_bound and not shown else 200)


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, password, whether they may log in."""
    units = _governed(request)
    person = User.objects.filter(pk=pk, memberships__unit_id__in=units).distinct().first()
    if person is None:
        raise Http404
    form = MembershipForm(me(request), request.POST if "add" in request.POST else None)
    shown = ""
    if request.method == "POST":
        shown = _act(request, person, form, units)
        if not shown and not form.errors:
            return redirect("person", person.pk) if person.memberships.exists() else redirect("people")
    context = {
        "person": person,
        "form": form,
        "password": shown,
        "memberships": person.memberships.filter(unit_id__in=units).select_related("unit"),
        "myself": person.pk == me(request).pk,
        "elsewhere": person.memberships.exclude(unit_id__in=units).exists(),
    }
    return render(request, "web/person.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _act(request: HttpRequest, person: User, form: MembershipForm, units: set[str]) -> str:
    """Do what was asked; a new password comes back to be shown once."""
    if "add" in request.POST and form.is_valid():
        typed = form.cleaned_data
        unit = Unit.objects.get(pk=typed["unit"])
        people.give_role(person, unit, typed["role"], emergency=typed["emergency"])
        messages.success(request, _("Đã thêm vai trò."), extra_tags="good")
    elif request.POST.get("remove", "").isdecimal():
        people.take_role(person, int(request.POST["remove"]), units)
        messages.success(request, _("Đã bỏ vai trò."), extra_tags="good")
    elif person.memberships.exclude(unit_id__in=units).exists() or person.pk == me(request).pk:
        raise PermissionDenied  # somebody else's person, and oneself, cannot be blocked or given a password
    elif "reset" in request.POST:
        return people.reset_password(person)
    elif "active" in request.POST:
        person.is_active = request.POST["active"] == "yes"
        person.save(update_fields=["is_active"])
        if not person.is_active:
            broker_access.drop(person)
        messages.success(request, _("Đã cập nhật."), extra_tags="good")
    return ""


def _governed(request: HttpRequest) -> set[str]:
    units = rights.units_where(me(request), "govern")
    if not units:
        raise PermissionDenied
    return units
