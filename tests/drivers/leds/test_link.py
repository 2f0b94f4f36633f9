"""The line to a helper: called at the service manager's socket or started as a child, ended, replaced."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers import panel
from drivers.exported import FrameWriter, new_memory
from drivers.leds import linked
from drivers.leds.link import PAUSES_S, Link, LinkError
from drivers.panel import PanelError
from tests.waiting import DEADLINE_S

ROOT = Path(__file__).parents[3]
WaitUntil = Callable[[Callable[[], bool]], None]
Hello = dict[str, object]
DDP: Hello = {"driver": "ddp", "options": {"host": "127.0.0.1", "port": 9, "helper": "child"}}


@pytest.fixture
def frame_fd() -> int:
    fd = os.memfd_create("frame")
    FrameWriter(new_memory(fd, (32, 16)), (32, 16)).commit(1)
    return fd


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Path]:
    """What systemd does for a socket unit with Accept=yes: a helper a connection, the connection its standard input."""
    path = tmp_path / "led-network.sock"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(path))
    listener.listen()
    helpers: list[subprocess.Popen[bytes]] = []

    def accept() -> None:
        while True:
            select.select([listener], [], [])
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                command = [sys.executable, "-m", "drivers.leds.helper"]
                helpers.append(subprocess.Popen(command, stdin=connection.fileno(), cwd=ROOT))

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield path
    listener.shutdown(socket.SHUT_RDWR)
    thread.join(DEADLINE_S)
    listener.close()
    for helper in helpers:
        assert helper.wait(DEADLINE_S) == 0, "a helper outlived its line"


def receiver() -> socket.socket:
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))
    line.settimeout(DEADLINE_S)
    return line


@pytest.mark.parametrize("by_name", [True, False])
def test_a_helper_of_the_service_manager_is_called_where_it_is_installed(
    manager: Path, monkeypatch: pytest.MonkeyPatch, by_name: bool
) -> None:
    monkeypatch.setattr(linked, "SERVICES", manager.parent)
    helper = {"helper": str(manager)} if by_name else {}
    with receiver() as line:
        shown = panel.create("ddp", 4, 1, {"host": "127.0.0.1", "port": line.getsockname()[1], "gamma": 1, **helper})
        shown.open()
        shown.surface.fill((1, 2, 3))
        shown.present()
        assert line.recv(2000)[10:] == bytes((1, 2, 3)) * 4
        assert shown.health()["helper"] == "running"
        shown.close()


def test_without_the_service_the_socket_is_named() -> None:
    shown = panel.create("ddp", 32, 16, {"helper": "/nowhere/led.sock"})
    with pytest.raises(PanelError, match=r"ddp: /nowhere/led.sock: No such file or directory"):
        shown.open()


def test_the_helper_ends_when_the_player_is_killed(wait_until: WaitUntil) -> None:
    code = (
        "import sys, time; from drivers import panel\n"
        "shown = panel.create('ddp', 32, 16, {'helper': 'child'}); shown.open()\n"
        "print(shown._link.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as player:
        assert player.stdout is not None
        helper = int(player.stdout.readline().split()[-1])
        player.kill()
    wait_until(lambda: not Path(f"/proc/{helper}/fd/0").exists())


def test_closing_ends_the_helper(frame_fd: int) -> None:
    link = Link(DDP, frame_fd, None)
    link.open()
    pid = link.pid
    link.close()
    assert pid is not None
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("hello", "says"),
    [
        ({"driver": "vga", "options": {}}, "no panel driver 'vga'"),
        ({"driver": "ddp", "options": {"hosst": "1.2.3.4"}}, "did you mean 'host'"),
        ({"driver": "ddp", "options": {"module": [5, 5]}}, "32×16 px cannot be made of whole modules of 5×5 px"),
        ({"driver": "memory", "options": {}}, "memory needs no helper"),
    ],
)
def test_what_the_helper_will_not_drive_is_told_with_its_reason(frame_fd: int, hello: Hello, says: str) -> None:
    link = Link(hello, frame_fd, None)
    with pytest.raises(LinkError, match=says):
        link.open()
    link.close()


def test_a_memory_that_is_no_frame_is_refused() -> None:
    fd = os.memfd_create("other")
    os.write(fd, bytes(5000))
    link = Link(DDP, fd, None)
    with pytest.raises(LinkError, match="not a frame memory"):
        link.open()
    link.close()


def test_helpers_that_keep_ending_are_replaced_later_and_later(frame_fd: int, wait_until: WaitUntil) -> None:
    now = [0.0]
    link = Link(DDP, frame_fd, None, lambda: now[0])
    link.open()
    pauses = []
    for _ in range(len(PAUSES_S) + 1):
        assert link.pid is not None
        os.kill(link.pid, signal.SIGKILL)
        wait_until(lambda: not link.poll() and link.pid is None)
        lost_at = now[0]
        while link.pid is None:
            link.poll()
            now[0] += 0.25 if link.pid is None else 0.0
        pauses.append(now[0] - lost_at)
        wait_until(link.poll)
    link.close()
    assert pauses == [*PAUSES_S, PAUSES_S[-1]]
    assert link.replaced == len(pauses)


def test_a_helper_that_worked_for_long_is_replaced_at_once(frame_fd: int, wait_until: WaitUntil) -> None:
    now = [0.0]
    link = Link(DDP, frame_fd, None, lambda: now[0])
    link.open()
    for _ in range(3):
        now[0] += 3600
        assert link.pid is not None
        os.kill(link.pid, signal.SIGKILL)
        wait_until(lambda: not link.poll())
        wait_until(link.poll)
    assert link.replaced == 3
    link.close()
