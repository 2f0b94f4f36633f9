"""Every class of phenomenon, sentence by sentence: tests/tts/cases/<class>.tsv holds text and spoken form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tts.saying import READER

CASES = Path(__file__).parent / "cases"


def rows() -> list[object]:
    found: list[object] = []
    for table in sorted(CASES.glob("*.tsv")):
        for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                text, spoken = line.split("\t")
                found.append(pytest.param(text, spoken, id=f"{table.stem}-{number}"))
    return found


@pytest.mark.parametrize(("text", "spoken"), rows())
def test_reads_as_an_announcer_does(text: str, spoken: str) -> None:
    assert READER.read(text).spoken == spoken


@pytest.mark.parametrize(("text", "spoken"), rows())
def test_spoken_form_reads_as_itself(text: str, spoken: str) -> None:
    assert READER.read(spoken).spoken == spoken
