"""Company for a measurement: processes that keep the machine busy. `python -m player.bench.load spin|agent PARENT`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from drivers.process import die_with_parent
from player import wire
from player.bench.screen import playlist
from player.model import Playlist


@contextmanager
def busy_machine() -> Iterator[None]:
    """Every core spins, and one more process reads and checks playlists as a busy agent does."""
    kinds = ["spin"] * (os.cpu_count() or 1) + ["agent"]
    argv = [sys.executable, "-m", "player.bench.load"]
    started = [
        subprocess.Popen([*argv, kind, str(os.getpid())], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        for kind in kinds
    ]
    try:
        for child in started:
            if child.stdout is None or not child.stdout.readline():
                raise OSError("a process that keeps the machine busy did not start")
        yield
    finally:
        for child in started:
            child.kill()
            child.communicate()


def main(kind: str, parent_pid: int) -> None:
    """Works until it is killed, or its parent ends."""
    die_with_parent(parent_pid)
    body = wire.encode(playlist(datetime.now(UTC)))
    sys.stdout.write("busy\n")
    sys.stdout.flush()
    while True:
        if kind == "agent":
            hashlib.sha256(wire.encode(wire.decode(body, Playlist))).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
