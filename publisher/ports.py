"""Ports for servers of this machine, chosen where no outgoing connection can come to sit on them.

The kernel gives outgoing connections a port of its own range; a server that was given one from there
may find it taken when it starts again, and a client that insists on a server that is away may even
connect to itself.
"""

from __future__ import annotations

import random
import socket
import time
from pathlib import Path
from typing import Final

_LOWEST: Final = 20_000  # below lie most registered services
_OUTGOING_FROM: Final = 32_768  # of a Linux that does not say
_RANGE_FILE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_TRIES: Final = 50
_CHANCE: Final = random.SystemRandom()  # programs that begin with the same seed must not meet on one port


def free_port(host: str = "127.0.0.1", range_file: Path = _RANGE_FILE) -> int:
    """A port that nobody listens on now and that no outgoing connection is given.

    Raises OSError when none is found; where the kernel's own range leaves no room, one of that range.
    """
    end = _outgoing_from(range_file)
    for _ in range(_TRIES):
        port = _CHANCE.randrange(_LOWEST, end) if end > _LOWEST else 0
        try:
            with socket.create_server((host, port)) as server:
                return int(server.getsockname()[1])
        except OSError:
            continue
    raise OSError(f"{host}: no free port found in {_TRIES} tries between {_LOWEST} and {end}")


def wait_until_free(host: str, port: int, limit_s: float = 5.0) -> bool:
    """Whether `port` can be listened on, now or as soon as a predecessor that is just ending lets go of it."""
    deadline = time.monotonic() + limit_s
    while True:
        try:
            socket.create_server((host, port)).close()
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        else:
            return True


def _outgoing_from(range_file: Path) -> int:
    try:
        return int(range_file.read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return _OUTGOING_FROM
