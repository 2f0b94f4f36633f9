"""Spoken text is cut where a speaker breathes."""

from __future__ import annotations

import pytest

from tts.reader import Chunk, chunks


def texts(spoken: str, limit: int = 70) -> list[str]:
    return [piece.text for piece in chunks(spoken, limit)]


def test_sentences_are_pieces() -> None:
    assert texts("Kính thưa bà con. Hôm nay họp; mời đến!\nTrân trọng") == [
        "Kính thưa bà con.",
        "Hôm nay họp;",
        "mời đến!",
        "Trân trọng",
    ]


def test_a_long_sentence_is_cut_at_its_last_comma_that_fits() -> None:
    assert texts("một hai ba, bốn năm sáu, bảy tám chín", 28) == ["một hai ba, bốn năm sáu,", "bảy tám chín"]


def test_without_a_comma_at_a_space_and_without_a_space_anywhere() -> None:
    assert texts("một hai ba bốn", 8) == ["một hai", "ba bốn"]
    assert texts("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_pieces_know_where_they_lie() -> None:
    spoken = "Một.  Hai ba."
    assert chunks(spoken) == (Chunk(0, 4, "Một."), Chunk(6, 13, "Hai ba."))
    assert all(spoken[piece.start : piece.end] == piece.text for piece in chunks(spoken))


@pytest.mark.parametrize("spoken", ["", " ", "...", "\n\n", ", ."])
def test_silence_has_no_pieces(spoken: str) -> None:
    assert chunks(spoken) == ()


def test_the_limit_must_be_one_or_more() -> None:
    with pytest.raises(ValueError, match="limit 0: allowed is 1 or more"):
        chunks("a", 0)


def test_a_hundred_kilobytes_without_a_space() -> None:
    assert sum(len(text) for text in texts("ă" * 100_000)) == 100_000
