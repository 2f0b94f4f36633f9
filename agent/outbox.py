"""What has to reach the publisher: a row is on the disk before it is sent and goes when the broker has it.

A copy may arrive twice, never not at all; every event carries an id by which the publisher knows
the second one. A broker writes its memory to disk only now and then, every half hour if nobody
tells it otherwise: one that is killed forgets what it said it had. So what it took is kept here
for longer than that, and sent once more at each new connection.

The file also holds how far plays.db has been shipped, so that a batch of plays and the mark behind
it are one transaction. What is kept here is small and bounded: health is never stored, and plays
stay in plays.db until there is a connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import UNSET

from agent.store import open_database
from player.model import Applied, Event, Plays, Refused, Reply
from player.schema import OUTBOX_DB
from player.wire import encode, screen_up

LIMIT_ROWS: Final = 5_000
KEPT: Final = timedelta(minutes=35)  # Mosquitto's own autosave_interval is 30
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS taken (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS mark (uuid TEXT PRIMARY KEY, play INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS ahead (
    uuid TEXT NOT NULL, play INTEGER NOT NULL, final INTEGER NOT NULL, PRIMARY KEY (uuid, play)
);
CREATE TABLE IF NOT EXISTS told (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, item TEXT NOT NULL, revision INTEGER NOT NULL,
    UNIQUE (kind, item, revision)
);
"""


class Row(NamedTuple):
    id: int
    topic: str
    payload: bytes


class Outbox:
    """outbox.db. To be used from one thread."""

    def __init__(
        self,
        state_dir: Path,
        screen: str,
        new_id: Callable[[], str],
        now: Callable[[], datetime],
        limit_rows: int = LIMIT_ROWS,
    ) -> None:
        self.recovered: list[Path] = []
        self.db = open_database(state_dir / OUTBOX_DB, _TABLES, self.recovered)
        self.dropped = 0
        self._screen = screen
        self._new_id = new_id
        self._now = now
        self._limit = limit_rows
        self._delivered: set[int] = set()

    def close(self) -> None:
        self.flush()
        self.db.close()

    def transaction(self) -> AbstractContextManager[Any]:
        """What is put and noted inside is committed together."""
        manager: AbstractContextManager[Any] = self.db.atomic()
        return manager

    def put_event(self, at: datetime, part: Plays | Applied | Refused) -> None:
        """Commit one event for up/event."""
        event = Event(
            id=self._new_id(),
            at=at,
            plays=part if isinstance(part, Plays) else UNSET,
            applied=part if isinstance(part, Applied) else UNSET,
            refused=part if isinstance(part, Refused) else UNSET,
        )
        self._put("event", encode(event))

    def put_reply(self, reply: Reply) -> None:
        """Commit the answer to a command for up/reply."""
        self._put("reply", encode(reply))

    def waiting(self, beyond: int, limit: int) -> list[Row]:
        """The oldest rows with an id above `beyond` that the broker does not have yet."""
        rows = self.db.execute(
            "SELECT id, topic, payload FROM message WHERE id > ? ORDER BY id LIMIT ?", (beyond, limit)
        ).fetchall()
        return [Row(*row) for row in rows if row[0] not in self._delivered]

    def delivered(self, row_id: int) -> None:
        """The broker has the row. It is put aside at the next write: one commit instead of two."""
        self._delivered.add(row_id)

    def recall(self) -> None:
        """Whatever the broker took in the last half hour waits once more: it may have forgotten it since."""
        with self.db.atomic():
            self._put_aside()
            self.db.execute("INSERT OR IGNORE INTO message SELECT id, topic, payload FROM taken")
            self.db.execute("DELETE FROM taken")

    def depth(self) -> int:
        count: int = self.db.execute("SELECT count(*) FROM message").fetchall()[0][0]
        return count - len(self._delivered)

    def flush(self) -> None:
        """Put aside what was delivered."""
        if self._delivered:
            with self.db.atomic():
                self._put_aside()

    def _put(self, leaf: str, payload: bytes) -> None:
        with self.db.atomic():
            self._put_aside()
            self.db.execute(
                "INSERT INTO message (topic, payload) VALUES (?, ?)", (screen_up(self._screen, leaf), payload)
            )
            self._drop_oldest()

    def _put_aside(self) -> None:
        ids, self._delivered = self._delivered, set()
        now = self._now()
        for row_id in ids:
            self.db.execute(
                "INSERT OR REPLACE INTO taken SELECT id, topic, payload, ? FROM message WHERE id = ?",
                (now.isoformat(), row_id),
            )
            self.db.execute("DELETE FROM message WHERE id = ?", (row_id,))
        self.db.execute("DELETE FROM taken WHERE at < ?", ((now - KEPT).isoformat(),))

    def _drop_oldest(self) -> None:
        cursor = self.db.execute("DELETE FROM message WHERE id <= (SELECT max(id) FROM message) - ?", (self._limit,))
        self.dropped += max(cursor.rowcount, 0)

    # --- how far plays were shipped (see `plays`) ----------------------------------------------------------------

    def mark(self, uuid: str) -> int:
        """Every play of this plays.db up to this id has been shipped whole."""
        rows = self.db.execute("SELECT play FROM mark WHERE uuid = ?", (uuid,)).fetchall()
        return rows[0][0] if rows else 0

    def shipped_ahead(self, uuid: str) -> dict[int, bool]:
        """Plays above the mark that were shipped: id → shipped with its end."""
        rows = self.db.execute("SELECT play, final FROM ahead WHERE uuid = ?", (uuid,)).fetchall()
        return {play: bool(final) for play, final in rows}

    def was_told(self, kind: str, item: str, revision: int) -> bool:
        """Whether the publisher was told that this revision has been on show."""
        rows = self.db.execute(
            "SELECT 1 FROM told WHERE kind = ? AND item = ? AND revision = ?", (kind, item, revision)
        ).fetchall()
        return bool(rows)

    def note_shipped(self, uuid: str, mark: int, ahead: dict[int, bool], told: Iterable[tuple[str, str, int]]) -> None:
        """Move the mark. Call inside `transaction`, together with the event that ships the rows."""
        self.db.execute("INSERT OR REPLACE INTO mark VALUES (?, ?)", (uuid, mark))
        self.db.execute("DELETE FROM ahead WHERE uuid = ? AND play <= ?", (uuid, mark))
        for play, final in ahead.items():
            if play > mark:
                self.db.execute("INSERT OR REPLACE INTO ahead VALUES (?, ?, ?)", (uuid, play, int(final)))
        for kind, item, revision in told:
            self.db.execute(
                "INSERT OR IGNORE INTO told (kind, item, revision) VALUES (?, ?, ?)", (kind, item, revision)
            )
        self.db.execute("DELETE FROM told WHERE id <= (SELECT max(id) FROM told) - ?", (LIMIT_ROWS,))
