"""The private broker: a Mosquitto of the distribution, as a child, with a configuration made here.

What may be read and written is decided by user name, and the user name is the client id too
(`use_username_as_clientid`): without it one screen could connect under another's client id, throw it
out and eat its queue. The files are rewritten and the broker told (SIGHUP) when access changes. That
alone leaves a revoked screen's open connection reading on, so a revoked name is denied everything.

The broker's memory is a cache. It is kept on disk only so that reports acknowledged while the
broadcast process is away are not lost.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.disk import replace_file
from player import wire
from publisher.children import dies_with, end
from publisher.ports import free_port, wait_until_free

PUBLISHER_USER: Final = "publisher"
BROKER_USER: Final = "mosquitto"
START_S: Final = 10.0
STOP_S: Final = 10.0


class BrokerError(RuntimeError):
    """Mosquitto is missing, does not start or is not ours; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """Who may log in, and which topic filters it may read besides its own; `revoked` is denied all it ever had.

    `publisher` may do everything: it is the centre itself, whatever it is called at an existing broker.
    """

    username: str
    password_hash: str
    reads: tuple[str, ...] = ()
    revoked: bool = False
    publisher: bool = False


CONFIG: Final = """\
# Written at every start; changes are lost.
listener {port} 127.0.0.1
allow_anonymous false
password_file passwd
acl_file acl
use_username_as_clientid true
max_packet_size 65536
max_inflight_messages 0
max_queued_messages 100000
max_keepalive 600
persistence true
persistence_location ./
autosave_interval 30
set_tcp_nodelay true
log_dest stderr
log_type error
log_type warning
connection_messages false
"""


def config_text(port: int) -> str:
    """mosquitto.conf for a loopback listener on `port`; the paths in it are relative to its own folder."""
    return CONFIG.format(port=port)


def password_text(accounts: Iterable[Account]) -> str:
    """The password file: one `user:$7$…` line an account that may log in."""
    return "".join(f"{a.username}:{a.password_hash}\n" for a in accounts if a.password_hash and not a.revoked)


def acl_text(accounts: Iterable[Account]) -> str:
    """The access file: the publisher everything of ours, a screen its own topics and its groups' alerts.

    The two `pattern` lines hold for every user; they name nobody else's topics, whoever logs in. A
    person's user name never begins with `s-`, so for people they open an empty corner.
    """
    lines = [
        *(line for account in accounts for line in _acl_lines(account)),
        f"pattern read {wire.screen_down('%u', '#')}",
        f"pattern write {wire.screen_up('%u', '+')}",
    ]
    return "\n".join(lines) + "\n"


def _acl_lines(account: Account) -> list[str]:
    if account.revoked:
        return [f"user {account.username}", f"topic deny {wire.TOPIC_ROOT}/#", ""]
    if account.publisher:
        return [f"user {account.username}", f"topic readwrite {wire.TOPIC_ROOT}/#", ""]
    return [f"user {account.username}", *(f"topic read {topic}" for topic in account.reads), ""]


def find_mosquitto() -> str:
    """The path of the distribution's Mosquitto; it lies in /usr/sbin, off an ordinary user's PATH.

    Raises BrokerError with the line that installs it.
    """
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
    found = shutil.which("mosquitto", path=path)
    if not found:
        raise BrokerError("mosquitto is not installed: sudo apt-get install mosquitto")
    return found


class BrokerFiles:
    """The private broker's folder: its configuration, accounts and the port it keeps for life.

    Screens learn the port when they are claimed, so it is chosen once and written down.
    """

    def __init__(self, folder: Path, owner: pwd.struct_passwd | None = None) -> None:
        self.folder = folder
        self._owner = owner

    def port(self) -> int:
        """The port of this broker, freely chosen the first time."""
        path = self.folder / "port"
        if path.exists():
            return int(path.read_text("ascii"))
        chosen = free_port()
        self._write("port", str(chosen))
        return chosen

    def write_config(self) -> int:
        """Write mosquitto.conf; the port it listens on."""
        self._make_folder()
        port = self.port()
        self._write("mosquitto.conf", config_text(port))
        return port

    def write_accounts(self, accounts: Iterable[Account]) -> bool:
        """Write who may do what; whether anything changed."""
        self._make_folder()
        known = list(accounts)
        changed = [self._write("acl", acl_text(known)), self._write("passwd", password_text(known))]
        return any(changed)

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._owner:
            os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)

    def _write(self, name: str, text: str) -> bool:
        path = self.folder / name
        data = text.encode()
        if path.exists() and path.read_bytes() == data:
            return False
        replace_file(path, data, 0o600, durable=False)
        if self._owner:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
        return True


def broker_owner() -> pwd.struct_passwd | None:
    """The user Mosquitto is to run as when we are root; None when it simply runs as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(BROKER_USER)
    except KeyError as exc:
        raise BrokerError(f"there is no user {BROKER_USER}: its package makes one") from exc


class PrivateBroker:
    """The running child. It dies with the process that started it."""

    def __init__(self, files: BrokerFiles, owner: pwd.struct_passwd | None) -> None:
        self._files = files
        self._owner = owner
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, accounts: Iterable[Account]) -> subprocess.Popen[bytes]:
        """Start it and wait until it listens; the process. Raises BrokerError if it does not come up."""
        self.port = self._files.write_config()
        if not wait_until_free("127.0.0.1", self.port):
            raise BrokerError(f"port {self.port} is taken; to choose another: delete {self._files.folder / 'port'}")
        self._files.write_accounts(accounts)
        # Its user is taken on here and not by Mosquitto itself: a change of user would make the kernel
        # forget the parent-death signal. The folder is entered before, so that it may lie below one
        # that this user cannot pass (a home directory, a test's).
        self.process = subprocess.Popen(
            [find_mosquitto(), "-c", "mosquitto.conf"],
            cwd=self._files.folder,
            user=self._owner.pw_uid if self._owner else None,
            group=self._owner.pw_gid if self._owner else None,
            extra_groups=[] if self._owner else None,
            stdin=subprocess.DEVNULL,
            preexec_fn=dies_with(os.getpid()),  # noqa: PLW1509 - it loads nothing and takes no lock
        )
        self._wait_until_it_listens(time.monotonic() + START_S)
        return self.process

    def stop(self) -> None:
        """End it in peace, so that it writes down what it remembers."""
        if self.process is not None:
            end(self.process, STOP_S)

    def _wait_until_it_listens(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise BrokerError(f"mosquitto ended at once on port {self.port}: is another publisher using this home?")
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        self.stop()
        raise BrokerError(f"mosquitto does not listen on port {self.port} after {START_S:.0f} s")


def reload_accounts(pid: int) -> None:
    """Make a running Mosquitto read its accounts again."""
    _signal(pid, signal.SIGHUP)


def save_memory(pid: int) -> None:
    """Make a running Mosquitto write down its sessions and queues now."""
    _signal(pid, signal.SIGUSR1)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it has just ended, and the supervisor knows that too
        os.kill(pid, number)
