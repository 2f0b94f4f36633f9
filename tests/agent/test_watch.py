"""Files that appear or change are noticed when they are complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from agent.events import Answered, Dropped, SettingsChanged
from agent.watch import Watch
from tests.waiting import DEADLINE_S


class Rig:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.posted: SimpleQueue[Any] = SimpleQueue()
        self.verdict: str | None = ""
        self.judged: list[Path] = []
        self.watch = Watch(self.posted.put, self.judge)
        self.next: Callable[[], Any] = lambda: self.posted.get(timeout=DEADLINE_S)

    def judge(self, file: Path) -> str | None:
        verdict = self.verdict
        self.judged.append(file)
        return verdict

    def moved_in(self, name: str, content: bytes = b"x") -> Path:
        fresh = self.folder / f".{name}.part"
        fresh.write_bytes(content)
        return fresh.rename(self.folder / name)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path)
    yield rig
    rig.watch.stop()


def test_an_answer_is_noticed_when_it_has_its_name(rig: Rig) -> None:
    rig.watch.answers(rig.folder)
    rig.watch.start()
    rig.moved_in("c1.png")
    assert rig.moved_in("c1.json") == rig.next().path
    (rig.folder / "c2.json").write_bytes(b"{}")
    assert rig.next() == Answered(rig.folder / "c2.json")


def test_a_bundle_is_noticed_as_folder_and_as_file(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> None:
    rig.watch.imports(rig.folder)
    rig.watch.start()
    assert isinstance((rig.moved_in("week.tar"), rig.next())[1], Dropped)
    while not rig.posted.empty():
        rig.next()
    folder = rig.folder / "week.part"
    folder.mkdir()
    target = folder.rename(rig.folder / "week")
    while rig.next().path != target:
        pass


def test_a_changed_configuration_is_judged(rig: Rig) -> None:
    file = rig.folder / "screen.yaml"
    file.write_text("a: 1")
    rig.watch.settings(file)
    rig.watch.start()
    rig.moved_in("screen.yaml", b"a: 2")
    assert rig.next() == SettingsChanged("")
    rig.verdict = "line 1: no"
    rig.moved_in("screen.yaml", b"a: 3")
    assert rig.next() == SettingsChanged("line 1: no")


def test_a_configuration_that_says_what_it_said_is_no_change(rig: Rig, eventually: Callable[..., Any]) -> None:
    file = rig.folder / "screen.yaml"
    rig.watch.settings(file)
    rig.watch.start()
    rig.verdict = None
    rig.moved_in("screen.yaml")
    eventually(lambda: rig.judged == [file])
    rig.verdict = ""
    rig.moved_in("other.yaml")
    rig.moved_in("screen.yaml", b"different")
    assert rig.next() == SettingsChanged("")
    assert rig.judged == [file, file]
