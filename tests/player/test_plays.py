from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from player.plays import CHECKPOINT_S, KEEP_DAYS, Plays

NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def rows(path: Path, what: str = "kind, item, revision, started_at, ended_at, outcome") -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        found = db.execute(f"SELECT {what} FROM play ORDER BY id").fetchall()
    db.close()
    return found


def test_a_play_is_in_the_file_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    plays = Plays(tmp_path / "plays.db", NOON)
    token = plays.begin("item", "tin", 3, NOON)
    assert plays.flush()
    assert rows(tmp_path / "plays.db") == [("item", "tin", 3, "2025-09-02T05:00:00.000+00:00", None, "")]
    plays.end(token, NOON + timedelta(seconds=10), "shown")
    plays.close()
    assert rows(tmp_path / "plays.db", "ended_at, outcome") == [("2025-09-02T05:00:10.000+00:00", "shown")]


def test_two_plays_at_once_keep_their_own_ends(tmp_path: Path) -> None:
    plays = Plays(tmp_path / "plays.db", NOON)
    picture, speech = plays.begin("item", "tin", 1, NOON), plays.begin("speech", "tin", 1, NOON)
    plays.end(speech, NOON, "cut")
    plays.end(picture, NOON, "shown")
    plays.close()
    assert rows(tmp_path / "plays.db", "kind, outcome") == [("item", "shown"), ("speech", "cut")]


def test_the_file_keeps_its_name_and_never_uses_a_number_twice(tmp_path: Path) -> None:
    first = Plays(tmp_path / "plays.db", NOON)
    first.begin("item", "a", 1, NOON)
    first.close()
    with sqlite3.connect(tmp_path / "plays.db") as db:
        db.execute("DELETE FROM play")
    db.close()
    second = Plays(tmp_path / "plays.db", NOON)
    second.begin("item", "b", 1, NOON)
    second.close()
    assert second.uuid == first.uuid
    assert len(second.uuid) == 36
    assert rows(tmp_path / "plays.db", "id, item") == [(2, "b")]


_PLAYER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from player.plays import Plays
plays = Plays(Path(sys.argv[1]), datetime(2025, 9, 2, 5, tzinfo=UTC))
for number in range(200):
    token = plays.begin("item", f"i{number}", 1, datetime.now(UTC))
    plays.end(token, datetime.now(UTC), "shown")
plays.begin("item", "last", 1, datetime.now(UTC))
plays.flush()
print("written", flush=True)
sys.stdin.read()
"""


def test_kill_9_loses_nothing_and_what_was_open_is_lost_by_name(tmp_path: Path) -> None:
    path = tmp_path / "plays.db"
    process = subprocess.Popen(
        [sys.executable, "-c", _PLAYER, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    Plays(path, NOON).close()
    found = rows(path, "item, ended_at, outcome")
    assert len(found) == 201
    assert {outcome for _, _, outcome in found[:200]} == {"shown"}
    assert found[200] == ("last", None, "lost")


def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    (tmp_path / "plays.db").write_bytes(b"not a database" * 400)
    plays = Plays(tmp_path / "plays.db", NOON)
    plays.begin("item", "a", 1, NOON)
    plays.close()
    assert rows(tmp_path / "plays.db", "item") == [("a",)]
    assert len(list(tmp_path.glob("plays.db.broken-*"))) == 1


def test_what_is_older_than_any_absence_goes(tmp_path: Path) -> None:
    plays = Plays(tmp_path / "plays.db", NOON)
    plays.begin("item", "old", 1, NOON - timedelta(days=KEEP_DAYS + 1))
    plays.begin("item", "weeks offline", 1, NOON - timedelta(days=60))
    plays.close()
    Plays(tmp_path / "plays.db", NOON).close()
    assert rows(tmp_path / "plays.db", "item") == [("weeks offline",)]


def test_it_remembers_what_was_read_aloud_in_the_past_day(tmp_path: Path) -> None:
    plays = Plays(tmp_path / "plays.db", NOON)
    plays.begin("speech", "storm", 2, NOON - timedelta(hours=1))
    plays.begin("speech", "old", 1, NOON - timedelta(days=2))
    plays.begin("item", "picture", 1, NOON)
    plays.close()
    again = Plays(tmp_path / "plays.db", NOON)
    again.close()
    assert again.last_spoken == {("storm", 2): NOON - timedelta(hours=1)}


def test_a_file_that_cannot_be_written_for_a_while_gets_everything_afterwards(
    tmp_path: Path, until: Callable[[Callable[[], object]], None]
) -> None:
    path = tmp_path / "plays.db"
    plays = Plays(path, NOON, busy_s=0.01, retry_s=0.01)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    plays.begin("item", "a", 1, NOON)
    until(lambda: "cannot be written" in plays.trouble)
    blocker.execute("ROLLBACK")
    blocker.close()
    assert plays.flush()
    until(lambda: plays.trouble == "")
    plays.close()
    assert rows(path, "item") == [("a",)]


def test_the_agent_s_group_can_read_the_file_and_its_log(tmp_path: Path) -> None:
    plays = Plays(tmp_path / "plays.db", NOON)
    plays.begin("item", "a", 1, NOON)
    plays.flush()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("plays.db*")}
    plays.close()
    assert modes == {0o660}


def test_three_weeks_without_a_network_are_all_there_each_play_once(tmp_path: Path) -> None:
    """A restart each day, one in three by the mains: nothing is lost, no number comes twice."""
    path, uuids = tmp_path / "plays.db", set()
    for day in range(21):
        morning = NOON + timedelta(days=day)
        plays = Plays(path, morning)
        uuids.add(plays.uuid)
        for number in range(48):
            begun = morning + timedelta(minutes=30 * number)
            token = plays.begin("item", f"d{day}n{number}", 1, begun)
            plays.end(token, begun + timedelta(seconds=10), "shown")
        assert plays.flush()
        if day % 3:
            plays.close()
    found = rows(path, "id, item, outcome")
    assert len(uuids) == 1
    assert [row[0] for row in found] == list(range(1, 21 * 48 + 1))
    assert len({row[1] for row in found}) == 21 * 48
    assert {row[2] for row in found} == {"shown"}


def test_what_is_older_than_a_checkpoint_survives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, until: Callable[[Callable[[], object]], None]
) -> None:
    """The log is what a power cut may take; the file itself holds everything up to the last checkpoint."""
    assert CHECKPOINT_S <= 60
    monkeypatch.setattr("player.plays.CHECKPOINT_S", 0.0)
    path, after = tmp_path / "plays.db", tmp_path / "after" / "plays.db"
    after.parent.mkdir()
    plays = Plays(path, NOON)
    plays.begin("item", "a", 1, NOON)

    def left() -> list[tuple[Any, ...]]:
        shutil.copyfile(path, after)  # without its log
        return rows(after, "item")

    until(lambda: left() == [("a",)])
    plays.close()


def test_a_checkpoint_waits_until_the_card_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below NORMAL (1) SQLite leaves it to the system when pages reach the card, and a power cut tears the file."""
    opened: list[sqlite3.Connection] = []
    plain = sqlite3.connect

    def noted(*where: Any, **how: Any) -> sqlite3.Connection:
        opened.append(plain(*where, **how))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", noted)
    plays = Plays(tmp_path / "plays.db", NOON)
    plays.begin("item", "a", 1, NOON)
    assert plays.flush()
    ((level,),) = opened[-1].execute("PRAGMA synchronous").fetchall()
    ((journal,),) = opened[-1].execute("PRAGMA journal_mode").fetchall()
    plays.close()
    assert (level >= 1, journal) == (True, "wal")


