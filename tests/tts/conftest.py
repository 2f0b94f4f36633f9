"""What the voice tests share: sound as arrays, a judge of loudness, an installed Piper voice, a silent clip maker."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.joe import joe, linked
from tts.install.installed import VoiceRecord
from tts.voice import RATE_HZ

NOTICE = (
    "Kính thưa bà con. Ủy ban nhân dân xã thông báo lịch cắt điện ngày mười hai tháng bảy,\n"
    "từ bảy giờ ba mươi phút đến mười một giờ.\nTrân trọng thông báo."
)


@pytest.fixture(scope="session")
def notice() -> str:
    """An announcement as the reader hands it over: words only, four sentences or lines."""
    return NOTICE


@pytest.fixture(scope="session")
def samples() -> Callable[[bytes], Any]:
    """PCM of the house's format as floats in -1..1."""

    def read(pcm: bytes) -> Any:
        return np.frombuffer(pcm, dtype="<i2").astype(np.float64) / 32768.0

    return read


@pytest.fixture(scope="session")
def read_clip() -> Callable[[Path], bytes]:
    """The PCM of a WAV, after checking that it is in the house's format."""

    def read(file: Path) -> bytes:
        with wave.open(str(file), "rb") as clip:
            assert (clip.getnchannels(), clip.getsampwidth(), clip.getframerate()) == (1, 2, RATE_HZ)
            return clip.readframes(clip.getnframes())

    return read


@pytest.fixture(scope="session")
def judge() -> Callable[[Any], float]:
    """Integrated loudness in LUFS by an implementation that is not ours."""
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="the judge of loudness is not installed")
    meter = pyloudnorm.Meter(RATE_HZ)
    return lambda wave: float(meter.integrated_loudness(wave))


@pytest.fixture(scope="session")
def needs_espeak() -> None:
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")


@pytest.fixture(scope="session", name="joe")
def _joe() -> tuple[VoiceRecord, Path]:
    """A real Piper voice; its record and the folder of its files."""
    return joe()


@pytest.fixture
def voices_dir(tmp_path: Path, joe: tuple[VoiceRecord, Path]) -> Path:
    """A folder of voices where the real one is installed; its model is a link, so that a test may replace it."""
    return linked(joe, tmp_path / "voices")


@pytest.fixture(scope="session")
def encode() -> Callable[[Path, str, str, float], Path]:
    """Writes a swelling tone of so many seconds as a container and a codec, as browsers and telephones do."""
    av = pytest.importorskip("av", reason="the decoder of recordings is not installed")

    def write(file: Path, container: str, codec: str, seconds: float) -> Path:
        t = np.arange(round(seconds * 48_000)) / 48_000
        wave = (6000 * (0.6 + 0.4 * np.sin(20 * t)) * np.sin(2 * np.pi * 300 * t)).astype("<i2")
        with av.open(str(file), "w", format=container) as target:
            stream = target.add_stream(codec, rate=48_000, layout="mono")
            coder = stream.codec_context
            whole = av.AudioFrame.from_ndarray(wave[None, :], format="s16", layout="mono")
            whole.sample_rate, whole.pts = 48_000, 0
            cut = av.AudioResampler(coder.format, "mono", 48_000, frame_size=coder.frame_size or 1024)
            for frame in (*cut.resample(whole), *cut.resample(None), None):
                for packet in stream.encode(frame):
                    target.mux(packet)
        return file

    return write
