"""Listening before anybody else does: made aside, tried again when it failed, and never filling the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.media.listening import SCRATCH_B, Heard, Listening
from tests.waiting import eventually
from tts.clip import ClipMade
from tts.voice import VoiceError


class Maker:
    """Makes an empty file of each text, or fails while `broken`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.broken = False
        self.made: list[str] = []
        self.trims: list[int] = []

    def make(self, spoken: str, lang: str) -> ClipMade:
        if self.broken:
            raise VoiceError("no voice")
        self.made.append(spoken)
        file = self._folder / f"{len(self.made)}.wav"
        file.touch()
        return ClipMade(file, 2.0, "test", ())

    def trim(self, budget_bytes: int) -> list[str]:
        self.trims.append(budget_bytes)
        return []

    def close(self) -> None:
        """Nothing runs."""


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def listening(maker: Maker) -> Iterator[Listening]:
    listening = Listening(maker)
    yield listening
    listening.close()


def heard(listening: Listening, spoken: str) -> Heard:
    """What has become of these words once they are done with."""
    key = listening.ask(spoken, "vi").key

    def done() -> Heard | None:
        found = listening.find(key)
        return found if found is not None and (found.file or found.reason) else None

    found: Heard = eventually(done)
    return found


def test_the_same_words_are_spoken_once(listening: Listening, maker: Maker) -> None:
    first, again = heard(listening, "Họp dân."), heard(listening, "Họp dân.")
    assert first == again
    assert maker.made == ["Họp dân."]


def test_what_could_not_be_said_is_tried_again_when_asked_again(listening: Listening, maker: Maker) -> None:
    maker.broken = True
    assert heard(listening, "Họp dân.").reason == "no voice"
    maker.broken = False
    assert heard(listening, "Họp dân.").file is not None


def test_a_clip_whose_file_was_swept_is_made_again(listening: Listening, maker: Maker) -> None:
    swept = heard(listening, "Họp dân.").file
    assert swept is not None
    swept.unlink()
    fresh = heard(listening, "Họp dân.")
    assert fresh.file is not None
    assert fresh.file.is_file()


def test_its_folder_is_kept_within_bounds(listening: Listening, maker: Maker) -> None:
    heard(listening, "Họp dân.")
    assert maker.trims == [SCRATCH_B]


def test_words_nobody_asked_for_are_unknown(listening: Listening) -> None:
    assert listening.find("0" * 32) is None
