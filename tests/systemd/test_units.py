"""The units say what systemd understands, keep each process to its duty, and agree with the settings' defaults."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import load_screen
from config.loader import DEFAULTS
from drivers.leds.linked import SERVICES as SERVICES_DIR

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
PYTHON = "/opt/bangtin/venv/bin/python"
SERVICES = ("bangtin-agent.service", "bangtin-player.service", "bangtin-publisher.service")

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="the package systemd is not installed")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make users and give folders away")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """All units with an interpreter that exists here, as the installed one does on a screen."""
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8").replace(PYTHON, sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


def setting(unit: str, name: str) -> list[str]:
    """All values of one setting, in order; comments are no settings."""
    text = (UNITS / unit).read_text(encoding="utf-8")
    return re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)


@needs_systemd
def test_systemd_has_nothing_to_remark(units: Path) -> None:
    """Unknown settings only make it warn, with exit status 0: so there must be no word at all."""
    names = [str(path) for path in sorted(units.iterdir()) if path.suffix in {".service", ".path", ".socket"}]
    assert len(names) == 8

    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False
    )

    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


@needs_systemd
def test_a_misspelt_setting_would_be_seen(units: Path) -> None:
    path = units / "bangtin-player.service"
    path.write_text(path.read_text(encoding="utf-8").replace("PrivateNetwork=", "PrivateNetwrok="), encoding="utf-8")

    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True, check=False
    )

    assert "PrivateNetwrok" in result.stderr


@needs_systemd
@pytest.mark.parametrize(("unit", "tenths"), list(zip(SERVICES, (18, 11, 17), strict=True)))
def test_is_exposed_no_more_than_its_duty_needs(units: Path, unit: str, tenths: int) -> None:
    command = [
        "systemd-analyze",
        "security",
        "--offline=true",
        "--no-pager",
        f"--threshold={tenths}",
        str(units / unit),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout.splitlines()[-1]


def test_the_player_has_no_network_and_no_unit_has_a_capability() -> None:
    assert setting("bangtin-player.service", "PrivateNetwork") == ["yes"]
    assert "AF_INET" not in setting("bangtin-player.service", "RestrictAddressFamilies")[0]
    for unit in SERVICES:
        assert setting(unit, "CapabilityBoundingSet") == [""]
        assert setting(unit, "NoNewPrivileges") == ["yes"]


LED_NETWORK, LED_PINS = "bangtin-led-network@.service", "bangtin-led-gpio@.service"


def test_the_led_helpers_have_what_the_player_has_not_and_nothing_else() -> None:
    assert setting(LED_NETWORK, "RestrictAddressFamilies") == ["AF_UNIX AF_INET AF_PACKET"]
    assert setting(LED_NETWORK, "CapabilityBoundingSet") == ["CAP_NET_RAW"]
    assert setting(LED_NETWORK, "PrivateDevices") == ["yes"]
    assert setting(LED_PINS, "PrivateNetwork") == ["yes"]
    assert setting(LED_PINS, "RestrictAddressFamilies") == ["AF_UNIX"]
    assert "/dev/mem rw" in setting(LED_PINS, "DeviceAllow")
    for unit in (LED_NETWORK, LED_PINS):
        assert setting(unit, "InaccessiblePaths") == ["/var/lib/bangtin"]
        assert setting(unit, "NoNewPrivileges") == ["yes"]


@pytest.mark.parametrize(("kind", "unit"), [("network", LED_NETWORK), ("gpio", LED_PINS)])
def test_only_the_player_calls_a_helper_and_where_its_driver_looks(kind: str, unit: str) -> None:
    socket = f"bangtin-led-{kind}.socket"
    assert setting(socket, "ListenSequentialPacket") == [str(SERVICES_DIR / f"led-{kind}.sock")]
    assert (setting(socket, "SocketUser"), setting(socket, "SocketMode")) == (["bangtin-player"], ["0600"])
    assert (setting(socket, "Accept"), setting(socket, "MaxConnections")) == (["yes"], ["1"])
    assert setting(unit, "StandardInput") == ["socket"]
    assert setting(unit, "ExecStart") == [f"{PYTHON} -m drivers.leds.helper"]


@needs_systemd
@pytest.mark.parametrize(("unit", "tenths"), [(LED_NETWORK, 26), (LED_PINS, 55)])
def test_a_helper_is_exposed_no_more_than_its_duty_needs(units: Path, unit: str, tenths: int) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={tenths}"]
    result = subprocess.run([*command, str(units / unit)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout.splitlines()[-1]


def test_the_agent_has_no_device_and_neither_waits_for_a_network() -> None:
    assert setting("bangtin-agent.service", "PrivateDevices") == ["yes"]
    assert setting("bangtin-agent.service", "DeviceAllow") == []
    for unit in SERVICES[:2]:
        assert "network-online" not in (UNITS / unit).read_text(encoding="utf-8")


def test_agent_and_player_do_not_need_each_other() -> None:
    for unit, other in (SERVICES[:2], SERVICES[1::-1]):
        for name in ("Requires", "BindsTo", "PartOf", "After", "Wants"):
            assert not [value for value in setting(unit, name) if other in value]


def test_a_unit_that_ends_is_started_again_for_ever() -> None:
    for unit in SERVICES:
        assert setting(unit, "Restart") == ["always"]
        assert setting(unit, "StartLimitIntervalSec") == ["0"]


def test_agent_and_player_are_watched_and_share_a_group_only() -> None:
    agent, player = SERVICES[:2]
    for unit in (agent, player):
        assert setting(unit, "Type") == ["notify"]
        assert int(setting(unit, "WatchdogSec")[0]) >= 20
        assert setting(unit, "Group") == ["bangtin"]
        assert setting(unit, "UMask") == ["0007"]
    assert setting(agent, "User") != setting(player, "User")


def test_only_the_drawing_loop_is_real_time() -> None:
    player = SERVICES[1]
    assert setting(player, "CPUSchedulingPolicy") == ["fifo"]
    assert setting(player, "CPUSchedulingResetOnFork") == ["yes"]
    assert setting(player, "RestrictRealtime") == []


def test_only_one_unit_claims_the_state_folder() -> None:
    """Two that name it would take it from each other, files and all, at every start."""
    assert setting("bangtin-agent.service", "StateDirectory") == ["bangtin"]
    assert setting("bangtin-player.service", "StateDirectory") == []


def test_folders_are_where_the_settings_look_for_them() -> None:
    defaults = load_screen(DEFAULTS)
    made = (UNITS / "bangtin-screen.tmpfiles").read_text(encoding="utf-8")
    for folder in (defaults.state_dir, defaults.run_dir):
        assert re.search(rf"^d {folder} +2770 bangtin-agent +bangtin ", made, re.MULTILINE)
        assert str(folder) in setting("bangtin-player.service", "ReadWritePaths")[0].split()


@pytest.mark.parametrize("unit", SERVICES)
def test_starts_a_module_that_takes_these_arguments(unit: str) -> None:
    (command,) = setting(unit, "ExecStart")
    words = command.split()
    assert words[:2] == [PYTHON, "-m"]

    result = subprocess.run(
        [sys.executable, "-m", words[2], *(["run"] if "run" in words else []), "--help"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert result.returncode == 0
    assert all(word in result.stdout for word in words if word.startswith("--"))


@needs_systemd
@needs_root
@pytest.mark.skipif(not shutil.which("systemd-sysusers"), reason="systemd-sysusers is not installed")
def test_users_and_folders_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    for kind, tool in (("sysusers", "systemd-sysusers"), ("tmpfiles", "systemd-tmpfiles")):
        extra = ["--create"] if kind == "tmpfiles" else []
        files = [str(UNITS / f"bangtin-screen.{kind}")]
        subprocess.run([tool, f"--root={tmp_path}", *extra, *files], check=True, capture_output=True)

    passwd = (tmp_path / "etc/passwd").read_text(encoding="utf-8")
    gid = re.search(r"^bangtin:[^:]*:(\d+)", (tmp_path / "etc/group").read_text(encoding="utf-8"), re.MULTILINE)
    assert gid is not None
    for user in ("bangtin-agent", "bangtin-player"):
        assert re.search(rf"^{user}:[^:]*:\d+:{gid[1]}:", passwd, re.MULTILINE)
    for folder in ("var/lib/bangtin", "run/bangtin"):
        found = (tmp_path / folder).stat()
        assert stat.S_IMODE(found.st_mode) == 0o2770
        assert found.st_gid == int(gid[1])


@needs_systemd
@needs_root
@pytest.mark.skipif(not shutil.which("systemd-sysusers"), reason="systemd-sysusers is not installed")
def test_the_publishers_user_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    file = UNITS / "bangtin-publisher.sysusers"
    subprocess.run(["systemd-sysusers", f"--root={tmp_path}", str(file)], check=True, capture_output=True)
    assert "bangtin-publisher:" in (tmp_path / "etc/passwd").read_text(encoding="utf-8")
