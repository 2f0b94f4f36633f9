"""The approver's page: all that is approved, pixels, words and hours, and two buttons."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from publisher.bulletins import measure, reach, reading, workflow
from publisher.bulletins.models import Bulletin
from publisher.media import apps as media
from publisher.web import preview, when_words
from publisher.web.views.common import me, visible_bulletin


def page(request: HttpRequest, uid: str) -> HttpResponse:
    """What is to be approved, as screens will show and say it."""
    bulletin = visible_bulletin(request, uid)
    if bulletin.status != Bulletin.Status.SUBMITTED:
        return redirect("bulletin", bulletin.uid)
    refusal = workflow.refusal(bulletin, "approve", me(request))
    texts = list(bulletin.texts.all())
    context = {
        "bulletin": bulletin,
        "texts": texts,
        "refusal": refusal,
        "panel": preview.panel_for(preview.stored(bulletin), media.desk()),
        "when_lines": when_words.lines(bulletin),
        "days": when_words.next_days(bulletin, timezone.now()),
        "screens": reach.screens_of(bulletin).select_related("unit"),
        "speech_s": sum(reading.duration_s(text.spoken) for text in texts),
        "placements": bulletin.placements.filter(revision=bulletin.revision).order_by("-width_px"),
        "long_s": measure.LONG_S,
    }
    return render(request, "web/approval.html", context)
