"""The prepare workers killed, stopped, starved, and with a full disk: the loop goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
from PIL import Image

from player.prepare.jobs import Failed
from player.prepare.workers import Workers
from player.show import Prepared
from tests.player.prepare.asked import LED, PHOTO, Collect, MakeShow, ready
from tests.waiting import DEADLINE_S


def test_a_killed_worker_is_replaced_and_its_job_done_after_all(
    workers: Workers, make_show: MakeShow, collect: Collect
) -> None:
    warm = workers.request(make_show("Tin", "x", LED))
    collect(workers, warm)
    asked = workers.request(make_show("Tin", "một hai ba bốn năm " * 150))
    (pid,) = workers.pids()
    os.kill(pid, signal.SIGKILL)
    assert isinstance(collect(workers, asked)[asked], Prepared)
    assert pid not in workers.pids()


def test_a_hung_worker_is_ended_and_its_job_fails(tmp_path: Path, make_show: MakeShow, collect: Collect) -> None:
    now_s = [1000.0]
    with closing(Workers(tmp_path / "cache", time_limit_s=60, monotonic=lambda: now_s[0])) as workers:
        collect(workers, workers.request(make_show("Tin", "x", LED)))
        (pid,) = workers.pids()
        os.kill(pid, signal.SIGSTOP)
        asked = workers.request(make_show("Hai", "x", LED))
        now_s[0] += 61
        assert not workers.finished(), "it is given time to end itself"
        now_s[0] += 2
        failed = collect(workers, asked)[asked]
        assert isinstance(failed, Failed)
        assert failed.reason == "time: more than 60 s"
        again = workers.request(make_show("Hai", "x", LED))
        assert isinstance(collect(workers, again)[again], Prepared)


def test_a_worker_that_takes_too_long_ends_itself(tmp_path: Path, make_show: MakeShow, collect: Collect) -> None:
    """With a limit no page can keep, the worker's own alarm ends it, even if the parent sleeps."""
    workers = Workers(tmp_path / "cache", time_limit_s=0.002)
    try:
        asked = workers.request(make_show("Tin", "một hai ba bốn năm " * 150))
        failed = collect(workers, asked)[asked]
        assert isinstance(failed, Failed)
        assert failed.reason.startswith("time")
    finally:
        workers.close()


def test_a_picture_beyond_the_memory_cap_fails_alone(tmp_path: Path, make_show: MakeShow, collect: Collect) -> None:
    path = tmp_path / "huge.png"
    Image.new("RGB", (11_000, 11_000), "navy").save(path, compress_level=1)
    workers = Workers(tmp_path / "cache", memory_cap_mb=200)
    try:
        show = make_show("HỘI CHỢ", "Mời bà con.", picture=PHOTO, picture_path=str(path))
        asked, text = workers.request(show), workers.request(make_show("Tin", "x", LED))
        found = collect(workers, asked, text)
        assert ready(found[asked]).problems == ("picture memory",)
        assert isinstance(found[text], Prepared)
    finally:
        workers.close()


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    code = (
        "import os, sys, signal\nfrom pathlib import Path\nfrom player.prepare.workers import Workers\n"
        "w = Workers(Path(sys.argv[1]))\nprint(*w.pids(), flush=True)\nsignal.pause()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    line = parent.stdout.readline()
    while not line.strip().replace(" ", "").isdigit():
        line = parent.stdout.readline()
    children = [psutil.Process(int(pid)) for pid in line.split()]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    gone, alive = psutil.wait_procs(children, timeout=DEADLINE_S)
    assert gone
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_close_ends_the_workers_and_may_be_called_twice(tmp_path: Path) -> None:
    workers = Workers(tmp_path / "cache")
    children = [psutil.Process(pid) for pid in workers.pids()]
    workers.close()
    workers.close()
    assert workers.pids() == ()
    assert not psutil.wait_procs(children, timeout=DEADLINE_S)[1]


def test_a_full_disk_fails_the_job_with_its_reason(
    workers: Workers, make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    (tmp_path / "cache").mkdir(exist_ok=True)
    (tmp_path / "cache" / "shared").write_text("a file where a folder should be")
    asked = workers.request(make_show("Tin", "x", LED))
    failed = collect(workers, asked)[asked]
    assert isinstance(failed, Failed)
    assert "shared" in failed.reason


def test_the_warm_text_lane_stays_small(workers: Workers, make_show: MakeShow, collect: Collect, plan: str) -> None:
    for n in range(3):
        collect(workers, workers.request(make_show(f"Tin {n}", plan[:3000])))
    memory = psutil.Process(workers.pids()[0]).memory_full_info()
    assert memory.uss < 45e6


def test_the_text_of_a_book_is_laid_out_in_the_other_lane(
    workers: Workers, make_show: MakeShow, collect: Collect
) -> None:
    asked = workers.request(make_show("Sách", "một hai ba bốn năm " * 1000, LED))
    assert len(workers.pids()) == 2
    assert isinstance(collect(workers, asked)[asked], Prepared)
