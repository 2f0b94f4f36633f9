"""The frame cache: complete or nothing, oldest out first."""

from __future__ import annotations

import os
import shutil
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

import player.prepare.cache
from drivers.surfaces import new_surface
from player.prepare import frames
from player.prepare.cache import SHARED, FrameCache, names
from player.show import Box, ClockFace, Page, Prepared, Strip

NOW_S = 2_000_000_000.0


@pytest.fixture
def cache(tmp_path: Path) -> FrameCache:
    return FrameCache(tmp_path)


def put(cache: FrameCache, key: str, *, used_s: float = 0.0, shared: str = "tick", kb: int = 0) -> Prepared:
    cache.begin(key)
    ticker = Strip(f"{SHARED}/{shared}", Box(0, 0, 10, 2), 20, 60.0)
    prepared = Prepared(key, (Page(f"{key}/p0.btf", 1.0),), 6.0, ticker=ticker)
    for name in names(prepared):
        frames.save(new_surface(8, 4), cache.folder / name)
    (cache.folder / key / "ballast").write_bytes(bytes(kb * 1000))
    cache.finish(prepared)
    os.utime(cache.folder / key, (used_s, used_s))
    return prepared


def test_a_finished_show_is_read_back(cache: FrameCache) -> None:
    prepared = put(cache, "a")
    assert cache.read("a") == prepared


def test_what_a_killed_worker_left_half_done_goes_when_the_show_is_made_anew(cache: FrameCache) -> None:
    prepared = put(cache, "a")
    for left in ("p1.btf.4711.part", "p1.bare"):
        (cache.folder / "a" / left).write_bytes(b"half a frame")
    cache.begin("a")
    assert sorted(path.name for path in (cache.folder / "a").iterdir()) == ["ballast", "p0.btf", "prepared.json"]
    assert cache.read("a") == prepared


def test_what_was_never_finished_is_not_there(cache: FrameCache) -> None:
    cache.begin("a")
    frames.save(new_surface(8, 4), cache.folder / "a/p0.btf")
    assert cache.read("a") is None
    assert cache.read("never") is None


@pytest.mark.parametrize("lost", ["a/p0.btf", f"{SHARED}/tick", "a/prepared.json"])
def test_a_show_with_a_missing_or_cut_file_is_not_there(cache: FrameCache, lost: str) -> None:
    put(cache, "a")
    path = cache.folder / lost
    path.write_bytes(path.read_bytes()[:-2])
    assert cache.read("a") is None
    path.unlink()
    assert cache.read("a") is None


@pytest.fixture
def interned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What enters the interpreter's table of strings from now on."""
    kept: list[str] = []

    def intern(text: str) -> str:
        kept.append(text)
        return text

    monkeypatch.setattr(sys, "intern", intern)
    return kept


def test_the_names_of_shows_are_not_kept_by_the_interpreter_of_a_player(
    cache: FrameCache, request: pytest.FixtureRequest
) -> None:
    put(cache, "a")
    kept = request.getfixturevalue("interned")
    prepared = cache.read("a")
    assert prepared is not None
    cache.touch("a")
    for name in names(prepared):
        frames.load(cache.path(name))
    assert kept == []


def test_nor_by_that_of_a_worker(cache: FrameCache, interned: list[str]) -> None:
    prepared = Prepared("a", (Page("a/p0.btf", 1.0),), 6.0)
    surface = new_surface(8, 4)
    cache.begin("a")
    frames.hand_over(surface, cache.path("a/p0.btf"))
    frames.save(surface, cache.path("a/p0.btf"))
    frames.take_back(cache.path("a/p0.btf"))
    cache.finish(prepared)
    assert cache.read("a") == prepared
    cache.trim(1.0, (), NOW_S)
    cache.trim(0.0, (), NOW_S)
    cache.discard("a")
    assert interned == []
    assert not os.path.exists(cache.path("a"))


