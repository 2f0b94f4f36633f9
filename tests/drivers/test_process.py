"""A child that never outlives its parent, a cap on memory, and how much is taken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers import process
from tests.waiting import DEADLINE_S

WaitUntil = Callable[[Callable[[], bool]], None]
ROOT = Path(__file__).parents[2]

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", '''
import os, sys, time
from drivers.process import die_with_parent
die_with_parent(int(sys.argv[1]))
print(os.getpid(), flush=True)
time.sleep(60)
''', str(__import__("os").getpid())])
time.sleep(60)
"""

HUNGRY = """
from drivers.process import cap_memory
cap_memory(256)
try:
    bytearray(512 * 1024 * 1024)
except MemoryError:
    print("refused")
"""

LARGE = """
import ctypes, sys
from drivers.process import give_back_from
if sys.argv[1] == "told":
    give_back_from(1024)
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
libc.free(libc.malloc(8 << 20))
block = libc.malloc(7 << 20)
heap = [line.split()[0].split("-") for line in open("/proc/self/maps") if "[heap]" in line]
print(any(int(start, 16) <= block < int(end, 16) for start, end in heap))
"""

FREED = """
import ctypes, sys
from pathlib import Path
from drivers.process import give_back, give_back_from
give_back_from(1024)
def resident_kb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
blocks = [libc.malloc(32 << 10) for _ in range(512)]
for block in blocks:
    ctypes.memset(block, 1, 32 << 10)
for block in blocks[:-1]:  # the last keeps the heap from shrinking at its end
    libc.free(block)
before = resident_kb()
if sys.argv[1] == "told":
    give_back()
print(before - resident_kb() > 8 << 10)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_child_ends_with_a_killed_parent(wait_until: WaitUntil) -> None:
    with run(PARENT) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        assert process.children(parent.pid) == [child]

        parent.send_signal(signal.SIGKILL)

        wait_until(lambda: not alive(child))


def test_a_child_whose_parent_ended_before_it_asked_ends_at_once() -> None:
    code = "from drivers.process import die_with_parent; die_with_parent(1); print('still here')"
    with run(code) as child:
        output, _ = child.communicate(timeout=DEADLINE_S)
    assert output == ""
    assert child.returncode == -signal.SIGKILL


def test_an_allocation_beyond_the_cap_is_refused() -> None:
    with run(HUNGRY) as child:
        output, _ = child.communicate(timeout=DEADLINE_S)
    assert output == "refused\n"


def test_reads_the_share_of_memory_of_a_process() -> None:
    assert 1 < process.pss_mb(os.getpid()) < 4000


def test_reads_the_kernels_own_line(tmp_path: Path) -> None:
    folder = tmp_path / "7"
    folder.mkdir()
    (folder / "smaps_rollup").write_text(
        "0-1 ---p [rollup]\nRss: 9000 kB\nPss:                2048 kB\nPss_Anon: 1 kB\n"
    )
    assert process.pss_mb(7, tmp_path) == 2.0


def test_a_process_that_has_ended_has_no_memory(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="smaps_rollup"):
        process.pss_mb(7, tmp_path)


def test_finds_children_of_children_whatever_they_are_called(tmp_path: Path) -> None:
    for pid, parent, name in ((10, 1, "a"), (11, 10, "b) S 99 ("), (12, 11, "c"), (13, 1, "d")):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} ({name}) S {parent} 1 1 0", encoding="utf-8")
    assert sorted(process.children(10, tmp_path)) == [11, 12]


@pytest.mark.parametrize(("told", "in_heap"), [("told", "False"), ("not told", "True")])
def test_large_blocks_lie_by_themselves_when_asked_for(told: str, in_heap: str) -> None:
    """Not told, the C library puts the second large block among the small ones: so it is worth the telling."""
    with run(LARGE, told) as child:
        assert child.stdout is not None
        assert child.stdout.read().strip() == in_heap


@pytest.mark.parametrize(("told", "gone"), [("told", "True"), ("not told", "False")])
def test_what_was_freed_between_blocks_in_use_goes_back_when_told(told: str, gone: str) -> None:
    with run(FREED, told) as child:
        assert child.stdout is not None
        assert child.stdout.read().strip() == gone


def test_a_module_of_the_house_runs_from_any_folder_beside_what_else_was_sought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere.py").write_text("import os, drivers; print(drivers.__file__, os.environ['WORD'])")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    command, environment = process.module_command("elsewhere"), process.module_environment(WORD="extra")
    said = subprocess.run(command, cwd="/", env=environment, check=True, capture_output=True, text=True).stdout
    assert said.split() == [str(ROOT / "drivers" / "__init__.py"), "extra"]
