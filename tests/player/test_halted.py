"""A player that cannot begin: its process ends with its code, and the agent knows why until one begins after all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from agent.health import Machine, Parts, Reporter, read_player
from player import halted
from player.model import Clock, ClockQuality, Health
from tests.waiting import DEADLINE_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.player.conftest import Screen

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Board:
    """The settings of a screen, changed and tried."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, folder / "screen.yaml"
        self.file = folder / "run" / "player.json"
        self.values: dict[str, Any] = yaml.safe_load(self.config.read_text(encoding="utf-8"))

    def write(self, **settings: Any) -> None:
        self.config.write_text(yaml.safe_dump(self.values | settings, allow_unicode=True), encoding="utf-8")

    def try_player(self, *options: str) -> int:
        """The exit code of a player that ends by itself; what it said is in `said`."""
        command = [sys.executable, "-m", "player", "--config", str(self.config), *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.said = done.stderr
        return done.returncode

    def health(self, after: timedelta = timedelta()) -> Health:
        """The agent's report, so long from now."""
        machine = Machine("s-abcdef", "0.1", "boot", 0.0, lambda: 1.0)
        parts = Parts(1, Clock(ClockQuality.TRUSTED), {}, {}, ())
        return Reporter(machine, self.file, dict).report(datetime.now(UTC) + after, parts)


@pytest.fixture
def board(screen: Screen) -> Board:
    return Board(screen.folder)


def chained(**options: Any) -> dict[str, Any]:
    """A panel of 192 x 96 made of modules of 64 x 32."""
    told = {"module": "64,32", **options}
    return {"driver": "ddp", "width_px": 192, "height_px": 96, "kind": "led", "options": told}


def test_a_geometry_that_does_not_match_the_chain_is_told_until_the_next_good_start(
    board: Board, screen: Screen, until: Callable[[Callable[[], object]], None]
) -> None:
    board.write(panel=chained(chain=4, parallel=3))
    assert board.try_player() == 78
    health = board.health()
    assert health.alarms == ("settings-refused",)
    assert health.player["running"] == "no"
    assert health.player["halted.what"] == "settings"
    assert "ddp: a panel of 192×96 px is 3 × 3 = 9 modules" in health.player["halted.why"]
    assert "chain=4 × parallel=3 is 12" in health.player["halted.why"]
    board.write()
    screen.start()
    until(lambda: screen.status().get("showing", {}).get("kind") == "slate")
    health = board.health()
    assert health.alarms == ()
    assert health.player["running"] == "yes"
    assert not [name for name in health.player if name.startswith("halted")]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"panel": {"driver": "telepathy"}}, "telepathy"),
        ({"panel": chained(chain=3, parallel=3, gamma=99)}, "gamma"),
        ({"light": {"dark_lux": 900, "bright_lux": 500}}, "dark_lux"),
    ],
)
def test_other_settings_that_only_the_player_understands(settings: dict[str, Any], words: str, board: Board) -> None:
    """The agent reads the same file without a fault: nobody else could tell."""
    board.write(**settings)
    assert board.try_player() == 78
    assert words in board.health().player["halted.why"]
    assert board.health().alarms == ("settings-refused",)


def test_without_its_panel_it_says_so_and_that_it_is_the_panel(board: Board) -> None:
    (board.folder / "frame").mkdir()
    panel = board.values["panel"] | {"options": {"export": str(board.folder / "frame")}}
    board.write(panel=panel)
    assert board.try_player() == 1
    assert board.health().alarms == ("panel-lost",)
    assert board.health().player["halted.what"] == "panel"
    assert str(board.folder / "frame") in board.health().player["halted.why"]


def test_a_clock_file_without_an_instant_is_told(board: Board) -> None:
    (board.folder / "clock").write_text("soon")
    assert board.try_player("--clock-file", str(board.folder / "clock")) == 78
    assert "soon" in board.health().player["halted.why"]


def test_why_it_ended_stays_true_when_nobody_starts_it_again(board: Board) -> None:
    board.write(panel=chained(chain=4, parallel=3))
    board.try_player()
    assert board.health(timedelta(hours=5)).alarms == ("settings-refused",)
    assert read_player(board.file, datetime.now(UTC) + timedelta(hours=5))["running"] == "no"


def test_settings_the_agent_cannot_read_either_leave_nothing(board: Board) -> None:
    board.config.write_text("panel: [", encoding="utf-8")
    assert board.try_player() == 78
    assert not board.file.exists()


def test_a_run_folder_that_cannot_be_written_ends_it_with_the_same_code(board: Board) -> None:
    (board.folder / "file").write_text("no folder")
    board.write(run_dir=str(board.folder / "file" / "run"), panel=chained(chain=4, parallel=3))
    assert board.try_player() == 78


@pytest.mark.parametrize("key", ["state_dir", "run_dir"])
def test_a_folder_that_cannot_be_made_is_told_by_its_name_and_tried_again_at_the_next_start(
    key: str, board: Board
) -> None:
    (board.folder / "file").write_text("no folder")
    board.write(**{key: str(board.folder / "file" / "below")})
    assert board.try_player() == 1
    assert f"{key}: {board.folder / 'file' / 'below'} cannot be made: Not a directory" in board.said
    assert "Traceback" not in board.said


def test_the_last_word_is_written_whole_and_small(board: Board) -> None:
    board.write(run_dir=str(board.folder / "new" / "run"))
    halted.tell(board.config, halted.PANEL, "sdl: no screen is plugged in", NOW)
    file = board.folder / "new" / "run" / "player.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["halted"] == {"what": "panel", "why": "sdl: no screen is plugged in"}
    assert told["pid"] == os.getpid()
    assert datetime.fromisoformat(told["instant"]) == NOW
    assert [path.name for path in file.parent.iterdir()] == ["player.json"]
