"""The commands an administrator runs, and what is tidied by the clock."""

from __future__ import annotations

import io
import os
import sqlite3
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError

from publisher.broadcast import outbox
from publisher.broadcast.content import ContentStore
from publisher.broadcast.housekeeping import BODY_KEPT, EVERY, Housekeeping
from publisher.broadcast.management.commands import backup
from publisher.broadcast.models import Task
from publisher.cli import publisher
from publisher.home import Home
from publisher.screens.models import Delivery, Screen
from publisher.units.models import UnitFact

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=24)


@pytest.fixture
def store(home: Home) -> ContentStore:
    return ContentStore(home.content)


def test_a_backup_holds_everything_that_cannot_be_made_again(home: Home, keys: Any, tmp_path: Path) -> None:
    database = sqlite3.connect(home.database)
    database.executescript("PRAGMA journal_mode=WAL; CREATE TABLE t (x); INSERT INTO t VALUES (42);")
    home.secret_key()
    home.content.mkdir()
    (home.content / "file").write_bytes(b"picture")
    target = tmp_path / "copy.tar"
    backup.write(home, target)  # while a connection has the database open and its log is not folded in
    database.close()
    assert target.stat().st_mode & 0o077 == 0
    with tarfile.open(target) as tar:
        tar.extractall(tmp_path / "restored", filter="data")
    restored = tmp_path / "restored"
    with sqlite3.connect(restored / "publisher.db") as copy:
        assert copy.execute("SELECT x FROM t").fetchone() == (42,)
    assert (restored / "keys" / "root.key").read_text() == (home.keys / "root.key").read_text()
    assert (restored / "content" / "file").read_bytes() == b"picture"
    assert (restored / "secret.key").exists()


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    target = tmp_path / "copy.tar"
    target.write_bytes(b"an older one")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(target))
    assert target.read_bytes() == b"an older one"


@pytest.mark.django_db
def test_rotating_says_the_new_key_and_asks_for_its_announcement(keys: Any) -> None:
    before, out = keys.load().key_id, io.StringIO()
    call_command("keys", "rotate", stdout=out)
    assert keys.load().key_id != before
    assert keys.load().key_id in out.getvalue()
    assert [(task.kind, task.target) for task in Task.objects.all()] == [("keys", "root")]


@pytest.mark.django_db
def test_without_its_root_a_rotation_is_refused_in_one_line(home: Home, keys: Any) -> None:
    (home.keys / "root.key").unlink()
    with pytest.raises(CommandError, match="the root key is not here"):
        call_command("keys", "rotate")
    assert not Task.objects.exists()


@pytest.mark.parametrize("name", ["init", "run", "adduser", "loadunits", "keys", "backup"])
def test_every_command_is_listed(name: str) -> None:
    assert name in CliRunner().invoke(publisher, ["--help"]).output


@pytest.mark.django_db
def test_bodies_nobody_points_to_are_deleted_after_two_days(commune: Any, store: ContentStore, home: Home) -> None:
    commune.screen(playlist_sha256="a" * 64)
    for name, age in (("a", BODY_KEPT * 9), ("b", BODY_KEPT * 9), ("c", BODY_KEPT / 2)):
        store.put_body(name.encode(), name * 64)
        written = (NOON - age).timestamp()
        os.utime(home.content / "playlists" / (name * 64), (written, written))
    Housekeeping(store, lambda _now: []).run(NOON)
    assert [store.find(name * 64) is not None for name in "abc"] == [True, False, True]


@pytest.mark.django_db
def test_it_is_due_every_ten_minutes_and_at_the_end_of_a_window(commune: Any, store: ContentStore) -> None:
    keeping = Housekeeping(store, lambda _now: [])
    assert keeping.due(NOON)
    keeping.run(NOON)
    assert not keeping.due(NOON + EVERY - timedelta(seconds=1))
    assert keeping.due(NOON + EVERY)
    commune.bulletin(ends=NOON + timedelta(seconds=30))
    keeping.run(NOON)
    assert keeping.due(NOON + timedelta(seconds=30))


@pytest.mark.django_db
def test_on_the_day_a_unit_gets_another_name_its_screens_are_told(commune: Any, store: ContentStore) -> None:
    """1 July 2025 and its like: the name is due at midnight in Vietnam, not in Greenwich."""
    screen = commune.screen()
    for name, kind, first in (("Xã Lộc Thạnh", "Xã", "2020-01-01"), ("Phường Lộc Thạnh", "Phường", "2026-05-04")):
        UnitFact.objects.create(
            unit=commune.unit, name=name, kind=kind, parent_code="75", valid_from=first, source="a decision"
        )
    keeping = Housekeeping(store, lambda _now: [])
    keeping.run(datetime(2026, 5, 3, 16, 59, tzinfo=UTC))
    assert not Task.objects.exists()
    keeping.run(datetime(2026, 5, 3, 17, 0, tzinfo=UTC))
    assert Screen.objects.get().unit.name == "Phường Lộc Thạnh"
    assert {(task.kind, task.target) for task in Task.objects.all()} == {("desired", screen.id), ("access", "names")}
    outbox.finish(list(Task.objects.all()), NOON)
    keeping.run(datetime(2026, 5, 3, 17, 10, tzinfo=UTC))
    assert not Task.objects.filter(done=None).exists()


@pytest.mark.django_db
def test_a_new_name_that_cannot_be_announced_is_not_taken_on_either(
    commune: Any, store: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    commune.screen()
    for name, first in (("Xã Lộc Thạnh", "2020-01-01"), ("Xã Mới", "2026-05-03")):
        UnitFact.objects.create(
            unit=commune.unit, name=name, kind="Xã", parent_code="75", valid_from=first, source="a decision"
        )
    keeping = Housekeeping(store, lambda _now: [])
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "put_many", _fail)
        with pytest.raises(OperationalError):
            keeping.run(NOON)
    assert Screen.objects.get().unit.name == "Xã Lộc Thạnh"
    keeping.run(NOON)
    assert Screen.objects.get().unit.name == "Xã Mới"
    assert Task.objects.filter(kind="desired").count() == 1


def _fail(*_given: object) -> None:
    raise OperationalError("database is locked")


@pytest.mark.django_db
def test_an_emergency_that_is_over_by_the_clock_is_no_longer_on_the_screens(commune: Any, store: ContentStore) -> None:
    there, never_there = commune.screen(), commune.screen()
    storm, notice = commune.bulletin(priority="emergency"), commune.bulletin()
    for screen, bulletin, committed in ((there, storm, NOON), (never_there, storm, None), (there, notice, NOON)):
        Delivery.objects.create(screen=screen, bulletin=bulletin, revision=1, seq=1, committed=committed)
    Housekeeping(store, lambda _now: [storm.uid, notice.uid]).run(LATER)
    gone = {(row.screen_id, row.bulletin_id): row.gone for row in Delivery.objects.all()}
    assert gone == {(there.id, storm.pk): LATER, (never_there.id, storm.pk): None, (there.id, notice.pk): None}
