"""The house's side of a voice worker: start it, ask it, wait no longer than the limit, end it.

Light on purpose: the agent holds one of these and never loads numpy or an inference runtime itself.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from tts.bilingual import Said, both, heard, reason
from tts.engines.frames import Frame, FrameError, Kind, take
from tts.engines.pieces import Piece
from tts.voice import Chunk, VoiceError

_READ_BYTES: Final = 1 << 16
_GRACE_S: Final = 2.0


class WorkerGoneError(VoiceError):
    """The worker ended or was ended for being too slow; a new one may do better."""


class Patience(NamedTuple):
    """`start_s`: loading the engine, on the slowest board; `answer_s`: the sound of one piece."""

    start_s: float = 60.0
    answer_s: float = 30.0


class _Pipes(NamedTuple):
    stdin: IO[bytes]
    stdout: IO[bytes]


class Worker:
    """One worker process, started at the first request and again after it has ended. Not for two threads at once."""

    def __init__(self, name: str, command: Sequence[str], patience: Patience) -> None:
        self._name = name
        self._command = tuple(command)
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._last = 0
        self._first = 1  # the first request the present worker was asked

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def ask(self, request: Mapping[str, Any]) -> int:
        """Hand over one request, starting the worker if none runs; the number its answer will bear.

        Raises VoiceError with the engine's reason if it cannot start, WorkerGoneError if it ended.
        """
        if self._process is None or self._process.poll() is not None:
            self._start()
        self._last += 1
        line = json.dumps({"id": self._last, **request}, ensure_ascii=False) + "\n"
        try:
            self._pipes().stdin.write(line.encode())
        except OSError as error:
            raise self._ended() from error
        return self._last

    def answer(self, number: int) -> bytes:
        """The sound of request `number`. Raises VoiceError if it was refused, WorkerGoneError if its worker ended."""
        if number < self._first:
            raise self._gone(Said("tiến trình đọc dừng trước khi trả lời", "the worker ended before it answered"))
        while True:
            frame = self._receive(self._patience.answer_s)
            if frame.request != number:
                continue  # of a request nobody waits for any more
            if frame.kind is Kind.REFUSED:
                raise VoiceError(self._tells(heard(frame.payload.decode())))
            return frame.payload

    def say(self, todo: Iterable[Piece]) -> Iterator[Chunk]:
        """The chunks of the pieces, in order. One piece is always asked for ahead, so that the worker never rests.

        Should the worker end, the pieces it owed are asked for once more in a fresh one, which may
        have more luck; a second end raises WorkerGoneError.
        """
        owed: deque[tuple[int, Piece]] = deque()
        for piece in todo:
            owed.append((self._ask_twice(piece), piece))
            if len(owed) > 1:
                yield self._settle(owed)
        while owed:
            yield self._settle(owed)

    def _settle(self, owed: deque[tuple[int, Piece]]) -> Chunk:
        number, piece = owed.popleft()
        try:
            pcm = self.answer(number)
        except WorkerGoneError:
            number = self.ask({"text": piece.text})
            for index, (_, later) in enumerate(owed):
                owed[index] = (self.ask({"text": later.text}), later)
            pcm = self.answer(number)
        return Chunk(pcm, piece.start, piece.end)

    def _ask_twice(self, piece: Piece) -> int:
        try:
            return self.ask({"text": piece.text})
        except WorkerGoneError:
            return self.ask({"text": piece.text})

    def close(self) -> None:
        """End the worker: its input closes, and it is killed if that is not enough. May be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> None:
        self.close()
        self._buffer.clear()
        try:
            self._process = subprocess.Popen(
                self._command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_code_root()
            )
        except OSError as error:
            why = both("không khởi động được tiến trình đọc: {why}", "the worker cannot be started: {why}", why=error)
            raise VoiceError(self._tells(why)) from error
        self._first = self._last + 1
        frame = self._receive(self._patience.start_s)
        if frame.kind is not Kind.READY:
            self.close()
            raise VoiceError(self._tells(heard(frame.payload.decode())))

    def _receive(self, limit_s: float) -> Frame:
        deadline = time.monotonic() + limit_s
        try:
            while (frame := take(self._buffer)) is None:
                self._read_more(deadline, limit_s)
        except FrameError as error:
            self._kill()
            raise self._gone(reason(error)) from error
        return frame

    def _read_more(self, deadline: float, limit_s: float) -> None:
        stdout = self._pipes().stdout
        poll = select.poll()
        poll.register(stdout, select.POLLIN)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            self._kill()
            raise self._gone(
                both("sau {limit:g} giây vẫn chưa có tiếng; tiến trình đọc đã bị dừng",
                     "no sound after {limit:g} s; the worker was ended", limit=limit_s)
            )  # fmt: skip
        data = os.read(stdout.fileno(), _READ_BYTES)
        if not data:
            raise self._ended()
        self._buffer += data

    def _pipes(self) -> _Pipes:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise self._gone(Said("tiến trình đọc đã đóng", "the worker was closed"))
        return _Pipes(process.stdin, process.stdout)

    def _ended(self) -> WorkerGoneError:
        status = self._kill()
        vi, en = ("tín hiệu", "by signal") if status < 0 else ("mã", "with status")
        return self._gone(
            Said(
                f"tiến trình đọc dừng giữa chừng, {vi} {abs(status)}",
                f"the worker ended {en} {abs(status)} in mid-work",
            )
        )

    def _gone(self, why: Said) -> WorkerGoneError:
        return WorkerGoneError(self._tells(why))

    def _tells(self, why: Said) -> Said:
        return both("{name}: {why}", "{name}: {why}", name=self._name, why=why)

    def _kill(self) -> int:
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            try:
                process.wait(0.2)  # its pipe closed a moment before its status came
            except subprocess.TimeoutExpired:
                process.kill()
        status = process.wait()
        self.close()
        return status


def python_module(module: str, *arguments: str) -> tuple[str, ...]:
    """The command line that runs one of our worker modules with this same Python."""
    return (sys.executable, "-m", module, *arguments)


def _code_root() -> str:
    """The folder `tts` is imported from, so that `-m tts.…` finds it from wherever the house was started."""
    return str(Path(__file__).resolve().parents[2])
