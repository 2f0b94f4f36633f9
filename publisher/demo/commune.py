"""A commune on one machine: the publisher with its broker, staff accounts, and any number of virtual screens.

Everything lies in one folder; what exists there is kept, so that a second start is fast and
nothing that was written is lost.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from drivers.disk import replace_file
from publisher.demo.children import Children, DemoError
from publisher.demo.screen import ScreenSpec, VirtualScreen
from publisher.demo.staff import Staff, new_password
from publisher.ports import wait_until_free

PROVINCE: Final = "75"  # Đồng Nai, where the boards of the first plan hang
COMMUNE: Final = "25357"
COMMUNE_NAME: Final = "Phường Tân Khai"
START_LIMIT_S: Final = 60.0
LOOPBACK: Final = "127.0.0.1"


class Account(NamedTuple):
    username: str
    password: str
    name: str
    role: str


class Person(NamedTuple):
    """An account to make: no password here, the publisher generates it."""

    username: str
    name: str
    role: str
    emergency: bool


PEOPLE: Final = (
    Person("soan", "Nguyễn Thị Soạn", "writer", True),
    Person("duyet", "Trần Văn Duyệt", "approver", True),
    Person("kythuat", "Lê Kỹ Thuật", "technician", False),
    Person("quantri", "Phạm Thị Quản Trị", "admin", False),
)


class Commune:
    """Started and stopped as one; `progress` is told each step in a few words."""

    def __init__(
        self,
        root: Path,
        specs: Sequence[ScreenSpec],
        progress: Callable[[str], None],
        *,
        port: int = 0,
        file_clock: bool = False,
    ) -> None:
        self.root = root
        self.url = ""
        self.screens: dict[str, VirtualScreen] = {}
        self.children = Children(root / "logs")
        self._specs = specs
        self._progress = progress
        self._port = port
        self._file_clock = file_clock
        self._home = root / "publisher"
        self._accounts_file = root / "accounts.json"
        self._undo = ExitStack()

    @property
    def database(self) -> Path:
        return self._home / "publisher.db"

    def staff(self, username: str) -> Staff:
        """A logged-in session of one of the demo's people."""
        account = self.accounts[username]
        return Staff(self.url, account.username, account.password)

    @property
    def accounts(self) -> dict[str, Account]:
        """The people of the demo by user name, with the passwords that were generated for them here."""
        if not self._accounts_file.is_file():
            return {}
        rows = json.loads(self._accounts_file.read_text("utf-8"))
        return {row[0]: Account(*row) for row in rows}

    def __enter__(self) -> Commune:
        with ExitStack() as undo:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._alone(undo)
            undo.callback(self.children.stop_all)
            self._prepare()
            self._wait_for_last()
            self.start_publisher()
            self._settle_passwords()
            self._claim_screens()
            self._progress("Mở các bảng / starting the screens")
            for screen in self.screens.values():
                screen.start(self.children)
            self.children.wait_for("bảng kết nối / screens to connect", self._all_playing, START_LIMIT_S)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._undo.close()

    def start_publisher(self) -> None:
        """Starts the publisher and waits until it answers. After the first time it keeps its port if it can.

        Screens that know it under another address are told the new one.
        """
        ready = self.root / "ready.json"
        ready.unlink(missing_ok=True)
        port_file = self.root / "port"
        port = self._port or (int(port_file.read_text()) if port_file.is_file() else 0)
        if not self._port and port and not wait_until_free(LOOPBACK, port):
            port = 0  # somebody else has it now
        argv = [sys.executable, "-m", "publisher", "run", "--home", str(self._home), "--port", str(port)]
        self._progress("Mở máy chủ và Mosquitto / starting publisher and broker")
        self.children.start("publisher", [*argv, "--ready-file", str(ready)])
        self.children.wait_for("máy chủ / the publisher", ready.is_file, START_LIMIT_S)
        self.url = json.loads(ready.read_text())["url"]
        port_file.write_text(self.url.rsplit(":", 1)[1])
        for screen in self.screens.values():
            screen.follow(self.url, self.children)

    def manage(self, *orders: Sequence[str]) -> list[str]:
        """What management commands of the publisher print. Raises DemoError with the last line of one that fails."""
        argv = [sys.executable, "-m", "publisher.demo.batch", str(self._home)]
        env = {**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
        run = subprocess.run(argv, input=json.dumps(orders), capture_output=True, text=True, check=False, env=env)
        if run.returncode != 0:
            raise DemoError((run.stderr.strip() or "?").splitlines()[-1])
        printed: list[str] = json.loads(run.stdout)
        return printed

    # --- the first start ------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """The database with its communes, people and screens. Nobody could log in before this is through."""
        if self.accounts:
            return
        beginning = self.root / "beginning"
        if beginning.exists():  # a first start that was cut off
            shutil.rmtree(self._home, ignore_errors=True)
        elif (self._home / "publisher.db").exists():
            raise DemoError(
                f"{self.root}: thiếu accounts.json; hãy chọn --dir khác. / "
                f"{self.root}: accounts.json is missing; choose another --dir."
            )
        beginning.touch()
        self._progress("Tạo cơ sở dữ liệu, nạp các xã, phường của tỉnh / making the database, loading the communes")
        orders = [("migrate", "--verbosity", "0"), ("loadunits", PROVINCE)]
        printed = self.manage(*orders, *map(_adding, PEOPLE))[len(orders) :]
        people = zip(PEOPLE, printed, strict=True)
        self._save([Account(who.username, said.split()[-1], who.name, who.role) for who, said in people])
        beginning.unlink()

    def _settle_passwords(self) -> None:
        """Everybody's first step is to change the generated password: taken here, so that the demo opens at once."""
        settled = self.root / "settled"
        if settled.exists():
            return
        chosen = self._chosen_passwords()
        for account in self.accounts.values():
            self._settle(account, chosen[account.username])
        self._save([account._replace(password=chosen[account.username]) for account in self.accounts.values()])
        settled.touch()

    def _chosen_passwords(self) -> dict[str, str]:
        """Written down before any of them is set, so that a kill in between locks nobody out."""
        file = self.root / "chosen.json"
        if not file.is_file():
            replace_file(file, json.dumps({name: new_password() for name in self.accounts}).encode(), 0o600)
        chosen: dict[str, str] = json.loads(file.read_text("utf-8"))
        return chosen

    def _settle(self, account: Account, password: str) -> None:
        try:
            person = Staff(self.url, account.username, account.password)
        except DemoError:
            Staff(self.url, account.username, password)  # it was set before a kill
        else:
            person.change_password(account.password, password)

    def _save(self, accounts: Sequence[Account]) -> None:
        replace_file(self._accounts_file, json.dumps(accounts, ensure_ascii=False).encode(), 0o600)

    def _claim_screens(self) -> None:
        """Every screen has its folder, its settings and its identity."""
        fresh = []
        for spec in self._specs:
            screen = VirtualScreen(spec, self.root / spec.name, self.url, file_clock=self._file_clock)
            screen.configure()
            self.screens[spec.name] = screen
            if not screen.claimed:
                fresh.append(screen)
        if not fresh:
            return
        self._progress("Nhận bảng / claiming the screens")
        codes = [said.split()[-1] for said in self.manage(*(_hanging(screen.spec) for screen in fresh))]
        with ThreadPoolExecutor(len(fresh)) as installers:
            list(installers.map(VirtualScreen.claim, fresh, codes))

    def _all_playing(self) -> bool:
        """Whether the players of this start have spoken: the files of the last one may still be there."""
        return all(
            screen.status().get("pid") == self.children.pid(f"{name}-player") for name, screen in self.screens.items()
        )

    # --- one at a time --------------------------------------------------------------------------------------------

    def _alone(self, undo: ExitStack) -> None:
        """Raises DemoError while another demo runs in this folder."""
        lock = undo.enter_context((self.root / "lock").open("w"))
        if not _locked(lock):
            raise DemoError(f"{self.root}: đang có demo chạy ở đây. / Another demo runs in this folder.")

    def _wait_for_last(self) -> None:
        """The publisher of a demo that was killed ends by itself, a moment after it."""
        self._home.joinpath("run").mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._home / "run" / "lock").open("w") as lock:
            self.children.wait_for("máy chủ cũ dừng / the last publisher to end", lambda: _locked(lock), START_LIMIT_S)


def _locked(file: TextIO) -> bool:
    """Takes the lock of an open file if nobody has it; closing the file gives it back."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _adding(person: Person) -> list[str]:
    """The command that adds a person; it prints the generated password last."""
    words = ["adduser", person.username, "--unit", COMMUNE, "--role", person.role, "--name", person.name]
    return [*words, "--emergency"] if person.emergency else words


def _hanging(spec: ScreenSpec) -> list[str]:
    """The command that adds a screen; it prints the claim code last."""
    size = f"{spec.width_px}x{spec.height_px}"
    return ["addscreen", spec.label, "--unit", COMMUNE, "--size", size, "--kind", spec.kind]
