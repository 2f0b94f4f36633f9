"""A speaker through `aplay` of alsa-utils: for boards without a desktop, straight to the sound card.

The program is a child of its own: a driver that hangs or crashes takes no picture with it, killing it is
silence at once, and each start finds the card that is plugged in now. It runs only while something sounds.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
from typing import Any, Final

from drivers import options
from drivers.options import Option
from drivers.speaker import RATE_HZ, SpeakerError
from drivers.speakers.deck import BLOCK_BYTES, Deck

OPTIONS: Final = {
    "device": Option("default", options.text, "name of an ALSA device as `aplay -L` lists it"),
    "program": Option("aplay", options.text, "aplay, by name or path"),
    "buffer_ms": Option(120, options.whole(20, 1000), "sound the card keeps ahead: more is safer, less is quicker"),
}
_PIPE_BYTES: Final = 4096  # 93 ms, the least the kernel gives: what lies here cannot be turned down any more
_STUCK_S: Final = 5.0  # a card that takes no sound for so long is broken
_PERIODS: Final = 4


class Driver(Deck):
    def __init__(self, device: str = "default", program: str = "aplay", buffer_ms: int = 120) -> None:
        super().__init__(self._start, BLOCK_BYTES)
        self._device = device
        self._program = program
        self._buffer_ms = buffer_ms

    def open(self) -> None:
        """Only looks for the program: the card is taken when something sounds, and may come and go until then."""
        if shutil.which(self._program) is None:
            raise SpeakerError(f"alsa: the program {self._program} is missing; it comes with the package alsa-utils")

    def health(self) -> dict[str, Any]:
        return {"driver": "alsa", "device": self._device, "volume_pct": self.volume_pct, "error": self.error}

    def _start(self) -> _Player:
        return _Player(self._device, self._command())

    def _command(self) -> list[str]:
        buffer_us = self._buffer_ms * 1000
        form = ["-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(RATE_HZ)]
        times = [f"--buffer-time={buffer_us}", f"--period-time={buffer_us // _PERIODS}"]
        return [self._program, "-q", "-D", self._device, *form, *times, "-"]


class _Player:
    """One run of aplay. What it says when it fails is the reason that is told."""

    def __init__(self, device: str, command: list[str]) -> None:
        self._device = device
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0,
                pipesize=_PIPE_BYTES, env=os.environ | {"LC_ALL": "C"},
            )  # fmt: skip
        except OSError as exc:
            raise SpeakerError(f"alsa: {command[0]} cannot be started: {exc.strerror}") from exc
        os.set_blocking(self._stdin, False)
        self._dropped = False

    @property
    def _stdin(self) -> int:
        return self._process.stdin.fileno() if self._process.stdin is not None else -1

    def write(self, block: bytes) -> None:
        left = memoryview(block)
        try:
            while left:
                if not select.select((), (self._stdin,), (), _STUCK_S)[1]:
                    raise self._failed(f"the card took no sound for {_STUCK_S:g} s")
                left = left[os.write(self._stdin, left) :]
        except OSError as exc:
            raise self._failed(exc.strerror or str(exc)) from exc

    def finish(self) -> None:
        """Waits until the card has played what it holds. Raises SpeakerError if aplay failed."""
        if self._process.stdin is None or self._process.stdin.closed:
            return
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            status = self._process.wait(_STUCK_S)
        except subprocess.TimeoutExpired as exc:
            raise self._failed(f"the card did not come to an end within {_STUCK_S:g} s") from exc
        if status and not self._dropped:
            raise self._failed(f"aplay ended with status {status}")
        self._close()

    def drop(self) -> None:
        self._dropped = True
        self._process.kill()

    def _failed(self, why: str) -> SpeakerError:
        if self._process.poll() is None:
            try:
                self._process.wait(0.2)  # its pipe breaks a moment before it has said why
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        said = self._said()
        self._close()
        return SpeakerError(f"alsa: device={self._device}: {said or why}")

    def _said(self) -> str:
        """The first line aplay wrote about its trouble; never waited for, a plug-in's own child may hold the pipe."""
        if self._process.stderr is None:
            return ""
        os.set_blocking(self._process.stderr.fileno(), False)
        said = self._process.stderr.read(2000) or b""
        return said.decode(errors="replace").strip().partition("\n")[0]

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stderr):
            if stream is not None and not stream.closed:
                with contextlib.suppress(OSError):
                    stream.close()
