"""The disk does not fill, and nothing on air is swept."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path, PosixPath
from types import SimpleNamespace
from typing import Any

import pytest

from agent.store import Store
from agent.sweep import Sweeper, sweep_media
from player.model import Media, Version
from tests.agent.signer import Signer


def put(folder: Path, name: str, size: int, age: int) -> None:
    (folder / name).write_bytes(b"x" * size)
    os.utime(folder / name, (1_000_000 - age, 1_000_000 - age))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, age in (("old", 30), ("middle", 20), ("new", 10)):
        put(tmp_path, name, 100, age)
    return tmp_path


@pytest.mark.parametrize(
    ("needed", "budget_b", "gone"),
    [
        (set(), 1000, []),
        (set(), 299, ["old"]),
        (set(), 150, ["old", "middle"]),
        ({"old"}, 250, ["middle"]),
        ({"old", "middle", "new"}, 0, []),
    ],
)
def test_the_oldest_that_nothing_needs_goes_first(
    folder: Path, needed: set[str], budget_b: int, gone: list[str]
) -> None:
    assert sweep_media(folder, needed, budget_b, 0) == gone
    assert {path.name for path in folder.iterdir()} == {"old", "middle", "new"} - set(gone)


def test_broken_off_downloads_live_a_while(folder: Path) -> None:
    put(folder, "a.part", 5, 50)
    put(folder, "b.part", 5, 5)
    assert sweep_media(folder, set(), 1000, 1_000_000 - 20) == ["a.part"]


class Renamed(PosixPath):
    """A file that was there when somebody asked for it, and has another name by the time they look at it."""

    def is_file(self) -> bool:
        return True

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        raise FileNotFoundError(self)


def test_a_download_that_gets_its_name_meanwhile_ends_no_sweep(folder: Path) -> None:
    listed: Any = SimpleNamespace(iterdir=lambda: iter([Renamed(folder / "film.part"), folder / "old", folder / "new"]))
    assert sweep_media(listed, set(), 150, 0) == ["old"]


def test_a_sweep_spares_what_the_playlist_and_the_clips_name(store: Store, signer: Signer) -> None:
    kept = Media("a" * 64, 10, "image/png")
    for name in (kept.sha256, "b" * 64):
        put(store.media_dir, name, 10, 10)
    trims: list[tuple[int, set[str]]] = []

    def trim(budget_b: int, keep: Collection[str]) -> None:
        trims.append((budget_b, set(keep)))

    sweeper = Sweeper(store, 1, trim)
    playlist = signer.playlist(signer.item(picture=kept))
    sweeper.sweep(playlist)
    assert len(list(store.media_dir.iterdir())) == 2
    sweeper.sweep(playlist, everything=True)
    assert [path.name for path in store.media_dir.iterdir()] == [kept.sha256]
    assert trims[0] == (1024 * 1024, set())


def test_a_sweep_spares_the_sound_of_what_is_on_air_and_of_emergencies(store: Store, signer: Signer) -> None:
    said, cried = (Media(letter * 64, 10, "audio/ogg") for letter in "ab")
    for name in (said.sha256, cried.sha256, "c" * 64):
        put(store.media_dir, name, 10, 10)
    playlist = signer.playlist(signer.item(versions=(Version("vi", title="a", audio=said),)))
    alert = signer.alert(versions=(Version("vi", title="b", audio=cried),))
    Sweeper(store, 1, lambda budget_b, keep: None).sweep(playlist, [alert], everything=True)
    assert {path.name for path in store.media_dir.iterdir()} == {said.sha256, cried.sha256}
