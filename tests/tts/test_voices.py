from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tts.engines.silent import VoiceSilent
from tts.voice import Chunk, Voice
from tts.voices import AUTO, open_voice, preference, willing


class Mute:
    """A voice with a reason."""

    def __init__(self, reason: str, languages: frozenset[str]) -> None:
        self.id = "mute"
        self.languages = languages
        self._reason = reason

    def available(self) -> str:
        return self._reason

    def speak(self, text: str, lang: str) -> Iterator[Chunk]:
        yield from ()

    def close(self) -> None:
        pass


def test_the_order_and_the_reason_of_each_that_is_passed_over() -> None:
    voices: list[tuple[str, Voice]] = [
        ("piper", Mute("no voice file", frozenset({"vi"}))),
        ("khmer", Mute("", frozenset({"km"}))),
        ("silent", VoiceSilent()),
    ]
    able, passed = willing(voices, "vi")
    assert [voice.id for voice in able] == ["silent"]
    assert passed == [("piper", "no voice file"), ("khmer", "speaks km, not vi")]


@pytest.mark.parametrize(
    ("engine", "order"),
    [
        ("auto", AUTO),
        ("piper", ("piper", "espeak")),
        ("piper:vi_VN-x", ("piper:vi_VN-x", "espeak")),
        ("espeak:vi-vn-x-south", ("espeak:vi-vn-x-south",)),
        ("silent", ("silent",)),
    ],
)
def test_espeak_stands_behind_every_voice_file(engine: str, order: tuple[str, ...]) -> None:
    assert preference(engine) == order


@pytest.mark.parametrize(
    ("engine", "order"),
    [
        ("auto", ("piper", "espeak:vi-vn-x-south")),
        ("piper", ("piper", "espeak:vi-vn-x-south")),
        ("espeak", ("espeak:vi-vn-x-south",)),
    ],
)
def test_a_board_in_the_south_may_sound_like_it(engine: str, order: tuple[str, ...], tmp_path: Path) -> None:
    assert preference(engine, "south") == order
    assert ":vi-vn-x-south:" in open_voice(order[-1], tmp_path, 150).id


def test_an_accent_that_loses_the_tones_is_not_offered() -> None:
    with pytest.raises(ValueError, match="accent 'central'; allowed are north, south"):
        preference("auto", "central")


def test_voices_open_by_name(tmp_path: Path) -> None:
    assert open_voice("silent", tmp_path, 150).id == "silent"
    assert ":vi-vn-x-south:120wpm:" in open_voice("espeak:vi-vn-x-south", tmp_path, 120).id
    assert "vi_VN-x" in open_voice("piper:vi_VN-x", tmp_path, 150).available()


@pytest.mark.parametrize("name", ["", "festival", "silent:x", "Piper"])
def test_an_unknown_voice_is_refused_with_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=rf"no voice '{name}'; there are piper, espeak, silent"):
        open_voice(name, tmp_path, 150)


def test_the_silent_voice_takes_the_time_speech_would() -> None:
    chunks = list(VoiceSilent().speak("Kính thưa bà con. Mời họp.", "vi"))
    assert [(c.start, c.end) for c in chunks] == [(0, 17), (18, 26)]
    assert not any(chunks[0].pcm)
    assert len(chunks[0].pcm) / 44_100 == pytest.approx(17 * 0.065, abs=0.01)
