"""What comes due by the clock: windows that end, names that change on a day, old rows and bodies."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from publisher.broadcast import delivery, outbox
from publisher.broadcast.content import ContentStore
from publisher.bulletins.models import Bulletin
from publisher.screens.models import Delivery, Screen
from publisher.units.services import refresh_names, screens_under

EVERY: Final = timedelta(minutes=10)
BODY_KEPT: Final = timedelta(days=2)

log = logging.getLogger(__name__)


class Housekeeping:
    """Runs at the first call, then every ten minutes and at each end of a bulletin's window."""

    def __init__(self, store: ContentStore, expire: Callable[[datetime], list[str]]) -> None:
        self._store = store
        self._expire = expire
        self._next: datetime | None = None
        self._day: date | None = None

    def due(self, now: datetime) -> bool:
        return self._next is None or now >= self._next

    def run(self, now: datetime) -> None:
        """Do what is due. The outbox then holds what screens must be told."""
        today = timezone.localtime(now).date()
        with transaction.atomic():  # a change and the tasks that tell of it
            self._close_ended(now)
            if today != self._day:
                _rename(today)
        self._day = today
        outbox.prune(now)
        kept = set(Screen.objects.exclude(playlist_sha256="").values_list("playlist_sha256", flat=True))
        self._store.prune_bodies(kept, (now - BODY_KEPT).timestamp())
        self._next = min(now + EVERY, self._next_end(now) or now + EVERY)

    def _close_ended(self, now: datetime) -> None:
        ended = self._expire(now)
        if ended:
            log.info("%d bulletins have come to the end of their time", len(ended))
            outbox.put_many("desired", _screens_of(ended))
            delivery.note_alerts_over(ended, now)

    def _next_end(self, now: datetime) -> datetime | None:
        on_air = Bulletin.objects.filter(status=Bulletin.Status.ON_AIR, ends__gt=now)
        return on_air.order_by("ends").values_list("ends", flat=True).first()


def _rename(today: date) -> None:
    """Give units the names of this day, and tell the screens and the broker's accounts where any changed."""
    changed = refresh_names(today)
    if changed:
        log.info("%d units bear another name or stand under another since today", len(changed))
        outbox.put_many("access", ["names"])
        outbox.put_many("desired", sorted(screens_under(changed)))


def _screens_of(uids: list[str]) -> list[str]:
    """The screens these were on. They took them off by their own clock; their playlists are to say so too."""
    on_air = Delivery.objects.filter(bulletin__uid__in=uids, gone_seq=0)
    return sorted(set(on_air.values_list("screen_id", flat=True)))
