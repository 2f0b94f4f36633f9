"""What the agent has committed, read without ever being in its way.

The file is opened read-only, every cursor is drained at once (an open one would hold the version
still), and a change is noticed by `PRAGMA data_version`. Whatever happens to the file or the
writer, the last good snapshot stays; `trouble` says what is wrong, for health.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from player import wire
from player.model import Alert, Clock, ClockQuality, Playlist, Unit, Value

T = TypeVar("T", bound=Value)
log = logging.getLogger(__name__)

RETRY_S: Final = 1.0  # how often a file that is missing, replaced or broken is looked at again
UNKNOWN: Final = Clock(ClockQuality.UNKNOWN)
ClipKey = tuple[str, int, str]  # item, revision, language


@dataclass(frozen=True, slots=True)
class Clip:
    """A finished reading; `file` is its name in the clip folder."""

    file: str
    duration_s: float
    engine: str


@dataclass(frozen=True, slots=True)
class Request:
    """Something the agent wants of the player."""

    id: str
    verb: str
    created: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed state of agent.db. Parts that did not change are the same objects as before."""

    playlist: Playlist | None = None
    alerts: tuple[Alert, ...] = ()
    clips: Mapping[ClipKey, Clip] = field(default_factory=dict)
    clock: Clock = UNKNOWN
    stopped: bool = False
    unit: Unit | None = None
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class _Body:
    """What the last body that was looked at is known by, and why it was not taken; empty if it was."""

    key: tuple[Any, ...] = ()
    fault: str = ""


class Store:
    """The reader of agent.db at `path`. `snapshot` is the last good one; `poll` looks whether there is a newer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._version = -1
        self._checked_s = float("-inf")
        self._read_body = _Body()
        self._bad: list[str] = []
        self.snapshot = Snapshot()
        self.trouble = ""

    def poll(self, monotonic_s: float) -> bool:
        """Looks for a commit; True if `snapshot` was replaced. Never raises for anything the file may hold."""
        try:
            if not self._connected(monotonic_s):
                return False
            version = self._pragma("data_version")
            if version == self._version:
                return False
            snapshot, body = self._read()
            self._version, self._read_body = version, body
        except sqlite3.OperationalError as exc:
            self._lost(f"agent.db cannot be read: {exc}")
            return False
        except (sqlite3.Error, ValueError, TypeError, OverflowError) as exc:
            self._lost(f"agent.db is damaged: {exc}")
            return False
        self._say("; ".join(self._bad))
        changed = snapshot != self.snapshot
        self.snapshot = snapshot
        return changed

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # --- the file ---------------------------------------------------------------------------------------------------

    def _connected(self, monotonic_s: float) -> bool:
        """A connection to the file that lies there now, if there is one; the path is looked at once in a while."""
        if monotonic_s - self._checked_s < RETRY_S:
            return self._connection is not None
        self._checked_s = monotonic_s
        try:
            inode = os.stat(self._path).st_ino
        except OSError:
            if self._connection is not None or not self.trouble:
                self._lost(f"there is no {self._path.name} yet" if not self._inode else f"{self._path.name} is gone")
            return False
        if self._connection is None or inode != self._inode:
            self.close()
            self._connection = self._open()
            self._inode, self._version = inode, -1
        return True

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        connection.execute("PRAGMA query_only = 1").close()
        connection.execute("PRAGMA busy_timeout = 20").close()  # a frame: rather try again than stand still
        return connection

    def _lost(self, why: str) -> None:
        self.close()
        self._version = -1
        self._say(why)

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            if trouble:
                log.warning("%s", trouble)
            else:
                log.info("%s is read again", self._path.name)
            self.trouble = trouble

    def _pragma(self, name: str) -> int:
        (value,) = self._rows(f"PRAGMA {name}")[0]
        return int(value)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        if self._connection is None:
            return []
        cursor = self._connection.execute(sql)
        try:
            return cursor.fetchall()
        finally:
            cursor.close()

    # --- the content ------------------------------------------------------------------------------------------------

    def _read(self) -> tuple[Snapshot, _Body]:
        """Everything in one read transaction, so that no half of a commit is seen."""
        self._bad = []
        self._rows("BEGIN")
        try:
            status = dict(self._rows("SELECT name, value FROM status"))
            playlist, body = self._playlist()
            fresh = Snapshot(
                playlist=playlist,
                alerts=self._alerts(),
                clips=self._clips(),
                clock=self._value("clock", Clock, status.get("clock"), self.snapshot.clock),
                stopped=status.get("stopped") == "1",
                unit=self._value("unit", Unit, status.get("unit"), self.snapshot.unit),
                requests=self._requests(),
            )
        finally:
            self._rows("COMMIT")
        old = self.snapshot
        kept = replace(
            fresh,
            alerts=old.alerts if fresh.alerts == old.alerts else fresh.alerts,
            clips=old.clips if fresh.clips == old.clips else fresh.clips,
        )
        return kept, body

    def _playlist(self) -> tuple[Playlist | None, _Body]:
        """A body is parsed once, also one that cannot be: it may be large, and there is a commit for each clip."""
        head = self._rows("SELECT seq, sha256 FROM playlist")
        if not head:
            return None, _Body()
        old = self._read_body
        if head[0] == old.key:
            self._bad += [old.fault] if old.fault else []
            return self.snapshot.playlist, old
        before = len(self._bad)
        text = self._rows("SELECT body FROM playlist")[0][0]
        playlist = self._decode("playlist", Playlist, text, self.snapshot.playlist)
        return playlist, _Body(head[0], "; ".join(self._bad[before:]))

    def _alerts(self) -> tuple[Alert, ...]:
        rows = self._rows("SELECT grp, id, seq, body FROM alert ORDER BY grp, id")
        known = {(alert.group, alert.id, alert.seq): alert for alert in self.snapshot.alerts}
        alerts = []
        for group, name, seq, body in rows:
            alert = known.get((group, name, seq)) or self._decode(f"alert {group}/{name}", Alert, body, None)
            if alert is not None:
                alerts.append(alert)
        return tuple(alerts)

    def _clips(self) -> dict[ClipKey, Clip]:
        rows = self._rows("SELECT item, revision, lang, file, duration_s, engine FROM clip")
        return {
            (item, revision, lang): Clip(file, seconds, engine) for item, revision, lang, file, seconds, engine in rows
        }

    def _requests(self) -> tuple[Request, ...]:
        requests = []
        for name, verb, created, expires in self._rows("SELECT id, verb, created_at, expires_at FROM request"):
            try:
                requests.append(Request(name, verb, _instant(created), _instant(expires)))
            except ValueError as exc:
                self._bad.append(f"request {name}: {exc}")
        return tuple(sorted(requests, key=lambda request: (request.created, request.id)))

    def _value(self, name: str, kind: type[T], text: str | None, old: Any) -> Any:
        return old if text is None else self._decode(name, kind, text, old)

    def _decode(self, name: str, kind: type[T], data: bytes | str, old: T | None) -> T | None:
        """The value, or `old` with the reason noted: what does not parse is as if it had not come."""
        try:
            return wire.decode(data, kind)
        except (wire.WireError, TypeError) as exc:
            self._bad.append(f"{name} in agent.db does not parse: {exc}")
            return old


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a zone: {text!r}")
    return instant
