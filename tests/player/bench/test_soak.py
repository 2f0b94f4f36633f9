"""That the day at speed sees what it is to look for."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drivers.panels.memory import Driver
from player.bench import keys as bench
from player.bench.figures import Effort
from player.bench.keys import ALONE, KEYS
from player.bench.memory import children
from player.bench.soak import WORKERS, Hour, Watch, grown, soak_growth, watched, workers_grown
from player.film.process import FilmProcess
from player.prepare.workers import Workers

SHORT = replace(Effort(), soak_h=3, soak_hour_s=20.0, soak_items=4)  # the second of them is a film


@pytest.fixture(autouse=True)
def _collector_thaws() -> Iterator[None]:
    """A player keeps its collector from what was there at its start; the tests that come after this one do not."""
    yield
    gc.unfreeze()


def test_a_short_day_shows_its_bulletins_without_black_or_exceptions(tmp_path: Path) -> None:
    found = soak_growth(tmp_path, SHORT)
    assert found["value"] == pytest.approx(found["ours"] / found["baseline"] - 1, abs=0.001)
    assert found["black_frames"]["value"] == 0
    assert found["exceptions"]["value"] == 0
    assert found["shown"]["value"] >= 3
    assert found["films"]["value"] > 0
    assert found["grown_mb"]["value"] == pytest.approx(found["ours"] - found["baseline"], abs=0.1)
    assert found["n"] > 30
    assert found["text_worker"]["worst_mb"]["value"] >= found["text_worker"]["ours"] > 5
    assert found["processes"]["value"] >= 1
    assert found["resident"]["ours"] >= found["ours"]
    assert found["blocks"]["ours"] > 10_000
    assert found["blocks"]["unit"] == "share; blocks"


def test_it_is_measured_alone_and_never_with_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []

    def noted(key: str) -> Callable[[Path, Effort], dict[str, Any]]:
        def measure(work: Path, effort: Effort) -> dict[str, Any]:
            measured.append(key)
            return {}

        return measure

    for key in KEYS:
        monkeypatch.setitem(KEYS, key, noted(key))
    assert set(ALONE) <= set(KEYS)
    bench.run(None, Effort())
    assert set(measured) == set(KEYS) - set(ALONE)
    measured.clear()
    bench.run("soak_growth", Effort())
    assert measured == ["soak_growth"]


def test_a_black_frame_is_counted_and_any_other_is_not() -> None:
    panel = Driver(8, 8)
    panel.open()
    with watched() as watch:
        panel.present()
        panel.surface.set_at((3, 3), (0, 0, 1))
        panel.present()
    panel.present()
    assert (watch.frames, watch.black) == (2, 1)


def test_an_exception_that_is_only_logged_is_counted() -> None:
    with watched() as watch:
        logging.getLogger("player").error("no exception, only bad news")
        try:
            raise ValueError("broken")
        except ValueError:
            logging.getLogger("player").exception("caught")
    assert watch.exceptions == 1


def test_growth_is_from_the_first_hour_to_the_middle_of_the_last_three() -> None:
    assert grown([100.0, 500.0, 120.0, 110.0, 130.0])["value"] == pytest.approx(0.2)
    assert grown([100.0])["value"] == 0


def test_a_worker_that_grows_is_seen_although_the_player_does_not() -> None:
    hours = [
        Hour(30.0, 31.0, 1000, {"text_worker": 20.0 + number, "film_worker": 50.0 - number}, number % 3)
        for number in range(5)
    ]
    found = workers_grown(hours)
    assert found["text_worker"]["value"] == pytest.approx(0.15)
    assert found["text_worker"]["worst_mb"]["value"] == 24.0
    assert found["film_worker"]["value"] == 50.0  # of one whose processes come and go, the largest
    assert "picture_worker" not in found
    assert found["processes"]["value"] == 2


def test_the_roles_are_those_of_the_processes_a_player_starts(tmp_path: Path) -> None:
    with ExitStack() as stack:
        workers = stack.enter_context(closing(Workers(tmp_path / "cache")))
        workers.inspect(tmp_path / "missing.jpg")
        film = stack.enter_context(closing(FilmProcess(tmp_path / "missing.mp4", (16, 16), 0, 256)))
        started = {child.pid: child.module for child in children(os.getpid())}
        assert film.pid is not None
        roles = [WORKERS[started[pid]] for pid in (*workers.pids(), film.pid)]
    assert roles == ["text_worker", "picture_worker", "film_worker"]


def test_pictures_are_counted_once_each_without_the_count_growing() -> None:
    watch = Watch()
    size_b = sys.getsizeof(watch._shown)
    for number in (*range(1000), *range(1000)):
        watch.saw(f"{number:064x}")
    assert 980 <= watch.shown <= 1000
    assert sys.getsizeof(watch._shown) == size_b
