"""What is counted of a process's children."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from player.bench.memory import children, own_mb


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds eight MB and waits."""
    code = "import sys; held = bytearray(2**23); sys.stdout.write('!'); sys.stdout.flush(); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"!"
        yield process
        process.kill()


def test_a_child_is_found_with_its_memory(child: subprocess.Popen[bytes]) -> None:
    (found,) = [one for one in children(os.getpid()) if one.pid == child.pid]
    assert found.module == ""
    assert found.mb == pytest.approx(own_mb(child.pid), abs=0.5)
    assert found.mb > 8


def test_strangers_are_no_children(child: subprocess.Popen[bytes]) -> None:
    assert {os.getpid(), os.getppid()}.isdisjoint(one.pid for one in children(os.getpid()))
    assert children(child.pid) == []


def test_a_child_that_runs_a_module_has_its_name() -> None:
    command = [sys.executable, "-m", "code"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as one:
        modules = [found.module for found in children(os.getpid()) if found.pid == one.pid]
        one.kill()
    assert modules == ["code"]


def test_a_dead_child_that_nobody_buried_counts(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert [one.mb for one in children(os.getpid()) if one.pid == child.pid] == [0.0]
