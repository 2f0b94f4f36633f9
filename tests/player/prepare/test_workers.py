"""The prepare workers: real processes, asked, killed, stopped, starved."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pygame
import pytest
from PIL import Image

from player import motion
from player.dial import Dial
from player.model import Priority
from player.prepare import frames
from player.prepare.cache import FrameCache, names
from player.prepare.jobs import Failed, Inspected
from player.prepare.workers import Workers
from player.show import PanelShape, Prepared, key
from tests.player.prepare.asked import LED, PHOTO, Collect, MakeShow, ready
from tests.waiting import DEADLINE_S, eventually


def until(condition: Callable[[], bool], workers: Workers) -> None:
    """Lets the workers run until `condition` holds; fails after the deadline."""

    def work() -> None:
        workers.wait(0.05)
        workers.finished()

    eventually(condition, act=work)


def photo(path: Path, size: tuple[int, int] = (640, 480)) -> Path:
    Image.linear_gradient("L").resize(size).convert("RGB").save(path, "JPEG")
    return path


# --- the ordinary way


def test_a_show_comes_back_with_its_frames(
    workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    show = make_show("CÚP NƯỚC", "một hai ba bốn năm " * 120, ticker=("Gọi 113",))
    asked = workers.request(show)
    prepared = ready(collect(workers, asked)[asked])
    assert asked == prepared.key == key(show)
    assert sum(page.share for page in prepared.pages) == pytest.approx(1.0)
    sizes = {frames.load(tmp_path / "cache" / page.frame).get_size() for page in prepared.pages}
    assert sizes == {(1920, 1080)}
    assert prepared.ticker
    assert frames.load(tmp_path / "cache" / prepared.ticker.frame).get_size() == (
        prepared.ticker.length_px, prepared.ticker.box.h,
    )  # fmt: skip
    assert prepared.clock
    for glyph, advance in zip(prepared.clock.glyphs, prepared.clock.advance_px, strict=True):
        assert frames.load(tmp_path / "cache" / glyph).get_size() == (advance, prepared.clock.box.h)
    assert not prepared.problems


def test_asking_twice_gives_one_answer(workers: Workers, make_show: MakeShow, collect: Collect) -> None:
    show = make_show("Tin", "x", LED)
    assert workers.request(show) == workers.request(show)
    collect(workers, key(show))
    assert workers.finished() == []


def test_a_prepared_show_needs_no_worker_after_a_restart(
    workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    show = make_show("Tin", "x", LED)
    assert workers.cached(show) is None
    prepared = ready(collect(workers, workers.request(show))[key(show)])
    workers.close()
    later = Workers(tmp_path / "cache")
    try:
        assert later.cached(show) == prepared
        asked = later.request(show)
        assert later.wait(0), "the answer is there at once"
        assert later.finished() == [prepared]
        assert asked == prepared.key
        assert not any(done for done in later.finished())
    finally:
        later.close()


def test_a_torn_frame_is_made_again(workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path) -> None:
    show = make_show("Tin", "x", LED)
    prepared = ready(collect(workers, workers.request(show))[key(show)])
    path = tmp_path / "cache" / prepared.pages[0].frame
    data = path.read_bytes()
    path.write_bytes(data[:-5] + b"\0\0\0\0\0")
    with pytest.raises(frames.FrameError):
        frames.load(path)
    workers.discard(prepared.key)
    collect(workers, workers.request(show))
    assert path.read_bytes() == data


def test_a_cut_frame_is_not_taken_for_cached(
    workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    show = make_show("Tin", "x", LED)
    prepared = ready(collect(workers, workers.request(show))[key(show)])
    for name in names(prepared):
        path = tmp_path / "cache" / name
        data = path.read_bytes()
        path.write_bytes(data[:-1])
        assert workers.cached(show) is None, name
        path.write_bytes(data)
    assert workers.cached(show) == prepared


def test_a_loop_can_wait_on_the_workers(workers: Workers, make_show: MakeShow) -> None:
    asked = workers.request(make_show("Tin", "x", LED))
    done = eventually(workers.finished, act=lambda: select.select([workers.fileno()], [], [], 1.0))
    assert [found.key for found in done] == [asked]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_frames_of_a_turned_panel_are_turned(
    rotation: int, workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    """What a reader sees on the turned panel is what stands on the straight one, moving strips and clock included."""
    straight = make_show("Tin", "một hai ba bốn năm " * 80, LED, ticker=("Gọi 113 hoặc 115 khi cần",))
    turned = make_show("Tin", "một hai ba bốn năm " * 80, PanelShape(192, 96, "led", rotation=rotation),
                       ticker=("Gọi 113 hoặc 115 khi cần",))  # fmt: skip
    found = collect(workers, workers.request(straight), workers.request(turned))
    pictures = []
    for show in (straight, turned):
        prepared = ready(found[key(show)])
        pictures.append(assembled(prepared, tmp_path / "cache", 1_790_000_003.0))
    back = pygame.transform.rotate(pictures[1], rotation)
    assert pygame.image.tobytes(back, "RGB") == pygame.image.tobytes(pictures[0], "RGB")


def assembled(prepared: Prepared, folder: Path, at_s: float) -> pygame.Surface:
    """One presented picture, put together the obvious way."""
    page = prepared.pages[0]
    surface = frames.load(folder / page.frame)
    for strip in (page.strip, prepared.ticker):
        if not strip:
            continue
        band = frames.load(folder / strip.frame)
        box = strip.box
        round_px = motion.Run.of(strip, 60.0).offset(motion.frame_number(at_s, 60.0))
        offset = round_px if strip.wraps else motion.strip_offset(strip, 7.0, 60.0)
        step = (0, strip.length_px) if strip.vertical else (strip.length_px, 0)
        window = pygame.Surface((box.w, box.h), 0, surface)
        for n in (0, 1):
            place = (0, n * step[1] - offset) if strip.vertical else (n * step[0] - offset, 0)
            window.blit(band, place)
        surface.blit(window, (box.x, box.y))
    for face in prepared.faces:
        inks = {name: frames.load(folder / name) for name in face.glyphs}
        Dial(face, surface, inks).move("07:35", date(2026, 11, 23))
    return surface


@pytest.mark.parametrize(
    "shape", [LED, PanelShape(64, 32, "led"), PanelShape(1920, 1080)], ids=lambda s: f"{s.width_px}"
)
def test_a_worker_warmed_for_its_panel_answers_and_stays_alive(
    shape: PanelShape, tmp_path: Path, make_show: MakeShow, collect: Collect
) -> None:
    workers = Workers(tmp_path / "cache", warm=shape)
    try:
        before = workers.pids()
        for title in ("Một", "Hai"):
            show = make_show(title, "x", shape)
            assert isinstance(collect(workers, workers.request(show))[key(show)], Prepared)
        assert workers.pids() == before
    finally:
        workers.close()


def test_two_shows_share_ticker_and_clock_files(workers: Workers, make_show: MakeShow, collect: Collect) -> None:
    one, two = (make_show(title, "x", LED, ticker=("Gọi 113",)) for title in ("Một", "Hai"))
    found = collect(workers, workers.request(one), workers.request(two))
    first, second = ready(found[key(one)]), ready(found[key(two)])
    assert first.ticker == second.ticker
    assert first.clock == second.clock
    assert first.pages[0].frame != second.pages[0].frame


def test_the_workers_keep_the_cache_within_its_budget(tmp_path: Path, make_show: MakeShow, collect: Collect) -> None:
    cache = tmp_path / "cache"
    workers = Workers(cache, budget_mb=0.02)
    try:
        asked = [workers.request(make_show(f"Tin {n}", "x", LED)) for n in range(17)]
        collect(workers, *asked)
        until(lambda: FrameCache(cache).trim(1000, (), time.time()) <= 20_000, workers)  # only counts: nothing goes
        assert 0 < sum((cache / name).exists() for name in asked) < len(asked)
        assert (cache / asked[-1]).exists()
    finally:
        workers.close()


# --- emergencies first


def test_an_emergency_overtakes_a_queue_and_a_job_in_the_making(workers: Workers, make_show: MakeShow) -> None:
    """Sixty pages are waiting; the emergency is among the first answers all the same."""
    routine = [workers.request(make_show(f"Tin {n}", "một hai ba bốn năm " * 150)) for n in range(20)]
    until(lambda: bool(workers.pids()), workers)
    order: list[str] = []

    def take() -> None:
        workers.wait(0.2)
        order.extend(done.key for done in workers.finished())

    eventually(lambda: order, act=take)
    take()
    before = len(order)
    alert = workers.request(make_show("BÃO", "Sơ tán ngay.", priority=Priority.EMERGENCY, level=5), urgent=True)
    eventually(lambda: alert in order, act=take)
    assert order.index(alert) <= before + 1, "at most the job that was just ending may come before"
    assert set(order) <= {*routine, alert}


def test_a_waiting_show_can_become_urgent(workers: Workers, make_show: MakeShow, collect: Collect) -> None:
    shows = [make_show(f"Tin {n}", "một hai ba bốn năm " * 60) for n in range(6)]
    keys = [workers.request(show) for show in shows]
    workers.request(shows[-1], urgent=True)
    order: list[str] = []

    def take() -> None:
        workers.wait(0.2)
        order.extend(done.key for done in workers.finished())

    eventually(lambda: keys[-1] in order, act=take)
    assert len(order) < len(keys)


def test_a_picture_does_not_hold_up_the_text_lane(
    workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    (text,) = workers.pids()
    slow = workers.request(make_show("Hội chợ", "x", picture=PHOTO, picture_path=str(photo(tmp_path / "a.jpg"))))
    (pictures,) = set(workers.pids()) - {text}
    os.kill(pictures, signal.SIGSTOP)  # a picture that takes as long as can be
    quick = workers.request(make_show("Tin", "x", LED))
    assert slow not in collect(workers, quick)
    os.kill(pictures, signal.SIGCONT)
    assert isinstance(collect(workers, slow)[slow], Prepared)


# --- pictures


def test_a_picture_is_shown_at_panel_size(
    workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    path = tmp_path / "red.png"
    Image.new("RGB", (320, 180), (250, 10, 10)).save(path)
    show = make_show("", "", picture=PHOTO, picture_path=str(path))
    prepared = ready(collect(workers, workers.request(show))[key(show)])
    surface = frames.load(tmp_path / "cache" / prepared.pages[0].frame)
    assert {tuple(surface.get_at(spot))[:3] for spot in ((0, 0), (960, 540), (1919, 1079))} == {(250, 10, 10)}


def test_a_bad_picture_leaves_the_text_and_says_why(
    workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    path = photo(tmp_path / "photo.jpg")
    path.write_bytes(path.read_bytes()[:-900])
    show = make_show("HỘI CHỢ", "Mời bà con.", picture=PHOTO, picture_path=str(path))
    prepared = ready(collect(workers, workers.request(show))[key(show)])
    assert prepared.problems[0].startswith("picture truncated")
    assert len(prepared.pages) == 1
    assert workers.cached(show) is None, "it is tried again, in case the file was replaced"


def test_a_picture_that_is_not_here_yet_is_a_problem_not_a_failure(
    workers: Workers, make_show: MakeShow, collect: Collect
) -> None:
    show = make_show("HỘI CHỢ", "Mời bà con.", picture=PHOTO)
    prepared = ready(collect(workers, workers.request(show))[key(show)])
    assert prepared.problems == (f"picture missing: {PHOTO.sha256}",)


def test_uploads_are_inspected(workers: Workers, collect: Collect, tmp_path: Path) -> None:
    good, bad = photo(tmp_path / "a.jpg"), tmp_path / "b.png"
    bad.write_bytes(b"<svg/>")
    first, second = workers.inspect(good), workers.inspect(bad)
    found = collect(workers, first, second)
    assert found[first] == Inspected(first, "image/jpeg", 640, 480)
    refused = found[second]
    assert isinstance(refused, Failed)
    assert refused.reason.startswith("format: b.png")


def test_the_text_lane_never_loads_a_picture_decoder() -> None:
    loaded = "name.partition('.')[0] in ('PIL', 'numpy') for name in sys.modules"
    code = f"import sys, player.prepare.worker; print(any({loaded}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    assert found.stdout.split()[-1] == "False"


def test_the_parent_loads_no_picture_decoder_either() -> None:
    check = "print(any(name.partition('.')[0] in ('PIL', 'numpy') for name in sys.modules))"
    code = f"import sys, player.prepare.workers, player.prepare.frames; {check}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    assert found.stdout.split()[-1] == "False"


def test_the_picture_lane_retires_when_idle(make_show: MakeShow, collect: Collect, tmp_path: Path) -> None:
    now = [1000.0]
    workers = Workers(tmp_path / "cache", monotonic=lambda: now[0])
    try:
        assert len(workers.pids()) == 1
        collect(workers, workers.inspect(photo(tmp_path / "a.jpg")))
        assert len(workers.pids()) == 2
        now[0] += 21
        workers.finished()
        assert len(workers.pids()) == 1
    finally:
        workers.close()


# --- an urgent show: its first page ahead of the rest


def test_an_urgent_show_can_be_shown_before_all_of_it_is_made(
    workers: Workers, make_show: MakeShow, tmp_path: Path
) -> None:
    show = make_show("TIN DÀI", "một hai ba bốn năm sáu bảy tám chín mười " * 80)
    asked = workers.request(show, urgent=True)
    came: list[Prepared] = []

    def whole() -> bool:
        for one in workers.finished():
            prepared = ready(one)
            if prepared.partial:
                page = frames.load(tmp_path / "cache" / prepared.pages[0].frame)
                assert page.get_size() == (1920, 1080)
                assert workers.cached(show) is None
            came.append(prepared)
        return bool(came) and not came[-1].partial

    eventually(whole, act=lambda: workers.wait(0.05))
    assert [one.partial for one in came] == [True, False]
    assert came[0].key == came[1].key == asked
    assert came[0].pages == came[1].pages
    assert workers.cached(show) == came[1]
    assert not list((tmp_path / "cache").rglob("*.bare"))


def test_a_show_nobody_waits_for_comes_once(workers: Workers, make_show: MakeShow, collect: Collect) -> None:
    asked = workers.request(make_show("Tin", "chữ " * 300))
    assert not ready(collect(workers, asked)[asked]).partial
