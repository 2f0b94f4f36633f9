"""The files of words spoken here, as the database knows them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from player.model import Media
from publisher.media.models import Asset
from publisher.speech.models import SpokenClip
from publisher.speech.said import Said
from publisher.speech.studio import Made
from tts.engines.containers import OGG

KEPT: Final = timedelta(days=2)  # after nobody needs it: a bulletin may be taken off and put back


def find(wanted: Collection[Said]) -> dict[Said, Media]:
    """The files there are of these words."""
    by_digest = {said.digest: said for said in wanted}
    rows = SpokenClip.objects.filter(pk__in=by_digest) if by_digest else ()
    return {by_digest[row.digest]: Media(sha256=row.sha256, size=row.size, mime=OGG.mime) for row in rows}


def keep(said: Said, made: Made, now: datetime) -> None:
    """Note a file that lies in the content store."""
    values = {**made._asdict(), "made": now}
    SpokenClip.objects.update_or_create(digest=said.digest, defaults=values)


def outdated(now: datetime) -> list[SpokenClip]:
    """What was spoken so long ago that it may go if nobody needs it."""
    return list(SpokenClip.objects.filter(made__lt=now - KEPT))


def sweep(content: Path, old: Collection[SpokenClip], needed: Collection[Said]) -> int:
    """Delete those of `old` that hold none of the `needed` words; how many."""
    digests = {said.digest for said in needed}
    gone = [clip for clip in old if clip.digest not in digests]
    for clip in gone:
        clip.delete()
        shared = SpokenClip.objects.filter(sha256=clip.sha256).exists() or Asset.objects.filter(pk=clip.sha256).exists()
        if not shared:
            (content / clip.sha256).unlink(missing_ok=True)
    return len(gone)
