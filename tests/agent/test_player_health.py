"""What the player says of itself on its whole way: both processes, a real broker, the report that goes out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from player.model import Health, Version
from tests.agent.claimed import Screen
from tests.waiting import DEADLINE_S

Eventually = Callable[..., Any]
WRONG = {"driver": "ddp", "width_px": 192, "height_px": 96, "kind": "led", "options": {"module": "64,32", "chain": 4}}
RIGHT = {"driver": "memory", "width_px": 192, "height_px": 96, "kind": "led"}


@contextmanager
def player(screen: Screen) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "player", "--config", str(screen.config), "--die-with-parent"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def told(screen: Screen, right: Callable[[Health], object]) -> Health | None:
    """The newest report, if it is as it should be."""
    reports = screen.health()
    return reports[-1] if reports and right(reports[-1]) else None


def test_what_the_player_counts_reaches_the_publisher(screen: Screen, eventually: Eventually) -> None:
    screen.configure(health_interval_s=1, panel=RIGHT)
    screen.start()
    eventually(screen.online, "the screen's arrival")
    good, rubbish = screen.signer.item("Lịch tiêm chủng"), screen.web.put(b"no picture", "image/png")
    bad = screen.signer.item("ảnh hỏng", versions=(Version("vi"),), picture=rubbish)
    playlist = screen.signer.playlist(good, bad)
    screen.announce(playlist)
    eventually(lambda: screen.applied(playlist.seq), "the playlist's commit")
    with player(screen):
        health = eventually(
            lambda: told(screen, lambda one: one.player.get("skipped") and one.player.get("showing.item") == good.id),
            "the skipped item's report",
        )
    figures = health.player
    assert bad.id in figures["skipped"]
    assert "format" in figures["skipped"]
    assert health.alarms == ("asset-skipped",)
    assert (figures["playlist.seq"], figures["playlist.items"]) == (playlist.seq, 2)
    assert figures["presented"] > 0
    assert figures["cache.prepared"] > 0
    assert figures["memory_kb"] > 10_000
    assert figures["late_frames"] >= 0
    assert figures["worst_late_ms"] >= 0
    assert figures["clock_jumps"] == 0
    assert figures["panel.held"] == "yes"
    assert figures["bed.playing"] is False


def test_a_player_that_cannot_begin_is_an_alarm_until_one_does(screen: Screen, eventually: Eventually) -> None:
    screen.configure(health_interval_s=1, panel=WRONG)
    screen.start()
    eventually(screen.online, "the screen's arrival")
    with player(screen) as process:
        assert process.wait(DEADLINE_S) == 78
    health = eventually(lambda: told(screen, lambda one: "settings-refused" in one.alarms), "the alarm")
    assert "3 × 3 = 9 modules" in health.player["halted.why"]
    screen.kill()
    screen.configure(health_interval_s=1, panel=RIGHT)
    screen.start()
    with player(screen):
        health = eventually(lambda: told(screen, lambda one: one.player.get("running") == "yes"), "the good start")
    assert health.alarms == ()
    assert "halted.why" not in health.player
