"""Proof of play: every play counted once, the first showing told at once, whatever is killed or replaced."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from agent.plays import BATCH_ROWS, PlaysFile, PlaysLookout, Shipper
from player.model import Event, Play
from player.schema import PLAYS_TABLES
from tests.agent.bench import Bench
from tests.waiting import DEADLINE_S


class Player:
    """Writes plays.db as the player does."""

    def __init__(self, path: Path, uuid: str, start: datetime) -> None:
        self.path = path
        self.start = start
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.executescript(PLAYS_TABLES)
        self.db.execute("INSERT INTO meta VALUES ('uuid', ?)", (uuid,))
        self.count = 0

    def begin(self, item: str = "a", revision: int = 1, kind: str = "item") -> int:
        self.count += 1
        at = (self.start + timedelta(seconds=self.count)).isoformat()
        cursor = self.db.execute(
            "INSERT INTO play (kind, item, revision, started_at) VALUES (?, ?, ?, ?)", (kind, item, revision, at)
        )
        assert cursor.lastrowid
        return cursor.lastrowid

    def end(self, play: int) -> None:
        at = (self.start + timedelta(seconds=self.count + 10)).isoformat()
        self.db.execute("UPDATE play SET ended_at = ?, outcome = 'shown' WHERE id = ?", (at, play))

    def show(self, item: str = "a") -> int:
        play = self.begin(item)
        self.end(play)
        return play


class Rig:
    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        self.connected = True
        self.path = folder / "plays.db"
        self.player = Player(self.path, "uuid-1", bench.signer.now)
        self.shipper = self.make()

    def make(self) -> Shipper:
        return Shipper(self.path, self.bench.desk.outbox, lambda: self.bench.time[0], lambda: self.connected)

    def shipped(self) -> list[Play]:
        """All plays sent so far, in order, an unfinished one and its end both."""
        events = [event for event in self.bench.sent() if isinstance(event, Event)]
        return [play for event in events if event.plays for play in event.plays.rows]


@pytest.fixture
def rig(bench: Bench, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(bench, tmp_path)
    yield rig
    rig.shipper.close()
    rig.player.db.close()


def test_the_first_showing_is_told_at_once_and_its_end_later(rig: Rig) -> None:
    play = rig.player.begin("a")
    rig.shipper.ship_first()
    (first,) = rig.shipped()
    assert (first.id, first.item, first.ended) == (play, "a", None)
    rig.player.end(play)
    rig.shipper.ship_first()
    assert len(rig.shipped()) == 1
    rig.shipper.ship_all()
    assert [(found.id, found.ended is None) for found in rig.shipped()] == [(play, True), (play, False)]
    rig.shipper.ship_all()
    assert len(rig.shipped()) == 2


def test_only_the_first_showing_of_a_revision_is_urgent(rig: Rig) -> None:
    rig.player.show("a")
    rig.shipper.ship_first()
    rig.player.show("a")
    rig.player.begin("a", revision=2)
    rig.player.begin("a", kind="speech")
    rig.shipper.ship_first()
    assert [(play.revision, play.kind) for play in rig.shipped()] == [(1, "item"), (2, "item"), (1, "speech")]


def test_a_long_play_holds_nobody_up_and_is_counted_once(rig: Rig) -> None:
    long = rig.player.begin("slow")
    others = [rig.player.show("a") for _ in range(3)]
    rig.shipper.ship_all()
    rig.shipper.ship_all()
    rig.player.end(long)
    rig.shipper.ship_all()
    ends = [play.id for play in rig.shipped() if play.ended]
    assert sorted(ends) == [long, *others]
    assert rig.bench.desk.outbox.mark("uuid-1") == others[-1]
    assert rig.bench.desk.outbox.shipped_ahead("uuid-1") == {}


def test_a_restart_of_the_agent_sends_nothing_twice(rig: Rig) -> None:
    rig.player.begin("slow")
    for _ in range(3):
        rig.player.show("a")
    rig.shipper.ship_all()
    before = len(rig.shipped())
    rig.shipper.close()
    rig.shipper = rig.make()
    rig.shipper.ship_all()
    assert len(rig.shipped()) == before


def test_a_play_lost_with_its_player_is_reported_as_lost(rig: Rig) -> None:
    play = rig.player.begin("a")
    rig.player.db.execute("UPDATE play SET outcome = 'lost' WHERE id = ?", (play,))
    rig.player.show("b")
    rig.shipper.ship_all()
    assert [(found.item, found.outcome) for found in rig.shipped()] == [("a", "lost"), ("b", "shown")]
    assert rig.bench.desk.outbox.mark("uuid-1") == 2


def test_an_end_that_never_comes_is_given_up_after_a_day(rig: Rig) -> None:
    rig.player.begin("a")
    rig.player.show("b")
    rig.shipper.ship_all()
    assert rig.bench.desk.outbox.mark("uuid-1") == 0
    rig.bench.set(rig.bench.signer.now + timedelta(days=2))
    rig.shipper.ship_all()
    assert rig.bench.desk.outbox.mark("uuid-1") == 2


def test_many_plays_go_in_batches_behind_one_that_still_shows(rig: Rig) -> None:
    rig.player.begin("slow")
    for _ in range(2 * BATCH_ROWS + 7):
        rig.player.show("a")
    rig.shipper.ship_all()
    ends = [play.id for play in rig.shipped() if play.ended]
    assert sorted(ends) == list(range(2, 2 * BATCH_ROWS + 9))
    assert len(ends) == len(set(ends))


def test_without_a_connection_plays_wait_in_their_own_file(rig: Rig) -> None:
    rig.connected = False
    rig.player.show()
    rig.shipper.ship_first()
    rig.shipper.ship_all()
    assert rig.shipped() == []
    rig.connected = True
    rig.shipper.ship_all()
    assert len(rig.shipped()) == 1


def test_a_new_file_is_a_new_count(rig: Rig) -> None:
    rig.player.show()
    rig.shipper.ship_all()
    rig.player.db.close()
    for name in ("plays.db", "plays.db-wal", "plays.db-shm"):
        (rig.path.parent / name).unlink(missing_ok=True)
    rig.player = Player(rig.path, "uuid-2", rig.bench.signer.now)
    rig.player.show("b")
    rig.shipper.ship_all()
    assert [play.item for play in rig.shipped()] == ["a", "b"]
    assert rig.bench.desk.outbox.mark("uuid-2") == 1


@pytest.mark.parametrize("content", [None, b"", b"no database" * 500], ids=["missing", "empty", "garbage"])
def test_a_file_that_cannot_be_read_ships_nothing(bench: Bench, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "plays.db"
    if content is not None:
        path.write_bytes(content)
    shipper = Shipper(path, bench.desk.outbox, lambda: bench.time[0], lambda: True)
    shipper.ship_all()
    assert bench.sent() == []
    shipper.close()


def test_the_lookout_notices_commits_and_a_file_that_appears(
    bench: Bench, tmp_path: Path, eventually: Callable[..., Any]
) -> None:
    posted: SimpleQueue[Any] = SimpleQueue()
    path = tmp_path / "plays.db"
    player = Player(path, "uuid-1", bench.signer.now)
    lookout = PlaysLookout(path, posted.put)
    thread = threading.Thread(target=lookout.run)
    thread.start()
    posted.get(timeout=DEADLINE_S)
    player.begin()
    posted.get(timeout=DEADLINE_S)
    lookout.leave()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
    player.db.close()


def test_reading_never_keeps_a_view_open(rig: Rig) -> None:
    file = PlaysFile(rig.path)
    first = file.version()
    rig.player.show()
    assert file.version() != first
    assert file.rows("SELECT count(*) FROM play") == [(1,)]
    file.close()
