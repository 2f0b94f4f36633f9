"""The worker's side of a voice: read requests, make sound of them, answer. One process, one engine.

A worker is expendable. It caps its own memory, gives way to the player (nice), leaves when nobody
has asked for a while, and ends at once when the house's end of the pipe closes. That last one is
the reason for a reading thread, and is preferred to a parent-death signal: the kernel sends that
signal when the *thread* that started the worker ends, while the house may live on.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO, Final, NamedTuple, Protocol

from tts.bilingual import Said, reason
from tts.engines.frames import Frame, Kind, encode
from tts.sound.loudness import level
from tts.sound.waves import Wave, resample, to_pcm, trim_silence
from tts.voice import VoiceError

EXIT_CANNOT_SPEAK: Final = 3
_TOO_MUCH: Final = Said("cần nhiều bộ nhớ hơn mức cho phép", "this needs more memory than the voice may use")
_NICENESS: Final = 10
_FIRST_REQUEST_S: Final = 30.0


class Limits(NamedTuple):
    """`memory_mb` caps the address space; after `idle_s` without a request the worker leaves."""

    memory_mb: int
    idle_s: float = 600.0


class Engine(Protocol):
    """Answers one request: sound in the house's format, or what else was asked for. Raises VoiceError."""

    def answer(self, request: Mapping[str, Any]) -> bytes: ...


class SoundEngine(ABC):
    """An engine of which nothing but sound is asked."""

    @abstractmethod
    def sound(self, request: Mapping[str, Any]) -> tuple[Wave, int]:
        """The raw sound of one request; the wave and its rate in Hz. Raises VoiceError."""

    def answer(self, request: Mapping[str, Any]) -> bytes:
        return house_pcm(*self.sound(request))


def house_pcm(wave: Wave, rate_hz: int) -> bytes:
    """A raw wave in the house's format, at its loudness and without silence at its ends."""
    return to_pcm(level(trim_silence(resample(wave, rate_hz))))


def serve(open_engine: Callable[[], Engine], limits: Limits) -> int:
    """Answer requests from standard input until it closes or falls silent; the exit status of the process."""
    answers = _claim_stdout()
    os.nice(_NICENESS)
    cap = limits.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    requests: SimpleQueue[Mapping[str, Any]] = SimpleQueue()
    threading.Thread(target=_read_requests, args=(_claim_stdin(), requests), daemon=True).start()
    try:
        engine = open_engine()
    except VoiceError as error:
        _send(answers, Frame(Kind.REFUSED, 0, reason(error).lines.encode()))
        return EXIT_CANNOT_SPEAK
    _send(answers, Frame(Kind.READY, 0, b""))
    patience_s = max(limits.idle_s, _FIRST_REQUEST_S)  # it was started for one, which may be slow to come through
    while True:
        try:
            request = requests.get(timeout=patience_s)
        except Empty:
            return 0
        patience_s = limits.idle_s
        _send(answers, answer(engine, request))


def answer(engine: Engine, request: Mapping[str, Any]) -> Frame:
    """The frame for one request: its answer, or the reason why there is none."""
    number = int(request["id"])
    try:
        payload = engine.answer(request)
    except VoiceError as error:
        return Frame(Kind.REFUSED, number, reason(error).lines.encode())
    except MemoryError:
        return Frame(Kind.REFUSED, number, _TOO_MUCH.lines.encode())
    return Frame(Kind.ANSWER, number, payload)


def _claim_stdout() -> BinaryIO:
    """Standard output for frames alone: whatever a library prints goes to standard error from here on."""
    own = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(own, "wb", buffering=0)


def _claim_stdin() -> BinaryIO:
    """Standard input for the reading thread alone: of `sys.stdin`, which a thread holds while it waits in it, the
    interpreter would want the lock at its end, and abort."""
    return os.fdopen(os.dup(sys.stdin.fileno()), "rb")


def _read_requests(source: BinaryIO, requests: SimpleQueue[Mapping[str, Any]]) -> None:
    for line in source:
        requests.put(json.loads(line))
    os._exit(0)  # the house has gone, perhaps in mid-sentence: no sound is waited for any more


def _send(answers: BinaryIO, frame: Frame) -> None:
    data = memoryview(encode(frame))
    while data:
        data = data[answers.write(data) or 0 :]
