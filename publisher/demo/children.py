"""The processes of a demo: started in order, watched, stopped in reverse, none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STOP_LIMIT_S: Final = 10.0
AGAIN: Final = 75  # EX_TEMPFAIL: a screen's process asks to be started again, as the service manager does


class DemoError(Exception):
    """The demo cannot go on; the message is one line for the person who started it, Vietnamese and English."""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    argv: tuple[str, ...]
    env: Mapping[str, str]


class Children:
    """Child processes by name. Each writes to its own log and dies with this process, however that dies."""

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._children: list[Child] = []

    def start(self, name: str, argv: Sequence[str], env: Mapping[str, str] | None = None) -> Child:
        """Starts `argv`, which has to know --die-with-parent, in a process group of its own."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        log = self._log_dir / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*argv, "--die-with-parent"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )
        child = Child(name, process, log, tuple(argv), dict(env or {}))
        self._children.append(child)
        return child

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(child.name for child in self._children)

    def pid(self, name: str) -> int:
        return next(child.process.pid for child in self._children if child.name == name)

    def ended_well(self, name: str) -> bool:
        """Whether a child has ended by itself without an error."""
        return any(child.name == name and child.process.poll() == 0 for child in self._children)

    def check(self) -> None:
        """Starts again what asked for it. Raises DemoError if a child has ended by itself, with its last line."""
        for child in tuple(self._children):
            status = child.process.poll()
            if status == AGAIN:
                self._children.remove(child)
                self.start(child.name, child.argv, child.env)
            elif status is not None:
                raise DemoError(
                    f"{child.name} đã dừng (mã {child.process.returncode}): {last_line(child.log)} / "
                    f"{child.name} ended with {child.process.returncode}; its log: {child.log}"
                )

    def wait_for(self, what: str, condition: Callable[[], bool], limit_s: float) -> None:
        """Waits until `condition` holds. Raises DemoError when a child dies first or `limit_s` has passed."""
        deadline = time.monotonic() + limit_s
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise DemoError(
                    f"Chờ quá {limit_s:.0f} giây: {what}. / After {limit_s:.0f} s still waiting for: {what}."
                )
            time.sleep(0.01)

    def kill(self, name: str) -> None:
        """SIGKILL to one child and its group, as a power cut for one process; it is forgotten here."""
        child = next(child for child in self._children if child.name == name)
        _signal(child, signal.SIGKILL)
        child.process.wait()
        self._children.remove(child)

    def forget_ended(self) -> tuple[str, ...]:
        """The names of children that have ended by themselves; they are known here no longer."""
        ended = tuple(child for child in self._children if child.process.poll() is not None)
        self._children = [child for child in self._children if child not in ended]
        return tuple(child.name for child in ended)

    def stop(self, name: str) -> None:
        """A clean stop of one child; SIGKILL when it takes longer than the limit."""
        child = next(child for child in self._children if child.name == name)
        _finish(child)
        self._children.remove(child)

    def stop_all(self) -> None:
        """The newest first; may be called twice."""
        while self._children:
            _finish(self._children.pop())


def last_line(log: Path) -> str:
    """The last line of a log that says something; empty if there is none."""
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _finish(child: Child) -> None:
    _signal(child, signal.SIGTERM, group=False)
    try:
        child.process.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        _signal(child, signal.SIGKILL)
        child.process.wait()


def _signal(child: Child, number: signal.Signals, group: bool = True) -> None:
    if child.process.poll() is not None:
        return
    if group:
        os.killpg(child.process.pid, number)
    else:
        child.process.send_signal(number)
