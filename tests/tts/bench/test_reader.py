from __future__ import annotations

from collections import Counter

import pytest

from tts.bench.reader import (
    PLAN,
    SIZE,
    broken_texts,
    fuzz_exceptions,
    plan_leftovers,
    repeated,
    sentences_per_s,
    slowest_100kb_s,
    varied,
)

TEXT = PLAN.read_text(encoding="utf-8")


def test_our_own_plan_leaves_nothing_unread() -> None:
    found = plan_leftovers(TEXT)
    assert found == {"value": 0, "ours": 0, "baseline": None, "unit": "leftovers", "n": found["n"]}
    assert found["n"] > 40


def test_leftovers_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf:
        def read(self, text: str) -> Deaf:
            self.spoken = text
            return self

    monkeypatch.setattr("tts.bench.reader.Reader", lambda lexicon: Deaf())
    assert plan_leftovers("Ấp 3 có 2% hộ.\nUBND xã.")["value"] == 4


def test_broken_text_stops_nothing() -> None:
    found = fuzz_exceptions(texts=2_000)
    assert (found["value"], found["n"]) == (0, 2_000)


def test_an_exception_is_counted_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def read(self, text: str) -> None:
            raise RuntimeError(text)

    monkeypatch.setattr("tts.bench.reader.Reader", lambda lexicon: Broken())
    assert fuzz_exceptions(texts=7)["value"] == 7


def test_no_broken_text_comes_twice() -> None:
    assert max(Counter(broken_texts(5_000)).values()) == 1


def test_sentences_are_as_many_as_asked_and_all_different() -> None:
    assert len(set(varied(TEXT, 3_000))) == 3_000


def test_a_plan_without_numbers_cannot_be_varied() -> None:
    with pytest.raises(ValueError, match="no line with four digits"):
        varied("Kính thưa bà con.", 10)


def test_the_speed_is_of_the_sentences_asked_for() -> None:
    found = sentences_per_s(TEXT, sentences=50)
    assert found["n"] == 50
    assert found["value"] > 0


def test_growth_tells_a_reader_that_goes_by_the_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seconds are those a reader of that kind would take, by a clock that only such readers move."""

    class Square:
        def __init__(self, lexicon: object) -> None:
            pass

        def read(self, text: str) -> None:
            clock[0] += len(text) ** 2 / 1e10

    clock = [0.0]
    monkeypatch.setattr("tts.bench.reader.Reader", Square)
    monkeypatch.setattr("tts.bench.reader.time.perf_counter", lambda: clock[0])
    found = slowest_100kb_s(("1 ", "ấp "))
    assert (found["value"], found["n"]) == (1.0, 2)
    assert found["growth"]["value"] == pytest.approx(4.0, abs=0.01)
    assert found["growth"]["ours"] > found["growth"]["baseline"] > 0


@pytest.mark.parametrize("piece", ["1", "ế", "http://a. "])
def test_a_repeated_piece_fills_the_size(piece: str) -> None:
    assert SIZE - len(piece.encode()) < len(repeated(piece).encode()) <= SIZE
