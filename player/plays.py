"""Proof of play: the only writer of plays.db, in a thread of its own so that the loop never waits for a disk.

Every row is committed as it comes (WAL, synchronous=NORMAL: killing the process loses nothing, a
power cut what came since the last checkpoint), and checkpoints are at most once a minute to spare
the card. The file has a uuid for ever; (uuid, id) is the key of a play everywhere.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from player.schema import PLAYS_TABLES

log = logging.getLogger(__name__)

FILE_MODE: Final = 0o660
CHECKPOINT_S: Final = 60.0
KEEP_DAYS: Final = 120  # longer than any screen should be away; then the oldest rows go
BACKLOG: Final = 10_000  # rows kept in memory while the disk refuses them
RETRY_S: Final = 5.0
CACHE_KB: Final = 64  # of pages in memory: rows are written once and hardly ever read, and more would fill for hours
BUSY_S: Final = 2.0  # how long to wait for the agent, who only reads
_Job = Callable[[sqlite3.Connection], None]
_REFUSALS: Final = (sqlite3.Error, OSError)


class Plays:
    """Opens or makes plays.db at `path` and marks what a killed run left open; `now` is when this run begins.

    A file that is damaged is set aside and a new one begun. One that cannot be had is tried again for as long as it
    takes: a board shows without its proof, and `trouble` says why. `uuid` and `last_spoken` are empty until then.
    """

    def __init__(self, path: Path, now: datetime, *, busy_s: float = BUSY_S, retry_s: float = RETRY_S) -> None:
        self._path, self._begun, self._busy_s, self._retry_s = path, now, busy_s, retry_s
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._tokens = itertools.count(1)
        self._rows: dict[int, int] = {}  # token -> row id; only the thread touches it
        self._waiting: deque[_Job] = deque()  # taken from the queue, not yet in the file
        self._connection: sqlite3.Connection | None = None
        self._dirty = False  # rows are in the log that no checkpoint has brought into the file yet
        self._lost = 0
        self.trouble = ""
        self.uuid = ""
        self.last_spoken: dict[tuple[str, int], datetime] = {}
        try:
            self._opened()
        except _REFUSALS as exc:
            self._refused(exc)
        self._thread = threading.Thread(target=self._run, name="plays", daemon=True)
        self._thread.start()

    def begin(self, kind: str, item: str, revision: int, started: datetime) -> int:
        """Notes that a play has begun; the token names it to `end`. Returns at once."""
        token = next(self._tokens)

        def insert(connection: sqlite3.Connection) -> None:
            cursor = connection.execute(
                "INSERT INTO play (kind, item, revision, started_at) VALUES (?, ?, ?, ?)",
                (kind, item, revision, stamp(started)),
            )
            self._rows[token] = cursor.lastrowid or 0

        self._put(insert)
        return token

    def end(self, token: int, ended: datetime, outcome: str) -> None:
        """Notes how the play ended: "shown" or "cut"."""

        def update(connection: sqlite3.Connection) -> None:
            row = self._rows.get(token)
            if row is not None:
                connection.execute(
                    "UPDATE play SET ended_at = ?, outcome = ? WHERE id = ?", (stamp(ended), outcome, row)
                )
                del self._rows[token]

        self._put(update)

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Waits until everything noted so far is in the file; False if that took too long."""
        done = threading.Event()
        self._jobs.put(lambda connection: done.set())
        return done.wait(timeout_s)

    @property
    def lost(self) -> int:
        """Rows given up because the disk refused them for too long."""
        return self._lost

    def close(self) -> None:
        """Writes what is left and ends the thread."""
        self._jobs.put(None)
        self._thread.join(timeout=5.0)

    # --- the thread -------------------------------------------------------------------------------------------------

    def _put(self, job: _Job) -> None:
        if self._jobs.qsize() + len(self._waiting) >= BACKLOG:
            self._lost += 1
            return
        self._jobs.put(job)

    def _run(self) -> None:
        checkpoint_s = time.monotonic()
        ending = False
        while not (ending and not self._waiting):
            ending = self._collect(self._patience_s()) or ending
            try:
                self._write(self._opened())
                if self._dirty and (ending or time.monotonic() - checkpoint_s >= CHECKPOINT_S):
                    _checkpoint(self._opened())
                    checkpoint_s, self._dirty = time.monotonic(), False
                self._say("")
            except _REFUSALS as exc:
                self._refused(exc)
                if ending:
                    break
        if self._connection is not None:
            self._connection.close()

    def _patience_s(self) -> float | None:
        """How long to wait for the next job; None: until one comes."""
        if self._waiting or self._connection is None:
            return self._retry_s
        return CHECKPOINT_S if self._dirty else None

    def _opened(self) -> sqlite3.Connection:
        """The file, opened if it is not. Raises one of `_REFUSALS`."""
        if self._connection is None:
            self._connection, self.uuid, self.last_spoken = _open(self._path, self._begun, self._busy_s)
        return self._connection

    def _write(self, connection: sqlite3.Connection) -> None:
        while self._waiting:
            self._waiting[0](connection)
            self._waiting.popleft()
            self._dirty = True

    def _refused(self, why: Exception) -> None:
        self._say(f"plays.db cannot be written: {why}")
        if _is_damage(why) and self._connection is not None:
            self._connection.close()
            self._connection = None
            self._rows.clear()  # the numbers of another file
            with contextlib.suppress(OSError):
                _set_aside(self._path, why)

    def _collect(self, timeout_s: float | None) -> bool:
        """Takes what has come out of the queue; True once the end was asked for."""
        try:
            job = self._jobs.get(timeout=timeout_s)
            while job is not None:
                self._waiting.append(job)
                job = self._jobs.get_nowait()
        except queue.Empty:
            return False
        return True

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            log.warning("%s", trouble or "plays.db is written again")


