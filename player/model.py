"""The vocabulary of the house: frozen values that flow between rooms and over the wire.

Instants are aware UTC datetimes, durations carry their unit in the name, and hours of the
day are minutes since local midnight. Unknown fields are refused at decoding (see `wire`).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, UnsetType

from player.value import Value as Value
from player.when import DateRule as DateRule
from player.when import DateRules as DateRules
from player.when import DayPart as DayPart
from player.when import Holiday as Holiday
from player.when import LunarDate as LunarDate
from player.when import Recurrence as Recurrence
from player.when import Window as Window

SCHEMA: Final = 1
MEDIA_LIMIT_MB: Final = 512  # MB of 1024 · 1024 bytes: a playlist with a larger file is refused

Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Lang = Annotated[str, Meta(pattern=r"\A[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")]
ScreenId = Annotated[str, Meta(pattern=r"\As-[a-z0-9]{6,24}\Z")]
GroupCode = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,31}\Z")]
ObjectId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")]
Percent = Annotated[int, Meta(ge=0, le=100)]
Seq = Annotated[int, Meta(ge=1, le=2**53)]


class Priority(StrEnum):
    """The three classes of TT 39/2020/TT-BTTTT."""

    ROUTINE = "routine"
    PRIORITY = "priority"
    EMERGENCY = "emergency"


class Media(Value, frozen=True):
    """A content-addressed file: fetched from the folder the playlist body came from, named by its hash."""

    sha256: Sha256
    size: Annotated[int, Meta(ge=1, le=MEDIA_LIMIT_MB * 1024 * 1024)]
    mime: Annotated[str, Meta(max_length=100)]


class Version(Value, frozen=True):
    """One language version of a bulletin. `spoken` is the approved spoken form; empty means not read aloud."""

    lang: Lang
    title: Annotated[str, Meta(max_length=300)] = ""
    body: Annotated[str, Meta(max_length=60_000)] = ""
    spoken: Annotated[str, Meta(max_length=120_000)] = ""
    audio: Media | None = None


class SpeechPlan(Value, frozen=True):
    """How often a bulletin is read: `times` in each span of speaking hours, and once at its debut if asked."""

    times: Annotated[int, Meta(ge=0, le=20)] = 2
    at_debut: bool = False


class Item(Value, frozen=True):
    """One bulletin as one screen shows it. `dwell_s` is the whole slot: all of its pages on this panel."""

    id: ObjectId
    revision: Annotated[int, Meta(ge=1)]
    priority: Priority
    versions: Annotated[tuple[Version, ...], Meta(min_length=1, max_length=8)]
    dwell_s: Annotated[float, Meta(gt=0, le=3600)]
    picture: Media | None = None
    rank: int = 0  # the unit's own order among clashing priority items, lowest first
    windows: tuple[Window, ...] = ()  # none: on air as long as it is in the playlist
    dayparts: tuple[DayPart, ...] = ()  # none: at all hours
    dates: DateRules = ()  # on air on any of these only, as RDATE; none: every day
    exdates: DateRules = ()  # and never on any of these, as EXDATE
    times_a_day: Annotated[int, Meta(ge=0, le=288)] = 0  # whole showings promised in each broadcast day
    always: bool = False  # shown only when nothing else is on air
    debut: datetime | None = None  # shown at once from here, for one dwell, before the loop goes on
    speech: SpeechPlan | None = None
    level: Annotated[int, Meta(ge=0, le=5)] = 0  # disaster risk level, QĐ 18/2021/QĐ-TTg; 0 = none
    film: Media | None = None  # video/*: seen in place of the picture; audio/*: heard with what the item shows


Rgb = Annotated[str, Meta(pattern=r"\A#[0-9a-f]{6}\Z")]


class Colours(Value, frozen=True):
    """The colours of one kind of page as "#rrggbb"; empty: the house's own."""

    ground: Rgb | None = None
    text: Rgb | None = None
    title: Rgb | None = None
    header: Rgb | None = None
    header_text: Rgb | None = None
    accent: Rgb | None = None
    dim: Rgb | None = None


class UnitTheme(Value, frozen=True):
    """A unit's colours; those of the disaster levels are the nation's and not to be chosen."""

    routine: Colours = Colours()
    priority: Colours = Colours()
    led: Colours = Colours()  # routine and priority on a panel of lamps
    emergency: Colours = Colours()  # an emergency without a disaster level


class Unit(Value, frozen=True):
    """The face of the administrative unit that owns the screen. `crest` is a PNG."""

    code: GroupCode
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    zone: Annotated[str, Meta(max_length=64)] = "Asia/Ho_Chi_Minh"
    crest: Media | None = None
    theme: UnitTheme | None = None


class Dimmed(Value, frozen=True):
    """A part of the day at another brightness; where parts overlap, the darkest rules."""

    part: DayPart
    brightness_pct: Percent


class Desired(Value, frozen=True):
    """The state the screen converges to."""

    power: bool = True
    brightness_pct: Percent = 100
    volume_pct: Percent = 80
    opening: tuple[DayPart, ...] = ()  # none: open day and night
    quiet: tuple[DayPart, ...] = (DayPart(start_min=21 * 60, end_min=5 * 60),)
    speaking: tuple[DayPart, ...] = (
        DayPart(start_min=5 * 60, end_min=6 * 60),
        DayPart(start_min=17 * 60, end_min=18 * 60),
    )
    dimmed: tuple[Dimmed, ...] = ()  # none: `brightness_pct` at all hours


