"""Whole documents and the practice set, where they lie beside the repository."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.tts.saying import READER

DATA = Path(__file__).parents[3] / "shared" / "data"
LEFT = re.compile(r"[\d+*/%‰&@#=<>≥≤~°²³|_]|\b[A-ZĐ]{2,}\b")


def shared(name: str) -> Path:
    file = DATA / name
    if not file.exists():
        pytest.skip(f"{name} is not beside the repository")
    return file


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tts_score", shared("tts_score.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_practice_set_is_read_right_to_the_last_sentence() -> None:
    score = scorer()
    rows = [line.split("\t") for line in shared("dev_tts.tsv").read_text(encoding="utf-8").splitlines() if line]
    wrong = []
    for text, want in rows:
        got = READER.read(text).spoken
        if score.canon(want) != score.canon(got) or not score.raw_ok(text, got):
            wrong.append((text, got))
    assert wrong == []
    assert len(rows) >= 60


@pytest.mark.parametrize("name", ["plan-hon-quan-2023.txt", "notices.txt"])
def test_nothing_is_left_unread_in_whole_documents(name: str) -> None:
    for line in shared(name).read_text(encoding="utf-8").splitlines():
        spoken = READER.read(line).spoken
        assert not LEFT.search(spoken), spoken


@pytest.mark.parametrize("name", ["plan-hon-quan-2023.txt", "notices.txt"])
def test_a_document_has_no_doubts(name: str) -> None:
    assert READER.read(shared(name).read_text(encoding="utf-8")).doubts == ()
