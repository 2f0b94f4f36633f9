"""What is asked for is spoken by a real voice, packed, and put in the content store under its hash."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from publisher.speech.said import Said
from publisher.speech.studio import Spoken, Studio
from tests.waiting import DEADLINE_S
from tts.clip import ClipMade, ClipMaker
from tts.voice import VoiceError

WORDS = Said("vi", "Kính thưa bà con. Mời bà con đi họp.")


class Maker:
    """A voice that fails as it is told."""

    def __init__(self, error: Exception | None = None, languages: frozenset[str] = frozenset({"vi"})) -> None:
        self.error = error
        self.said: list[str] = []
        self._languages = languages

    def make(self, spoken: str, lang: str, *, emergency: bool = False, bare: bool = False) -> ClipMade:
        self.said.append(spoken)
        raise self.error or VoiceError("nothing to say")

    def languages(self) -> frozenset[str]:
        return self._languages

    def trim(self, budget_bytes: int) -> list[str]:
        return []

    def close(self) -> None:
        """Nothing runs."""


Open = Callable[..., Studio]


@pytest.fixture
def told() -> SimpleQueue[Spoken]:
    return SimpleQueue()


@pytest.fixture
def open_studio(tmp_path: Path, told: SimpleQueue[Spoken]) -> Iterator[Open]:
    made: list[Studio] = []

    def build(maker: Maker | ClipMaker) -> Studio:
        made.append(Studio(maker, tmp_path / "content", told.put))
        return made[-1]

    yield build
    for studio in made:
        studio.close()


def test_words_become_a_small_file_named_by_its_hash(
    tmp_path: Path, open_studio: Open, told: SimpleQueue[Spoken]
) -> None:
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    open_studio(ClipMaker(tmp_path / "wav", ("espeak",), tmp_path / "voices", 150)).ask([WORDS])
    spoken = told.get(timeout=DEADLINE_S)
    made = spoken.made
    assert (spoken.said, spoken.left) == (WORDS, 0)
    assert made is not None
    data = (tmp_path / "content" / made.sha256).read_bytes()
    assert (made.sha256, made.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert made.voice.startswith("espeak-ng")
    assert 1.5 < made.duration_s < 8.0
    assert b"SENTENCES" in data
    assert [path.name for path in (tmp_path / "content").iterdir()] == [made.sha256], "nothing half-made is left"


@pytest.mark.parametrize("error", [VoiceError("the worker ended"), OSError("no room"), ZeroDivisionError("ours")])
def test_a_text_that_cannot_be_spoken_is_told_and_the_next_one_is_tried(
    open_studio: Open, told: SimpleQueue[Spoken], error: Exception
) -> None:
    open_studio(Maker(error)).ask([WORDS, Said("vi", "hai")])
    assert [told.get(timeout=DEADLINE_S) for _ in range(2)] == [
        Spoken(WORDS, None, 1), Spoken(Said("vi", "hai"), None, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["km", "en-US"])
def test_a_language_without_a_voice_here_is_left_to_the_boards(
    open_studio: Open, told: SimpleQueue[Spoken], lang: str
) -> None:
    maker = Maker()
    open_studio(maker).ask([Said(lang, "x")])
    assert told.get(timeout=DEADLINE_S).made is None
    assert maker.said == []


def test_without_any_voice_it_is_said_once(
    open_studio: Open, told: SimpleQueue[Spoken], caplog: pytest.LogCaptureFixture
) -> None:
    studio = open_studio(Maker(languages=frozenset()))
    for words in ("một", "hai"):
        studio.ask([Said("vi", words)])
        told.get(timeout=DEADLINE_S)
    assert caplog.text.count("no voice is installed here") == 1


def test_what_is_closed_takes_nothing_more(open_studio: Open, told: SimpleQueue[Spoken]) -> None:
    studio = open_studio(Maker())
    studio.close()
    studio.ask([WORDS])
    assert told.empty()
