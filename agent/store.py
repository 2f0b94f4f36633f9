"""The store of one screen: the only writer of agent.db and the keeper of its folders.

Every acceptance is one transaction that stores the content and raises the floor of its seq
together, so that no cut of power can separate them. The tables are `player.schema`'s; the player
reads them while they are written, which is why the folder is setgid and the files belong to a
shared group: a reader of a write-ahead log must be able to create the shared-memory file.

Rows of `status` that only the agent uses: "keys" is the key set's envelope, "wanted" the envelope
of a believed playlist that could not be fetched yet.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlite_utils.db import Database

from agent.disk import SHARED
from agent.events import ClipMade, Ready
from agent.trust import Believed, Floor
from player.enrolment import KeySet
from player.model import Alert, Command, Unit, Verb
from player.schema import AGENT_DB, AGENT_TABLES, CLIP_DIR, MEDIA_DIR
from player.wire import decode, encode
from tts.times import TONES

log = logging.getLogger(__name__)

FOLDER_MODE: Final = 0o2770
UMASK: Final = 0o007  # of every process of the agent
_BUSY_S: Final = 5.0


class Request(NamedTuple):
    """Something the player was asked to do and has not answered."""

    id: str
    verb: str
    expires: datetime


def shared_folder(path: Path) -> Path:
    """Make `path` a folder that the shared group may write to, whatever the umask."""
    path.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):  # someone else's folder: set up by the installer
        path.chmod(FOLDER_MODE)
    return path


def open_database(path: Path, tables: str, recovered: list[Path] | None = None) -> Database:
    """A durable database at `path` with `tables` made; a damaged file is moved aside, not repaired.

    What was in it comes again from the publisher. The files moved are added to `recovered`.
    """
    try:
        return _connect(path, tables)
    except sqlite3.DatabaseError as exc:
        if isinstance(exc, sqlite3.OperationalError) and "malformed" not in str(exc):
            raise  # no disk space, no permission: the file itself is not to blame
        moved = _move_aside(path)
        log.error("%s is damaged (%s): moved to %s and begun anew", path, exc, moved)
        if recovered is not None:
            recovered.append(moved)
        return _connect(path, tables)


def _connect(path: Path, tables: str) -> Database:
    # SQLite gives the -wal and -shm files the mode of the database, and makes that one 0644
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, SHARED))
    with suppress(PermissionError):
        path.chmod(SHARED)
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        database = Database(connection, recursive_triggers=False, execute_plugins=False)
        database.execute("PRAGMA journal_mode=WAL").fetchall()
        database.execute("PRAGMA synchronous=FULL")
        verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"malformed: {verdict}")
        with database.atomic():
            for statement in filter(str.strip, tables.split(";")):
                database.execute(statement)
    except BaseException:
        connection.close()
        raise
    return database


def _move_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    moved = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.rename(path.with_name(moved.name + suffix))
    return moved


class Store:
    """agent.db and the folders beside it. To be used from one thread."""

    def __init__(self, state_dir: Path) -> None:
        self.folder = shared_folder(state_dir)
        self.media_dir = shared_folder(state_dir / MEDIA_DIR)
        self.clip_dir = shared_folder(state_dir / CLIP_DIR)
        self.recovered: list[Path] = []
        self._db = open_database(state_dir / AGENT_DB, AGENT_TABLES, self.recovered)

    def close(self) -> None:
        """Give the file back. The log stays beside it when the player still reads."""
        self._db.close()

    # --- what was accepted -------------------------------------------------------------------------------------

    def floor(self, kind: str, target: str) -> Floor | None:
        row = self._one("SELECT seq, sha256 FROM seq_floor WHERE kind = ? AND target = ?", kind, target)
        return Floor(*row) if row else None

    def playlist_body(self) -> bytes | None:
        row = self._one("SELECT body FROM playlist WHERE slot = 1")
        return row[0] if row else None

    def alert_bodies(self) -> list[bytes]:
        return [row[0] for row in self._db.execute("SELECT body FROM alert ORDER BY grp, id").fetchall()]

    def status(self, name: str) -> str | None:
        row = self._one("SELECT value FROM status WHERE name = ?", name)
        return row[0] if row else None

    def clips(self) -> dict[tuple[str, int, str], str]:
        """The engine of every clip that is ready, by (item, revision, language); tones alone are not."""
        rows = self._db.execute("SELECT item, revision, lang, engine FROM clip WHERE engine != ?", (TONES,)).fetchall()
        return {(item, revision, lang): engine for item, revision, lang, engine in rows}

    def clip_files(self) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT file FROM clip").fetchall()}

    def requests(self) -> list[Request]:
        rows = self._db.execute("SELECT id, verb, expires_at FROM request ORDER BY created_at, id").fetchall()
        return [Request(id_, verb, datetime.fromisoformat(expires)) for id_, verb, expires in rows]

    def media_hashes(self) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT sha256 FROM media").fetchall()}

    # --- accepting ---------------------------------------------------------------------------------------------

    def accept_playlist(self, ready: Ready, groups: Collection[str], now: datetime) -> None:
        """Put the playlist in place of the one before, with its media; alerts of groups left go with it."""
        pointer = ready.announced.pointer
        with self._db.atomic():
            self._db.execute(
                "INSERT OR REPLACE INTO playlist VALUES (1, ?, ?, ?, ?, ?)",
                (pointer.seq, pointer.sha256, ready.announced.envelope, ready.body, _text(now)),
            )
            self._raise_floor("desired", pointer.screen, Floor(pointer.seq, pointer.sha256))
            for media in ready.media:
                self._db.execute(
                    "INSERT OR IGNORE INTO media VALUES (?, ?, ?, ?)",
                    (media.sha256, media.size, media.mime, _text(now)),
                )
            self._drop_foreign_alerts(groups)
            self._drop_stale_clips((item.id, item.revision) for item in ready.playlist.items)
            self._db.execute("DELETE FROM status WHERE name = 'wanted'")

    def accept_alert(self, found: Believed[Alert], envelope: bytes, now: datetime) -> None:
        """Put the alert in place of the one with its id, or take that off if this is its end."""
        alert = found.value
        with self._db.atomic():
            if alert.ended:
                self._db.execute("DELETE FROM alert WHERE grp = ? AND id = ?", (alert.group, alert.id))
            else:
                self._db.execute(
                    "INSERT OR REPLACE INTO alert VALUES (?, ?, ?, ?, ?, ?)",
                    (alert.group, alert.id, alert.seq, envelope, found.payload, _text(now)),
                )
            self._raise_floor("alert", f"{alert.group}/{alert.id}", Floor(alert.seq, found.sha256))

    def accept_keys(self, found: Believed[KeySet], envelope: bytes) -> None:
        with self._db.atomic():
            self._set_status("keys", envelope.decode())
            self._raise_floor("keys", "root", Floor(found.value.seq, found.sha256))

    def accept_command(self, found: Believed[Command], now: datetime) -> None:
        """Write down what the command changes: the stop, or a request to the player."""
        command = found.value
        with self._db.atomic():
            if command.verb in (Verb.STOP, Verb.RELEASE):
                self._set_status("stopped", "1" if command.verb is Verb.STOP else "0")
            else:
                self._db.execute(
                    "INSERT OR REPLACE INTO request VALUES (?, ?, ?, ?)",
                    (command.id, command.verb, _text(now), _text(command.expires)),
                )
            self._raise_floor("command", command.screen, Floor(command.seq, found.sha256))

    # --- smaller changes ---------------------------------------------------------------------------------------

    def add_clip(self, clip: ClipMade) -> None:
        """Name the clip of a version; nothing is written when the store names it already."""
        row = (clip.item, clip.revision, clip.lang, clip.file, clip.duration_s, clip.engine)
        key = "item = ? AND revision = ? AND lang = ?"
        if self._one(f"SELECT * FROM clip WHERE {key}", *row[:3]) != row:  # noqa: S608 - a constant
            with self._db.atomic():
                self._db.execute("INSERT OR REPLACE INTO clip VALUES (?, ?, ?, ?, ?, ?)", row)

    def set_status(self, name: str, value: str) -> None:
        """Write a status row; nothing is written when it says so already."""
        if self.status(name) != value:
            with self._db.atomic():
                self._set_status(name, value)

    def set_unit(self, unit: Unit) -> None:
        self.set_status("unit", encode(unit).decode())

    def drop_status(self, name: str) -> None:
        with self._db.atomic():
            self._db.execute("DELETE FROM status WHERE name = ?", (name,))

    def drop_request(self, request_id: str) -> None:
        with self._db.atomic():
            self._db.execute("DELETE FROM request WHERE id = ?", (request_id,))

    def drop_alerts(self, keys: Iterable[tuple[str, str]]) -> None:
        """Forget alerts (group, id) that are over; their floors stay."""
        with self._db.atomic():
            for group, id_ in keys:
                self._db.execute("DELETE FROM alert WHERE grp = ? AND id = ?", (group, id_))

    def forget_media(self, hashes: Iterable[str]) -> None:
        with self._db.atomic():
            for sha256 in hashes:
                self._db.execute("DELETE FROM media WHERE sha256 = ?", (sha256,))

    # --- inside a transaction ----------------------------------------------------------------------------------

    def _raise_floor(self, kind: str, target: str, floor: Floor) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO seq_floor VALUES (?, ?, ?, ?)", (kind, target, floor.seq, floor.sha256)
        )

    def _set_status(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO status VALUES (?, ?)", (name, value))

    def _drop_foreign_alerts(self, groups: Collection[str]) -> None:
        for (group,) in self._db.execute("SELECT DISTINCT grp FROM alert").fetchall():
            if group not in groups:
                self._db.execute("DELETE FROM alert WHERE grp = ?", (group,))

    def _drop_stale_clips(self, items: Iterable[tuple[str, int]]) -> None:
        current = set(items) | set(_alert_revisions(self.alert_bodies()))
        for item, revision in self._db.execute("SELECT DISTINCT item, revision FROM clip").fetchall():
            if (item, revision) not in current:
                self._db.execute("DELETE FROM clip WHERE item = ? AND revision = ?", (item, revision))

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        rows = self._db.execute(sql, values).fetchall()  # all of it: an open cursor would hold the log
        return rows[0] if rows else None


def _alert_revisions(bodies: Iterable[bytes]) -> Iterable[tuple[str, int]]:
    for body in bodies:
        alert = decode(body, Alert)
        yield alert.id, alert.revision


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")
