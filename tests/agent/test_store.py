"""The hand-over file: durable, whole, readable beside its writer, and begun anew when it is damaged."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.events import Announced, ClipMade, Ready
from agent.store import Store
from agent.trust import Believed, Floor, digest
from player import wire
from player.model import Alert, Media, Verb, Version
from player.schema import AGENT_DB
from tests.agent.signer import Signer
from tests.waiting import DEADLINE_S

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def ready(signer: Signer, *items: Any, media: tuple[Media, ...] = (), **changes: Any) -> Ready:
    playlist = signer.playlist(*items, **changes)
    body = wire.encode(playlist)
    pointer = signer.pointer(playlist, body)
    return Ready(Announced(pointer, signer.seal(pointer), NOW, NOW), playlist, body, media, NOW)


def believed(signer: Signer, **changes: Any) -> tuple[Believed[Alert], bytes]:
    alert = signer.alert(**changes)
    payload = wire.encode(alert)
    return Believed(alert, payload, digest(payload)), signer.seal(alert)


def test_content_and_floor_are_one_commit(store: Store, signer: Signer) -> None:
    found = ready(signer, signer.item())
    store.accept_playlist(found, ["25357"], NOW)
    assert store.playlist_body() == found.body
    pointer = found.announced.pointer
    assert store.floor("desired", pointer.screen) == Floor(pointer.seq, pointer.sha256)


def test_a_cut_in_the_middle_leaves_neither_content_nor_floor(
    store: Store, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ready(signer, signer.item("một")), ready(signer, signer.item("hai"))
    store.accept_playlist(first, ["25357"], NOW)
    monkeypatch.setattr(store, "_drop_stale_clips", lambda items: (_ for _ in ()).throw(OSError("power")))
    with pytest.raises(OSError, match="power"):
        store.accept_playlist(second, ["25357"], NOW)
    assert store.playlist_body() == first.body
    assert store.floor("desired", "s-test01") == Floor(first.announced.pointer.seq, first.announced.pointer.sha256)


def test_an_ended_alert_goes_and_its_floor_stays(store: Store, signer: Signer) -> None:
    store.accept_alert(*believed(signer), NOW)
    assert len(store.alert_bodies()) == 1
    end, envelope = believed(signer, ended=True, versions=())
    store.accept_alert(end, envelope, NOW)
    assert store.alert_bodies() == []
    assert store.floor("alert", "25357/bao-so-3") == Floor(end.value.seq, end.sha256)


def test_alerts_of_groups_the_screen_left_go_with_the_playlist(store: Store, signer: Signer) -> None:
    store.accept_alert(*believed(signer), NOW)
    store.accept_playlist(ready(signer), ["other"], NOW)
    assert store.alert_bodies() == []


def test_clips_of_replaced_revisions_go_and_those_of_alerts_stay(store: Store, signer: Signer) -> None:
    item = signer.item("một")
    for name, revision in ((item.id, 1), (item.id, 2), ("bao-so-3", 1)):
        store.add_clip(ClipMade(name, revision, "vi", "x.wav", 1.0, "espeak"))
    store.accept_alert(*believed(signer), NOW)
    store.accept_playlist(ready(signer, signer.item("một", id=item.id, revision=2)), ["25357"], NOW)
    assert store.clips() == {(item.id, 2, "vi"): "espeak", ("bao-so-3", 1, "vi"): "espeak"}


def test_writing_what_is_there_already_commits_nothing(store: Store, tmp_path: Path) -> None:
    clip = ClipMade("a", 1, "vi", "x.wav", 1.5, "espeak")
    store.add_clip(clip)
    store.set_status("clock", "{}")
    with closing(sqlite3.connect(f"file:{tmp_path}/state/agent.db?mode=ro", uri=True)) as reader:
        before = reader.execute("PRAGMA data_version").fetchall()
        store.add_clip(clip)
        store.set_status("clock", "{}")
        assert reader.execute("PRAGMA data_version").fetchall() == before


def test_the_stop_survives_the_process(tmp_path: Path, signer: Signer) -> None:
    store = Store(tmp_path)
    command = signer.command(Verb.STOP)
    payload = wire.encode(command)
    store.accept_command(Believed(command, payload, digest(payload)), NOW)
    store.close()
    again = Store(tmp_path)
    assert again.status("stopped") == "1"
    assert again.floor("command", "s-test01") == Floor(command.seq, digest(payload))
    again.close()


def test_requests_wait_for_the_player_in_order(store: Store, signer: Signer) -> None:
    for verb in (Verb.IDENTIFY, Verb.SCREENSHOT):
        command = signer.command(verb)
        store.accept_command(Believed(command, b"", ""), NOW)
    first, second = store.requests()
    assert (first.verb, second.verb) == ("identify", "screenshot")
    store.drop_request(first.id)
    assert store.requests() == [second]


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b""], ids=["garbage", "truncated-pages"])
def test_a_damaged_file_is_set_aside_and_begun_anew(tmp_path: Path, signer: Signer, damage: bytes) -> None:
    store = Store(tmp_path)
    store.accept_playlist(ready(signer, *(signer.item(str(n)) for n in range(50))), ["25357"], NOW)
    store.close()
    file = tmp_path / AGENT_DB
    data = bytearray(file.read_bytes())
    file.write_bytes(damage or bytes(data[:4096] + b"\x5a" * (len(data) - 4096)))
    again = Store(tmp_path)
    assert again.playlist_body() is None
    assert again.floor("desired", "s-test01") is None
    (moved,) = again.recovered
    assert moved.is_file()
    again.accept_playlist(ready(signer), ["25357"], NOW)
    again.close()


def test_a_store_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / AGENT_DB).mkdir()
    with pytest.raises(OSError, match="directory"):
        Store(tmp_path)


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_the_group_may_write_whatever_the_umask(tmp_path: Path, signer: Signer, umask: int) -> None:
    old = os.umask(umask)
    try:
        store = Store(tmp_path / "state")
        store.accept_playlist(ready(signer), ["25357"], NOW)
    finally:
        os.umask(old)
    folder = tmp_path / "state"
    for place in (folder, folder / "media", folder / "speech"):
        assert stat.S_IMODE(place.stat().st_mode) == 0o2770
    for name in ("agent.db", "agent.db-wal", "agent.db-shm"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o660, name
    store.close()


WRITER = """
import sys, os
from datetime import UTC, datetime
from pathlib import Path
from agent.store import Store
from agent.trust import Believed
from player.model import Command, Verb
store = Store(Path(sys.argv[1]))
now = datetime(2026, 11, 23, tzinfo=UTC)
for seq in range(1, 100_000):
    command = Command(1, f"c{seq}", "s-test01", seq, Verb.IDENTIFY, now, now)
    store.accept_command(Believed(command, b"", f"{seq:064x}"), now)
    print(seq, flush=True)
