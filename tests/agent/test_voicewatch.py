"""A voice that was put on a board and is not heard is told of; one that nobody put there is not missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.events import ClipMade, VoiceTrouble
from agent.voicewatch import VoiceWatch
from tests.joe import joe, linked

PIPER = "piper:en_US-joe-medium@58afce03:x1"
ESPEAK = "espeak-ng-1.51:vi:150wpm:p35"


def made(engine: str, lang: str = "vi") -> ClipMade:
    return ClipMade("i", 1, lang, "x.wav", 1.5, engine)


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    return linked(joe(), tmp_path / "voices")


@pytest.fixture
def watch(voices: Path) -> VoiceWatch:
    return VoiceWatch(("piper", "espeak"), voices)


def falls_back(watch: VoiceWatch) -> bool:
    return watch.alarms()["fallback-voice"]


def test_a_voice_that_is_heard_is_no_alarm(watch: VoiceWatch) -> None:
    assert not falls_back(watch)
    watch.made(made(PIPER))
    assert not falls_back(watch)
    assert watch.figures() == {
        "works": "yes", "problem": "", "spoke": PIPER, "installed": "en_US-joe-medium", "fault": "",
    }  # fmt: skip


def test_another_one_in_its_place_is_told_until_it_is_heard_again(watch: VoiceWatch) -> None:
    watch.made(made(ESPEAK))
    assert falls_back(watch)
    assert watch.figures()["spoke"] == ESPEAK
    watch.made(made(PIPER, "vi-VN"))
    assert not falls_back(watch)


@pytest.mark.parametrize("other", [made(f"recording:{'a' * 64}"), made("tones"), made("piper:km@12:x1", "km")])
def test_recordings_tones_and_other_languages_say_nothing_of_it(watch: VoiceWatch, other: ClipMade) -> None:
    watch.made(other)
    assert not falls_back(watch)
    watch.made(made(ESPEAK))
    watch.made(other)
    assert falls_back(watch)


def test_a_damaged_file_is_told_before_anything_is_said(watch: VoiceWatch, voices: Path) -> None:
    model = voices / "en_US-joe-medium" / "current" / "en_US-joe-medium.onnx"
    model.unlink()
    model.write_bytes(b"torn")
    assert falls_back(watch)
    assert "has 4 bytes" in watch.figures()["fault"]


@pytest.mark.parametrize("torn", [b"", b'{"name": "en_US-jo'])
def test_a_voice_whose_record_is_torn_is_not_one_that_never_was(watch: VoiceWatch, voices: Path, torn: bytes) -> None:
    file = voices / "en_US-joe-medium" / "current" / "voice.json"
    whole = file.read_bytes()
    file.write_bytes(torn)
    assert falls_back(watch)
    told = watch.figures()
    assert told["installed"] == "en_US-joe-medium"
    assert "đã cài nhưng bị hỏng" in told["fault"]
    watch.made(made(ESPEAK))
    assert falls_back(watch)
    file.write_bytes(whole)
    watch.made(made(PIPER))
    assert not falls_back(watch)
    assert watch.figures()["fault"] == ""


def test_nobody_misses_what_was_never_installed_or_is_not_wanted(tmp_path: Path, voices: Path) -> None:
    for watch in (VoiceWatch(("piper", "espeak"), tmp_path / "none"), VoiceWatch(("espeak",), voices)):
        watch.made(made(ESPEAK))
        assert not falls_back(watch)
        assert watch.figures()["installed"] == ""


def test_no_voice_at_all_is_another_alarm(watch: VoiceWatch) -> None:
    watch.trouble(VoiceTrouble("no voice speaks 'km' now"))
    assert watch.alarms() == {"voice": True, "fallback-voice": False}
    watch.trouble(VoiceTrouble(""))
    assert watch.alarms()["voice"] is False
