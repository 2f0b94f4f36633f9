"""The board's words, from small trees as a Pi and a computer have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from drivers.board import Board, Word, clock_synchronised

FakeTree = Callable[[Mapping[str, str]], Path]
PI = {
    "device-tree/model": "Raspberry Pi 4 Model B Rev 1.5\0",
    "sys/kernel/random/boot_id": "boot-a\n",
    "uptime": "3600.25 7000.00\n",
    "loadavg": "0.42 0.30 0.20 1/200 999\n",
    "meminfo": "MemTotal:        1024000 kB\nMemFree:  1 kB\nMemAvailable:     512000 kB\nHugePages_Total: 0\n",
    "class/thermal/thermal_zone0/temp": "48300\n",
    "class/thermal/thermal_zone1/temp": "51200\n",
    "class/thermal/cooling_device0/type": "cpufreq-cpu0\n",
    "class/thermal/cooling_device0/cur_state": "0\n",
    "class/hwmon/hwmon0/name": "cpu_thermal\n",
    "class/hwmon/hwmon1/name": "rpi_volt\n",
    "class/hwmon/hwmon1/in0_lcrit_alarm": "0\n",
    "fs/ext4/mmcblk0p2/errors_count": "0\n",
    "fs/ext4/mmcblk0p3/errors_count": "3\n",
    "fs/ext4/features/lazy_itable_init": "supported\n",
}


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def board(root: Path, state_dir: Path) -> Board:
    return Board(state_dir, sysfs=root, procfs=root)


def test_reads_a_pi(tree: FakeTree, state_dir: Path) -> None:
    state = board(tree(PI), state_dir).look()

    assert state.model == "Raspberry Pi 4 Model B Rev 1.5"
    assert (state.boot_id, state.uptime_s, state.load_1min) == ("boot-a", 3600.25, 0.42)
    assert state.temperature_c == 51.2
    assert (state.memory_total_mb, state.memory_free_mb) == (1000.0, 500.0)
    assert (state.under_voltage, state.throttled) == (Word.NO, Word.NO)
    assert state.storage_errors == 3
    assert state.disk_free_mb is not None
    assert state.disk_free_mb > 0


def test_what_cannot_be_read_is_unknown_not_well(tree: FakeTree, state_dir: Path) -> None:
    state = board(tree({}), state_dir).look()

    assert (state.under_voltage, state.throttled) == (Word.UNKNOWN, Word.UNKNOWN)
    assert (state.temperature_c, state.storage_errors, state.memory_free_mb, state.uptime_s) == (None,) * 4
    assert (state.model, state.boot_id) == ("", "")


@pytest.mark.parametrize("garbage", ["", "soon\n", "\xff\n"])
def test_garbage_is_unknown(tree: FakeTree, state_dir: Path, garbage: str) -> None:
    files = PI | {"class/hwmon/hwmon1/in0_lcrit_alarm": garbage, "class/thermal/thermal_zone1/temp": garbage}
    state = board(tree(files), state_dir).look()
    assert state.under_voltage == Word.UNKNOWN
    assert state.temperature_c == 48.3


def test_an_under_voltage_is_remembered_until_the_next_boot(tree: FakeTree, state_dir: Path) -> None:
    alarm = "class/hwmon/hwmon1/in0_lcrit_alarm"
    looked = board(tree(PI | {alarm: "1\n"}), state_dir)
    assert looked.look().under_voltage == Word.YES

    tree({alarm: "0\n"})
    assert looked.look().under_voltage == Word.YES
    assert board(tree({}), state_dir).look().under_voltage == Word.YES

    tree({"sys/kernel/random/boot_id": "boot-b\n"})
    assert looked.look().under_voltage == Word.NO


def test_one_write_a_boot_not_one_a_look(tree: FakeTree, state_dir: Path) -> None:
    looked = board(tree(PI | {"class/hwmon/hwmon1/in0_lcrit_alarm": "1\n"}), state_dir)
    looked.look()
    written = (state_dir / "under-voltage").stat()
    looked.look()
    assert (state_dir / "under-voltage").stat().st_mtime_ns == written.st_mtime_ns


def test_a_disk_that_takes_no_writing_does_not_stop_the_look(tree: FakeTree, tmp_path: Path) -> None:
    looked = board(tree(PI | {"class/hwmon/hwmon1/in0_lcrit_alarm": "1\n"}), tmp_path / "gone")
    state = looked.look()
    assert state.under_voltage == Word.YES
    assert state.disk_free_mb is None


def test_a_hot_processor_held_back_is_throttled(tree: FakeTree, state_dir: Path) -> None:
    hot = board(tree(PI | {"class/thermal/cooling_device0/cur_state": "2\n"}), state_dir)
    assert hot.look().throttled == Word.YES


def test_a_fan_at_work_is_no_throttling(tree: FakeTree, state_dir: Path) -> None:
    fan = {"class/thermal/cooling_device1/type": "pwm-fan\n", "class/thermal/cooling_device1/cur_state": "3\n"}
    assert board(tree(PI | fan), state_dir).look().throttled == Word.NO


@pytest.mark.parametrize(
    ("marked", "unsynced", "expected"),
    [(True, True, True), (False, False, True), (False, True, False)],
)
def test_the_clock_is_right_when_timesyncd_or_the_kernel_says_so(
    tmp_path: Path, marked: bool, unsynced: bool, expected: bool
) -> None:
    mark = tmp_path / "synchronized"
    if marked:
        mark.touch()
    assert clock_synchronised(mark, unsynced) is expected


def test_asks_the_kernel_itself(tmp_path: Path) -> None:
    assert clock_synchronised(tmp_path / "none") in {True, False, None}
