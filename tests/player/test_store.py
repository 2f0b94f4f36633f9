from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from player import wire
from player.model import Alert, Clock, ClockQuality, Item, Playlist, Priority, Unit, Version
from player.store import Snapshot, Store

NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)
LATER_S = 1e6  # steady time by which every look at the path is due again
Maker = Callable[[], Any]


def playlist(seq: int = 1, title: str = "Tin") -> Playlist:
    tin = Item("tin", 1, Priority.ROUTINE, (Version("vi", title),), dwell_s=10)
    return Playlist(1, "s-abcdef", seq, NOON, NOON + timedelta(days=1), Unit("25318", "Xã Tân Hưng"), (tin,))


def alert(name: str = "bao", seq: int = 1) -> Alert:
    versions = (Version("vi", "Bão"),)
    return Alert(1, name, "25318", seq, 1, NOON, NOON + timedelta(hours=1), versions)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "agent.db")
    yield made
    made.close()


def test_without_a_file_there_is_an_empty_snapshot_and_a_word_of_it(store: Store) -> None:
    assert store.poll(0) is False
    assert store.snapshot == Snapshot()
    assert "there is no agent.db yet" in store.trouble


def test_a_file_that_comes_later_is_found(store: Store, agent_db: Maker) -> None:
    store.poll(0)
    agent_db().playlist(playlist())
    assert store.poll(0.5) is False  # the path is not looked at more often than once a second
    assert store.poll(1.1) is True
    assert store.snapshot.playlist == playlist()
    assert store.trouble == ""


def test_everything_the_agent_commits_is_read(store: Store, agent_db: Maker) -> None:
    db = agent_db()
    db.playlist(playlist())
    db.alert(alert())
    db.clip("tin", 1, "vi", "a.wav")
    db.request("r1", "identify", NOON, NOON + timedelta(minutes=1))
    db.status("stopped", "1")
    db.status("clock", wire.encode(Clock(ClockQuality.FLOOR, NOON)).decode())
    db.status("unit", wire.encode(Unit("1", "Huyện")).decode())
    assert store.poll(0)
    seen = store.snapshot
    assert (seen.playlist, seen.alerts, seen.stopped) == (playlist(), (alert(),), True)
    assert (seen.clock, seen.unit) == (Clock(ClockQuality.FLOOR, NOON), Unit("1", "Huyện"))
    assert seen.clips["tin", 1, "vi"].file == "a.wav"
    assert [(request.id, request.verb) for request in seen.requests] == [("r1", "identify")]


def test_a_commit_is_noticed_at_the_next_look_and_nothing_else_is(store: Store, agent_db: Maker) -> None:
    db = agent_db()
    db.playlist(playlist())
    assert [store.poll(0), store.poll(0)] == [True, False]
    db.status("keys", "irrelevant")
    before = store.snapshot
    assert store.poll(0) is False
    assert store.snapshot.playlist is before.playlist
    db.alert(alert())
    assert [store.poll(0), store.poll(0)] == [True, False]


def test_looking_leaves_no_lock_behind(store: Store, agent_db: Maker) -> None:
    db = agent_db()
    db.playlist(playlist())
    store.poll(0)
    busy, _, _ = db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0


def test_the_reader_cannot_write(store: Store, agent_db: Maker) -> None:
    agent_db().playlist(playlist())
    store.poll(0)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._rows("DELETE FROM playlist")


def test_a_body_that_does_not_parse_keeps_the_last_one_and_says_so(store: Store, agent_db: Maker) -> None:
    db = agent_db()
    db.playlist(playlist())
    store.poll(0)
    db.playlist(playlist(seq=2), body=b'{"schema": 99}')
    store.poll(0)
    assert store.snapshot.playlist == playlist()
    assert "playlist in agent.db does not parse" in store.trouble
    db.playlist(playlist(seq=3))
    assert store.poll(0)
    assert store.trouble == ""


