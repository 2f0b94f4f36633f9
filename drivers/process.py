"""Processes and their children: how one of ours is started, that it ends with its parent, how much memory is taken."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

PROCFS: Final = Path("/proc")
_ROOT: Final = Path(__file__).resolve().parents[1]
_PR_SET_PDEATHSIG: Final = 1
_M_MMAP_THRESHOLD: Final = -3


def module_command(module: str, *options: str) -> list[str]:
    """The command that runs a module of this house as a process of its own, never a fork of this one."""
    return [sys.executable, "-m", module, *options]


def module_environment(**extra: str) -> dict[str, str]:
    """This process's environment, in which such a command finds the house from whatever folder, with `extra` in it."""
    search = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, **extra, "PYTHONPATH": search}


def die_with_parent(parent_pid: int | None = None, sig: signal.Signals = signal.SIGKILL) -> None:
    """From now on `sig` comes to this process when the thread that started it ends (prctl(2)).

    `parent_pid` is the parent's own word of who it is: if it has ended before this call, this process
    ends at once. Called in the child; a child of a short-lived thread would end with that thread.
    Raises OSError.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(sig), 0, 0, 0) != 0:
        errno = ctypes.get_errno()
        raise OSError(errno, os.strerror(errno))
    if parent_pid is not None and os.getppid() != parent_pid:
        os.kill(os.getpid(), sig)


def cap_memory(limit_mb: int) -> None:
    """No more than `limit_mb` of address space for this process: an allocation beyond it raises MemoryError.

    Never raises the limit above one that was set from outside.
    """
    limit = limit_mb * 1024 * 1024
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def give_back_from(size_kb: int = 1024) -> None:
    """Blocks of memory of this size and above go back to the kernel when they are freed.

    By itself glibc takes the first large block that is freed as the measure from then on (mallopt(3)): pictures
    of the panel's size would come to lie between small things, and the memory round them be kept.
    Where the C library knows no such setting nothing changes.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, size_kb * 1024)


def give_back() -> None:
    """What this process has freed goes back to the kernel, also from between blocks in use (malloc_trim(3)).

    Where the C library knows no such call nothing changes.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def pss_mb(pid: int, procfs: Path = PROCFS) -> float:
    """Memory of a process in MB, each page it shares counted by its share. Raises OSError if it cannot be read."""
    text = (procfs / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    match = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    if match is None:
        raise OSError(f"no Pss in {procfs}/{pid}/smaps_rollup")
    return int(match[1]) / 1024


def children(pid: int, procfs: Path = PROCFS) -> list[int]:
    """The process ids of all that descend from `pid`, itself left out; one that ends meanwhile is left out too."""
    parents: dict[int, list[int]] = {}
    for stat in procfs.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = list(parents.get(pid, []))
    for descendant in found:  # the list grows while it is walked
        found.extend(parents.get(descendant, []))
    return found
