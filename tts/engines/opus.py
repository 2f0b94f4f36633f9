"""Speech as a file that travels: Opus in Ogg, one channel, and when its sentences sound in its comments.

RFC 7845. 24 kbit/s is plain to the ear for a voice and 180 kB a minute, which a slow telephone link
carries faster than it is heard. The same sound gives the same bytes, so that it keeps its name.
Loads PyAV and numpy, so that only a worker may import it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import av
import numpy as np

from tts.voice import RATE_HZ

BIT_RATE: Final = 24_000
MARKS_COMMENT: Final = "SENTENCES"
_OPUS_HZ: Final = 48_000
_HOW: Final = {"application": "audio", "vbr": "constrained"}  # music asks for more at times and does not get it
_FRAME: Final = _OPUS_HZ // 50


def write_opus(target: Path, pcm: bytes, marks: str) -> None:
    """PCM of the house's format as a file. Raises av.error.FFmpegError, OSError."""
    with av.open(str(target), "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=_OPUS_HZ, layout="mono", options=_HOW)
        stream.bit_rate = BIT_RATE
        if marks:
            stream.metadata[MARKS_COMMENT] = marks
        cut = av.AudioResampler(stream.codec_context.format, "mono", _OPUS_HZ, frame_size=_FRAME)
        for frame in (*_frames(pcm), None):  # None: what the resampler still holds
            for piece in cut.resample(frame):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))


def marks_in(file: BinaryIO, demuxer: str) -> bytes:
    """The comment `write_opus` left in a file; empty if there is none. Raises av.error.FFmpegError."""
    with av.open(file, "r", format=demuxer) as container:
        streams = container.streams.audio
        return streams[0].metadata.get(MARKS_COMMENT, "").encode() if streams else b""


def _frames(pcm: bytes) -> Iterator[av.AudioFrame]:
    samples = np.frombuffer(pcm, dtype="<i2")
    for start in range(0, samples.size, RATE_HZ):
        frame = av.AudioFrame.from_ndarray(samples[start : start + RATE_HZ].reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        yield frame
