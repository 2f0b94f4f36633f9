"""What demo and test do on a fresh machine before Python can take over, on a machine of stubs."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ["python3-venv", "mosquitto"]


class Machine:
    """A copy of the scripts beside a folder of stubs that goes before the system's programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.done = folder / "done"
        self.bin.mkdir()
        shutil.copytree(ROOT / "scripts", folder / "scripts")
        for name in ("pyproject.toml", "setup.py"):
            shutil.copy(ROOT / name, folder / name)
        self.stub("id", "echo 1000")
        self.stub("dpkg-query", "exit 1")
        self.stub("apt-get", f'echo "apt-get $*" >>{self.done}')
        self.stub("sudo", f'echo "sudo $*" >>{self.done}; [ "$1" = true ] || exec "$@"')

    def stub(self, name: str, body: str) -> Path:
        file = self.bin / name
        file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        file.chmod(0o755)
        return file

    def run(self, line: str, stdin: int = subprocess.DEVNULL, **environ: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"PATH": f"{self.bin}:{os.environ['PATH']}"} | environ
        script = f"set -euo pipefail; . {self.folder}/scripts/common.sh; {line}"
        return subprocess.run(
            ["bash", "-c", script], env=env, stdin=stdin, capture_output=True, text=True, check=False, timeout=60
        )

    @property
    def steps(self) -> list[str]:
        return self.done.read_text(encoding="utf-8").splitlines() if self.done.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def python_of(machine: Machine) -> Callable[[str], str]:
    """A Python that says it is of another version."""

    def make(version: str) -> str:
        parts = ", ".join([*version.split("."), "0", "'final'", "0"])
        body = f"""exec {sys.executable} -c 'import sys
sys.version_info = ({parts.replace("'", '"')})
exec(sys.stdin.read())'"""
        return str(machine.stub(f"python{version}", body))

    return make


@pytest.mark.parametrize("version", ["3.11", "3.14"])
def test_a_python_in_the_range_is_taken_without_a_word(
    machine: Machine, python_of: Callable[[str], str], version: str
) -> None:
    result = machine.run("need_python", PYTHON=python_of(version))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.15"])
def test_a_python_outside_the_range_gets_one_clear_line(
    machine: Machine, python_of: Callable[[str], str], version: str
) -> None:
    result = machine.run("need_python; echo went on", PYTHON=python_of(version))
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert f"máy này có {version}" in line
    assert f"this machine has {version}" in line
    assert "3.11 to 3.14" in line


def test_a_machine_without_python_is_told_how_to_get_it(machine: Machine) -> None:
    result = machine.run("need_python", PYTHON="python-that-is-not-there")
    assert result.returncode == 1
    assert "sudo apt-get install python3" in result.stderr


def test_without_a_terminal_the_line_to_run_is_printed_and_nothing_asked_for(machine: Machine) -> None:
    result = machine.run(f"need_packages {' '.join(PACKAGES)}; echo went on")
    assert (result.returncode, result.stdout) == (1, "")
    first, *_rest, last = result.stderr.splitlines()
    assert first.endswith("python3-venv mosquitto")
    assert last.strip() == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends python3-venv mosquitto"
    )
    assert machine.steps == []


def test_on_a_terminal_sudo_is_asked_for_after_the_list_was_shown(machine: Machine) -> None:
    ours, terminal = pty.openpty()
    try:
        result = machine.run(f"need_packages {' '.join(PACKAGES)}; echo went on", stdin=terminal)
    finally:
        os.close(ours)
        os.close(terminal)
    assert (result.returncode, result.stdout) == (0, "went on\n")
    assert "python3-venv mosquitto" in result.stderr
    assert machine.steps[0] == "sudo true"
    assert machine.steps[-1].startswith("apt-get install")
    assert machine.steps[-1].endswith("python3-venv mosquitto")


def test_root_installs_without_sudo(machine: Machine) -> None:
    machine.stub("id", "echo 0")
    assert machine.run(f"need_packages {' '.join(PACKAGES)}").returncode == 0
    assert [step.split()[0] for step in machine.steps] == ["apt-get", "apt-get"]


def test_what_is_installed_is_not_installed_again(machine: Machine) -> None:
    machine.stub("dpkg-query", "echo install ok installed")
    result = machine.run(f"need_packages {' '.join(PACKAGES)}")
    assert (result.returncode, result.stderr, machine.steps) == (0, "", [])


def test_a_package_that_cannot_be_had_is_named(machine: Machine) -> None:
    machine.stub("id", "echo 0")
    machine.stub("apt-get", '[ "$1" = update ]')
    result = machine.run("need_packages mosquitto")
    assert result.returncode == 1
    assert "could not be installed: mosquitto" in result.stderr


def test_the_list_of_a_fresh_machine_holds_what_venv_needs(machine: Machine) -> None:
    assert "python3-venv" in machine.run('echo "${screen_packages[@]}"').stdout.split()


def test_a_python_without_venv_is_said_so(machine: Machine) -> None:
    python = machine.stub("python3", "exit 1")
    result = machine.run("need_venv publisher; echo went on", PYTHON=str(python))
    assert (result.returncode, result.stdout) == (1, "")
    assert "python3-venv is needed" in result.stderr


def test_an_environment_that_is_whole_is_left_alone(machine: Machine) -> None:
    machine.run("mkdir -p $venv/bin; touch $venv/bin/bangtin; chmod +x $venv/bin/bangtin; touch $(stamp_of dev)")
    result = machine.run("need_venv publisher; echo went on", PYTHON="/bin/false")
    assert (result.returncode, result.stdout, result.stderr) == (0, "went on\n", "")


def test_where_chromium_is_only_a_snap_playwright_brings_its_own_and_what_it_lacks(machine: Machine) -> None:
    machine.stub("id", "echo 0")
    script = f"""case "$*" in
*--dry-run*) printf 'Missing system dependencies (2):\\n  libnss3\\n  libgbm1\\n' ;;
*) echo "playwright $*" >>{machine.done} ;;
esac"""
    python = machine.stub("own-python", script)
    result = machine.run(f"mkdir -p $venv/bin; ln -s {python} $venv/bin/python; need_playwright_chromium")
    assert result.returncode == 0, result.stderr
    assert machine.steps[-2].endswith("libnss3 libgbm1")
    assert machine.steps[-1] == "playwright -m playwright install chromium"