def test_between_two_checkpoints_the_card_is_spared(tmp_path: Path) -> None:
    plays = Plays(tmp_path / "plays.db", NOON)
    before = (tmp_path / "plays.db").read_bytes()
    for number in range(50):
        plays.begin("item", f"i{number}", 1, NOON)
    assert plays.flush()
    assert (tmp_path / "plays.db").read_bytes() == before
    plays.close()
    assert len(rows(tmp_path / "plays.db")) == 50


def _tear(path: Path) -> None:
    """Rubbish over everything behind the first pages, which hold the names of the tables and the uuid."""
    data = bytearray(path.read_bytes())
    data[16_384:] = b"\x5a" * (len(data) - 16_384)
    path.write_bytes(data)


def test_a_file_torn_behind_its_first_pages_is_set_aside_too(tmp_path: Path) -> None:
    """A player that could not begin for a few rows of the past would leave the board dark."""
    path = tmp_path / "plays.db"
    before = Plays(path, NOON)
    for number in range(2000):
        before.begin("item", f"i{number}", 1, NOON)
    assert before.flush()
    before.close()
    _tear(path)
    after = Plays(path, NOON)
    after.begin("item", "new", 1, NOON)
    after.close()
    assert rows(path, "item") == [("new",)]
    assert len(list(tmp_path.glob("plays.db.broken-*"))) == 1
    assert after.uuid
    assert after.uuid != before.uuid


def test_a_file_that_is_torn_while_it_is_written_is_set_aside(
    tmp_path: Path, until: Callable[[Callable[[], object]], None]
) -> None:
    path = tmp_path / "plays.db"
    plays = Plays(path, NOON, retry_s=0.01)
    before = plays.uuid
    token = plays.begin("item", "old", 1, NOON)
    assert plays.flush()
    plays._put(_says_that_it_is_torn())
    plays.begin("item", "new", 1, NOON)
    until(lambda: plays.uuid != before)
    plays.end(token, NOON, "shown")  # its row is in the other file, and another's number is the same here
    plays.close()
    assert rows(path, "item, outcome") == [("new", "")]


def _says_that_it_is_torn() -> Callable[[sqlite3.Connection], None]:
    faults = [sqlite3.DatabaseError("database disk image is malformed")]

    def write(_: sqlite3.Connection) -> None:
        if faults:
            raise faults.pop()

    return write


def test_a_file_that_cannot_be_had_at_the_start_is_written_as_soon_as_it_can(
    tmp_path: Path, until: Callable[[Callable[[], object]], None]
) -> None:
    """The board shows meanwhile; that it is without proof is told."""
    path = tmp_path / "not yet" / "plays.db"
    plays = Plays(path, NOON, retry_s=0.01)
    plays.begin("item", "a", 1, NOON)
    assert "cannot be written" in plays.trouble
    assert plays.uuid == ""
    path.parent.mkdir()
    until(lambda: plays.trouble == "")
    plays.close()
    assert rows(path, "item") == [("a",)]
    assert len(plays.uuid) == 36
