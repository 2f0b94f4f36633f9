"""The installer: it looks at the machine before it touches it, says what it would do, and takes itself off again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALL = ROOT / "scripts/install"
PI = "Raspberry Pi 4 Model B Rev 1.5\0"
Machine = Callable[..., dict[str, str]]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may install")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine in a folder: what its board and its system call themselves."""

    def make(model: str = PI, system: tuple[str, str] = ("debian", "13"), arch: str = "arm64") -> dict[str, str]:
        root = tmp_path / "machine"
        (root / "proc/device-tree").mkdir(parents=True)
        (root / "etc").mkdir()
        (root / "proc/device-tree/model").write_text(model, encoding="utf-8")
        (root / "etc/os-release").write_text(f'ID={system[0]}\nVERSION_ID="{system[1]}"\n', encoding="utf-8")
        return {"BANGTIN_MACHINE_ROOT": str(root), "BANGTIN_MACHINE_ARCH": arch}

    return make


def install(environ: Mapping[str, str], *arguments: str, timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(INSTALL), *arguments],
        env=os.environ | dict(environ), capture_output=True, text=True, check=False, timeout=timeout_s,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.parametrize(
    "model",
    [PI, "Raspberry Pi 5 Model B Rev 1.0\0", "Raspberry Pi Zero 2 W Rev 1.0\0", "Raspberry Pi 3 Model B Plus\0"],
)
def test_a_dry_run_says_every_step_and_changes_nothing(machine: Machine, tmp_path: Path, model: str) -> None:
    dest = tmp_path / "dest"
    dest.mkdir()

    result = install(machine(model) | {"BANGTIN_DESTDIR": str(dest)}, "--dry-run")

    assert result.returncode == 0, result.stderr
    assert list(dest.iterdir()) == []
    for word in ("-m venv", "--require-hashes", "bangtin-player.service", "systemd-sysusers", "systemd-tmpfiles"):
        assert word in result.stdout
    assert "chưa thay đổi gì" in result.stderr


def test_every_fault_of_the_machine_is_told_at_once_before_anything_is_done(machine: Machine) -> None:
    result = install(machine("Orange Pi 5\0", ("ubuntu", "20.04"), "armhf"), "--dry-run")

    assert result.returncode == 1
    faults = [line for line in result.stderr.splitlines() if line.startswith("✗")]
    assert len(faults) == 3
    assert "Not a Raspberry Pi" in faults[0]
    assert "this is armhf" in faults[1]
    assert "this is ubuntu 20.04" in faults[2]
    assert result.stdout == ""


def test_another_machine_can_be_meant(machine: Machine) -> None:
    result = install(machine("", ("ubuntu", "24.04"), "amd64"), "--dry-run", "--any-machine")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dryrun"], "'--dryrun' is not understood"),
        (["--publisher"], "--publisher needs an address"),
        (["--publisher", "may-chu"], "must be http:// or https://"),
    ],
)
def test_an_argument_it_does_not_know_stops_it(arguments: list[str], message: str) -> None:
    result = install({}, *arguments)
    assert result.returncode == 1
    assert message in result.stderr


def test_help_names_every_option() -> None:
    result = install({}, "--help")
    assert result.returncode == 0
    for option in ("--dry-run", "--uninstall", "--purge", "--publisher", "--any-machine", "--leds", "--leds-source"):
        assert option in result.stdout


@pytest.mark.parametrize(
    ("leds", "says"),
    [
        ("network", "systemctl --root={dest} enable --quiet .*bangtin-led-network.socket"),
        ("piomatter", "pip install .*--only-binary :all: adafruit-blinka-raspberry-pi5-piomatter==1.0.0"),
        ("hub75", "CPATH=/.*python3.* pip install .*{source}"),
    ],
)
def test_what_drives_leds_is_installed_and_its_helper_may_be_called(
    machine: Machine, tmp_path: Path, leds: str, says: str
) -> None:
    dest, source = tmp_path / "dest", tmp_path / "matrix"
    dest.mkdir()
    source.mkdir()
    (source / "pyproject.toml").touch()
    environ = machine() | {"BANGTIN_DESTDIR": str(dest)}
    result = install(environ, "--dry-run", "--leds", leds, "--leds-source", str(source))
    assert result.returncode == 0, result.stderr
    assert re.search(says.format(dest=dest, source=source), result.stdout)
    assert f"bangtin-led-{'network' if leds == 'network' else 'gpio'}.socket" in result.stdout


