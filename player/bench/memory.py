"""The memory of a whole player: the real process at 1080p, its ticker running and its pictures fading."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from drivers import process
from player.bench.figures import Effort, NotMeasured, measured
from player.bench.screen import HDMI, settings, write_agent_db
from player.schema import PLAYER_STATUS

_START_S: Final = 60.0
_EVERY_S: Final = 0.5


def player_rss_mb(work: Path, effort: Effort) -> dict[str, Any]:
    """Resident memory of the player's own process over several cross-fades; `peak` is its highest since the start."""
    with _player(work) as pid:
        samples = _sampled(pid, effort.memory_s)
        peak = resident_mb(pid, "VmHWM")
    value = median(samples)
    return measured(value, value, None, "MB", len(samples)) | {"peak": measured(peak, peak, None, "MB", 1)}


def resident_mb(pid: int, field: str = "VmRSS") -> float:
    """A memory field of /proc/PID/status, in MB. Raises NotMeasured if there is none."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:"))
    except (OSError, StopIteration) as exc:
        raise NotMeasured(f"/proc/{pid}/status says nothing of {field}") from exc


def own_mb(pid: int) -> float:
    """The process's own memory, in MB: resident without its files' pages, which the kernel takes and brings back."""
    return resident_mb(pid, "RssAnon") + resident_mb(pid, "RssShmem")


class Child(NamedTuple):
    """A process that another one started; `module` is what Python runs there, empty for any other program."""

    pid: int
    module: str
    mb: float  # its own, as `own_mb`


def children(parent: int) -> list[Child]:
    """The processes that descend from `parent`, dead ones that nobody buried among them, without memory."""
    found = []
    for pid in process.children(parent):
        with suppress(OSError):  # it ended while it was looked at
            found.append(Child(pid, _module_of(pid), _held_mb(pid)))
    return found


def _held_mb(pid: int) -> float:
    try:
        return own_mb(pid)
    except NotMeasured:
        return 0.0  # the dead have none


def _module_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    return words[words.index("-m") + 1] if "-m" in words else ""


def _sampled(pid: int, length_s: float) -> list[float]:
    end_s = time.monotonic() + length_s
    samples = [resident_mb(pid)]
    while time.monotonic() < end_s:
        time.sleep(_EVERY_S)
        samples.append(resident_mb(pid))
    return samples


@contextmanager
def _player(work: Path) -> Iterator[int]:
    """The process id of a player whose ticker runs; it ends with the context."""
    screen = settings(work, "sdl", HDMI)
    write_agent_db(screen.state_dir)
    argv = [sys.executable, "-m", "player", "--config", str(work / "screen.yaml"), "--die-with-parent"]
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, env=os.environ | {"PYGAME_HIDE_SUPPORT_PROMPT": "1"})
    try:
        _wait_for_ticker(child, screen.run_dir / PLAYER_STATUS)
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_for_ticker(child: subprocess.Popen[bytes], status: Path) -> None:
    end_s = time.monotonic() + _START_S
    while time.monotonic() < end_s:
        if child.poll() is not None:
            raise NotMeasured(f"the player ended with {child.returncode}")
        if status.exists() and _runs(json.loads(status.read_text(encoding="utf-8"))):
            return
        time.sleep(0.05)
    raise NotMeasured(f"the player showed no ticker within {_START_S:g} s")


def _runs(facts: dict[str, Any]) -> bool:
    return bool(facts["settled"] and facts["showing"]["item"] and any(at > 0 for at in facts["strips_px"]))