def test_while_there_is_room_no_list_of_the_shows_is_made(cache: FrameCache) -> None:
    for number in range(300):
        cache.begin(f"{number:032x}")
    assert _peak_b(lambda: cache.trim(1.0, (), NOW_S)) < 300 * 32
    assert cache.trim(1.0, (), NOW_S) == 0


def _peak_b(work: Callable[[], object]) -> int:
    """The most memory the interpreter held for it at one time."""
    work()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_show_with_problems_is_tried_again_next_time(cache: FrameCache) -> None:
    cache.begin("a")
    cache.finish(Prepared("a", (), 6.0, problems=("picture truncated",)))
    assert cache.read("a") is None


def test_discard_takes_the_shared_parts_too(cache: FrameCache) -> None:
    put(cache, "a")
    cache.discard("a")
    assert cache.read("a") is None
    assert not (cache.folder / SHARED / "tick").exists()
    cache.discard("a")


def test_names_lists_every_file_once() -> None:
    clock = ClockFace(Box(0, 0, 1, 1), ("g0", "g1", "g0"), (1, 1, 1))
    strip = Strip("s", Box(0, 0, 1, 1), 5, 60.0)
    prepared = Prepared("k", (Page("p0", 0.5, strip), Page("p1", 0.5)), 6.0, clock=clock, ticker=strip)
    assert sorted(names(prepared)) == ["g0", "g1", "p0", "p1", "s"]


def test_trim_evicts_the_longest_unused_first(cache: FrameCache) -> None:
    for number, key in enumerate("abcd"):
        put(cache, key, used_s=100.0 + number, kb=300)
    left = cache.trim(0.7, keep=(), now_s=NOW_S)
    assert [key for key in "abcd" if cache.read(key)] == ["c", "d"]
    assert left <= 700_000


def test_trim_never_evicts_what_is_on_the_panel(cache: FrameCache) -> None:
    for number, key in enumerate("abc"):
        put(cache, key, used_s=100.0 + number, kb=300)
    cache.trim(0.0, keep=("a",), now_s=NOW_S)
    assert [key for key in "abc" if cache.read(key)] == ["a"]


def test_a_touched_show_outlives_others(cache: FrameCache) -> None:
    for number, key in enumerate("ab"):
        put(cache, key, used_s=100.0 + number, kb=300)
    cache.touch("a")
    cache.trim(0.4, keep=(), now_s=NOW_S)
    assert [key for key in "ab" if cache.read(key)] == ["a"]


def test_shared_parts_go_with_the_last_show_that_names_them(cache: FrameCache) -> None:
    put(cache, "a", used_s=1.0, shared="old", kb=300)
    put(cache, "b", used_s=2.0, shared="new", kb=300)
    for name in ("old", "new"):
        os.utime(cache.folder / SHARED / name, (1.0, 1.0))
    cache.trim(0.4, keep=(), now_s=NOW_S)
    assert sorted(path.name for path in (cache.folder / SHARED).iterdir()) == ["new"]


def test_a_shared_part_in_the_making_is_left_alone(cache: FrameCache) -> None:
    put(cache, "a")
    young = cache.folder / SHARED / "young"
    frames.save(new_surface(8, 4), young)
    os.utime(young, (NOW_S - 5, NOW_S - 5))
    cache.trim(100, keep=(), now_s=NOW_S)
    assert young.exists()


def test_trimming_nothing_is_nothing(tmp_path: Path) -> None:
    assert FrameCache(tmp_path / "none").trim(1, keep=(), now_s=NOW_S) == 0


def test_another_worker_may_take_a_show_away_meanwhile(cache: FrameCache, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, key in enumerate("abc"):
        put(cache, key, used_s=NOW_S + number, kb=50)
    size_b = player.prepare.cache._size_b

    def weighed(folder: str) -> int:
        found = size_b(folder)
        if folder.endswith("/b"):
            shutil.rmtree(folder)
        return found

    monkeypatch.setattr(player.prepare.cache, "_size_b", weighed)
    assert cache.trim(0.06, (), NOW_S) <= 60_000
    assert cache.read("c") is not None
