"""How far each revision came on each screen, and the line staff read about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from player.model import Applied
from publisher.broadcast.onair import Revision
from publisher.bulletins.models import Bulletin
from publisher.screens.models import Delivery

_ON_WAY = Q(gone_seq=0)
_NOT_EMERGENCY = ~Q(bulletin__priority=Bulletin.Priority.EMERGENCY)


def note_playlists(composed: Collection[tuple[str, int, Collection[Revision]]]) -> None:
    """Playlists were composed: for each the screen, its seq and exactly which revisions it holds."""
    before: defaultdict[str, dict[Revision, int]] = defaultdict(dict)
    rows = Delivery.objects.filter(_ON_WAY, _NOT_EMERGENCY, screen__in=[screen for screen, _seq, _held in composed])
    for pk, screen, bulletin, revision in rows.values_list("pk", "screen_id", "bulletin_id", "revision"):
        before[screen][Revision(bulletin, revision)] = pk
    begun = []
    for screen, seq, held in composed:
        gone = [pk for key, pk in before[screen].items() if key not in held]
        if gone:
            Delivery.objects.filter(pk__in=gone).update(gone_seq=seq)
        begun += [(screen, seq, key) for key in held if key not in before[screen]]
    begin(begun)


def begin(begun: Iterable[tuple[str, int, Revision]]) -> None:
    """Revisions are on their way to screens since a seq; one that comes back begins anew."""
    rows = [
        Delivery(screen_id=screen, bulletin_id=key.bulletin, revision=key.revision, seq=seq)
        for screen, seq, key in begun
    ]
    steps = ["seq", "gone_seq", "announced", "trusted", "prepared", "committed", "shown", "proved", "gone"]
    Delivery.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["screen", "bulletin", "revision"],
        update_fields=steps,
        batch_size=500,
    )


def note_announced(screen: str, seq: int, now: datetime) -> None:
    """The broker has taken the pointer with this seq."""
    Delivery.objects.filter(_NOT_EMERGENCY, screen=screen, seq__lte=seq, announced=None).update(announced=now)


def note_alert_announced(bulletin_uid: str, now: datetime) -> None:
    """The broker has taken an emergency's envelope for one of its groups."""
    Delivery.objects.filter(bulletin__uid=bulletin_uid, gone_seq=0, announced=None).update(announced=now)


def note_applied(screen: str, applied: Applied) -> None:
    """The screen has accepted a playlist: everything up to its seq is there, everything before is gone."""
    rows = Delivery.objects.filter(_NOT_EMERGENCY, screen=screen)
    _note_steps(rows.filter(seq__lte=applied.seq, committed=None), applied)
    rows.filter(gone_seq__range=(1, applied.seq), gone=None).update(gone=applied.committed)


def note_alert_applied(screen: str, bulletin_uid: str, applied: Applied) -> None:
    """The screen has accepted an alert's envelope (or its end)."""
    rows = Delivery.objects.filter(screen=screen, bulletin__uid=bulletin_uid)
    _note_steps(rows.filter(seq__lte=applied.seq, committed=None), applied)
    rows.filter(gone_seq__range=(1, applied.seq), gone=None).update(gone=applied.committed)


def note_alerts_over(uids: Collection[str], now: datetime) -> None:
    """These bulletins have come to the end of their time: emergencies among them go off by each screen's own clock.

    There is nothing left to announce that a screen could confirm, as it does a playlist without the bulletin.
    """
    there = Delivery.objects.filter(bulletin__uid__in=uids, gone=None).exclude(_NOT_EMERGENCY).exclude(committed=None)
    there.update(gone=now)


def _note_steps(rows: Any, applied: Applied) -> None:
    rows.update(trusted=applied.trusted, prepared=applied.prepared, committed=applied.committed)


def note_plays(screen: str, first: dict[tuple[str, int], datetime], now: datetime) -> None:
    """Proof arrived: for each (bulletin uid, revision) when it was first seen in this batch."""
    for (uid, revision), started in first.items():
        rows = Delivery.objects.filter(screen=screen, bulletin__uid=uid, revision=revision)
        rows.filter(Q(shown=None) | Q(shown__gt=started)).update(shown=started)
        rows.filter(proved=None).update(proved=now)


@dataclass(frozen=True)
class Reach:
    """How far one revision has come: how many screens it is for, have accepted it, show it, and lost it again."""

    screens: int
    accepted: int
    shown: int
    gone: int
    since: datetime | None  # the first pixels anywhere
    until: datetime | None  # when the last screen let go of it


def reach_of(bulletin: Bulletin) -> Reach:
    """Counted from the deliveries of the bulletin's present revision; one query."""
    counts = Delivery.objects.filter(bulletin=bulletin, revision=bulletin.revision).aggregate(
        since=Min("shown"),  # before the counts: an alias hides the column of its name
        until=Max("gone"),
        screens=Count("pk"),
        accepted=Count("committed"),
        shown=Count("shown"),
        gone=Count("gone"),
    )
    return Reach(**counts)


def delivery_line(bulletin: Bulletin, now: datetime) -> str:
    """One sentence for staff, in the active language: "đang hiển thị trên 2/2 bảng, từ 14:02"."""
    reach = reach_of(bulletin)
    if reach.screens == 0:
        return _("chưa gửi tới bảng nào")
    if bulletin.status != Bulletin.Status.ON_AIR:
        return _line_after(reach, now)
    if reach.shown == 0 or reach.since is None:
        return _("%(n)s/%(all)s bảng đã nhận, chưa hiển thị") % {"n": reach.accepted, "all": reach.screens}
    return _("đang hiển thị trên %(n)s/%(all)s bảng, từ %(since)s") % {
        "n": reach.shown - min(reach.gone, reach.shown),
        "all": reach.screens,
        "since": _clock(reach.since, now),
    }


def _line_after(reach: Reach, now: datetime) -> str:
    if reach.gone == 0 or reach.until is None:
        return _("chưa bảng nào báo đã gỡ (0/%(all)s)") % {"all": reach.screens}
    return _("đã gỡ khỏi %(n)s/%(all)s bảng, lúc %(until)s") % {
        "n": reach.gone,
        "all": reach.screens,
        "until": _clock(reach.until, now),
    }


def _clock(instant: datetime, now: datetime) -> str:
    """14:02 if that was today, else 14:02 03/05/2026, in the publisher's zone."""
    local, today = timezone.localtime(instant), timezone.localtime(now).date()
    return local.strftime("%H:%M") if local.date() == today else local.strftime("%H:%M %d/%m/%Y")
