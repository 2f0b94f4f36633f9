"""Films made here and now, for measurements and tests: any codec this machine can write, any pictures, a tone."""

from __future__ import annotations

import math
import os
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from PIL import Image

from drivers.speaker import RATE_HZ

_AUDIO: Final = {
    ".webm": "libopus", ".ogg": "libopus", ".mp4": "aac", ".m4a": "aac", ".mkv": "aac", ".mov": "aac", ".mp3": "mp3",
    ".flac": "flac", ".wav": "pcm_s16le",
}  # fmt: skip
_OPUS_HZ: Final = 48_000  # the only rate of its files that every player takes
_CLOCK: Final = Fraction(1, 90_000)
_QUIET: Final = {"libx264": {"preset": "ultrafast"}, "libx265": {"x265-params": "log-level=none"}}


def shoot(
    path: Path,
    pictures: Sequence[Image.Image] = (),
    *,
    codec: str = "libx264",
    fps: int = 30,
    at_s: Sequence[float] = (),
    tone_s: float = 0.0,
    tone: Callable[[float], float] = lambda at_s: math.sin(2 * math.pi * 440 * at_s),
    rotation: int = 0,
    gop: int = 12,
    options: Mapping[str, str] | None = None,
) -> Path:
    """A film of `pictures` at `fps`, or each at its instant of `at_s`, with a tone as long as `tone_s`.

    `rotation` is the camera's word of how it was held; `options` are the encoder's own, by default the quickest.
    Raises av.error.FFmpegError if the codec is not here.
    """
    with _at_its_own_pace(), av.open(str(path), "w") as container:
        video: Any = None
        if pictures:
            video = container.add_stream(codec, rate=fps, options=dict(options or _QUIET.get(codec, {})))
            video.width, video.height = pictures[0].size
            video.pix_fmt = "yuv420p"
            video.codec_context.gop_size = gop
            video.codec_context.time_base = _CLOCK
            if rotation:
                video.set_display_rotation(rotation)
        audio: Any = container.add_stream(_AUDIO[path.suffix], rate=_rate(path)) if tone_s else None
        for number, picture in enumerate(pictures):
            frame = VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
            instant_s = at_s[number] if at_s else number / fps
            frame.pts, frame.time_base = round(instant_s / _CLOCK), _CLOCK
            container.mux(video.encode(frame))
        if audio:
            _speak(container, audio, tone, tone_s)
        for stream in filter(None, (video, audio)):
            container.mux(stream.encode(None))
    return path


@contextmanager
def _at_its_own_pace() -> Iterator[None]:
    """SVT-AV1, run by root, puts its caller under real-time scheduling and leaves it there: nobody else would run."""
    policy, param = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, param)


def _rate(path: Path) -> int:
    return _OPUS_HZ if _AUDIO[path.suffix] == "libopus" else RATE_HZ


def _speak(container: Any, stream: Any, tone: Callable[[float], float], length_s: float) -> None:
    rate = stream.rate
    total, step = round(length_s * rate), rate // 10
    for first in range(0, total, step):
        samples = array("h", (round(12_000 * tone(n / rate)) for n in range(first, min(first + step, total))))
        frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
        container.mux(stream.encode(frame))
