"""Speech for boards whose unit wants it made here: asked for when a playlist lacks it, or before, while it waits for
approval; sent with the playlist after the one that brought the text, which waits for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from publisher.broadcast import outbox
from publisher.broadcast.onair import version_of
from publisher.bulletins import reach
from publisher.bulletins.models import Bulletin, BulletinText
from publisher.speech import shelf
from publisher.speech.said import Said, unrecorded
from publisher.speech.studio import Spoken
from publisher.units.models import Unit
from publisher.units.policy import CENTRAL, policy_of

GATHERED: Final = timedelta(seconds=20)  # many files in one playlist rather than a playlist a file

Lacking = Mapping[Said, frozenset[str]]  # words, and the screens that want a file of them


class Speaker(Protocol):
    """What `publisher.speech.studio.Studio` does for this room."""

    def ask(self, wanted: Iterable[Said]) -> None: ...

    def close(self) -> None: ...


class Central:
    """Used from the broadcast's one loop. `content` is the folder of the content store."""

    def __init__(self, speaker: Speaker, content: Path) -> None:
        self._speaker = speaker
        self._content = content
        self._lacking: dict[Said, frozenset[str]] = {}
        self._screens: set[str] = set()  # that a new file is there for, and have not been told
        self._since: datetime | None = None
        self._looked_at: set[tuple[int, int]] = set()  # submitted bulletins, with their revisions

    def note(self, lacking: Lacking) -> None:
        """Playlists were composed without these: have them made."""
        for said, screens in lacking.items():
            self._lacking[said] = self._lacking.get(said, frozenset()) | screens
        self._speaker.ask(lacking)

    def look_ahead(self) -> None:
        """What waits for its approval is made now, so that it goes out with its text."""
        if not wanted_anywhere():
            return
        waiting = Bulletin.objects.filter(status=Bulletin.Status.SUBMITTED)
        keys = set(waiting.values_list("pk", "revision"))
        new, self._looked_at = keys - self._looked_at, keys
        if new:
            fresh = waiting.filter(pk__in=[pk for pk, _revision in new])
            wanted = said_in(bulletin.pk for bulletin in fresh if _reaches_central(bulletin))
            here = shelf.find(wanted)
            self._speaker.ask(said for said in wanted if said not in here)

    def take(self, spoken: Spoken, now: datetime) -> None:
        """A file is there, or cannot be made. Belongs in a transaction: the screens concerned are to be told."""
        screens = self._lacking.pop(spoken.said, frozenset())
        if spoken.made is not None:
            shelf.keep(spoken.said, spoken.made, now)
            self._screens |= screens
            self._since = self._since or now
        if self._since is not None and (spoken.left == 0 or now - self._since > GATHERED):
            outbox.put_many("desired", sorted(self._screens))
            self._screens.clear()
            self._since = None

    def sweep(self, now: datetime) -> None:
        """Forget what nothing on air or on its way there says any more."""
        old = shelf.outdated(now)
        if old:
            open_ones = Bulletin.objects.filter(status__in=(Bulletin.Status.SUBMITTED, Bulletin.Status.ON_AIR))
            shelf.sweep(self._content, old, said_in(open_ones.values_list("pk", flat=True)))

    def close(self) -> None:
        self._speaker.close()


def wanted_anywhere() -> bool:
    """Whether any unit wants its boards spoken for: where none does, nothing here costs more than this question."""
    return Unit.objects.filter(settings__speech=CENTRAL).exists()


def said_in(bulletins: Iterable[int]) -> set[Said]:
    """All that a machine has to say of the bulletins with these keys."""
    texts = BulletinText.objects.filter(bulletin__in=list(bulletins)).select_related("audio")
    return set(unrecorded(version_of(text) for text in texts))


def _reaches_central(bulletin: Bulletin) -> bool:
    screens = reach.screens_of(bulletin).select_related("unit")
    return any(policy_of(screen.unit).speech == CENTRAL for screen in screens)
