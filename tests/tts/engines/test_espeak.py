from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tts.engines.espeak import PIECE_CHARS, VoiceEspeak
from tts.engines.espeak_worker import EspeakEngine, read_wav
from tts.voice import RATE_HZ, VoiceError


@pytest.fixture
def espeak(needs_espeak: None) -> Iterator[VoiceEspeak]:
    voice = VoiceEspeak()
    yield voice
    voice.close()


def program(folder: Path, body: str) -> str:
    file = folder / "espeak-double"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


def test_vietnamese_comes_out_at_the_houses_loudness(
    espeak: VoiceEspeak, notice: str, samples: Callable[[bytes], Any], judge: Callable[[Any], float]
) -> None:
    chunks = list(espeak.speak(notice, "vi"))
    assert notice[chunks[0].start : chunks[0].end] == "Kính thưa bà con."
    for chunk in chunks:
        wave = samples(chunk.pcm)
        assert 0.9 < wave.size / RATE_HZ < 6
        assert judge(wave) == pytest.approx(-16.0, abs=1.0)
        assert abs(wave).max() < 10 ** (-1.5 / 20)


def test_the_id_names_version_voice_and_speed(espeak: VoiceEspeak) -> None:
    assert espeak.id.startswith("espeak-ng-1.")
    assert espeak.id.endswith(":vi:150wpm:p35")
    assert espeak.available() == ""


def test_speed_and_southern_voice_change_the_sound(needs_espeak: None) -> None:
    lengths = []
    for voice in (VoiceEspeak("vi", 150), VoiceEspeak("vi", 250), VoiceEspeak("vi-vn-x-south", 150)):
        lengths.append(sum(len(c.pcm) for c in voice.speak("Ủy ban nhân dân xã kính mời bà con.", "vi")))
        voice.close()
    assert lengths[1] < 0.75 * lengths[0]
    assert len(set(lengths)) == 3


@pytest.mark.parametrize("voice", ["vi-vn-x-central", "en", "vi; rm -rf /", ""])
def test_a_voice_that_loses_the_tones_is_refused(voice: str) -> None:
    with pytest.raises(ValueError, match="allowed are vi, vi-vn-x-south"):
        VoiceEspeak(voice)


@pytest.mark.parametrize("speed", [0, 79, 301, -150])
def test_a_speed_nobody_could_follow_is_refused(speed: int) -> None:
    with pytest.raises(ValueError, match="allowed are 80 to 300"):
        VoiceEspeak("vi", speed)


def test_a_program_that_is_missing_is_a_reason_not_a_crash() -> None:
    voice = VoiceEspeak(binary="espeak-ng-that-is-not-here")
    assert voice.available() == (
        "chưa cài chương trình espeak-ng-that-is-not-here / the program espeak-ng-that-is-not-here is not installed"
    )
    with pytest.raises(VoiceError, match="is not installed"):
        next(voice.speak("Chào", "vi"))


def test_another_language_is_refused_by_name(espeak: VoiceEspeak) -> None:
    with pytest.raises(VoiceError, match="speaks vi here, not 'km'"):
        next(espeak.speak("Chào", "km"))


def spoken_by_ear(espeak: VoiceEspeak, text: str) -> bytes:
    return b"".join(chunk.pcm for chunk in espeak.speak(text, "vi"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[[tS'aUo2]] bà con", "tS'aUo2 bà con"),
        ("<b>chào</b> bà con", "b chào /b bà con"),
        ('<say-as interpret-as="characters">chào</say-as>', 'say-as interpret-as "characters" chào /say-as'),
        ("chào\x1b\x00 bà con", "chào bà con"),
    ],
)
def test_no_text_is_obeyed(espeak: VoiceEspeak, written: str, meant: str) -> None:
    assert spoken_by_ear(espeak, written) == spoken_by_ear(espeak, meant)


def test_a_text_that_looks_like_an_option_is_spoken(espeak: VoiceEspeak) -> None:
    assert len(spoken_by_ear(espeak, "--version")) > RATE_HZ // 4


def test_pieces_follow_while_the_first_is_used(espeak: VoiceEspeak) -> None:
    long = "Kính thưa bà con, " * 400
    said = espeak.speak(long, "vi")
    first = next(said)
    assert 0 < first.end <= PIECE_CHARS


def test_mixed_scripts_and_emoji_do_not_stop_it(espeak: VoiceEspeak) -> None:
    assert spoken_by_ear(espeak, "Chào 👋 សួស្តី S'tiêng 你好 привет, hết.")


@pytest.mark.parametrize("text", ["", "...", "\n\n"])
def test_nothing_to_say_is_no_sound(espeak: VoiceEspeak, text: str) -> None:
    assert list(espeak.speak(text, "vi")) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("echo no such voice >&2; exit 1", "ended with status 1: no such voice"),
        ("cat >/dev/null; echo hello", "not a WAV"),
        ("cat >/dev/null", "not a WAV"),
        ("kill -9 $$", "status -9"),
    ],
)
def test_a_failing_program_is_a_voice_error_that_says_how(tmp_path: Path, body: str, reason: str) -> None:
    engine = EspeakEngine("vi", 150, 35, program(tmp_path, body))
    with pytest.raises(VoiceError, match=reason):
        engine.sound({"text": "chào"})


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tts.engines.espeak_worker._LIMIT_S", 0.2)
    engine = EspeakEngine("vi", 150, 35, program(tmp_path, "exec sleep 60"))
    with pytest.raises(VoiceError, match=r"no sound within 0\.2 s"):
        engine.sound({"text": "chào"})


def test_the_placeholder_sizes_of_a_streamed_wav_are_not_believed() -> None:
    header = (
        b"RIFF" + struct.pack("<I", 0x7FFFF024) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16)
    )
    wave, rate_hz = read_wav(header + b"data" + struct.pack("<I", 0x7FFFF000) + b"\x00\x40\x00\xc0\x01")
    assert rate_hz == 22050
    assert wave.tolist() == [0.5, -0.5]
