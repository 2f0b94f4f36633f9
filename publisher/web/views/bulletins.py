"""The list of bulletins, the page of one, its steps, and its delivery line."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from publisher.accounts import rights
from publisher.accounts.models import User
from publisher.broadcast.delivery import delivery_line
from publisher.bulletins import reach, workflow
from publisher.bulletins.models import Bulletin
from publisher.bulletins.workflow import WorkflowError
from publisher.media import apps as media
from publisher.web import preview, when_words
from publisher.web.views.common import me, say_refusal, visible_bulletin
from publisher.web.views.home import waiting_for

PAGE: Final = 25
DECISIONS: Final = frozenset({"approve", "return", "countersign"})  # after these the next one waits

DONE: Final[dict[str, Promise]] = {
    "submit": gettext_lazy("Đã trình duyệt."),
    "recall": gettext_lazy("Đã rút tin về để sửa."),
    "return": gettext_lazy("Đã trả lại cho người soạn."),
    "approve": gettext_lazy("Đã duyệt; tin đang lên bảng."),
    "withdraw": gettext_lazy("Đã gỡ tin khỏi các bảng."),
    "restore": gettext_lazy("Đã phát lại tin."),
    "publish": gettext_lazy("Đã phát khẩn cấp."),
    "end": gettext_lazy("Đã kết thúc tin khẩn cấp."),
    "countersign": gettext_lazy("Đã xác nhận tin khẩn cấp."),
}


_ASKED_ON: Final = {"approve": "approval", "return": "approval", "publish": "emergency-confirm"}  # pages, by step


def listing(request: HttpRequest) -> HttpResponse:
    """All bulletins of my units, newest first, by state and by words."""
    units = rights.units_where(me(request), "view")
    found = (
        Bulletin.objects.filter(Q(unit__in=units) | Q(targets__in=units)).distinct().select_related("unit", "picture")
    )
    status, words = request.GET.get("status", ""), request.GET.get("q", "").strip()
    if status in Bulletin.Status.values:
        found = found.filter(status=status)
    if words:
        found = found.filter(Q(texts__body__icontains=words) | Q(texts__title__icontains=words))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "status": status,
        "q": words,
        "statuses": Bulletin.Status.choices,
        "may_write": rights.has_anywhere(me(request), "write"),
    }
    return render(request, "web/bulletins.html", context)


def page(request: HttpRequest, uid: str) -> HttpResponse:
    """One bulletin: its words, where it shows, what may be done with it, and who did what."""
    bulletin = visible_bulletin(request, uid)
    returned = bulletin.status == Bulletin.Status.RETURNED
    last = bulletin.steps.last()
    decided = last is not None and last.actor == me(request) and last.verb in DECISIONS
    context = {
        "bulletin": bulletin,
        "steps": workflow.steps_for(bulletin, me(request)),
        "screens": reach.screens_of(bulletin).select_related("unit"),
        "line": delivery_line(bulletin, timezone.now()),
        "when_lines": when_words.lines(bulletin),
        "days": when_words.next_days(bulletin, timezone.now()),
        "returned": bulletin.steps.filter(verb="return").select_related("actor").last() if returned else None,
        "trail": bulletin.steps.select_related("actor"),
        "copies": bulletin.replacements.exclude(status=Bulletin.Status.ON_AIR),
        "may_restore": rights.can(me(request), "restore", bulletin.unit_id),
        "restore_until": _restorable(bulletin),
        "waiting": [other for other in waiting_for(me(request)) if other != bulletin] if decided else [],
        "may_copy": rights.can(me(request), "write", bulletin.unit_id) and not workflow.is_emergency(bulletin),
    }
    return render(request, "web/bulletin.html", context)


def _restorable(bulletin: Bulletin) -> datetime | None:
    """Until when a withdrawal can still be undone; None where there is nothing to undo, or no longer."""
    if bulletin.status != Bulletin.Status.WITHDRAWN or bulletin.closed is None:
        return None
    until = bulletin.closed + workflow.RESTORE_LIMIT
    return until if timezone.now() < until else None


def delivery(request: HttpRequest, uid: str) -> HttpResponse:
    """The delivery line alone, asked for again and again."""
    bulletin = visible_bulletin(request, uid)
    return render(
        request, "web/parts/delivery.html", {"bulletin": bulletin, "line": delivery_line(bulletin, timezone.now())}
    )


def pixels(request: HttpRequest, uid: str) -> HttpResponse:
    """The pixels of a stored bulletin, as far as they are made."""
    bulletin = visible_bulletin(request, uid)
    panel = preview.panel_for(preview.stored(bulletin), media.desk())
    return render(request, "web/parts/pixels.html", {"panel": panel, "bulletin": bulletin})


@require_POST
def step(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """One step of the workflow; the page that comes next says what happened."""
    bulletin = visible_bulletin(request, uid)
    if verb == "discard":
        return _discard(request, bulletin)
    if verb not in DONE:
        raise Http404
    note, shown = request.POST.get("note", "").strip()[:1000], request.POST.get("revision", "")
    seen = int(shown) if shown.isdecimal() else None
    try:
        workflow.take(verb, bulletin, me(request), timezone.now(), note, seen=seen)
    except WorkflowError as error:
        if error.code == "status" and _done_already(bulletin, verb, me(request)):
            return redirect("bulletin", bulletin.uid)
        say_refusal(request, error)
        return redirect(_ASKED_ON.get(verb, "bulletin"), bulletin.uid)
    messages.success(request, str(DONE[verb]), extra_tags="good")
    return redirect("bulletin", bulletin.uid)


def _done_already(bulletin: Bulletin, verb: str, actor: User) -> bool:
    """Whether this is the second tap on a button: what it asks for has been done, by the same person."""
    last = bulletin.steps.last()
    return last is not None and last.verb == verb and last.actor == actor


def _discard(request: HttpRequest, bulletin: Bulletin) -> HttpResponse:
    try:
        workflow.discard(bulletin, me(request))
    except WorkflowError as error:
        say_refusal(request, error)
        return redirect("bulletin", bulletin.uid)
    messages.success(request, _("Đã xoá bản nháp."), extra_tags="good")
    return redirect("bulletins")
