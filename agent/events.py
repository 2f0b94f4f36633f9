"""What the agent's threads tell its main loop: frozen values on one queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from player.model import Media, Playlist, Pointer


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker took us in and hears what we subscribe to."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The broker is gone or would not have us. `problem` is empty for a plain loss."""

    problem: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came in. The broker forgets it when it is acknowledged, so that happens after the commit."""

    topic: str
    payload: bytes
    received: datetime
    connection: int
    mid: int
    qos: int


@dataclass(frozen=True, slots=True)
class Sent:
    """The broker answered the message that was published as `mid`; `taken` if it is in somebody's hands."""

    mid: int
    taken: bool = True


@dataclass(frozen=True, slots=True)
class Announced:
    """A believed pointer on its way to becoming the playlist. `envelope` is what proves it."""

    pointer: Pointer
    envelope: bytes
    received: datetime
    trusted: datetime


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything the announced playlist needs is on this disk."""

    announced: Announced
    playlist: Playlist
    body: bytes
    media: tuple[Media, ...]
    prepared: datetime


@dataclass(frozen=True, slots=True)
class NotReady:
    """The announced playlist could not be made ready. `final`: trying again cannot help."""

    announced: Announced
    reason: str
    detail: str
    final: bool


@dataclass(frozen=True, slots=True)
class ClipMade:
    """The sound of one version of a bulletin is in the clip folder as `file`."""

    item: str
    revision: int
    lang: str
    file: str
    duration_s: float
    engine: str


@dataclass(frozen=True, slots=True)
class Supplied:
    """The sound file that is to be heard with a version is in the media folder, or why it is not."""

    media: Media
    problem: str = ""


@dataclass(frozen=True, slots=True)
class VoiceTrouble:
    """A version could not be spoken; an empty `problem` says that the voice works again."""

    problem: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The player answered a request: `path` is the answer's file."""

    path: Path


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file or folder with this path appeared in an import folder and is complete."""

    path: Path


@dataclass(frozen=True, slots=True)
class PlaysChanged:
    """The player wrote to plays.db."""


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The configuration file changed. `problem` is empty when the new one is valid."""

    problem: str


@dataclass(frozen=True, slots=True)
class Call:
    """Something to be done on the main loop, where alone the stores may be touched."""

    action: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Stop:
    """Time to go; `status` is the process's exit status."""

    status: int = 0


@dataclass(frozen=True, slots=True)
class ThreadEnded:
    """A thread that should run as long as the process has ended: the process follows it."""

    name: str
    error: BaseException | None
