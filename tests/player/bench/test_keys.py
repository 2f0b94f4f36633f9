from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from pathlib import Path
from typing import Any

import pygame
import pytest
from click.testing import CliRunner
from PIL import ImageFile

import bangtin
from drivers.exported import new_memory
from player.bench import keys as bench
from player.bench import led as bench_led
from player.bench import pacing as bench_pacing
from player.bench import photo as bench_photo
from player.bench import video as bench_video
from player.bench.figures import Effort, NotMeasured, in_turn, measured, p99
from player.bench.frames import counted_surfaces
from player.bench.keys import KEYS, run
from player.bench.load import busy_machine
from player.bench.memory import own_mb, resident_mb
from player.bench.pacing import lateness_s, periods
from player.bench.photo import photograph, psnr_db
from player.bench.screen import HDMI, LED, open_panel, ticker_scene
from player.layout.fonts import REGULAR, FontBook, Type

TINY = Effort(
    rounds=1, frames=4, naive_frames=1, counted_frames=5, period_s=0.3, pacing_s=0.2, turn_s=0.2, pacing_rounds=2,
    photo_px=(320, 240), photo_box_px=(64, 36), photo_rounds=1, memory_s=0.0,
    film_px=(320, 180), film_frames=6, film_rounds=1,
)  # fmt: skip
FIGURES = {"value", "ours", "baseline", "unit", "n"}
GRID = 1 / bench_pacing.HZ


@pytest.fixture(autouse=True)
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the headless driver writes into the environment is taken back after the test."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_NO_SIGNAL_HANDLERS", "1")
    monkeypatch.setenv("SDL_FRAMEBUFFER_ACCELERATION", "0")


@pytest.fixture
def display() -> Iterator[None]:
    pygame.display.init()
    yield
    pygame.display.quit()


def figures(key: str) -> dict[str, Any]:
    found = run(key, TINY)
    assert list(found) == [key]
    one: dict[str, Any] = found[key]
    assert set(one) >= FIGURES
    return one


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_prints_one_json_object_and_tells_its_progress_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "Effort", lambda: TINY)
    result = CliRunner().invoke(bangtin.main, ["bench", "player", "--only", "ticker_320x160"])
    assert result.exit_code == 0, result.output
    assert list(json.loads(result.stdout)) == ["ticker_320x160"]
    assert "ticker_320x160" in result.stderr


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    result = CliRunner().invoke(bangtin.main, ["bench", "player", "--only", "speed"])
    assert result.exit_code == 2
    assert all(key in result.output for key in KEYS)


def test_what_this_machine_cannot_measure_says_why_in_place_of_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(work: Path, effort: Effort) -> dict[str, Any]:
        raise NotMeasured("no such thing here")

    monkeypatch.setitem(KEYS, "jpeg_12mp", refuse)
    assert run("jpeg_12mp", TINY) == {"jpeg_12mp": {"not_measured": "no such thing here"}}


# --- the keys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["ticker_1080p", "ticker_320x160"])
def test_a_ticker_frame_is_set_against_the_blit_of_its_band(key: str) -> None:
    found = figures(key)
    for one in (found, found["presented"]):
        assert set(one) >= FIGURES
        assert one["value"] == pytest.approx(one["ours"] / one["baseline"], rel=0.01)
    assert found["n"] == TINY.rounds


@pytest.mark.parametrize("key", ["led_frame_baked", "led_frame_live", "ddp_frame"])
def test_an_led_frame_is_set_against_the_least_that_could_be_done(key: str) -> None:
    found = figures(key)
    for one in (found, found.get("mapped", found)):
        assert set(one) >= FIGURES
        assert one["value"] == pytest.approx(one["ours"] / one["baseline"], rel=0.01)


