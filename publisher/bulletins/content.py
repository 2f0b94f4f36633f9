"""What a writer hands in, as one frozen value, and how it becomes rows: the only place where texts are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from publisher.bulletins import check, dates, originals, reading
from publisher.bulletins.models import Bulletin, BulletinText
from publisher.bulletins.originals import Originals
from publisher.bulletins.reading import Style
from publisher.media.models import Asset
from publisher.screens.models import Screen
from publisher.units.models import Unit

VERSIONS_LIMIT: Final = 8


@dataclass(frozen=True)
class TextIn:
    """One language version as typed. `spoken` is None where the reader's own reading is wanted.

    `originals` are known beforehand: what these very words were before they were repaired, or in the bulletin they
    are copied from.
    """

    lang: str
    body: str
    title: str = ""
    spoken: str | None = None
    audio: str | None = None  # sha256 of a recording
    originals: Originals = field(default_factory=dict)

    @property
    def typed(self) -> dict[str, str]:
        """The texts that a person wrote, by name."""
        return {"title": self.title, "body": self.body} | ({} if self.spoken is None else {"spoken": self.spoken})


@dataclass(frozen=True)
class Content:
    """All a writer decides about a bulletin. Empty targets and screens mean the unit itself."""

    texts: tuple[TextIn, ...]
    priority: str = Bulletin.Priority.ROUTINE
    picture: str | None = None  # sha256
    level: int = 0
    rank: int = 0
    always: bool = False
    starts: datetime | None = None
    ends: datetime | None = None
    dayparts: tuple[dict[str, Any], ...] = field(default=())
    dates: tuple[dict[str, Any], ...] = ()
    exdates: tuple[dict[str, Any], ...] = ()
    times_a_day: int = 0
    speech_times: int = 2
    speak_at_debut: bool = False
    repeat_s: int = 600
    targets: tuple[str, ...] = ()
    screens: tuple[str, ...] = ()


_PLAIN: Final = (
    "priority", "level", "rank", "always", "starts", "ends", "speech_times", "speak_at_debut", "repeat_s",
    "times_a_day",
)  # fmt: skip
_LISTS: Final = ("dayparts", "dates", "exdates")


def problems(content: Content) -> list[check.Problem]:
    """Everything that keeps this content from being stored, in the order of the form."""
    found = check.language_refusals([text.lang for text in content.texts])
    for text in content.texts:
        found += check.refusals(text.title, text.body, text.lang)
        found += check.spoken_refusals(text.spoken or "")
        if (text.spoken or "").strip() and text.audio is None:
            found += check.voice_refusals(text.lang, reading.spoken_languages(settings.HOME.root / "voices"))
    empty = not any(text.body.strip() or text.audio for text in content.texts)
    if empty and content.picture is None:
        found.append(check.EMPTY)
    if content.starts and content.ends and content.ends <= content.starts:
        found.append(check.WINDOW)
    found += dates.problems(content.dates)
    found += dates.problems(content.exdates)
    return list(dict.fromkeys(found))


def write(bulletin: Bulletin, content: Content) -> list[check.Problem]:
    """Put `content` into the rows of `bulletin`; call it inside a transaction, after `problems` found none.

    What only shows while writing is returned: a file that is gone, a reading too long. The caller rolls back.
    """
    gone = _missing_files(content)
    if gone:
        return gone
    for name in _PLAIN:
        setattr(bulletin, name, getattr(content, name))
    for name in _LISTS:
        setattr(bulletin, name, [dict(part) for part in getattr(content, name)])
    bulletin.picture_id = content.picture
    bulletin.save()
    bulletin.targets.set(Unit.objects.filter(code__in=content.targets))
    bulletin.screens.set(Screen.objects.filter(id__in=content.screens))
    _write_texts(bulletin, content.texts)
    too_long = any(len(spoken) > check.SPOKEN_LIMIT for spoken in bulletin.texts.values_list("spoken", flat=True))
    return [check.SPOKEN_LONG] if too_long else []


def read(bulletin: Bulletin) -> Content:
    """The content of a stored bulletin, for a form or for a copy."""
    fields: dict[str, Any] = {name: tuple(getattr(bulletin, name)) for name in _LISTS}
    fields |= {name: getattr(bulletin, name) for name in _PLAIN}
    return Content(
        texts=tuple(
            TextIn(
                text.lang, text.body, text.title, text.spoken if text.spoken_edited else None, text.audio_id,
                text.originals,
            )
            for text in bulletin.texts.all()
        ),
        picture=bulletin.picture_id,
        targets=tuple(bulletin.targets.values_list("code", flat=True)),
        screens=tuple(bulletin.screens.values_list("id", flat=True)),
        **fields,
    )  # fmt: skip


def _missing_files(content: Content) -> list[check.Problem]:
    found = []
    pictures, recordings = (Asset.objects.filter(kind=kind) for kind in (Asset.Kind.PICTURE, Asset.Kind.AUDIO))
    if content.picture and not pictures.filter(pk=content.picture).exists():
        found.append(check.PICTURE_GONE)
    named = {text.audio for text in content.texts if text.audio}
    if recordings.filter(pk__in=named).count() < len(named):
        found.append(check.RECORDING_GONE)
    return found


def _write_texts(bulletin: Bulletin, texts: Iterable[TextIn]) -> None:
    kept = [text for text in texts if text.body.strip() or text.title.strip() or text.audio]
    bulletin.texts.exclude(lang__in=[text.lang for text in kept]).delete()
    stored = {row.lang: row for row in bulletin.texts.all()}
    for text in kept[:VERSIONS_LIMIT]:
        row = stored.get(text.lang) or BulletinText(bulletin=bulletin, lang=text.lang)
        _write_text(row, text, reading.style_of(bulletin.unit))


def _write_text(row: BulletinText, text: TextIn, style: Style) -> None:
    """`text` into the row that holds this language's words of before, or none."""
    before = {name: str(getattr(row, name)) for name in text.typed}
    row.originals = {**originals.kept(text.typed, before, row.originals), **text.originals}
    row.title, row.body = check.cleaned(text.title), check.cleaned(text.body)
    row.spoken_edited = text.spoken is not None
    row.spoken = (
        check.cleaned(text.spoken)
        if text.spoken is not None
        else reading.spoken(row.title, row.body, text.lang, style).words
    )
    row.audio_id = text.audio
    row.save()