def test_a_body_that_does_not_parse_is_told_of_until_another_one_comes(store: Store, agent_db: Maker) -> None:
    """The agent commits many times a day, and none of that mends it."""
    db = agent_db()
    db.playlist(playlist())
    store.poll(0)
    db.playlist(playlist(seq=2), body=b'{"schema": 99}')
    store.poll(0)
    db.clip("tin", 1, "vi", "a.wav")
    assert store.poll(0)
    assert "playlist in agent.db does not parse" in store.trouble
    assert store.snapshot.playlist == playlist()


def test_a_playlist_beside_something_unreadable_is_there_when_that_is_gone(store: Store, agent_db: Maker) -> None:
    db = agent_db()
    db.playlist(playlist())
    store.poll(0)
    db.playlist(playlist(seq=2, title="Mới"))
    db.connection.execute("ALTER TABLE request RENAME TO gone")
    store.poll(LATER_S)
    assert "request" in store.trouble
    assert store.snapshot.playlist == playlist()
    db.connection.execute("ALTER TABLE gone RENAME TO request")
    assert store.poll(2 * LATER_S)
    assert store.snapshot.playlist == playlist(seq=2, title="Mới")
    assert store.trouble == ""


def test_an_alert_that_does_not_parse_takes_nothing_else_with_it(store: Store, agent_db: Maker) -> None:
    db = agent_db()
    db.alert(alert("good"))
    db.alert(alert("bad"), body=b"\xff")
    db.request("r1", "identify", NOON, NOON)
    db.connection.execute("UPDATE request SET expires_at = 'soon'")
    store.poll(0)
    assert store.snapshot.alerts == (alert("good"),)
    assert "25318/bad" in store.trouble
    assert "request r1" in store.trouble


def test_a_file_that_is_deleted_leaves_the_last_picture(store: Store, agent_db: Maker, tmp_path: Path) -> None:
    db = agent_db()
    db.playlist(playlist())
    store.poll(0)
    db.connection.close()
    for path in tmp_path.glob("agent.db*"):
        path.unlink()
    assert store.poll(LATER_S) is False
    assert store.snapshot.playlist == playlist()
    assert "gone" in store.trouble


def test_a_file_that_was_replaced_is_read_anew(store: Store, agent_db: Maker, tmp_path: Path) -> None:
    db = agent_db()
    db.playlist(playlist())
    store.poll(0)
    db.connection.close()
    for path in tmp_path.glob("agent.db*"):
        path.unlink()
    agent_db().playlist(playlist(seq=7, title="Mới"))
    assert store.poll(LATER_S) is True
    assert store.snapshot.playlist == playlist(seq=7, title="Mới")


@pytest.mark.parametrize("garbage", [b"", b"not a database" * 1000, bytes(4096)])
def test_a_damaged_file_leaves_the_last_picture(store: Store, agent_db: Maker, tmp_path: Path, garbage: bytes) -> None:
    db = agent_db()
    db.playlist(playlist())
    store.poll(0)
    db.connection.close()
    for path in tmp_path.glob("agent.db*"):
        path.unlink()
    (tmp_path / "agent.db").write_bytes(garbage)
    store.poll(LATER_S)
    assert store.snapshot.playlist == playlist()
    assert store.trouble != ""


_WRITER = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL"); db.execute("PRAGMA synchronous = FULL")
db.execute("INSERT INTO status VALUES ('stopped', '1')")
db.execute("BEGIN IMMEDIATE"); db.execute("DELETE FROM status")
print("halfway", flush=True)
time.sleep(60)
"""


def test_a_writer_killed_in_the_middle_of_a_commit_changes_nothing(
    store: Store, agent_db: Maker, tmp_path: Path
) -> None:
    agent_db().connection.close()
    process = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path / "agent.db")], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"halfway\n"
        assert store.poll(0)
        assert store.snapshot.stopped
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    store.poll(LATER_S)
    assert store.snapshot.stopped
    assert store.trouble == ""


def test_the_files_of_a_killed_writer_are_read_by_one_who_comes_later(tmp_path: Path, agent_db: Maker) -> None:
    agent_db().connection.close()
    process = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path / "agent.db")], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    late = Store(tmp_path / "agent.db")
    assert late.poll(0)
    assert late.snapshot.stopped
    late.close()
