"""Bulletins on air and the screen's circumstances in, the playlist out: a function of plain values.

A screen's playlist carries everything but emergencies, which travel on their own (see alerts).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from player import wire
from player.model import (
    SCHEMA,
    DateRule,
    DayPart,
    Desired,
    Item,
    Media,
    Playlist,
    Pointer,
    Priority,
    SpeechPlan,
    Unit,
    Version,
    Window,
    placed,
)

PLAYLIST_LIFE: Final = timedelta(days=7)  # judged once, when a screen accepts it
RENEW_AFTER: Final = timedelta(days=3)
MAX_ITEMS: Final = 5000
HEAD_B: Final = 64 * 1024  # of a body, for all that is no item
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Face:
    """A screen as composing sees it: who it is, where it stands and what it is to converge to."""

    screen: str
    unit: Unit
    groups: tuple[str, ...]
    desired: Desired
    ticker: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnAir:
    """One bulletin on air, measured for one panel shape (`dwell_s`: all of its pages there)."""

    uid: str
    revision: int
    priority: Priority
    versions: tuple[Version, ...]
    dwell_s: float
    approved: datetime | None
    picture: Media | None = None
    file_s: float = 0.0  # what its film, sound or document takes, whatever the panel
    rank: int = 0
    starts: datetime | None = None
    ends: datetime | None = None
    dayparts: tuple[DayPart, ...] = ()
    dates: tuple[DateRule, ...] = ()
    exdates: tuple[DateRule, ...] = ()
    times_a_day: int = 0
    always: bool = False
    speech_times: int = 0
    speak_at_debut: bool = False
    level: int = 0


def compose(face: Face, on_air: Iterable[OnAir]) -> Playlist:
    """The playlist of a screen, not yet dated; its items by a fixed order: priority by rank, routine by age, always."""
    items = _fitting(_item(bulletin) for bulletin in sorted(on_air, key=_order)[:MAX_ITEMS])
    return Playlist(
        schema=SCHEMA,
        screen=face.screen,
        seq=1,
        issued=_EPOCH,
        expires=_EPOCH + PLAYLIST_LIFE,
        unit=face.unit,
        items=items,
        groups=face.groups,
        desired=face.desired,
        ticker=face.ticker,
    )


def dated(playlist: Playlist, seq: int, now: datetime) -> Playlist:
    """The same playlist with another seq, issued at `now`."""
    issued = wire.utc(now)
    return replace(playlist, seq=seq, issued=issued, expires=issued + PLAYLIST_LIFE)


def fingerprint(playlist: Playlist) -> str:
    """SHA-256 of a playlist not yet dated, so of all it says: equal means there is nothing new to announce."""
    return hashlib.sha256(wire.encode(playlist)).hexdigest()


def pointer_to(playlist: Playlist, body: bytes) -> Pointer:
    """What is announced for the encoded playlist `body`; its address is relative to the publisher's."""
    sha256 = hashlib.sha256(body).hexdigest()
    return Pointer(
        schema=SCHEMA,
        screen=playlist.screen,
        seq=playlist.seq,
        sha256=sha256,
        size=len(body),
        url=wire.content_url(sha256),
        issued=playlist.issued,
        expires=playlist.expires,
    )


def _fitting(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items from the first on that one body holds: a screen refuses a larger one whole."""
    sizes = ((item, len(wire.encode(item)) + 1) for item in items)
    room_b = wire.BODY_LIMIT_B - HEAD_B
    return tuple(item for item, size_b in sizes if (room_b := room_b - size_b) >= 0)


def _order(bulletin: OnAir) -> tuple[int, int, datetime, str]:
    place = 2 if bulletin.always else 0 if bulletin.priority is Priority.PRIORITY else 1
    return place, bulletin.rank, bulletin.approved or _EPOCH, bulletin.uid


def _item(bulletin: OnAir) -> Item:
    picture, film = placed(bulletin.picture)
    return Item(
        id=bulletin.uid,
        revision=bulletin.revision,
        priority=bulletin.priority,
        versions=bulletin.versions,
        dwell_s=bulletin.dwell_s,
        picture=picture,
        film=film,
        rank=bulletin.rank,
        windows=_windows(bulletin),
        dayparts=bulletin.dayparts,
        dates=bulletin.dates,
        exdates=bulletin.exdates,
        times_a_day=bulletin.times_a_day,
        always=bulletin.always,
        debut=_debut(bulletin),
        speech=_speech(bulletin),
        level=bulletin.level,
    )


def _windows(bulletin: OnAir) -> tuple[Window, ...]:
    if bulletin.starts is None and bulletin.ends is None:
        return ()
    return (Window(start=_utc(bulletin.starts), end=_utc(bulletin.ends)),)


def _debut(bulletin: OnAir) -> datetime | None:
    """When it is first shown: at once when approved, or when its time begins. A background bulletin has no debut."""
    if bulletin.always or bulletin.approved is None:
        return None
    return _utc(max(bulletin.approved, bulletin.starts or bulletin.approved))


def _speech(bulletin: OnAir) -> SpeechPlan | None:
    spoken = any(version.spoken or version.audio for version in bulletin.versions)
    if not spoken or not (bulletin.speech_times or bulletin.speak_at_debut):
        return None
    return SpeechPlan(times=bulletin.speech_times, at_debut=bulletin.speak_at_debut)


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else wire.utc(instant)
