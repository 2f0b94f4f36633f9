"""The process that makes espeak-ng's sound: one run of the program per piece, the text on its standard input.

No shell, no `-m` (so markup is not obeyed), and no argument comes from a text.
"""

from __future__ import annotations

import argparse
import struct
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final

from tts.engines.workloop import Limits, SoundEngine, serve
from tts.sound.waves import Wave, from_pcm
from tts.voice import VoiceError

_LIMIT_S: Final = 10.0  # a piece takes 10 to 50 ms; a board in trouble gets this
_HEADER_BYTES: Final = 44


class EspeakEngine(SoundEngine):
    """`voice` is an espeak-ng voice name, `speed_wpm` its words per minute, `pitch` its height from 0 to 99."""

    def __init__(self, voice: str, speed_wpm: int, pitch: int, binary: str) -> None:
        # -z: no silence at the end, the pauses are ours; -b 1: the text is UTF-8
        how = ("-v", voice, "-s", str(speed_wpm), "-p", str(pitch))
        self._command = (binary, *how, "-b", "1", "-z", "--stdin", "--stdout")

    def sound(self, request: Mapping[str, Any]) -> tuple[Wave, int]:
        return read_wav(self._run(str(request["text"])))

    def _run(self, text: str) -> bytes:
        try:
            done = subprocess.run(self._command, input=text.encode(), capture_output=True, timeout=_LIMIT_S, check=True)
        except subprocess.TimeoutExpired as error:
            raise VoiceError(f"espeak-ng made no sound within {_LIMIT_S:g} s") from error
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip()[:200]
            raise VoiceError(f"espeak-ng ended with status {error.returncode}: {said}") from error
        except OSError as error:
            raise VoiceError(f"espeak-ng cannot be run: {error}") from error
        return done.stdout


def read_wav(data: bytes) -> tuple[Wave, int]:
    """Samples and rate of espeak-ng's WAV. Its sizes are placeholders: it could not know them before speaking."""
    if len(data) < _HEADER_BYTES or data[:4] != b"RIFF" or data[36:40] != b"data":
        raise VoiceError("espeak-ng answered with something that is not a WAV")
    (rate_hz,) = struct.unpack_from("<I", data, 24)
    end = len(data) - (len(data) - _HEADER_BYTES) % 2
    return from_pcm(data[_HEADER_BYTES:end]), rate_hz


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voice", required=True)
    parser.add_argument("--speed-wpm", type=int, required=True)
    parser.add_argument("--pitch", type=int, required=True)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--memory-mb", type=int, required=True)
    given = parser.parse_args()
    return serve(lambda: EspeakEngine(given.voice, given.speed_wpm, given.pitch, given.binary), Limits(given.memory_mb))


if __name__ == "__main__":
    sys.exit(main())
