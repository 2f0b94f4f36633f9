"""What was really shown: proofs of play, as a list and as a CSV file for the report."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from publisher.accounts import rights
from publisher.bulletins.models import Bulletin
from publisher.screens.models import PlayRecord
from publisher.web import plain
from publisher.web.templatetags.bangtin import headline
from publisher.web.views.common import me

PAGE: Final = 50
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)  # days whose beginning and end there are in every zone


def page(request: HttpRequest) -> HttpResponse:
    """Plays of the chosen days, newest first."""
    start, end = _days(request)
    shown = Paginator(_plays(request, start, end), PAGE).get_page(request.GET.get("page"))
    titles = _titles(play.bulletin_uid for play in shown)
    last = _last(shown)
    context = {
        "page": shown,
        "rows": [(play, titles.get(play.bulletin_uid, ""), _outcome(play, last)) for play in shown],
        "start": start.isoformat(),
        "end": end.isoformat(),
    }
    return render(request, "web/history.html", context)


def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same days as CSV, UTF-8 with a mark that spreadsheets need."""
    start, end = _days(request)
    plays = _plays(request, start, end)
    titles = _titles(plays.values_list("bulletin_uid", flat=True).distinct())
    writer = csv.writer(_Echo())
    head = [_("Bảng"), _("Đơn vị"), _("Mã tin"), _("Tin"), _("Lần sửa"), _("Loại"), _("Từ"), _("Đến"), _("Kết quả")]

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(head)
        for play in plays.iterator(500):
            yield writer.writerow(_row(play, titles.get(play.bulletin_uid, "")))

    name = f"nhat-ky-{start:%Y%m%d}-{end:%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8", headers=headers)


class _Echo:
    """A file for the csv module that gives each line back."""

    def write(self, line: str) -> str:
        return line


def _row(play: PlayRecord, title: str) -> list[str]:
    cells = [
        play.screen.name, play.screen.unit.name, play.bulletin_uid, title, str(play.revision), play.kind,
        _local(play.started), _local(play.ended), play.outcome,
    ]  # fmt: skip
    return [safe_cell(cell) for cell in cells]


def safe_cell(cell: str) -> str:
    """A cell a spreadsheet will not take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _local(instant: datetime | None) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%d %H:%M:%S") if instant else ""


def _days(request: HttpRequest) -> tuple[date, date]:
    today = timezone.localdate()
    start = _day(request.GET.get("start"), today - timedelta(days=6))
    end = _day(request.GET.get("end"), today)
    return (start, end) if start <= end else (end, start)


def _day(typed: str | None, otherwise: date) -> date:
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return otherwise
    return day if _FIRST <= day <= _LAST else otherwise


def _plays(request: HttpRequest, start: date, end: date) -> QuerySet[PlayRecord]:
    units = rights.units_where(me(request), "view")
    zone = timezone.get_current_timezone()
    begin = datetime.combine(start, time.min, zone)
    until = datetime.combine(end + timedelta(days=1), time.min, zone)
    found = PlayRecord.objects.filter(screen__unit_id__in=units, started__gte=begin, started__lt=until)
    return found.select_related("screen__unit").order_by("-started", "-pk")


def _outcome(play: PlayRecord, last: Mapping[tuple[str, bool], datetime]) -> str:
    return plain.outcome(play, followed=play.started < last.get(_place(play), play.started))


def _last(shown: Iterable[PlayRecord]) -> dict[tuple[str, bool], datetime]:
    """When the last showing began in each place where one of these has no end yet.

    A board tells the beginning and the end of a showing apart, and the next one's beginning may be here first.
    """
    open_ended = [play for play in shown if play.ended is None and not play.outcome]
    if not open_ended:
        return {}
    since = min(play.started for play in open_ended)
    later = PlayRecord.objects.filter(screen__in={play.screen_id for play in open_ended}, started__gte=since)
    last: dict[tuple[str, bool], datetime] = {}
    for screen, kind, started in later.values_list("screen", "kind").annotate(Max("started")):
        place = (screen, kind == "speech")
        last[place] = max(started, last.get(place, started))
    return last


def _place(play: PlayRecord) -> tuple[str, bool]:
    """A picture is followed by a picture, and a reading by a reading."""
    return play.screen_id, play.kind == "speech"


def _titles(uids: Iterable[str]) -> dict[str, str]:
    found = Bulletin.objects.filter(uid__in=set(uids)).prefetch_related("texts")
    return {bulletin.uid: headline(bulletin) for bulletin in found}
