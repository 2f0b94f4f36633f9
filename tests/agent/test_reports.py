"""State and health go up complete, and a change for the worse does not wait."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.events import ClipMade, Disconnected, VoiceTrouble
from agent.health import Machine, Reporter
from agent.reports import FLAPPING, Reports
from agent.trust import Refusal
from agent.voicewatch import VoiceWatch
from player import wire
from player.model import Health, State
from tests.agent.bench import Bench
from tests.joe import joe, linked


class Parts:
    """Playlists, Commands, Speech, Supply and the link, as far as reports look at them."""

    seq = 7
    groups = ("25357",)
    problem = ""
    stopped = False
    connected = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes, bool]] = []

    def depth(self) -> int:
        return 2

    def publish(self, leaf: str, payload: bytes, retain: bool = False, topic: str = "") -> int:
        self.sent.append((leaf, payload, retain))
        return len(self.sent)

    def health(self) -> list[Health]:
        return [wire.decode(payload, Health) for leaf, payload, _ in self.sent if leaf == "health"]


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def reports(bench: Bench, parts: Any, tmp_path: Path) -> Reports:
    (tmp_path / "player.json").write_text("{}")
    machine = Machine("s-test01", "0.1", "boot-1", 0.0, lambda: 5.0)
    reporter = Reporter(machine, tmp_path / "player.json", dict)
    watch = VoiceWatch(("piper", "espeak"), tmp_path / "voices")
    return Reports(
        bench.desk, parts, reporter, playlists=parts, commands=parts, speech=parts, supply=parts, voice=watch
    )


def test_the_state_is_retained(reports: Reports, parts: Parts, bench: Bench) -> None:
    reports.state()
    ((leaf, payload, retain),) = parts.sent
    state = wire.decode(payload, State)
    assert (leaf, retain, state.online, state.seq, state.boot) == ("state", True, True, 7, "boot-1")


def test_health_says_what_every_part_says(reports: Reports, parts: Parts, bench: Bench) -> None:
    bench.desk.refusals.note(Refusal("alert", "signature", "x", alarm=True))
    reports.health()
    (health,) = parts.health()
    assert health.agent["refused"] == 1
    assert health.agent["outbox"] == 1
    assert health.voice == {
        "works": "yes", "problem": "", "spoke": "", "installed": "", "fault": "",
        "waiting": 2, "recordings_missing": 2, "recordings_problem": "",
    }  # fmt: skip
    assert health.alarms == ("refused-alert-signature",)


def test_health_is_sent_early_when_alarms_change_and_only_then(reports: Reports, parts: Parts) -> None:
    reports.health_if_changed()
    assert parts.health() == []
    parts.stopped = True
    reports.health_if_changed()
    reports.health_if_changed()
    assert [health.alarms for health in parts.health()] == [("stopped",)]
    reports.voice(VoiceTrouble("no voice speaks km"))
    assert parts.health()[-1].alarms == ("stopped", "voice")
    reports.voice(VoiceTrouble(""))
    assert parts.health()[-1].alarms == ("stopped",)


def test_a_voice_that_another_one_stands_in_for_is_told_at_once(reports: Reports, parts: Parts, tmp_path: Path) -> None:
    linked(joe(), tmp_path / "voices")
    reports.clip(ClipMade("i", 1, "vi", "x.wav", 1.5, "espeak-ng-1.51:vi"))
    (health,) = parts.health()
    assert health.alarms == ("fallback-voice",)
    assert health.voice["spoke"] == "espeak-ng-1.51:vi"


def test_what_is_wrong_for_good_stays_said(reports: Reports, parts: Parts, bench: Bench) -> None:
    reports.standing.add("store-damaged")
    parts.problem = "disk-full"
    bench.set(bench.signer.now + timedelta(days=400))
    assert reports.alarms() == ["keys-overdue", "playlist-disk-full", "store-damaged"]


def test_a_contested_connection_is_an_alarm_until_it_calms(reports: Reports, bench: Bench) -> None:
    for _ in range(FLAPPING):
        assert reports.alarms() == []
        reports.disconnected(Disconnected("x"))
        reports.connected()
    assert reports.alarms() == ["connection-contested"]
    bench.set(bench.signer.now + timedelta(minutes=6))
    assert reports.alarms() == []


def test_a_lost_connection_is_logged_once_for_each_reason(reports: Reports, caplog: pytest.LogCaptureFixture) -> None:
    refused, gone = Disconnected("cannot reach the broker"), Disconnected("")
    for event in (refused, refused, gone, gone):
        reports.disconnected(event)
    reports.connected()
    reports.disconnected(gone)
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert told == [
        "no connection to the broker: cannot reach the broker", "no connection to the broker",
        "no connection to the broker",
    ]  # fmt: skip
