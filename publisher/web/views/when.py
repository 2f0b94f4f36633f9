"""When things show: the next days of a bulletin being written, and what a board will show hour by hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from player import wire
from player.listing import Row, rows
from player.model import Playlist
from publisher.broadcast.content import ContentStore
from publisher.bulletins import content
from publisher.screens.models import Screen
from publisher.web import when
from publisher.web.forms import ComposeForm
from publisher.web.forms_when import WhenFields
from publisher.web.views.common import me, visible_bulletin, visible_screen

ROWS: Final = 300  # on one page
SPAN: Final = timedelta(hours=1)


@require_POST
def next_days(request: HttpRequest) -> HttpResponse:
    """The line under the choice of days, for what is typed now; `of` names the bulletin that is being changed."""
    uid = request.GET.get("of", "")
    stored = content.read(visible_bulletin(request, uid)) if uid else None
    form = ComposeForm(me(request), request.POST, stored=stored)
    told: list[str] = []
    days: list[str] = []
    if form.is_valid():
        typed = form.content()
        told = [str(problem) for problem in content.problems(typed) if problem.code.startswith(("recurrence", "dates"))]
        days = [] if told else when.next_days(typed, timezone.get_current_timezone(), timezone.now())
    wrong = bool(set(form.errors) & {*WhenFields.base_fields, "starts", "ends", "part_to"})
    return render(request, "web/parts/next_days.html", {"days": days, "told": told, "wrong": wrong})


def schedule(request: HttpRequest, screen_id: str) -> HttpResponse:
    """Lịch phát of a screen: the slots of its newest playlist, by the very code the board runs."""
    screen = visible_screen(request, screen_id)
    begin, wrong = _begin(request)
    playlist = stored_playlist(screen, Path(settings.HOME.content))
    found = list(islice(rows(playlist, begin, begin + SPAN), ROWS)) if playlist is not None else []
    context = {
        "screen": screen, "rows": found, "begin": begin, "none": playlist is None, "wrong": wrong,
        "until": _end(found, begin), "earlier": begin - SPAN,
    }  # fmt: skip
    return render(request, "web/schedule.html", context, status=422 if wrong else 200)


def stored_playlist(screen: Screen, folder: Path) -> Playlist | None:
    """The playlist announced last to `screen`; None before the first, or if its body is lost."""
    store = ContentStore(folder)
    path = store.find(screen.playlist_sha256) if store.has_body(screen.playlist_sha256) else None
    return wire.decode(path.read_bytes(), Playlist) if path is not None else None


def _begin(request: HttpRequest) -> tuple[datetime, str]:
    text = request.GET.get("tu", "")
    now = timezone.localtime().replace(microsecond=0)
    if not text:
        return now, ""
    try:
        moment = parse_datetime(text)
        if moment is None or not 2000 <= moment.year < 2100:
            raise ValueError(text)
    except ValueError:
        return now, _("Không hiểu thời điểm “%s”; hãy ghi như 2026-12-24T07:30.") % text[:40]
    return (timezone.make_aware(moment) if timezone.is_naive(moment) else timezone.localtime(moment)), ""


def _end(found: list[Row], begin: datetime) -> datetime:
    return found[-1].start + timedelta(seconds=found[-1].length_s) if len(found) == ROWS else begin + SPAN