def test_the_choice_of_leds_holds_at_the_next_update(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "dest/etc/bangtin").mkdir(parents=True)
    (tmp_path / "dest/etc/bangtin/leds").write_text("piomatter \n")
    result = install(machine() | {"BANGTIN_DESTDIR": str(tmp_path / "dest")}, "--dry-run")
    assert "adafruit-blinka-raspberry-pi5-piomatter" in result.stdout


@pytest.mark.parametrize(
    ("leds", "message"),
    [("hub75", "needs the sources of rpi-rgb-led-matrix"), ("neon", "must be network, hub75 or piomatter")],
)
def test_leds_it_cannot_install_stop_it_before_anything_is_done(machine: Machine, leds: str, message: str) -> None:
    result = install(machine(), "--dry-run", "--leds", leds)
    assert result.returncode == 1
    assert message in result.stderr
    assert result.stdout == ""


def installed(dest: Path) -> None:
    """What an installation leaves, as far as taking it off is concerned."""
    for name in (
        "opt/bangtin/releases/abc/bin/python",
        "etc/systemd/system/bangtin-player.service",
        "etc/systemd/system/bangtin-agent.path",
        "usr/lib/tmpfiles.d/bangtin-screen.conf",
        "etc/systemd/system/another.service",
        "var/lib/bangtin/identity.json",
        "etc/bangtin/screen.yaml",
    ):
        (dest / name).parent.mkdir(parents=True, exist_ok=True)
        (dest / name).touch()


def files(dest: Path) -> set[str]:
    return {str(path.relative_to(dest)) for path in dest.rglob("*") if path.is_file()}


@needs_root
def test_taking_it_off_keeps_content_identity_and_settings(tmp_path: Path) -> None:
    installed(tmp_path)
    result = install({"BANGTIN_DESTDIR": str(tmp_path)}, "--uninstall")

    assert result.returncode == 0, result.stderr
    assert files(tmp_path) == {
        "etc/systemd/system/another.service", "var/lib/bangtin/identity.json", "etc/bangtin/screen.yaml",
    }  # fmt: skip


@needs_root
def test_purging_leaves_nothing_of_ours(tmp_path: Path) -> None:
    installed(tmp_path)
    assert install({"BANGTIN_DESTDIR": str(tmp_path)}, "--uninstall", "--purge").returncode == 0
    assert files(tmp_path) == {"etc/systemd/system/another.service"}


def test_a_dry_run_of_taking_it_off_takes_nothing_off(tmp_path: Path) -> None:
    installed(tmp_path)
    before = files(tmp_path)
    assert install({"BANGTIN_DESTDIR": str(tmp_path)}, "--uninstall", "--purge", "--dry-run").returncode == 0
    assert files(tmp_path) == before


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_has_nothing_to_remark() -> None:
    result = subprocess.run(["shellcheck", "-x", str(INSTALL)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.stdout, result.returncode) == ("", 0)


@pytest.mark.slow
@needs_root
@pytest.mark.skipif(not shutil.which("systemd-sysusers"), reason="the package systemd is not installed")
def test_installs_twice_and_keeps_a_technicians_settings(machine: Machine, tmp_path: Path) -> None:
    """The real thing under another root folder: libraries by their hashes, users, units, self-test."""
    dest = tmp_path / "dest"
    dest.mkdir()
    environ = machine() | {"BANGTIN_DESTDIR": str(dest)}

    first = install(environ, "--publisher", "http://10.0.0.1:8000", timeout_s=600)
    assert first.returncode == 0, first.stderr
    settings = dest / "etc/bangtin/screen.yaml"
    assert "http://10.0.0.1:8000" in settings.read_text(encoding="utf-8")
    settings.write_text("panel: {kind: led}\n", encoding="utf-8")
    second = install(environ, timeout_s=600)

    assert second.returncode == 0, second.stderr
    assert settings.read_text(encoding="utf-8") == "panel: {kind: led}\n"
    assert "agent claim --code" in second.stderr
    wanted = dest / "etc/systemd/system/multi-user.target.wants"
    assert (wanted / "bangtin-player.service").is_symlink()
    python = dest / "opt/bangtin/venv/bin/python"
    shown = subprocess.run(
        [str(python), "-m", "bangtin", "agent", "config", "--config", str(settings)],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "kind: led" in shown.stdout