@pytest.mark.parametrize("key", ["led_frame_baked", "led_frame_live"])
def test_both_sides_of_an_led_frame_carry_a_whole_picture(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The helper's memory and the bare copy's hold every pixel of a frame that is not black."""
    held: list[memoryview] = []

    def kept(make: Callable[..., memoryview]) -> Callable[..., memoryview]:
        def made(*given: Any) -> memoryview:
            held.append(make(*given))
            return held[-1]

        return made

    monkeypatch.setattr(bench_led, "_room", kept(bench_led._room))
    monkeypatch.setattr(bench_led, "new_memory", kept(new_memory))
    figures(key)
    shared, room = sorted((bytes(one) for one in held), key=len, reverse=True)
    pixels = shared[len(shared) - len(room) :]
    assert all(any(pixels[at : at + 4]) for at in range(0, len(pixels), 4))
    if key == "led_frame_baked":
        assert pixels == room
    else:  # the film goes on, and its frames are corrected only on our side
        assert all(any(room[at : at + 4]) for at in range(0, len(room), 4))


def test_the_naive_way_is_told_in_our_frames() -> None:
    found = figures("naive_1080p")
    assert found["value"] == pytest.approx(found["baseline"] / found["ours"], rel=0.01)


def test_a_steady_frame_draws_no_text_and_makes_no_surface() -> None:
    assert figures("steady_allocations") == {
        "value": 0, "ours": 0, "baseline": None, "unit": "calls a frame", "n": TINY.counted_frames,
    }  # fmt: skip


def test_the_period_is_that_of_frames_that_were_presented() -> None:
    found = figures("period_error")
    assert found["baseline"] == pytest.approx(1000 / 60, rel=0.001)
    assert found["value"] == pytest.approx(abs(found["ours"] / found["baseline"] - 1), abs=0.001)
    assert 2 <= found["n"] <= (TINY.period_s + 1.0) * 60
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
    for one in (found, found["plain"], found["left_out"], found["plain"]["left_out"]):
        assert set(one) >= FIGURES


def test_lateness_is_told_beside_a_loop_that_only_sleeps() -> None:
    found = figures("lateness_p99")
    assert found["baseline"] > 0
    assert found["value"] == pytest.approx(found["ours"] / found["baseline"], rel=0.01)
    assert set(found["fifo_ms"]) in (FIGURES, {"not_measured"})
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_without_leave_for_real_time_the_rest_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    refused = {"not_measured": "SCHED_FIFO: Operation not permitted"}
    found = figures("lateness_p99")
    assert found["fifo_ms"] == refused
    assert found["n"] > 0
    found = figures("period_error")
    assert found["fifo"] == refused
    assert found["n"] > 0


def test_a_photograph_is_prepared_and_judged() -> None:
    found = figures("jpeg_12mp")
    assert found["value"] == pytest.approx(found["ours"] / found["baseline"], rel=0.01)
    assert found["psnr_db"]["value"] > 30


def test_the_whole_photograph_is_decoded_beside_the_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, decoded = ImageFile.ImageFile.load, []

    def noted(image: ImageFile.ImageFile) -> Any:
        found = plain(image)
        decoded.append(image.size)
        return found

    monkeypatch.setattr(ImageFile.ImageFile, "load", noted)
    monkeypatch.setattr(bench_photo, "psnr_db", lambda *_: 50.0)
    figures("jpeg_12mp")
    turns = 2 * 3  # a round that warms up, and one that counts
    assert decoded.count(TINY.photo_px) >= turns
    assert sum(size[0] < TINY.photo_px[0] for size in decoded) >= turns


def test_a_film_is_handed_over_as_planes_and_as_pixels() -> None:
    found = figures("video_1080p30")
    assert found["renderer"] in {"opengles2", "opengl", "software"}
    for one in (found, found["wall"], found["software"], found["pixels"], found["pixels"]["wall"]):
        assert one["value"] == pytest.approx(one["ours"] / one["baseline"], rel=0.01)
        assert one["unit"] == "ratio of ms a frame"


def test_a_film_that_only_one_side_decodes_is_no_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_video, "decode_alone", lambda _path: 1)
    with pytest.raises(RuntimeError, match="not the same work"):
        run("video_1080p30", TINY)


def test_the_memory_is_that_of_a_player_in_a_process_of_its_own() -> None:
    found = figures("player_rss_mb")
    assert 10 < found["value"] <= found["peak"]["value"] < 500


# --- what they are made of ------------------------------------------------------------------------------------------


def test_the_painted_ticker_moves_three_pixels_a_frame_and_shows_its_strip(tmp_path: Path) -> None:
    with open_panel("sdl", HDMI) as panel:
        scene = ticker_scene(panel, HDMI, tmp_path)
        before = scene.painter.offsets_px[-1]
        scene.step(1)
        assert (scene.painter.offsets_px[-1] - before) % scene.strip.length_px == 3
        strip = scene.shelf.part(scene.prepared, scene.strip.frame)
        assert strip is not None
        box, offset = scene.strip.box, scene.painter.offsets_px[-1]
        shown = panel.surface.subsurface((box.x, box.y, 100, box.h))
        wanted = strip.subsurface((offset, 0, 100, box.h))
        assert pygame.image.tobytes(shown, "RGB") == pygame.image.tobytes(wanted, "RGB")


def test_each_measured_frame_of_the_led_ticker_is_presented(tmp_path: Path) -> None:
    with open_panel("memory", LED) as panel:
        scene = ticker_scene(panel, LED, tmp_path)
        before = panel.capture().presented
        for frame in range(1, 11):
            scene.step(frame)
        assert panel.capture().presented - before == 10


def test_every_way_to_make_a_surface_is_counted(display: None) -> None:
    font = FontBook().font(Type(REGULAR, 20))
    with counted_surfaces() as count:
        surface = pygame.Surface((4, 4), 0, 32)
        assert count() == 1
        surface.copy()
        surface.subsurface((0, 0, 2, 2))
        font.render("ế", True, (255, 255, 255))
        pygame.transform.rotate(surface, 90)
        assert count() == 5
        surface.fill((1, 2, 3))
        surface.blit(surface, (0, 0))
        assert count() == 5
    surface.copy()
    pygame.Surface((4, 4))
    assert count() == 5


def test_both_sides_have_as_many_turns_and_numbers_that_run_on() -> None:
    calls: list[tuple[str, int]] = []
    in_turn(lambda n: calls.append(("ours", n)), lambda n: calls.append(("bare", n)), 1, 2)
    assert calls == [(name, n) for turn in (0, 1) for name in ("ours", "bare") for n in (2 * turn, 2 * turn + 1)]


def test_one_in_a_hundred_is_later() -> None:
    assert p99([float(n) for n in range(1000)]) == 990.0
    assert p99([3.0, 1.0, 2.0]) == 3.0


def test_figures_are_short_and_a_missing_baseline_stays_missing() -> None:
    assert measured(1.23456, 2.0, None, "ms", 3) == {
        "value": 1.235, "ours": 2.0, "baseline": None, "unit": "ms", "n": 3,
    }  # fmt: skip


def test_lateness_counts_from_the_grid_line_after_the_frame_before() -> None:
    at_s = [600 * GRID + 0.001, 601 * GRID + 0.002, 602 * GRID + 0.003]
    assert lateness_s(at_s) == pytest.approx([0.002, 0.003])


def test_a_frame_left_out_makes_the_next_late_by_a_period() -> None:
    assert lateness_s([600 * GRID + 0.001, 602 * GRID + 0.001]) == pytest.approx([GRID + 0.001])


def test_the_mean_period_is_that_of_the_grid_however_late_each_frame_is() -> None:
    found = periods([n * GRID + (0.009, 0.001, 0.014)[n % 3] for n in range(3601)])
    assert found["value"] < 1e-6
    assert found["left_out"]["value"] == 0
    assert found["left_out"]["n"] == 3600


def test_a_frame_left_out_is_counted_and_lengthens_the_mean() -> None:
    found = periods([n * GRID for n in range(3601) if n not in (100, 101, 2000)])
    assert found["value"] == pytest.approx(3600 / 3597 - 1, rel=0.01)
    assert found["left_out"]["value"] == 3


@pytest.mark.parametrize("hz", [59.0, 61.0])
def test_a_loop_that_drifts_is_found_out(hz: float) -> None:
    assert periods([n / hz for n in range(3601)])["value"] == pytest.approx(abs(60 / hz - 1), rel=0.01)


def test_one_frame_has_no_period() -> None:
    with pytest.raises(NotMeasured, match="two frames"):
        periods([GRID])


def test_nearness_is_high_for_the_same_pixels_and_falls_with_a_shift(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    photo = photograph((160, 120))
    photo.save(path)
    same = pygame.image.frombytes(photo.tobytes(), photo.size, "RGB")
    assert psnr_db(same, path) == 99.0
    shifted = same.copy()
    shifted.scroll(3, 0)
    assert psnr_db(shifted, path) < 35


def test_the_photograph_has_detail_at_every_size() -> None:
    photo = photograph((160, 120))
    assert photo.size == (160, 120)
    assert len(set(photo.convert("L").tobytes())) > 100


def test_the_busy_machine_is_quiet_again_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    started: list[subprocess.Popen[bytes]] = []
    plain = subprocess.Popen

    def noted(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        started.append(plain(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    with busy_machine():
        assert [child.poll() for child in started] == [None, None]
    assert all(child.returncode is not None for child in started)


def test_the_memory_of_no_process_is_not_measured() -> None:
    with pytest.raises(NotMeasured, match="VmRSS"):
        resident_mb(2**22 + 1)
    assert resident_mb(os.getpid()) > 1


def test_what_the_kernel_holds_of_files_is_not_the_process_s_own_memory() -> None:
    own, all_of_it = own_mb(os.getpid()), resident_mb(os.getpid())
    assert 1 < own < all_of_it
    with mmap(-1, 50 * 2**20, flags=MAP_PRIVATE | MAP_ANONYMOUS) as held:  # not from what this process has freed
        held.write(b"\1" * len(held))
        assert own_mb(os.getpid()) - own > 25
