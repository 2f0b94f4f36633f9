from __future__ import annotations

import math
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tts.clip import ClipMaker
from tts.engines.containers import HEAD_BYTES, container_of
from tts.engines.recording import VoiceRecording
from tts.voice import RATE_HZ, VoiceError

Encode = Callable[[Path, str, str, float], Path]


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


KINDS = {
    "a browser": ("webm", "libopus"),
    "a central office": ("ogg", "libopus"),
    "a telephone": ("mp4", "aac"),
    "a sound editor": ("mp3", "libmp3lame"),
    "a studio": ("flac", "flac"),
}


def said_s(file: Path) -> float:
    voice = VoiceRecording(file, "km")
    try:
        (chunk,) = voice.speak("lời đọc", "km")
    finally:
        voice.close()
    assert (chunk.start, chunk.end) == (0, len("lời đọc"))
    return len(chunk.pcm) / 2 / RATE_HZ


@pytest.mark.parametrize("source", KINDS)
def test_compressed_recordings_are_read_whatever_their_name(tmp_path: Path, encode: Encode, source: str) -> None:
    file = encode(tmp_path / "5e8d", *KINDS[source], 2.0)
    assert said_s(file) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("source", KINDS)
def test_each_kind_is_known_by_its_first_bytes(tmp_path: Path, encode: Encode, source: str) -> None:
    head = encode(tmp_path / "x", *KINDS[source], 0.5).read_bytes()[:HEAD_BYTES]
    found = container_of(head)
    mimes = {"webm": "audio/webm", "ogg": "audio/ogg", "mp4": "audio/mp4", "mp3": "audio/mpeg", "flac": "audio/flac"}
    assert found is not None
    assert found.mime == mimes[KINDS[source][0]]


@pytest.mark.parametrize(
    "head",
    [
        b"", b"R", b"RIFF____AVI ", b"#EXTM3U\nhttp://elsewhere/", b"ffconcat version 1.0", b"\x89PNG\r\n",
        b"\xff\xd8\xff\xe0", b"\xff\xff\xff\xff", b"\xff\xe3\x00\x00", b"%PDF-1.7",
    ],
)  # fmt: skip
def test_what_is_no_sound_has_no_kind(head: bytes) -> None:
    """Above all no play list: it would have the decoder open other files, or addresses."""
    assert container_of(head.ljust(HEAD_BYTES, b"\0") if len(head) > 1 else head) is None


def test_a_recording_that_broke_off_is_heard_as_far_as_it_goes(tmp_path: Path, encode: Encode) -> None:
    whole = encode(tmp_path / "whole", "ogg", "libopus", 6.0).read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    assert 1.0 < said_s(tmp_path / "half") < 5.0


def test_a_recording_that_would_never_end_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "long"), "wb") as target:
        target.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        target.writeframes(bytes(8000 * 21 * 60))
    with pytest.raises(VoiceError, match="longer than 1200 s"):
        said_s(tmp_path / "long")


@pytest.mark.slow
def test_the_longest_recording_there_may_be_fits_the_worker(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "sermon"), "wb") as target:
        target.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        target.writeframes(b"\x60\x60\x60\xa0\xa0\xa0" * (8000 * 1190 // 6))
    assert said_s(tmp_path / "sermon") == pytest.approx(1190, abs=1)


def test_a_recording_of_nothing_is_refused(tmp_path: Path, encode: Encode) -> None:
    with pytest.raises(VoiceError, match="holds no sound"):
        said_s(encode(tmp_path / "blip", "flac", "flac", 0.05))


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
