"""What the loop that draws says of itself, from the stage's own turns to what the agent makes of its file."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from agent.health import Machine, Parts, Reporter
from player.model import Clock, ClockQuality, Health
from player.show import Box, Strip

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

NOON = datetime(1970, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def health_of(house: House) -> Health:
    """The agent's report on this player, as it goes out."""
    file = house.folder / "player.json"
    os.utime(file, (NOON.timestamp(),) * 2)
    machine = Machine("s-abcdef", "0.1", "boot", 0.0, lambda: 1.0)
    return Reporter(machine, file, dict).report(NOON, Parts(1, Clock(ClockQuality.TRUSTED), {}, {}, ()))


def runs(house: House, monkeypatch: pytest.MonkeyPatch, oversleeps_s: dict[int, float]) -> dict[str, Any]:
    """The stage's own loop for half a minute with a ticker that moves in every frame.

    It sleeps exactly as long as it wants, but for the sleeps by number, which last so much longer.
    """
    house.workshop.ticker = Strip("strip", Box(0, 24, 64, 8), 200, house.panel.refresh_hz)
    house.commit(playlist=house.playlist(house.item("a", 3600), ticker=("chạy",)))
    house.turn()
    sleeps = iter(range(10**6))
    monkeypatch.setattr(
        house.stage, "rest", lambda wanted_s: house.clock.advance(wanted_s + oversleeps_s.get(next(sleeps), 0.0))
    )
    house.stage.run(30)
    return house.status()


def test_a_loop_that_wakes_in_time_is_never_late(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    status = runs(house, monkeypatch, {})
    assert (status["late_frames"], status["worst_late_ms"]) == (0, 0.0)
    assert status["presented"] > 25 * house.panel.refresh_hz


def test_frames_that_come_late_are_counted_and_the_worst_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame of a panel of 60 Hz is 16.7 ms: 16 ms after its due a frame is still that frame, 17 ms it is not."""
    status = runs(house, monkeypatch, {100: 0.016, 200: 0.017, 300: 0.050, 400: 0.0254})
    assert (status["late_frames"], status["worst_late_ms"]) == (3, 50.0)


def test_a_panel_that_takes_its_time_makes_the_next_frame_late(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    present, begun_s = type(house.panel).present, house.clock.monotonic()
    slow = iter([0.1])

    def slowly(panel: Any, dirty: Any = None) -> None:
        if house.clock.monotonic() > begun_s + 5:
            house.clock.advance(next(slow, 0.0))
        present(panel, dirty)

    monkeypatch.setattr(type(house.panel), "present", slowly)
    status = runs(house, monkeypatch, {})
    assert status["late_frames"] == 1
    assert status["worst_late_ms"] == pytest.approx(100 - 1000 / 60, abs=0.6)


def test_the_agent_passes_on_what_the_loop_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    runs(house, monkeypatch, {200: 0.020, 300: 0.0501})
    player, status = health_of(house).player, house.status()
    assert (player["late_frames"], player["worst_late_ms"]) == (2, 50.1)
    assert player["presented"] == status["presented"] > 0
    assert player["memory_kb"] == status["memory_kb"] > 0
    assert player["cache.prepared"] == status["cache"]["prepared"] > 0
    assert {"cache.from_disk", "cache.ordered", "cache.preparing", "cache.surfaces_kb"} <= set(player)
    assert player["skipped"] == ""
    assert health_of(house).alarms == ()


def test_the_agent_names_what_is_skipped_and_why(house: House) -> None:
    house.workshop.fail = {"a"}
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    house.go(6)
    health = health_of(house)
    assert "a r1" in health.player["skipped"]
    assert "bomb: too many pixels" in health.player["skipped"]
    assert health.alarms == ("asset-skipped",)


def test_a_database_that_cannot_be_read_is_a_trouble_but_not_the_panel_s(house: House) -> None:
    house.source.trouble = "agent.db: no such table"
    house.go(6)
    assert house.status()["trouble"] == ["agent.db: no such table"]
    assert house.status()["panel"]["held"] == "yes"
    assert health_of(house).alarms == ()


# --- the clock


@pytest.mark.parametrize("by", [DAY, -DAY])
def test_a_clock_that_jumps_by_a_day_is_told_at_once_and_the_picture_follows_it(by: timedelta, house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.turn()
    house.go(5)
    assert house.status()["clock_jumps"] == 0
    house.clock.set(house.clock.now() + by)
    house.go(0.25)
    assert house.shows("a")
    status = house.status()
    assert (status["clock_jumps"], status["clock_jumped_s"]) == (1, by.total_seconds())
    assert status["clock_jumped_at"] == (NOON + timedelta(seconds=5.25) + by).isoformat(timespec="seconds")
    health = health_of(house)
    assert health.player["clock_jumps"] == 1
    assert health.player["clock_jumped_s"] == by.total_seconds()
    assert health.alarms == ("time-jumped",)


def test_a_jump_does_not_wait_for_the_next_regular_report(house: House) -> None:
    house.stands_still = False
    house.restart()
    house.commit(playlist=house.playlist(house.item("a", 3600)))
    house.turn()
    house.clock.set(house.clock.now() + timedelta(seconds=10))
    house.go(0.25)
    assert house.status()["clock_jumped_s"] == 10.0


def test_while_a_ticker_runs_undisturbed_a_jump_is_seen_too(house: House) -> None:
    house.workshop.ticker = Strip("strip", Box(0, 24, 64, 8), 200, house.panel.refresh_hz)
    house.commit(playlist=house.playlist(house.item("a", 3600), ticker=("chạy",)))
    for _ in range(120):
        house.clock.advance(house.turn(1))
    house.clock.set(house.clock.now() + DAY)
    house.clock.advance(house.turn(1))
    assert house.status()["clock_jumps"] == 1


def test_an_hour_later_a_jump_is_a_figure_and_no_alarm(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a")))
    house.turn()
    house.clock.set(NOON + DAY)
    house.go(1)
    house.go(3601)
    health = health_of(house)
    assert health.player["clock_jumps"] == 1
    assert health.alarms == ()


def test_a_clock_that_was_not_believed_yet_is_set_without_an_alarm(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a")), clock=Clock(ClockQuality.UNKNOWN))
    house.turn()
    house.clock.set(NOON + DAY)
    house.go(1)
    house.commit(clock=Clock(ClockQuality.TRUSTED))
    house.go(1)
    health = health_of(house)
    assert (health.player["clock_jumps"], health.player["clock_was_believed"]) == (1, "no")
    assert health.alarms == ()


def test_the_alarm_for_a_picture_goes_with_its_bulletin(house: House) -> None:
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    house.workshop.fail.add("a")
    house.turn()
    house.go(1)
    assert [skip["what"] for skip in house.status()["skipped"]] == ["a r1"]
    house.commit(playlist=house.playlist(house.item("b"), seq=2))
    house.go(1)
    assert house.status()["skipped"] == []
