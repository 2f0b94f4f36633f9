"""What a screen says of itself: flat, bounded, three-valued, and silent about nothing that is wrong."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.health import Machine, Parts, Reporter, board_alarms, flat, player_alarms, read_player
from player import wire
from player.model import Clock, ClockQuality, Health

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def report(file: Path, board: dict[str, Any] | None = None, quality: ClockQuality = ClockQuality.TRUSTED) -> Health:
    machine = Machine("s-test01", "0.1", "boot", 100.0, lambda: 160.0)
    reporter = Reporter(machine, file, lambda: board or {})
    return reporter.report(NOW, Parts(7, Clock(quality), {"outbox": 3}, {"works": "yes"}, ("stopped",)))


def player_file(folder: Path, figures: Any, age_s: float = 1.0) -> Path:
    file = folder / "player.json"
    file.write_text(figures if isinstance(figures, str) else json.dumps(figures))
    at = (NOW - timedelta(seconds=age_s)).timestamp()
    os.utime(file, (at, at))
    return file


def test_a_healthy_screen_has_no_alarms_but_its_own(tmp_path: Path) -> None:
    health = report(player_file(tmp_path, {"frames": 5}), {"under_voltage": "no", "disk_free_mb": 9000.0})
    assert health.alarms == ("stopped",)
    assert health.uptime_s == 60.0
    assert health.player == {"frames": 5, "running": "yes"}
    assert wire.decode(wire.encode(health), Health) == health


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    board = {"under_voltage": "yes", "throttled": "yes", "storage_errors": 3, "disk_free_mb": 10.0}
    health = report(tmp_path / "none", board, ClockQuality.UNKNOWN)
    assert set(health.alarms) == {
        "stopped", "player-silent", "clock-unknown", "under-voltage", "throttled", "storage-errors", "disk-nearly-full",
    }  # fmt: skip


def test_a_board_that_cannot_tell_is_no_alarm() -> None:
    board = {"under_voltage": "unknown", "throttled": "unknown", "storage_errors": None, "disk_free_mb": None}
    assert board_alarms(board) == []


@pytest.mark.parametrize(("content", "running"), [("{", "unknown"), ("[1]", "unknown"), ("{}", "yes")])
def test_the_players_figures_may_be_nonsense(tmp_path: Path, content: str, running: str) -> None:
    assert read_player(player_file(tmp_path, content), NOW)["running"] == running


def test_old_figures_mean_that_the_player_is_silent(tmp_path: Path) -> None:
    assert read_player(player_file(tmp_path, {"frames": 5}, age_s=500), NOW)["running"] == "no"
    assert read_player(tmp_path / "none", NOW)["running"] == "unknown"


@pytest.mark.parametrize(
    ("figures", "alarms"),
    [
        ({"panel": {"held": "yes", "helper": "running"}, "film": {"trouble": ""}, "skipped": []}, []),
        ({"panel": {"held": "no"}}, ["panel-lost"]),
        ({"panel": {"helper": "lost"}}, ["led-helper-lost"]),
        ({"film": {"trouble": "process: the film process ended with -9"}}, ["film-process-lost"]),
        ({"skipped": [{"what": "b1", "why": "process: the film process ended with -9"}]}, ["film-process-lost"]),
        ({"skipped": [{"what": "b1", "why": "killed: the worker ended with -9"}]}, ["asset-skipped"]),
        ({"film": {"trouble": "format: no such codec"}}, ["asset-skipped"]),
        ({"music": {"trouble": "long: a lasts 240 minutes"}}, ["asset-skipped"]),
        ({"bed": {"trouble": "aplay: no card"}}, []),
        ({"clock_jumps": 1, "clock_jumped_ago_s": 3599, "clock_was_believed": "yes"}, ["time-jumped"]),
        ({"clock_jumps": 1, "clock_jumped_ago_s": 3600, "clock_was_believed": "yes"}, []),
        ({"clock_jumps": 1, "clock_jumped_ago_s": 5, "clock_was_believed": "no"}, []),
        ({"clock_jumps": 0}, []),
        ({"clock_was_believed": "yes", "clock_jumped_ago_s": "5"}, []),
        ({"panel": "gone", "film": [], "skipped": ["b1"], "halted": "yes"}, []),
    ],
)
def test_what_the_player_says_is_wrong_is_an_alarm(figures: dict[str, Any], alarms: list[str], tmp_path: Path) -> None:
    assert player_alarms(figures) == alarms
    assert report(player_file(tmp_path, figures)).alarms == tuple(sorted([*alarms, "stopped"]))
    stale = report(player_file(tmp_path, figures, age_s=500))
    assert stale.alarms == ("player-silent", "stopped")


@pytest.mark.parametrize(("what", "alarm"), [("settings", "settings-refused"), ("panel", "panel-lost")])
@pytest.mark.parametrize("age_s", [1.0, 500_000.0])
def test_a_player_that_could_not_begin_is_not_just_silent(what: str, alarm: str, age_s: float, tmp_path: Path) -> None:
    """Why it ended holds as long as no other one begins, and that writes figures of its own."""
    file = player_file(tmp_path, {"halted": {"what": what, "why": "ddp: 9 modules; chain=4"}, "pid": 7}, age_s)
    health = report(file)
    assert health.alarms == tuple(sorted([alarm, "stopped"]))
    assert health.player == {
        "halted.what": what, "halted.why": "ddp: 9 modules; chain=4", "pid": 7, "running": "no",
    }  # fmt: skip


def test_figures_are_flat_and_bounded() -> None:
    figures = flat({"a": {"b": {"c": 1}}, "long": "x" * 9999, "list": [1, 2], "at": NOW, "none": None, "yes": True})
    assert figures["a.b.c"] == 1
    assert len(figures["long"]) == 300
    assert figures["list"] == "1, 2"
    assert (figures["none"], figures["yes"]) == (None, True)
    assert isinstance(figures["at"], str)


def test_each_file_that_is_passed_over_is_told_with_its_reason() -> None:
    skips = [{"what": f"tin-{n} r1", "why": f"format: {n:064x}: it is no picture"} for n in range(20)]
    told = flat({"skipped": skips})["skipped"]
    assert told.split(", ") == [f"{skip['what']}: {skip['why']}" for skip in skips]


def test_of_more_than_a_message_holds_whole_entries_are_told_and_how_many_are_left() -> None:
    told = flat({"skipped": [{"what": f"tin-{n:04}", "why": "missing"} for n in range(5000)]})["skipped"]
    *entries, more = told.split(", ")
    assert 100 < len(entries) < 1000
    assert entries == [f"tin-{n:04}: missing" for n in range(len(entries))]
    assert more == f"+{5000 - len(entries)}"