def stamp(moment: datetime) -> str:
    """The instant as the database holds it: RFC 3339, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


class _Opened(NamedTuple):
    connection: sqlite3.Connection
    uuid: str
    last_spoken: dict[tuple[str, int], datetime]


def _open(path: Path, now: datetime, busy_s: float) -> _Opened:
    """The file as it is, or a new one in the place of a damaged one."""
    try:
        return _open_whole(path, now, busy_s)
    except sqlite3.DatabaseError as exc:
        if not _is_damage(exc):
            raise
        _set_aside(path, exc)
    return _open_whole(path, now, busy_s)


def _is_damage(why: Exception) -> bool:
    """Whether the file itself is the fault: what a full disk or another's lock raises are kinds of this error."""
    return type(why) is sqlite3.DatabaseError


def _set_aside(path: Path, why: Exception) -> None:
    aside = path.with_name(f"{path.name}.broken-{time.time_ns()}")
    log.error("%s is damaged (%s): set aside as %s, a new one begun", path.name, why, aside.name)
    path.rename(aside)
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _open_whole(path: Path, now: datetime, busy_s: float) -> _Opened:
    """Damage may lie in any page: the rows are looked through before the file is held to be sound."""
    connection = _open_file(path, busy_s)
    try:
        opened = _Opened(connection, _uuid(connection), _prepare(connection, now))
        _checkpoint(connection)  # a power cut takes the log, and must not take the name of the file
        return opened
    except sqlite3.Error:
        connection.close()
        raise


def _open_file(path: Path, busy_s: float) -> sqlite3.Connection:
    # SQLite gives the -wal and -shm files the mode of the database, and the agent must be able to read them
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
    with contextlib.suppress(PermissionError):
        path.chmod(FILE_MODE)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout = {round(busy_s * 1000)}").close()
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = NORMAL").close()
        connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
        connection.execute(f"PRAGMA cache_size = -{CACHE_KB}").close()
        connection.executescript(PLAYS_TABLES)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _checkpoint(connection: sqlite3.Connection) -> None:
    """What is in the log comes into the file itself, as far as no reader is in the way."""
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _uuid(connection: sqlite3.Connection) -> str:
    raw = os.urandom(16).hex()
    name = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))
    connection.execute("INSERT OR IGNORE INTO meta (name, value) VALUES ('uuid', ?)", (name,)).close()
    ((value,),) = connection.execute("SELECT value FROM meta WHERE name = 'uuid'").fetchall()
    return str(value)


def _prepare(connection: sqlite3.Connection, now: datetime) -> dict[tuple[str, int], datetime]:
    """Closes open rows, drops very old ones; returns when each item was last read aloud in the past day.

    The end of a play that was killed is not known: its row keeps none, and says "lost".
    """
    connection.execute("UPDATE play SET outcome = 'lost' WHERE outcome = '' AND ended_at IS NULL").close()
    connection.execute("DELETE FROM play WHERE started_at < ?", (stamp(now - timedelta(days=KEEP_DAYS)),)).close()
    rows = connection.execute(
        "SELECT item, revision, max(started_at) FROM play WHERE kind = 'speech' AND started_at > ?"
        " GROUP BY item, revision",
        (stamp(now - timedelta(days=1)),),
    ).fetchall()
    return {(item, revision): datetime.fromisoformat(at) for item, revision, at in rows}
