"""How a unit's abbreviations are read: the table its administrators and approvers keep, and a try at it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from publisher.accounts import rights
from publisher.units import words
from publisher.web.forms_words import WordsForm
from publisher.web.views.common import me, visible_unit


def page(request: HttpRequest, code: str) -> HttpResponse:
    """The table of one unit, with those it inherits; POST stores it if every row can be used."""
    unit = visible_unit(request, code)
    may_change = any(rights.can(me(request), verb, code) for verb in ("govern", "approve"))
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = WordsForm(request.POST or None, initial={"rows": words.typed_of(unit.words)})
    if form.is_bound and form.is_valid():
        unit.words = form.cleaned_data["rows"]
        unit.save(update_fields=["words"])
        messages.success(request, _("Đã lưu cách đọc; tin soạn từ nay được đọc theo bảng này."), extra_tags="good")
        return redirect("unit-words", code)
    context = {
        "unit": unit,
        "form": form,
        "may_change": may_change,
        "inherited": words.tables_of(unit.parent) if unit.parent is not None else (),
    }
    return render(request, "web/unit_words.html", context, status=422 if form.is_bound else 200)


def table(request: HttpRequest, code: str) -> HttpResponse:
    """The whole of what holds here beside the house's own, as the file that `bangtin read --lexicon` takes."""
    unit = visible_unit(request, code)
    text = "".join(f"# {one.name}\n{one.rows}\n" for one in words.tables_of(unit))
    response = HttpResponse(text, content_type="text/tab-separated-values; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="cach-doc-{unit.code}.tsv"'
    return response