"""


def test_killing_the_writer_loses_nothing_it_said_it_had(tmp_path: Path) -> None:
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
        ) as writer:
            assert writer.stdout is not None
            said = [int(writer.stdout.readline()) for _ in range(20)]
            writer.send_signal(signal.SIGKILL)
            said += [int(line) for line in writer.stdout if line.endswith("\n")]
        store = Store(tmp_path)
        floor = store.floor("command", "s-test01")
        assert floor is not None
        assert floor.seq >= said[-1]
        assert len(store.requests()) >= len(said)
        assert store.recovered == []
        store.close()


Talk = Any  # the child's end of a pipe


def child_as(uid: int, gid: int, act: Callable[[Talk], None]) -> tuple[Any, Any]:
    """A forked process that becomes that user and then acts; it needs no access to this program's files."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()

    def become_and_act() -> None:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        os.umask(0o007)
        act(theirs)

    process = context.Process(target=become_and_act)
    process.start()
    theirs.close()
    return process, ours


def read_stopped(folder: Path) -> Callable[[Talk], None]:
    def act(talk: Talk) -> None:
        try:
            with closing(sqlite3.connect(f"file:{folder}/agent.db?mode=ro", uri=True)) as reader:
                reader.execute("PRAGMA query_only=1")
                talk.send(reader.execute("SELECT value FROM status WHERE name='stopped'").fetchall()[0][0])
        except sqlite3.Error as exc:
            talk.send(str(exc))

    return act


def write_stopped(folder: Path, then: str) -> Callable[[Talk], None]:
    def act(talk: Talk) -> None:
        store = Store(folder)
        store.set_status("stopped", "1")
        talk.send("written")
        if then == "stopped":
            store.close()
        elif then == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            talk.recv()

    return act


@pytest.fixture
def shared_state() -> Iterator[tuple[Path, int, int, int]]:
    """A state folder as the installer makes it, below folders everybody may enter.

    With the ids of the agent, the player and their group.
    """
    nobody = pwd.getpwnam("nobody").pw_uid
    agent, player, group = nobody - 2, nobody - 3, nobody - 4
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="bangtin-two-users-") as temporary:
        base = Path(temporary)
        base.chmod(0o755)
        folder = base / "state"
        folder.mkdir()
        os.chown(folder, agent, group)
        folder.chmod(0o2770)
        yield folder, agent, player, group


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to run as two other users")
@pytest.mark.parametrize("then", ["running", "killed", "stopped"])
def test_the_player_reads_as_another_user_of_the_shared_group(
    shared_state: tuple[Path, int, int, int], then: str
) -> None:
    """A reader of a write-ahead log must be able to make its -shm file, whatever the writer is doing."""
    folder, agent, player, group = shared_state
    writer, to_writer = child_as(agent, group, write_stopped(folder, then))
    assert to_writer.recv() == "written"
    if then != "running":
        writer.join(DEADLINE_S)
    for gid, answer in ((group, "1"), (player, "unable to open database file")):
        reader, from_reader = child_as(player, gid, read_stopped(folder))
        assert from_reader.recv() == answer
        reader.join(DEADLINE_S)
    if then == "running":
        to_writer.send("enough")
        writer.join(DEADLINE_S)
    assert writer.exitcode == (-signal.SIGKILL if then == "killed" else 0)


def test_old_alerts_can_be_forgotten(store: Store, signer: Signer) -> None:
    store.accept_alert(*believed(signer, versions=(Version("vi", title="a"),)), NOW)
    store.drop_alerts([("25357", "bao-so-3")])
    assert store.alert_bodies() == []
    assert store.floor("alert", "25357/bao-so-3") is not None


def test_media_are_noted_once(store: Store, signer: Signer) -> None:
    media = Media("a" * 64, 5, "image/png")
    store.accept_playlist(ready(signer, media=(media,)), ["25357"], NOW)
    store.accept_playlist(ready(signer, media=(media,)), ["25357"], NOW + timedelta(hours=1))
    assert store.media_hashes() == {media.sha256}
    store.forget_media([media.sha256])
    assert store.media_hashes() == set()
