"""A commune on one machine: the publisher with its broker, staff accounts, and any number of virtual screens.

Everything lies in one folder; what exists there is kept, so that a second start is fast and
nothing that was written is lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple

from publisher.demo.children import Children, DemoError
from publisher.demo.screen import ScreenSpec, VirtualScreen
from publisher.demo.staff import Staff
from publisher.files import replace_file

PROVINCE: Final = "75"  # Đồng Nai, where the boards of the first plan hang
COMMUNE: Final = "25357"
COMMUNE_NAME: Final = "Phường Tân Khai"
START_LIMIT_S: Final = 60.0


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
            undo.callback(self.children.stop_all)
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._prepare()
            self.start_publisher()
            self._settle_passwords()
            for spec in self._specs:
                self._add_screen(spec)
            self._progress("Mở hai bảng / starting the screens")
            for screen in self.screens.values():
                screen.start(self.children)
            self.children.wait_for("bảng kết nối / screens to connect", self._all_playing, START_LIMIT_S)
            undo.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self.children.stop_all()

    def start_publisher(self) -> None:
        """Starts the publisher and waits until it answers. After the first time it keeps its port."""
        ready = self.root / "ready.json"
        ready.unlink(missing_ok=True)
        port_file = self.root / "port"
        port = self._port or (int(port_file.read_text()) if port_file.is_file() else 0)
        argv = [sys.executable, "-m", "publisher", "run", "--home", str(self._home), "--port", str(port)]
        self._progress("Mở máy chủ và Mosquitto / starting publisher and broker")
        self.children.start("publisher", [*argv, "--ready-file", str(ready)])
        self.children.wait_for("máy chủ / the publisher", ready.is_file, START_LIMIT_S)
        self.url = json.loads(ready.read_text())["url"]
        port_file.write_text(self.url.rsplit(":", 1)[1])

    def manage(self, *arguments: str) -> str:
        """What a management command of the publisher prints. Raises DemoError with its last line."""
        argv = [sys.executable, "-m", "publisher", "manage", "--home", str(self._home), *arguments]
        env = {**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
        run = subprocess.run(argv, capture_output=True, text=True, check=False, env=env)
        if run.returncode != 0:
            said = (run.stderr.strip() or run.stdout.strip() or "?").splitlines()[-1]
            raise DemoError(f"{arguments[0]}: {said}")
        return run.stdout.strip()

    # --- the first start ------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        if self.accounts:
            return
        self._progress("Tạo cơ sở dữ liệu / making the database")
        self.manage("migrate", "--verbosity", "0")
        self._progress("Nạp các xã, phường của tỉnh / loading the communes of the province")
        self.manage("loadunits", PROVINCE)
        self._save([self._add_person(person) for person in PEOPLE])

    def _settle_passwords(self) -> None:
        """Everybody's first step is to change the generated password: taken here, so that the demo opens at once."""
        settled = self.root / "settled"
        if settled.exists():
            return
        people = self.accounts.values()
        self._save([account._replace(password=self._settle(account)) for account in people])
        settled.touch()

    def _settle(self, account: Account) -> str:
        return Staff(self.url, account.username, account.password).change_password(account.password)

    def _save(self, accounts: Sequence[Account]) -> None:
        replace_file(self._accounts_file, json.dumps(accounts, ensure_ascii=False).encode(), 0o600)

    def _add_person(self, person: Person) -> Account:
        words = ["adduser", person.username, "--unit", COMMUNE, "--role", person.role, "--name", person.name]
        printed = self.manage(*words, *(["--emergency"] if person.emergency else []))
        return Account(person.username, printed.split()[-1], person.name, person.role)

    def _add_screen(self, spec: ScreenSpec) -> None:
        screen = VirtualScreen(spec, self.root / spec.name, self.url, file_clock=self._file_clock)
        screen.configure()
        if not screen.claimed:
            self._progress(f"Nhận {spec.label} / claiming the screen")
            size = f"{spec.width_px}x{spec.height_px}"
            words = ["addscreen", spec.label, "--unit", COMMUNE, "--size", size, "--kind", spec.kind]
            screen.claim(self.manage(*words).split()[-1])
        self.screens[spec.name] = screen

    def _all_playing(self) -> bool:
        return all((screen.run_dir / "player.json").is_file() for screen in self.screens.values())
