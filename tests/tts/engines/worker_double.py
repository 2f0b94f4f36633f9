"""A voice worker whose engine does what its text asks for: sound, refuse, die, hang, write rubbish."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tts.engines.workloop import Limits, SoundEngine, serve
from tts.sound.waves import Wave
from tts.voice import VoiceError


class DoubleEngine(SoundEngine):
    """`marker` is a file that remembers, over restarts, that this engine has died once already."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def sound(self, request: Mapping[str, Any]) -> tuple[Wave, int]:
        match str(request["text"]).split():
            case ["refuse", *_]:
                raise VoiceError("this cannot be said")
            case ["memory", *_]:
                raise MemoryError
            case ["hang", *_]:
                threading.Event().wait()
            case ["die", *_]:
                os.kill(os.getpid(), signal.SIGKILL)
            case ["dieonce", *_] if not self._marker.exists():
                self._marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            case ["print", *_]:
                sys.stdout.write("a library prints this into standard output\n")
                sys.stdout.flush()
        length = 800 * len(str(request["text"]))
        return np.sin(np.arange(length) * 0.2).astype(np.float32) * np.float32(0.1), 16_000


def open_engine() -> DoubleEngine:
    if sys.argv[1] == "broken":
        raise VoiceError("the engine is broken")
    return DoubleEngine(Path(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(serve(open_engine, Limits(memory_mb=1024, idle_s=float(sys.argv[2]))))
