"""The process that decodes recordings (Opus, Vorbis, AAC, MP3, FLAC and PCM in their usual containers) and packs them.

A recording was uploaded by a person. A decoder that trips over it takes this process down, not the house.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

import av
import numpy as np

from tts.engines.containers import HEAD_BYTES, container_of
from tts.engines.opus import marks_in, write_opus
from tts.engines.workloop import Limits, house_pcm, serve
from tts.sound.waves import from_pcm
from tts.voice import RATE_HZ, VoiceError

LONGEST_S: Final = 20 * 60
SHORTEST_S: Final = 0.2


class RecordingEngine:
    """Three things may be asked of the sound file `file`, as one channel at the house's rate and loudness:

    its sound; with `marks_of` in place of `file`, the comment that says when its sentences sound; and with
    `target`, the same sound written there as Opus, with `marks` for its comment; the answer is its length in samples.
    """

    def answer(self, request: Mapping[str, Any]) -> bytes:
        try:
            if "marks_of" in request:
                return _marks(Path(str(request["marks_of"])))
            pcm = _sound(Path(str(request["file"])))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise VoiceError(f"the recording cannot be read: {error}") from error
        if "target" not in request:
            return pcm
        try:
            write_opus(Path(str(request["target"])), pcm, str(request["marks"]))
        except (av.error.FFmpegError, OSError) as error:
            raise VoiceError(f"the recording cannot be written: {error}") from error
        return str(len(pcm) // 2).encode()


def _sound(path: Path) -> bytes:
    with path.open("rb") as file:
        pcm = b"".join(_decoded(file))
    if len(pcm) < SHORTEST_S * 2 * RATE_HZ:
        raise VoiceError("the recording holds no sound")
    return house_pcm(from_pcm(pcm), RATE_HZ)


def _marks(path: Path) -> bytes:
    with path.open("rb") as file:
        kind = container_of(file.read(HEAD_BYTES))
        file.seek(0)
        return marks_in(file, kind.demuxer) if kind is not None else b""


def _decoded(file: BinaryIO) -> Iterator[bytes]:
    """PCM of the house, piece by piece; a longer file is refused before it has eaten the memory."""
    kind = container_of(file.read(HEAD_BYTES))
    if kind is None:
        raise VoiceError("the recording is neither WAV, Ogg, WebM, MP4, MP3 nor FLAC")
    file.seek(0)
    made = 0
    with av.open(file, "r", format=kind.demuxer) as container:
        if not container.streams.audio:
            raise VoiceError("the recording holds no sound")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        for frame in chain(container.decode(audio=0), (None,)):  # None: what the resampler still holds
            for piece in resampler.resample(frame):
                made += piece.samples
                if made > LONGEST_S * RATE_HZ:
                    raise VoiceError(f"the recording is longer than {LONGEST_S} s")
                yield np.asarray(piece.to_ndarray(), dtype="<i2").tobytes()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory-mb", type=int, required=True)
    given = parser.parse_args()
    return serve(RecordingEngine, Limits(given.memory_mb, idle_s=60.0))


if __name__ == "__main__":
    sys.exit(main())
