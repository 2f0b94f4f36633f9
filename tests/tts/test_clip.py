from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tts.clip import ClipMaker
from tts.voice import RATE_HZ, VoiceError


@pytest.fixture
def silent_maker(tmp_path: Path) -> Iterator[ClipMaker]:
    maker = ClipMaker(tmp_path / "speech", ("silent",), tmp_path / "voices", 150)
    yield maker
    maker.close()


@pytest.fixture
def espeak_maker(tmp_path: Path, needs_espeak: None) -> Iterator[ClipMaker]:
    maker = ClipMaker(tmp_path / "speech", ("piper", "espeak"), tmp_path / "voices", 150)
    yield maker
    maker.close()


def test_a_clip_holds_the_sentences_where_it_says(
    espeak_maker: ClipMaker, notice: str, read_clip: Callable[[Path], bytes], samples: Callable[[bytes], object]
) -> None:
    made = espeak_maker.make(notice, "vi")
    pcm = read_clip(made.file)
    assert len(pcm) / 2 / RATE_HZ == pytest.approx(made.duration_s, abs=0.001)
    assert made.engine.startswith("espeak-ng-")
    assert [notice[s.start : s.end].split(maxsplit=1)[0] for s in made.sentences] == ["Kính", "Ủy", "từ", "Trân"]
    for sentence in made.sentences:
        said = pcm[2 * round(sentence.start_s * RATE_HZ) : 2 * round(sentence.end_s * RATE_HZ)]
        rest = pcm[2 * round((sentence.end_s + 0.02) * RATE_HZ) : 2 * round((sentence.end_s + 0.4) * RATE_HZ)]
        assert max(said) > 0
        assert not any(rest)


def test_the_same_words_are_not_spoken_twice(espeak_maker: ClipMaker, notice: str) -> None:
    first = espeak_maker.make(notice, "vi")
    espeak_maker.close()
    written = first.file.stat().st_ino
    again = espeak_maker.make(notice, "vi")
    assert again == first
    assert again.file.stat().st_ino == written


def test_a_language_without_a_voice_is_refused_by_name(espeak_maker: ClipMaker) -> None:
    with pytest.raises(VoiceError, match=r"no voice speaks 'km'.*no Piper voice is installed.*speaks vi, not km"):
        espeak_maker.make("សួស្តី", "km")
    assert espeak_maker.languages() == {"vi"}


@pytest.mark.parametrize("text", ["", "   \n", "... !!! — ,", "\x00\x07", "[[]] <>"])
def test_a_text_without_words_is_refused(silent_maker: ClipMaker, text: str) -> None:
    with pytest.raises(VoiceError, match="holds no word"):
        silent_maker.make(text, "vi")


def test_the_house_process_stays_light() -> None:
    """numpy and the inference runtime belong to the workers: the agent's memory is counted in megabytes."""
    code = "import sys, tts.clip, tts.voices; print([m for m in ('numpy', 'onnxruntime', 'piper') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
