"""The house as a whole: who owns which name, who may import whom, one command that loads its rooms late."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from click.testing import CliRunner

import bangtin

ROOT = Path(__file__).parent.parent
ROOMS = ("agent", "config", "drivers", "player", "publisher", "tts")


@pytest.mark.parametrize("name", [*ROOMS, "bangtin"])
def test_each_of_our_top_level_names_has_one_owner(name: str) -> None:
    owners = set(packages_distributions().get(name, ["bangtin"]))
    assert owners == {"bangtin"}


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("folder", ["systemd", "scripts"])
def test_folders_that_would_shadow_other_packages_are_no_packages(folder: str) -> None:
    assert (ROOT / folder).is_dir()
    assert not (ROOT / folder / "__init__.py").exists()


def test_help_reads_without_importing_any_room() -> None:
    code = "import sys, bangtin; bangtin.main(['--help'], standalone_mode=False); " + (
        f"sys.exit(sorted(set(sys.modules) & set({ROOMS!r})).__repr__() if set(sys.modules) & set({ROOMS!r}) else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert all(name in run.stdout for name in bangtin.COMMANDS)


@pytest.mark.parametrize("name", list(bangtin.COMMANDS))
def test_every_subcommand_loads_and_explains_itself(name: str) -> None:
    result = CliRunner().invoke(bangtin.main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


@pytest.mark.parametrize("name", list(bangtin.BENCHES))
def test_every_bench_loads_and_explains_itself(name: str) -> None:
    result = CliRunner().invoke(bangtin.main, ["bench", name, "--help"])
    assert result.exit_code == 0, result.output
    assert "--only" in result.output


def test_an_unknown_subcommand_is_named() -> None:
    result = CliRunner().invoke(bangtin.main, ["phát"])
    assert result.exit_code == 2
    assert "phát" in result.output


def test_no_lock_file_names_an_index() -> None:
    locks = sorted((ROOT / "scripts" / "locks").glob("*.txt"))
    assert len(locks) == 3
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text
        assert text.count("--hash=sha256:") >= text.count("==")


def imports_in_functions(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = (node for function in functions for node in ast.walk(function))
    return [f"{path}:{node.lineno}" for node in inner if isinstance(node, ast.Import | ast.ImportFrom)]


def test_nothing_is_imported_inside_a_function() -> None:
    sources = [source for room in ROOMS for source in (ROOT / room).rglob("*.py") if "migrations" not in source.parts]
    assert [place for source in sources for place in imports_in_functions(source)] == []


@pytest.mark.xdist_group("house")
def test_tests_of_one_group_are_told_to_one_worker(request: pytest.FixtureRequest) -> None:
    """Some share a machine's one thing, a port or a whole commune: the name is how the scheduler knows."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("not run by several workers in groups")
    assert request.node.nodeid.endswith("@house")