class Playlist(Value, frozen=True):
    """All a screen shows until the next one: accepted whole or not at all."""

    schema: int
    screen: ScreenId
    seq: Seq
    issued: datetime
    expires: datetime
    unit: Unit
    items: Annotated[tuple[Item, ...], Meta(max_length=5000)] = ()
    groups: tuple[GroupCode, ...] = ()
    desired: Desired = Desired()
    ticker: tuple[Annotated[str, Meta(max_length=2000)], ...] = ()


class Pointer(Value, frozen=True):
    """What is announced over MQTT for a playlist: where its body lies and what its bytes must be."""

    schema: int
    screen: ScreenId
    seq: Seq
    sha256: Sha256
    size: Annotated[int, Meta(ge=1, le=16 * 1024 * 1024)]
    url: Annotated[str, Meta(max_length=400)]
    issued: datetime
    expires: datetime


class Alert(Value, frozen=True):
    """An emergency text, complete in itself. `ended` takes it off; the same id with a higher seq replaces it."""

    schema: int
    id: ObjectId
    group: GroupCode
    seq: Seq
    revision: Annotated[int, Meta(ge=1)]
    issued: datetime
    expires: datetime
    versions: Annotated[tuple[Version, ...], Meta(max_length=8)] = ()
    level: Annotated[int, Meta(ge=0, le=5)] = 0
    dwell_s: Annotated[float, Meta(gt=0, le=3600)] = 20.0
    repeat_s: Annotated[int, Meta(ge=60, le=86_400)] = 600
    ended: bool = False


class Verb(StrEnum):
    """The few commands there are. None takes an argument."""

    IDENTIFY = "identify"
    SCREENSHOT = "screenshot"
    TEST_PATTERN = "test-pattern"
    RESTART = "restart"
    STOP = "stop"
    RELEASE = "release"


class Command(Value, frozen=True):
    schema: int
    id: ObjectId
    screen: ScreenId
    seq: Seq
    verb: Verb
    issued: datetime
    expires: datetime


class ClockQuality(StrEnum):
    TRUSTED = "trusted"
    FLOOR = "floor"
    UNKNOWN = "unknown"


class Clock(Value, frozen=True):
    """How far the wall clock may be believed; `floor` is the earliest instant it can be."""

    quality: ClockQuality
    floor: datetime | None = None


# --- what goes up -------------------------------------------------------------------------------------------------


class State(Value, frozen=True):
    """Retained on up/state; the last will is the same value with `online` false."""

    screen: ScreenId
    online: bool
    boot: str = ""
    seq: int = 0
    version: str = ""
    at: datetime | None = None


class Play(Value, frozen=True):
    """One showing of one item, from plays.db; `ended` is unset while it shows or when power was cut."""

    id: int
    item: str
    revision: int
    started: datetime
    ended: datetime | None = None
    outcome: str = ""  # "", "shown", "cut" (something more urgent came), "lost" (the player was killed)
    kind: str = "item"  # "item", "alert", "speech"


class Event(Value, frozen=True):
    """A small fact on up/event: exactly one of its parts is set. `id` makes a re-delivery recognisable."""

    id: ObjectId
    at: datetime
    plays: Plays | UnsetType = UNSET
    applied: Applied | UnsetType = UNSET
    refused: Refused | UnsetType = UNSET


class Plays(Value, frozen=True):
    """A batch of plays of one plays.db, named by its uuid; (uuid, play id) counts once."""

    uuid: str
    rows: tuple[Play, ...]


class Applied(Value, frozen=True):
    """When a signed object went through each step on the screen."""

    kind: str
    target: str
    seq: int
    received: datetime
    trusted: datetime
    prepared: datetime
    committed: datetime


class Refused(Value, frozen=True):
    """An object the screen would not obey, and the one reason."""

    kind: str
    reason: str
    detail: str = ""


class Reply(Value, frozen=True):
    """The answer to a command."""

    id: ObjectId
    verb: Verb
    ok: bool
    detail: str = ""


class Health(Value, frozen=True):
    """A screen's report on itself; the open dictionaries hold one flat level of figures and three-valued words."""

    screen: ScreenId
    at: datetime
    version: str
    boot: str
    uptime_s: float
    seq: int
    clock: Clock
    agent: dict[str, Any] = {}
    player: dict[str, Any] = {}
    board: dict[str, Any] = {}
    voice: dict[str, Any] = {}
    alarms: tuple[str, ...] = ()


def alert_item(alert: Alert) -> Item:
    """The alert as the item the scene and the timeline know."""
    return Item(
        id=alert.id,
        revision=alert.revision,
        priority=Priority.EMERGENCY,
        versions=alert.versions,
        dwell_s=alert.dwell_s,
        level=alert.level,
        windows=(Window(start=alert.issued, end=alert.expires),),
        speech=SpeechPlan(times=0, at_debut=True),
    )


def placed(media: Media | None) -> tuple[Media | None, Media | None]:
    """Where a file goes in an item, as (picture, film): what moves with sound or is only heard is a film."""
    if media is not None and media.mime.startswith(("video/", "audio/")):
        return None, media
    return media, None


def wordless(item: Item) -> bool:
    """Whether nothing would be left of the item without its picture or film."""
    return not any(version.title.strip() or version.body.strip() for version in item.versions)


def seen(item: Item) -> Media | None:
    """The file the item shows beside its text: a film that has pictures goes before a still one."""
    if item.film is not None and item.film.mime.startswith("video/"):
        return item.film
    return item.picture
