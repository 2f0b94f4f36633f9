"""Which sentence is being said: at its edges, in the pauses, during the tones, and when the times are lost."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tts.clip import ClipMaker
from tts.times import ClipTimes, Sentence, decode_times, later, marks_of, read_marks, read_times, sentence_at

TIMES = (Sentence(2.0, 4.0, 0, 18), Sentence(4.5, 9.0, 19, 80), Sentence(9.5, 11.0, 81, 104))


@pytest.mark.parametrize(
    ("position_s", "index"),
    [(0.0, None), (1.999, None), (2.0, 0), (4.2, 0), (4.5, 1), (9.499, 1), (10.9, 2), (11.0, None), (99.0, None)],
)
def test_the_sentence_at_a_position(position_s: float, index: int | None) -> None:
    assert sentence_at(TIMES, position_s) == index


def test_nothing_is_said_in_a_clip_without_sentences() -> None:
    assert sentence_at((), 1.0) is None


def test_the_times_lie_beside_the_clip(tmp_path: Path) -> None:
    told = ClipTimes("espeak", "vi", 12.0, TIMES)
    (tmp_path / "a.json").write_bytes(msgspec.json.encode(told))
    assert read_times(tmp_path / "a.wav") == TIMES


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe", b'{"engine": 1}'])
def test_times_that_cannot_be_read_are_none_and_named_when_asked(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.json").write_bytes(data)
    assert read_times(tmp_path / "a.wav") == ()
    assert read_times(tmp_path / "missing.wav") == ()
    with pytest.raises(ValueError, match="not the times of a clip"):
        decode_times(data)


def test_a_made_clip_marks_its_own_words(tmp_path: Path, notice: str) -> None:
    maker = ClipMaker(tmp_path / "speech", ("silent",), tmp_path, 150)
    made = maker.make(notice, "vi")
    found = read_times(made.file)
    assert found == made.sentences
    second = found[1]
    index = sentence_at(found, (second.start_s + second.end_s) / 2)
    assert index == 1
    assert notice[second.start : second.end].startswith("Ủy ban nhân dân xã")


def test_marks_travel_with_a_sound_file_and_come_back() -> None:
    sentences = (Sentence(0.0, 1.5, 0, 10), Sentence(2.0, 3.25, 11, 30))
    assert read_marks(marks_of(sentences).encode(), 30, 3.2) == sentences
    assert later(sentences, 1.0)[1] == Sentence(3.0, 4.25, 11, 30)
    assert marks_of(()) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[[0,1]]", b"[[0,1,0,-3]]", b"[[0,9,0,3]]", b"[[0,1,0,99]]", b"[[1,0,0,3]]",
        b"[[0,1,5,9],[1,2,0,4]]", b"[[-1,1,0,3]]", b'[["0",1,0,3]]', b"[" * 5000,
    ],
)  # fmt: skip
def test_marks_that_fit_neither_words_nor_sound_are_none(data: bytes) -> None:
    assert read_marks(data, 10, 2.0) == ()
