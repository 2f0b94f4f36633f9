from __future__ import annotations

import math
import shutil
import struct
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tts.clip import ClipMaker
from tts.voice import RATE_HZ, VoiceError
from tts.voice_recording import VoiceRecording


def record(file: Path, rate_hz: int = 48_000, channels: int = 2, seconds: float = 2.0) -> Path:
    """A quiet tone that swells like speech, as a phone would have recorded it."""
    frames = bytearray()
    for n in range(round(seconds * rate_hz)):
        t = n / rate_hz
        value = round(1500 * (0.6 + 0.4 * math.sin(20 * t)) * math.sin(2 * math.pi * 300 * t))
        frames += struct.pack("<h", value) * channels
    with wave.open(str(file), "wb") as target:
        target.setnchannels(channels)
        target.setsampwidth(2)
        target.setframerate(rate_hz)
        target.writeframes(bytes(frames))
    return file


def test_a_recording_in_any_language_becomes_a_clip_at_the_houses_loudness(
    tmp_path: Path, read_clip: Callable[[Path], bytes], samples: Callable[[bytes], Any], judge: Callable[[Any], float]
) -> None:
    maker = ClipMaker(tmp_path / "speech", (), tmp_path / "voices", 150)
    made = maker.recorded(record(tmp_path / "a1b2"), "sti")
    (told,) = made.sentences
    said = samples(read_clip(made.file))[round(told.start_s * RATE_HZ) : round(told.end_s * RATE_HZ)]
    assert said.size / RATE_HZ == pytest.approx(2.0, abs=0.05)
    assert judge(said) == pytest.approx(-16, abs=1.5)
    assert made.engine == "recording:a1b2"
    assert maker.recorded(tmp_path / "a1b2", "sti") == made


@pytest.mark.parametrize("kind", ["ogg", "flac"])
def test_compressed_recordings_are_read(tmp_path: Path, kind: str) -> None:
    if shutil.which("sox") is None:
        pytest.skip("sox, which makes the compressed files, is not installed")
    source, target = record(tmp_path / "a.wav"), tmp_path / f"b.{kind}"
    if subprocess.run(["sox", source, target], capture_output=True, check=False).returncode:
        pytest.skip(f"this sox cannot write {kind}")
    voice = VoiceRecording(target, "km")
    (chunk,) = voice.speak("lời đọc", "km")
    voice.close()
    assert (chunk.start, chunk.end) == (0, len("lời đọc"))
    assert len(chunk.pcm) / 2 / RATE_HZ == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    "data", [b"", b"not sound at all" * 50, b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00" + b"\xff" * 40]
)
def test_what_is_not_sound_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "c3d4").write_bytes(data)
    maker = ClipMaker(tmp_path / "speech", (), tmp_path / "voices", 150)
    with pytest.raises(VoiceError, match="recording"):
        maker.recorded(tmp_path / "c3d4", "km")
    assert list((tmp_path / "speech").iterdir()) == []


def test_a_recording_that_is_gone_is_named(tmp_path: Path) -> None:
    voice = VoiceRecording(tmp_path / "e5f6", "km")
    assert voice.available() == "the recording e5f6 is not here"
    with pytest.raises(VoiceError, match="e5f6 is not here"):
        next(voice.speak("", "km"))
