"""Words to the service manager, over a path and over an abstract name."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.notify import Notifier
from tests.waiting import DEADLINE_S


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    name = str(tmp_path / "notify") if request.param == "path" else f"@bangtin-{uuid.uuid4()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name[1:] if name.startswith("@") else name)
        listening.settimeout(DEADLINE_S)
        yield listening, name


def test_says_its_words_one_by_one(manager: tuple[socket.socket, str]) -> None:
    listening, name = manager
    notifier = Notifier({"NOTIFY_SOCKET": name})

    notifier.ready()
    notifier.alive()
    notifier.stopping()
    notifier.close()

    heard = [listening.recv(4096).decode() for _ in range(3)]
    assert heard == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_without_a_manager_it_is_silent() -> None:
    notifier = Notifier({})
    notifier.ready()
    notifier.close()
    notifier.alive()


def test_a_manager_that_has_gone_does_not_stop_the_work(tmp_path: Path) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    notifier.alive()
    notifier.close()
    notifier.alive()
