from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.demo.children import Children, DemoError, last_line

READY = "import sys, signal; open(sys.argv[1], 'w').close(); signal.pause()"


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    started = Children(tmp_path / "logs")
    yield started
    started.stop_all()


def start(children: Children, name: str, marker: Path, code: str = READY) -> int:
    child = children.start(name, [sys.executable, "-c", code, str(marker)])
    children.wait_for(f"{name} ready", marker.exists, 10)
    return child.process.pid


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_children_stop_newest_first(children: Children, tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "import sys, signal\n"
        "def end(*_):\n"
        "    open(sys.argv[1] + '-end', 'a').write(sys.argv[1][-1])\n"
        "    print('bye'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end); open(sys.argv[1], 'w').close()\n"
        "while True: signal.pause()\n"
    ).replace("sys.argv[1] + '-end'", repr(str(order)))
    pids = [start(children, name, tmp_path / name, code) for name in "abc"]
    children.stop_all()
    assert order.read_text() == "cba"
    assert not any(alive(pid) for pid in pids)


def test_a_child_that_ends_by_itself_is_named_with_its_last_words(children: Children) -> None:
    children.start("broker", [sys.executable, "-c", "import sys; print('no port left'); sys.exit(3)"])
    with pytest.raises(DemoError, match=r"broker đã dừng \(mã 3\): no port left / broker ended with 3"):
        children.wait_for("a broker", lambda: False, 10)


def test_waiting_has_a_limit_and_says_for_what(children: Children) -> None:
    with pytest.raises(DemoError, match="still waiting for: the moon"):
        children.wait_for("the moon", lambda: False, 0.05)


def test_a_killed_child_is_forgotten_and_the_others_go_on(children: Children, tmp_path: Path) -> None:
    victim = start(children, "victim", tmp_path / "victim")
    other = start(children, "other", tmp_path / "other")
    children.kill("victim")
    children.check()
    assert not alive(victim)
    assert alive(other)
    assert children.pid("other") == other


def test_a_child_that_ignores_the_clean_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.demo.children.STOP_LIMIT_S", 0.2)
    children = Children(tmp_path / "logs")
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + READY.replace("; ", "\n")
    pid = start(children, "stubborn", tmp_path / "stubborn", stubborn + "\nwhile True: signal.pause()")
    children.stop("stubborn")
    assert not alive(pid)


def test_a_child_gets_its_own_group_so_that_ctrl_c_reaches_it_only_through_us(
    children: Children, tmp_path: Path
) -> None:
    pid = start(children, "child", tmp_path / "child")
    assert os.getpgid(pid) == pid != os.getpgid(0)


def test_the_last_line_skips_blank_ones(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("one\n two \n\n \n")
    assert last_line(log) == "two"
    log.write_text("")
    assert last_line(log) == ""


def test_a_clean_stop_is_a_sigterm(children: Children, tmp_path: Path) -> None:
    child = children.start("plain", [sys.executable, "-c", READY, str(tmp_path / "plain")])
    children.wait_for("plain", (tmp_path / "plain").exists, 10)
    process: subprocess.Popen[bytes] = child.process
    children.stop("plain")
    assert process.returncode == -signal.SIGTERM


def test_a_child_that_asks_for_it_is_started_again(children: Children, tmp_path: Path) -> None:
    code = "import sys, pathlib, signal; p = pathlib.Path(sys.argv[1]); n = len(p.read_text()) if p.exists() else 0\n"
    code += "p.write_text('x' * (n + 1)); sys.exit(75) if n == 0 else signal.pause()"
    runs = tmp_path / "runs"
    children.start("player", [sys.executable, "-c", code, str(runs)])
    children.wait_for("a second run", lambda: runs.exists() and runs.read_text() == "xx", 10)
    assert children.names == ("player",)
