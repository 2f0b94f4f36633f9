"""A real Mosquitto on loopback with the settings of a test; it is killed with the test that started it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from drivers.process import die_with_parent
from publisher.ports import free_port
from tests.waiting import eventually


def find_mosquitto() -> str | None:
    """Where the broker is installed; Debian keeps it where only root looks."""
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Mosquitto:
    """Not yet started. Keeps its settings and its log in `folder`, which it makes; there `settings` may name files."""

    def __init__(self, folder: Path, settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\nuse_username_as_clientid true\n"
            "persistence false\nset_tcp_nodelay true\nlog_dest stderr\n"
            + settings
            + ("user root\n" if os.geteuid() == 0 else "")
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to listen; the files that the settings name have to be there."""
        parent = os.getpid()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(find_mosquitto()), "-c", "mosquitto.conf"], cwd=self.folder, stderr=log,
                preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509 - the child only sets a flag
            )  # fmt: skip
        eventually(self._listens, "the broker's start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Everybody has to connect anew."""
        self.kill()
        self.start()

    def reload(self) -> None:
        """Read the access rules again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        except OSError:
            return False
        return True
