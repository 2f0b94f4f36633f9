"""The film process as the player holds it: started, asked for frames, listened to, ended. No call waits for it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pygame

from drivers.film import Planes
from drivers.process import module_command, module_environment
from drivers.speaker import RATE_HZ
from player.film.ring import BACK_US, ON_US, Ring, State

_ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "2", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
_US: Final = 1_000_000
_CHUNK: Final = RATE_HZ // 10
_BELL_US: Final = 250_000
_RETRY_S: Final = 1 / 60


class Picture(NamedTuple):
    """A frame of a film, as pixels or as it was decoded. Equal numbers are equal frames of one film process."""

    number: int
    frame: pygame.Surface | Planes


class FilmProcess:
    """Starts `python -m player.film.worker` for one file; `size` is that of its frames, (0, 0) for sound alone."""

    def __init__(self, path: Path, size: tuple[int, int], rotation: int, memory_cap_mb: int) -> None:
        self._ring = Ring.create(*size)
        self._surfaces: dict[int, pygame.Surface] = {}
        self._belled_us = 0
        self._closed = False
        self.jumps = 0  # how often the position did not just go on
        self._overtaken = 0
        self._shown: int | None = None
        options = ["--file", str(path), "--ring", str(self._ring.fd), "--rotation", str(rotation), "--nice", "5"]
        options += ["--memory-cap-mb", str(memory_cap_mb), "--parent", str(os.getpid())]
        self._process = self._started(options)

    def _started(self, options: list[str]) -> subprocess.Popen[bytes] | None:
        """None, and a ring that says why, if the system has no room for one more process."""
        try:
            process = subprocess.Popen(
                module_command("player.film.worker", *options),
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, bufsize=0, pass_fds=[self._ring.fd],
                env=module_environment(**_ENVIRONMENT),
            )  # fmt: skip
        except OSError as exc:
            self._ring.tell(State.FAILED, f"process: no film process can be started: {exc.strerror or exc}")
            return None
        if process.stdin is None:
            raise RuntimeError("a film process was started without its pipe")
        os.set_blocking(process.stdin.fileno(), False)
        return process

    @property
    def pid(self) -> int | None:
        """None if it could not be started."""
        return self._process.pid if self._process is not None else None

    def want(self, position_s: float) -> None:
        """The film stands at this position now."""
        position_us = round(position_s * _US)
        if not -BACK_US < position_us - self._ring.wanted_us < ON_US:
            self.jumps += 1
        elif self._shown is not None:
            self._overtaken += max(0, self._ring.between(self._shown, position_us) - 1)
        self._ring.want(position_us)
        due = self._ring.due()
        moved = due is not None and due.pts_us != self._shown
        if moved or abs(position_us - self._belled_us) > _BELL_US:
            self._shown = due.pts_us if due is not None else None
            self._belled_us = position_us
            self._ring_the_bell()

    def take_planes(self, welcome: bool) -> None:
        """Whether the frames decoded from now on may be planes."""
        self._ring.take_planes(welcome)

    def picture(self) -> Picture | None:
        """The frame due at the wanted position, or the last before it that is there; None if none is."""
        due = self._ring.due()
        if due is None:
            return None
        planes = self._ring.planes(due.slot)
        if planes is not None:
            return Picture(due.pts_us, planes)
        if due.slot not in self._surfaces:
            surface = self._ring.surface(due.slot)
            surface.set_alpha(None)  # X means nothing: a plain copy, no blending
            self._surfaces[due.slot] = surface
        return Picture(due.pts_us, self._surfaces[due.slot])

    def next_s(self) -> float:
        """Seconds until another frame may be due; infinity when there is none to come."""
        after_us = self._ring.next_us()
        if after_us is not None:
            return max(0.0, (after_us - self._ring.wanted_us) / _US)
        over = self._ring.state in (State.ENDED, State.FAILED) or self.trouble
        return float("inf") if over else _RETRY_S

    @property
    def trouble(self) -> str:
        """Why it cannot go on; empty while it can. Begins with one word, as the workers' reasons do."""
        if self._ring.state is State.FAILED:
            return self._ring.reason or "process: the film process lost its way"
        code = self._process.poll() if self._process is not None and not self._closed else None
        return f"process: the film process ended with {code}" if code is not None else ""

    @property
    def position_s(self) -> float:
        """Where the film stands by the last word of whoever shows it."""
        return self._ring.wanted_us / _US

    @property
    def skipped(self) -> int:
        """Frames that will never be seen: decoded too late, or passed by while nobody looked."""
        return self._ring.dropped + self._overtaken

    @property
    def heard(self) -> bool:
        """Whether sound has come for the wanted position."""
        return self._ring.sound_to > self._ring.wanted_us * RATE_HZ // _US

    def pcm(self) -> Iterator[bytes]:
        """The sound from the wanted position on, in tenths of a second, until the film is closed.

        May be read by another thread; what is not decoded in time is silence, so that the rest stays in step.
        """
        at = self._ring.wanted_us * RATE_HZ // _US
        while not self._closed:
            yield self._ring.sound(at, _CHUNK)
            at += _CHUNK

    def close(self) -> None:
        """Ends the process. May be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._surfaces.clear()
        self._ring.close()

    def _ring_the_bell(self) -> None:
        """The film process looks where the film stands. A bell that was not heard yet is as good as this one."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(BlockingIOError, BrokenPipeError):
                os.write(self._process.stdin.fileno(), b"\0")
