from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from config.loader import load_screen
from config.settings import LightSettings
from drivers import process
from drivers.options import OptionError
from player.app import built_to_last, curve_of, shape_of
from player.model import Alert, Item, Playlist, Priority, Unit, Version
from player.show import PanelShape
from tests.waiting import DEADLINE_S

if TYPE_CHECKING:
    from tests.player.conftest import Screen

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)
Until = Callable[[Callable[[], object]], None]


def playlist(*names: str, dwell_s: float = 10, seq: int = 1) -> Playlist:
    items = tuple(Item(n, 1, Priority.ROUTINE, (Version("vi", f"Tin {n}"),), dwell_s=dwell_s) for n in names)
    return Playlist(1, "s-abcdef", seq, NOON, NOON + timedelta(days=1), Unit("25318", "Xã Tân Hưng"), items)


def alert() -> Alert:
    return Alert(1, "bao", "25318", 1, 1, NOON, NOON + timedelta(hours=1), (Version("vi", "Bão khẩn cấp"),))


def test_the_process_follows_the_agent_and_the_clock_file(screen: Screen, agent_db: Any, until: Until) -> None:
    db = agent_db()
    screen.start()
    until(lambda: screen.status()["showing"]["kind"] == "slate")
    slate = screen.pixels()
    db.playlist(playlist("a", "b"))
    first = "a" if NOON.timestamp() % 20 < 10 else "b"
    until(lambda: screen.shows(first, NOON))
    shown = screen.pixels()
    assert shown != slate
    later = NOON + timedelta(seconds=10)
    screen.set_clock(later)
    until(lambda: screen.shows("b" if first == "a" else "a", later))
    assert screen.pixels() not in (shown, slate)
    db.alert(alert())
    until(lambda: screen.shows("bao", later))
    assert screen.stop() == 0


def test_killed_at_any_moment_it_comes_back_with_the_same_picture(screen: Screen, agent_db: Any, until: Until) -> None:
    agent_db().playlist(playlist("a"))
    screen.start()
    until(lambda: screen.shows("a", NOON))
    until(lambda: screen.plays() == [("a", "")])
    before = screen.pixels()
    assert screen.stop(signal.SIGKILL) == -signal.SIGKILL
    (screen.folder / "run" / "player.json").unlink()
    screen.start()
    until(lambda: screen.shows("a", NOON))
    assert screen.pixels() == before
    screen.stop()
    assert screen.plays() == [("a", "lost"), ("a", "cut")]


def test_a_clock_in_a_file_is_put_and_never_jumps_the_machine_s_own_is_watched(
    screen: Screen, agent_db: Any, until: Until
) -> None:
    agent_db().playlist(playlist("a"))
    screen.start()
    until(lambda: screen.shows("a", NOON))
    for later in (NOON + timedelta(hours=23), NOON):
        screen.set_clock(later)
        until(lambda later=later: screen.shows("a", later))  # type: ignore[misc]
    assert "clock_jumps" not in screen.status()
    screen.stop()
    screen.start(by_hand=False)
    until(lambda: screen.status().get("clock_jumps") == 0)
    screen.stop()


def test_a_restart_by_request_has_its_own_exit_code(screen: Screen, agent_db: Any, until: Until) -> None:
    db = agent_db()
    db.playlist(playlist("a"))
    process = screen.start()
    until(lambda: screen.shows("a", NOON))
    db.request("r1", "restart", NOON + timedelta(seconds=1), NOON + timedelta(minutes=1))
    assert process.wait(timeout=DEADLINE_S) == 75
    assert json.loads((screen.folder / "run" / "answers" / "r1.json").read_text())["ok"] is True


def test_it_tells_systemd_when_it_shows_and_that_it_lives(
    screen: Screen, agent_db: Any, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent_db().playlist(playlist("a"))
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(screen.folder / "notify"))
    manager.settimeout(DEADLINE_S)
    monkeypatch.setenv("NOTIFY_SOCKET", str(screen.folder / "notify"))
    screen.start()
    words = [manager.recv(100) for _ in range(2)]
    assert words == [b"READY=1", b"WATCHDOG=1"]
    screen.stop()
    manager.close()


def test_it_imports_nothing_heavy(tmp_path: Path) -> None:
    probe = (
        "import sys, player.__main__; "
        "heavy = {'numpy', 'PIL', 'sqlite_utils', 'securesystemslib', 'requests', 'paho', 'django', 'cryptography'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    environment = os.environ | {"PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, check=True, env=environment)
    assert done.stdout.decode().strip() == "[]"


def test_bad_settings_end_it_with_a_code_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "screen.yaml").write_text("panel: {driver: telepathy}\n", encoding="utf-8")
    command = [sys.executable, "-m", "player", "--config", str(tmp_path / "screen.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=DEADLINE_S, check=False)
    assert done.returncode == 78
    assert "telepathy" in done.stderr.decode()


@pytest.mark.parametrize(
    ("panel", "shape"),
    [
        ("width_px: 1920, height_px: 1080", PanelShape(1920, 1080)),
        ("width_px: 1920, height_px: 1080, rotation: 90", PanelShape(1080, 1920, rotation=90)),
        ("width_px: 192, height_px: 96, kind: led, floor_px: 13", PanelShape(192, 96, "led", 13)),
        ("width_px: 1920, height_px: 1080, distance_m: 10", PanelShape(1920, 1080, "hdmi", 82)),
    ],
)
def test_the_shape_of_a_panel(tmp_path: Path, panel: str, shape: PanelShape) -> None:
    path = tmp_path / "screen.yaml"
    path.write_text(f"panel: {{driver: memory, {panel}}}\n", encoding="utf-8")
    assert shape_of(load_screen(path).panel) == shape


def test_a_dark_that_is_not_darker_than_bright_is_named() -> None:
    assert curve_of(LightSettings("none", 5.0, 500.0, 30, {})).share(0.0) == pytest.approx(0.3)
    with pytest.raises(OptionError, match=r"light.dark_lux=900 must be below light.bright_lux=500"):
        curve_of(LightSettings("none", 900.0, 500.0, 30, {}))


def test_what_is_built_to_last_is_spared_by_the_collector_and_lies_apart_from_large_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(process, "give_back_from", lambda: told.append("large blocks apart"))
    before = gc.get_freeze_count()
    try:
        with built_to_last():
            told.append("built")
        assert told == ["large blocks apart", "built"]
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
