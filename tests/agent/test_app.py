"""The whole agent as a process, against a real broker and a real server: the road, the drills, the attacks."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.app import RESTART_STATUS
from agent.trust import digest
from drivers.process import pss_mb
from player import wire
from player.model import Playlist, Reply, Verb, Version
from player.schema import PLAYS_TABLES
from tests.agent.claimed import Screen
from tests.waiting import DEADLINE_S

Eventually = Callable[..., Any]
DESIRED = wire.screen_down("s-test01", "desired")


def started(screen: Screen, eventually: Eventually) -> Screen:
    screen.start()
    eventually(screen.online, "the screen's arrival")
    return screen


def in_file(screen: Screen, name: str, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{screen.state_dir}/{name}?mode=ro", uri=True)) as reader:
        return reader.execute(sql).fetchall()


def in_store(screen: Screen, sql: str) -> list[tuple[Any, ...]]:
    return in_file(screen, "agent.db", sql)


def shown(screen: Screen) -> Playlist | None:
    rows = in_store(screen, "SELECT body FROM playlist")
    return wire.decode(rows[0][0], Playlist) if rows else None


def test_an_announced_playlist_is_in_place_and_reported(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    picture = screen.web.put(b"picture", "image/png")
    playlist = screen.signer.playlist(screen.signer.item("Lịch tiêm chủng", picture=picture))
    screen.announce(playlist)
    eventually(lambda: screen.applied(playlist.seq), "the playlist's commit")
    applied = next(event.applied for event in screen.events() if event.applied)
    assert applied.received <= applied.trusted <= applied.prepared <= applied.committed
    assert shown(screen) == playlist
    assert (screen.state_dir / "media" / picture.sha256).read_bytes() == b"picture"
    assert screen.stop() == 0


def test_what_was_announced_before_the_screen_came_reaches_it(screen: Screen, eventually: Eventually) -> None:
    playlist, alert = screen.signer.playlist(screen.signer.item()), screen.signer.alert()
    screen.announce(playlist)
    screen.raise_alert(alert)
    screen.start()
    eventually(lambda: screen.applied(playlist.seq) and screen.applied(alert.seq))


def test_every_attack_leaves_the_good_playlist_in_place(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    signer, good = screen.signer, screen.signer.playlist(screen.signer.item("đúng"))
    screen.announce(good)
    eventually(lambda: screen.applied(good.seq))
    stranger = Ed25519PrivateKey.generate()
    foreign = signer.pointer(signer.playlist(screen="s-other1"))
    old = signer.pointer(signer.playlist(seq=good.seq - 1))
    clash = signer.pointer(signer.playlist(signer.item("khác"), seq=good.seq))
    late = signer.pointer(signer.playlist(expires=signer.now))
    screen.office.publish(DESIRED, signer.seal(signer.pointer(signer.playlist()), by=stranger))
    screen.office.publish(DESIRED, signer.seal(foreign))
    screen.office.publish(DESIRED, signer.seal(old))
    screen.office.publish(DESIRED, signer.seal(clash))
    screen.office.publish(DESIRED, signer.seal(late))
    screen.office.publish(DESIRED, signer.seal(signer.pointer(signer.playlist(), schema=2)))
    screen.office.publish(DESIRED, b"garbage")
    reasons = {"signature", "target", "seq", "expired", "schema", "malformed"}
    eventually(lambda: set(screen.refusals()) == reasons, "all refusals")
    assert shown(screen) == good
    eventually(lambda: any("refused-desired-signature" in health.alarms for health in screen.health()))


def test_a_body_that_differs_is_refused_and_the_next_good_one_taken(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    bad, good = screen.signer.playlist(), screen.signer.playlist(screen.signer.item())
    screen.announce(bad, sha256="0" * 64)
    eventually(lambda: screen.refusals() == ["hash"])
    screen.announce(good)
    eventually(lambda: screen.applied(good.seq))


def test_an_alert_goes_round_a_download_that_never_ends(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    reached = []

    def stall(handler: Any) -> None:
        reached.append(True)
        screen.web.leaving.wait(DEADLINE_S)

    playlist = screen.signer.playlist(screen.signer.item())
    screen.web.answers[f"/content/{digest(wire.encode(playlist))}"] = stall
    screen.announce(playlist)
    eventually(lambda: reached)
    alert = screen.signer.alert()
    screen.raise_alert(alert)
    eventually(lambda: screen.applied(alert.seq))
    assert in_store(screen, "SELECT id FROM alert") == [(alert.id,)]
    assert shown(screen) is None


def test_killing_the_agent_during_publications_loses_nothing(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    announced = []
    for number in range(12):
        playlist = screen.signer.playlist(screen.signer.item(f"tin {number}"))
        screen.announce(playlist)
        announced.append(playlist)
        if number % 3 == 1:
            screen.kill()
            screen.start()
    eventually(lambda: shown(screen) == announced[-1], "the last playlist")
    eventually(lambda: screen.applied(announced[-1].seq), "its report")
    committed = {event.applied.seq for event in screen.events() if event.applied}
    assert committed <= {playlist.seq for playlist in announced}
    alert = screen.signer.alert()
    screen.raise_alert(alert)
    eventually(lambda: screen.applied(alert.seq))


def test_events_made_without_a_broker_arrive_when_it_is_back(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    screen.order(screen.signer.command(Verb.IDENTIFY))
    ((request,),) = eventually(lambda: in_store(screen, "SELECT id FROM request"))
    screen.broker.kill()
    answers = screen.run_dir / "answers"
    (answers / ".x.part").write_bytes(wire.encode(Reply(request, Verb.IDENTIFY, True)))
    (answers / ".x.part").rename(answers / f"{request}.json")
    eventually(lambda: not in_store(screen, "SELECT id FROM request"), "the answer's pick-up")
    screen.kill()
    screen.broker.start()
    screen.start()
    eventually(lambda: {reply.id for reply in screen.replies()} == {request}, "the reply")


def test_the_stop_holds_across_a_restart_until_it_is_released(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    screen.order(screen.signer.command(Verb.STOP))
    eventually(screen.replies)
    screen.kill()
    assert in_store(screen, "SELECT value FROM status WHERE name = 'stopped'") == [("1",)]
    screen.start()
    eventually(lambda: any("stopped" in health.alarms for health in screen.health()))
    screen.order(screen.signer.command(Verb.RELEASE))
    eventually(lambda: any(reply.verb is Verb.RELEASE for reply in screen.replies()))
    assert in_store(screen, "SELECT value FROM status WHERE name = 'stopped'") == [("0",)]


def test_a_screenshot_goes_from_the_player_to_the_publisher(screen: Screen, eventually: Eventually) -> None:
    def accept(handler: Any) -> None:
        handler.send_response(204)
        handler.end_headers()

    screen.web.answers["/device/v1/picture"] = accept
    started(screen, eventually)
    command = screen.signer.command(Verb.SCREENSHOT)
    screen.order(command)
    eventually(lambda: in_store(screen, "SELECT id FROM request"))
    answers = screen.run_dir / "answers"
    (answers / f"{command.id}.png").write_bytes(b"\x89PNG picture")
    (answers / f".{command.id}.json.part").write_bytes(wire.encode(Reply(command.id, Verb.SCREENSHOT, True)))
    (answers / f".{command.id}.json.part").rename(answers / f"{command.id}.json")
    eventually(screen.replies)
    assert b"\x89PNG picture" in screen.web.bodies
    assert screen.web.seen[-1][2]["X-Request-Id"] == command.id


def test_keys_rotate_and_the_retired_key_is_refused(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    fresh = Ed25519PrivateKey.generate()
    playlist = screen.signer.playlist(screen.signer.item())
    body = wire.encode(playlist)
    screen.web.put(body)
    screen.office.publish(DESIRED, screen.signer.seal(screen.signer.pointer(playlist, body), by=fresh))
    eventually(lambda: screen.refusals() == ["signature"], "the refusal of a key nobody knows")
    keys = screen.signer.key_envelope(screen.signer.keys(fresh))
    screen.office.publish(wire.screen_down("s-test01", "keys"), keys)
    eventually(lambda: screen.applied(playlist.seq), "the acceptance of what was refused before the rotation")
    screen.announce(screen.signer.playlist())
    eventually(lambda: screen.refusals().count("signature") == 2, "the refusal of the retired key")


def test_a_rotation_raises_no_alarm_over_what_the_broker_still_retains(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    first, alert = screen.signer.playlist(screen.signer.item()), screen.signer.alert()
    screen.announce(first)
    screen.raise_alert(alert)
    eventually(lambda: screen.applied(first.seq) and screen.applied(alert.seq))
    fresh = Ed25519PrivateKey.generate()
    keys = screen.signer.key_envelope(screen.signer.keys(fresh))
    screen.office.publish(wire.screen_down("s-test01", "keys"), keys)
    eventually(lambda: "is in force" in screen.log.read_text(), "the new key set")
    second = screen.signer.playlist(screen.signer.item("mới"))
    screen.web.put(wire.encode(second))
    screen.office.publish(DESIRED, screen.signer.seal(screen.signer.pointer(second), by=fresh))
    eventually(lambda: screen.applied(second.seq))
    assert screen.refusals() == []


def test_plays_are_told_when_they_begin_and_counted_when_they_end(screen: Screen, eventually: Eventually) -> None:
    with closing(sqlite3.connect(screen.state_dir / "plays.db", isolation_level=None)) as player:
        player.execute("PRAGMA journal_mode=WAL")
        player.executescript(PLAYS_TABLES)
        player.execute("INSERT INTO meta VALUES ('uuid', 'u1')")
        started(screen, eventually)
        now = datetime.now(UTC).isoformat()
        player.execute("INSERT INTO play (kind, item, revision, started_at) VALUES ('item', 'a', 1, ?)", (now,))
        (play,) = eventually(lambda: [row for event in screen.events() if event.plays for row in event.plays.rows])
        assert (play.id, play.item, play.ended) == (1, "a", None)


def test_speech_is_made_after_the_text_is_in_place(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    item = screen.signer.item("x", versions=(Version("vi", title="Kính mời", spoken="Kính mời bà con"),))
    screen.announce(screen.signer.playlist(item))
    ((file,),) = eventually(lambda: in_store(screen, "SELECT file FROM clip"), "the clip")
    assert (screen.state_dir / "speech" / file).read_bytes()[:4] == b"RIFF"


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_the_accent_of_the_place_is_heard_and_told(screen: Screen, eventually: Eventually) -> None:
    screen.configure(voice={"engine": "espeak", "accent": "south"}, health_interval_s=1)
    started(screen, eventually)
    item = screen.signer.item("x", versions=(Version("vi", title="Kính mời", spoken="Kính mời bà con"),))
    screen.announce(screen.signer.playlist(item))
    ((engine,),) = eventually(lambda: in_store(screen, "SELECT engine FROM clip"), "the clip")
    assert ":vi-vn-x-south:" in engine
    eventually(lambda: any(health.voice["spoke"] == engine for health in screen.health()))


def test_a_valid_change_of_the_configuration_restarts_the_agent(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    assert screen.process is not None
    screen.configure(health_interval_s=10)
    screen.configure(health_interval_s="often")
    eventually(lambda: any("configuration" in health.alarms for health in screen.health()))
    assert screen.process.poll() is None
    screen.configure(health_interval_s=20)
    assert screen.process.wait(DEADLINE_S) == RESTART_STATUS


def test_a_damaged_store_is_begun_anew_and_filled_again(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    playlist = screen.signer.playlist(screen.signer.item())
    screen.announce(playlist)
    eventually(lambda: screen.applied(playlist.seq))
    screen.kill()
    for name in ("agent.db-wal", "agent.db-shm"):
        (screen.state_dir / name).unlink(missing_ok=True)
    (screen.state_dir / "agent.db").write_bytes(b"rubbish" * 999)
    screen.start()
    eventually(lambda: any("store-damaged" in health.alarms for health in screen.health()))
    eventually(lambda: shown(screen) == playlist)


def test_what_the_broker_took_is_put_aside_though_nothing_follows_it(screen: Screen, eventually: Eventually) -> None:
    screen.configure(health_interval_s=1)
    started(screen, eventually)
    playlist = screen.signer.playlist(screen.signer.item())
    screen.announce(playlist)
    eventually(lambda: screen.applied(playlist.seq))
    eventually(lambda: not in_file(screen, "outbox.db", "SELECT id FROM message"), "nothing to wait for the broker")
    assert in_file(screen, "outbox.db", "SELECT id FROM taken")


def test_a_hostile_identity_is_not_started(screen: Screen) -> None:
    file = screen.state_dir / "identity.json"
    identity = json.loads(file.read_bytes())
    identity["answer"]["root"] = "ab" * 32
    file.write_text(json.dumps(identity))
    screen.start()
    assert screen.process is not None
    assert screen.process.wait(DEADLINE_S) == 1
    assert "signature" in screen.log.read_text()


def test_the_agent_is_small(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    playlist = screen.signer.playlist(*(screen.signer.item(f"tin {number}") for number in range(20)))
    screen.announce(playlist)
    eventually(lambda: screen.applied(playlist.seq))
    assert screen.process is not None
    assert pss_mb(screen.process.pid) < 45


def test_a_bundle_handed_over_is_put_in_place(screen: Screen, eventually: Eventually) -> None:
    started(screen, eventually)
    playlist = screen.signer.playlist(screen.signer.item())
    fresh = bundle_of(screen, playlist, screen.state_dir / "import" / "week.part")
    fresh.rename(fresh.with_name("week"))
    eventually(lambda: screen.applied(playlist.seq))


def test_a_stick_that_is_plugged_in_later_is_found(screen: Screen, tmp_path: Path, eventually: Eventually) -> None:
    place = tmp_path / "media" / "usb"
    screen.configure(import_dir=str(place))
    started(screen, eventually)
    playlist = screen.signer.playlist(screen.signer.item())
    stick = bundle_of(screen, playlist, tmp_path / "stick")
    place.parent.mkdir()
    stick.rename(place)  # as a mount: the whole folder is there at once
    eventually(lambda: screen.applied(playlist.seq))


def bundle_of(screen: Screen, playlist: Playlist, folder: Path) -> Path:
    folder.mkdir()
    (folder / "body").write_bytes(wire.encode(playlist))
    (folder / "pointer.json").write_bytes(screen.signer.seal(screen.signer.pointer(playlist)))
    return folder
