"""The whole publisher as processes: started, killed in parts, stopped, started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from publisher.__main__ import take_home
from publisher.broadcast.broker import BrokerError, find_mosquitto
from publisher.broadcast.link import BrokerAddress
from publisher.home import HOME_VARIABLE
from tests.authority import Authority
from tests.waiting import DEADLINE_S, eventually

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Running:
    """A supervisor under test and the processes below it."""

    process: subprocess.Popen[bytes]
    ready_file: Path

    def ready(self) -> dict[str, Any]:
        eventually(lambda: self.ready_file.exists() or self.process.poll() is not None)
        assert self.process.poll() is None, "it ended instead of becoming ready"
        return dict(json.loads(self.ready_file.read_text("utf-8")))

    def children(self) -> dict[str, psutil.Process]:
        """broadcast, serve and mosquitto by name."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            line = child.cmdline()
            found[next((name for name in ("broadcast", "serve") if name in line), "mosquitto")] = child
        return found


class Publishers:
    """Those of one test: their homes and one log are in its folder. Skips the test where there is no Mosquitto."""

    def __init__(self, folder: Path) -> None:
        try:
            find_mosquitto()
        except BrokerError as exc:
            pytest.skip(str(exc))
        self._folder = folder
        self._made: list[Running] = []

    def start(self, *arguments: str, home: str | Path = "home") -> Running:
        ready_file = self._folder / f"ready-{len(self._made)}.json"
        command = [sys.executable, "-m", "publisher", "run", "--home", str(self._folder / home), "--port", "0"]
        command += ["--ready-file", str(ready_file), "--die-with-parent", *arguments]
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, stderr=log)
        self._made.append(Running(process, ready_file))
        return self._made[-1]

    def kill(self) -> None:
        for each in self._made:
            each.process.kill()
            each.process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    publishers = Publishers(tmp_path)
    yield publishers.start
    publishers.kill()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What one that stays up said when it was ready; for the tests that leave it as it is, in one worker."""
    publishers = Publishers(tmp_path_factory.mktemp("standing"))
    yield publishers.start().ready()
    publishers.kill()


BESIDE_ONE = pytest.mark.xdist_group("standing-publisher")


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_it_starts_serves_and_stops_in_peace(start: Callable[..., Running], tmp_path: Path) -> None:
    running = start()
    ready = running.ready()
    assert ready["http"]["host"] == ready["mqtt"]["host"] == "127.0.0.1"
    assert requests.get(f"{ready['url']}/device/v1/keys", timeout=DEADLINE_S).status_code == 200
    children = running.children()
    assert sorted(children) == ["broadcast", "mosquitto", "serve"]
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(DEADLINE_S) == 0
    assert all(is_gone(child) for child in children.values())
    assert not running.ready_file.exists()
    assert [path.name for path in (tmp_path / "home" / "run").iterdir()] == ["lock"]


@pytest.mark.parametrize("victim", ["broadcast", "serve", "mosquitto"])
def test_the_death_of_a_part_ends_the_whole(start: Callable[..., Running], victim: str, tmp_path: Path) -> None:
    running = start()
    running.ready()
    children = running.children()
    children[victim].kill()
    assert running.process.wait(DEADLINE_S) == 1
    assert all(is_gone(child) for child in children.values())
    assert "has ended with status -9: the publisher stops" in (tmp_path / "log").read_text("utf-8")


def test_a_killed_supervisor_leaves_nobody_behind_and_can_start_at_once(start: Callable[..., Running]) -> None:
    """The kernel forgets the parent-death signal when a process changes its user, as Mosquitto does by itself."""
    first = start()
    mqtt = first.ready()["mqtt"]
    children = first.children()
    first.process.kill()
    first.process.wait()
    second = start()
    eventually(lambda: all(is_gone(child) for child in children.values()))
    assert second.ready()["mqtt"] == mqtt  # the screens have its port for life


@BESIDE_ONE
def test_two_publishers_do_not_share_a_home(
    standing: dict[str, Any], start: Callable[..., Running], tmp_path: Path
) -> None:
    second = start(home=standing["home"])
    assert second.process.wait(DEADLINE_S) == 1
    assert "another publisher is running" in (tmp_path / "log").read_text("utf-8")


@BESIDE_ONE
def test_a_taken_port_is_said_plainly(standing: dict[str, Any], start: Callable[..., Running], tmp_path: Path) -> None:
    port = standing["http"]["port"]
    second = start("--port", str(port))
    assert second.process.wait(DEADLINE_S) == 1
    assert f"127.0.0.1:{port} is in use" in (tmp_path / "log").read_text("utf-8")


@BESIDE_ONE
def test_secrets_are_for_their_owner_alone(standing: dict[str, Any]) -> None:
    home = Path(standing["home"])
    for path in (home / "keys" / "root.key", home / "run" / "broker.json", home / "broker" / "passwd"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, ["broker.host: is missing", "broker.port: is missing", "broker.password: is missing"]),
        (
            {"host": 1, "port": "x", "username": "u", "password": "p"},
            ["broker.host: 1, needs text", "broker.port: 'x'"],
        ),
        ({"host": "h", "port": 1, "username": "u", "password": "p", "hots": 1}, ["broker.hots: unknown"]),
        (
            {"host": "h", "port": 1, "username": "u", "ca_file": "/no/ca.pem", "cert_file": "/no/u.pem"},
            ["broker.ca_file /no/ca.pem: ", "broker.cert_file /no/u.pem: "],
        ),
        ({"host": "h", "port": 1, "username": "u", "password": "p", "key_file": "/k"}, ["broker.key_file /k: "]),
    ],
)
def test_an_existing_broker_is_described_whole_or_every_fault_is_named(given: Any, wrong: list[str]) -> None:
    with pytest.raises(BrokerError) as caught:
        BrokerAddress.of_existing(given)
    assert all(each in str(caught.value) for each in wrong)


def test_an_existing_broker_has_tls_when_it_has_a_ca_file(tmp_path: Path) -> None:
    ca_file = str(Authority(tmp_path).ca_file)
    known = {"host": "mqtt.vn", "port": 8883, "username": "publisher", "password": "p"}
    address = BrokerAddress.of_existing(known | {"ca_file": ca_file})
    assert address.tls
    assert BrokerAddress.of_existing(known | {"ca_file": ""}).tls  # with the authorities of the system
    assert not BrokerAddress.of_existing(known).tls
    assert address.pid == 0
    address.save(tmp_path)
    assert BrokerAddress.load(tmp_path) == address
    assert os.stat(tmp_path / "broker.json").st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--home", "/x", "run", "--port", "0"],
        ["run", "--home=/x", "--port", "0"],
        ["run", "--port", "0", "--home", "/x"],
    ],
)
def test_the_home_may_be_named_anywhere(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, "/before")
    assert take_home(arguments) == ["run", "--port", "0"]
    assert os.environ[HOME_VARIABLE] == "/x"


def test_a_home_without_a_name_is_refused() -> None:
    with pytest.raises(SystemExit, match="needs a folder"):
        take_home(["run", "--home"])
