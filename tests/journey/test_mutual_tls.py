"""Centre and board as processes at a Mosquitto of somebody else, both known by nothing but their certificates."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from agent import standing
from agent.identity import IdentityError
from tests.authority import EXPIRED, Authority, Pair, StrictBroker
from tests.mosquitto import find_mosquitto
from tests.waiting import eventually

pytestmark = [
    pytest.mark.xdist_group("journey"),
    pytest.mark.skipif(find_mosquitto() is None, reason="mosquitto is not installed"),
]

CENTRE: Final = "trung-tam"
ROOT: Final = Path(__file__).resolve().parents[2]
SETTING_UP: Final = """
from django.core.management import call_command
from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin, BulletinText
from publisher.units.models import Unit
call_command("init", verbosity=0)
unit = Unit.objects.create(code="25357", name="Xã Tân Khai", kind="Xã")
author = User.objects.create(username="an")
bulletin = Bulletin.objects.create(uid="b1", unit=unit, status="on_air", author=author)
BulletinText.objects.create(bulletin=bulletin, lang="vi", title="Thông báo", body="Cắt nước từ 8 giờ.")
call_command("addscreen", "Bảng 1", unit="25357")
"""


class Place:
    """A folder with a centre, a board, an authority and the broker between the two."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.authority = Authority(folder / "authority")
        self.broker = StrictBroker(folder / "broker", self.authority, self.home / "broker" / "acl")
        self.children: list[subprocess.Popen[bytes]] = []

    def call(self, *arguments: str) -> str:
        """What one command says on its standard output."""
        return subprocess.run(
            [sys.executable, "-m", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def start(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", *arguments, "--die-with-parent"]
            self.children.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8")

    def set_up_centre(self) -> str:
        """The claim code of its only board; the centre has no password at the broker."""
        pair = self.authority.issue(CENTRE, self.folder)
        self.home.mkdir(mode=0o700)
        broker = {"host": "127.0.0.1", "port": self.broker.port, "username": CENTRE, **self._files(pair)}
        (self.home / "publisher.yaml").write_text(yaml.safe_dump({"broker": broker}))
        said = self.call("publisher", "--home", str(self.home), "manage", "shell", "--verbosity", "0", "-c", SETTING_UP)
        return said.split()[-1]

    def start_centre(self) -> str:
        """Its address, once the broker let it in: with the access rules that it wrote at its start."""
        ready = self.folder / "ready.json"
        self.start("centre", "publisher", "run", "--home", str(self.home), "--port", "0", "--ready-file", str(ready))
        eventually((self.home / "broker" / "acl").exists, "the access rules")
        self.broker.start()
        eventually(ready.exists, "the centre")
        return str(json.loads(ready.read_text("utf-8"))["url"])

    def claim(self, url: str, code: str) -> str:
        """The board's id; its configuration names the files that are to come."""
        self.config = self.folder / "screen.yaml"
        state, run = str(self.folder / "state"), str(self.folder / "run")
        files = self._files(Pair(self.folder / "board.pem", self.folder / "board.key"))
        self.config.write_text(yaml.safe_dump({
            "publisher": {"url": url, **files}, "state_dir": state, "run_dir": run, "clock": "trusted",
            "panel": {"driver": "memory"}, "speaker": {"driver": "silent"}, "voice": {"engine": "espeak"},
        }))  # fmt: skip
        self.call("bangtin", "agent", "claim", "--config", str(self.config), "--code", code)
        self.broker.reload()  # who runs it installs what the centre wrote
        return str(self.standing()["screen"])

    def issue_board(self, screen: str, *days: Any) -> None:
        issued = self.authority.issue(screen, self.folder, *days)
        issued.key_file.replace(self.folder / "board.key")
        issued.cert_file.replace(self.folder / "board.pem")

    def standing(self) -> dict[str, Any]:
        with suppress(IdentityError):
            return standing.read(self.folder / "state", self.folder / "run")
        return {}

    def close(self) -> None:
        for child in reversed(self.children):
            child.terminate()
            child.wait()
        self.broker.kill()

    def _files(self, pair: Pair) -> dict[str, str]:
        files = {"ca_file": self.authority.ca_file, "cert_file": pair.cert_file, "key_file": pair.key_file}
        return {name: str(file) for name, file in files.items()}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


def test_a_playlist_travels_by_certificates_alone_and_a_renewed_one_needs_no_restart(place: Place) -> None:
    code = place.set_up_centre()
    screen = place.claim(place.start_centre(), code)
    place.start("board", "agent", "--config", str(place.config))
    missing = place.folder / "board.pem"
    eventually(lambda: f"cert_file {missing}: không đọc được" in place.log("board"), "a word on the missing file")

    place.issue_board(screen)
    eventually(lambda: place.standing()["items"] == 1, "the playlist")

    place.issue_board(screen, EXPIRED)
    place.broker.restart()
    eventually(lambda: f"cert_file {missing}: hết hạn" in place.log("board"), "a word on the expired certificate")
    place.issue_board(screen)
    eventually(lambda: place.log("board").count("connected to the broker") == 2, "the board with its new certificate")
    eventually(lambda: place.log("centre").count("Connected to the broker") == 2, "the centre at the restarted broker")
