"""Ships proof of play: reads the player's plays.db and tells the publisher what was shown, each play once.

The first showing of a revision goes up at once, unfinished, so that staff read "on show" within a
moment; everything else goes in batches once it has ended. How far a file has been shipped is
written in the outbox, in one transaction with the batch itself.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from agent.events import PlaysChanged
from agent.outbox import Outbox
from player.model import Play, Plays

log = logging.getLogger(__name__)

BATCH_ROWS: Final = 200
LOOK_EVERY_S: Final = 0.05
RETRY_S: Final = 1.0
GIVEN_UP: Final = timedelta(days=1)  # a play without an end after that never gets one


class PlaysFile:
    """A read-only view of plays.db that follows it when it is replaced. For one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def version(self) -> int | None:
        """A number that changes with every commit of the player; None while there is no readable file."""
        with suppress(sqlite3.Error, OSError):
            inode = self._path.stat().st_ino
            if self._connection is None or inode != self._inode:
                self.close()
                self._connection = _open(self._path)
                self._inode = inode
            version: int = self.rows("PRAGMA data_version")[0][0]
            return version
        self.close()
        return None

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows at once: a cursor left open would freeze the view. Raises sqlite3.Error."""
        if self._connection is None:
            return []
        return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PlaysLookout:
    """The thread that notices the player's commits: a look at a version number twenty times a second."""

    def __init__(self, path: Path, post: Callable[[object], None]) -> None:
        self._path = path
        self._post = post
        self._leaving = threading.Event()

    def leave(self) -> None:
        self._leaving.set()

    def run(self) -> None:
        """The body of the thread."""
        file = PlaysFile(self._path)
        seen: int | None = None
        while not self._leaving.is_set():
            version = file.version()
            if version is not None and version != seen:
                self._post(PlaysChanged())
            seen = version
            self._leaving.wait(RETRY_S if version is None else LOOK_EVERY_S)
        file.close()


class Shipper:
    """Puts plays into the outbox. `connected()` says whether there is any use: without, they wait in plays.db."""

    def __init__(self, path: Path, outbox: Outbox, now: Callable[[], datetime], connected: Callable[[], bool]) -> None:
        self._file = PlaysFile(path)
        self._outbox = outbox
        self._now = now
        self._connected = connected

    def close(self) -> None:
        self._file.close()

    def ship_first(self) -> None:
        """Tell at once what is on show for the first time."""
        self._ship(whole=False)

    def ship_all(self) -> None:
        """Tell everything that has ended since the last time."""
        while self._ship(whole=True):
            pass

    def _ship(self, whole: bool) -> bool:
        """One batch; whether there may be more."""
        if not self._connected() or self._file.version() is None:
            return False
        try:
            uuid = self._file.rows("SELECT value FROM meta WHERE name = 'uuid'")[0][0]
            mark = self._outbox.mark(uuid)
            found = self._file.rows(
                "SELECT id, kind, item, revision, started_at, ended_at, outcome FROM play"
                " WHERE id > ? ORDER BY id LIMIT ?",
                mark,
                BATCH_ROWS + len(self._outbox.shipped_ahead(uuid)),
            )
        except (sqlite3.Error, IndexError):  # not made yet, or being replaced: the next look will tell
            return False
        plays = [_play(row) for row in found]
        return self._put(uuid, mark, plays, whole) and len(plays) >= BATCH_ROWS

    def _put(self, uuid: str, mark: int, plays: list[Play], whole: bool) -> bool:
        ahead = self._outbox.shipped_ahead(uuid)
        news = [play for play in plays if self._is_first(play, ahead)]
        batch = news if not whole else [play for play in plays if _unsent_end(play, ahead) or play in news]
        new_mark = self._advance(mark, plays) if whole else mark
        if not batch and new_mark == mark:
            return False
        ahead |= {play.id: _is_over(play) for play in batch}
        with self._outbox.transaction():
            if batch:
                self._outbox.put_event(self._now(), Plays(uuid, tuple(batch)))
            told = [(play.kind, play.item, play.revision) for play in batch]
            self._outbox.note_shipped(uuid, new_mark, ahead, told)
        return True

    def _is_first(self, play: Play, ahead: dict[int, bool]) -> bool:
        return play.id not in ahead and not self._outbox.was_told(play.kind, play.item, play.revision)

    def _advance(self, mark: int, plays: list[Play]) -> int:
        """The last play before the oldest one that still has no end and may get one."""
        limit = self._now() - GIVEN_UP
        for play in plays:
            if not _is_over(play) and play.started > limit:
                break
            mark = play.id
        return mark


def _is_over(play: Play) -> bool:
    return play.ended is not None or play.outcome != ""  # a killed player leaves "lost" without an end


def _unsent_end(play: Play, ahead: dict[int, bool]) -> bool:
    return _is_over(play) and not ahead.get(play.id, False)


def _play(row: tuple[Any, ...]) -> Play:
    id_, kind, item, revision, started, ended, outcome = row
    return Play(
        id=id_, item=item, revision=revision, started=datetime.fromisoformat(started),
        ended=None if ended is None else datetime.fromisoformat(ended), outcome=outcome, kind=kind,
    )  # fmt: skip


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA query_only = 1").close()
    return connection
