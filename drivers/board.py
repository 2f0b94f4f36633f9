"""The computer under the screen: heat, power, storage, memory and clock, as the kernel tells them.

Words are three-valued, "yes", "no" or "unknown": a board without a sensor is not a healthy one.
The two path prefixes let a small fake tree stand for the machine.
"""

from __future__ import annotations

import ctypes
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from drivers.kernel import number_in, text_of

SYSFS: Final = Path("/sys")
PROCFS: Final = Path("/proc")
TIMESYNC_MARK: Final = Path("/run/systemd/timesync/synchronized")
_STA_UNSYNC: Final = 0x0040
_TIME_ERROR: Final = 5


class Word(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def word(value: bool | None) -> Word:
    return Word.UNKNOWN if value is None else Word.YES if value else Word.NO


@dataclass(frozen=True, slots=True)
class BoardState:
    """One look at the board. Numbers that cannot be read are None.

    `under_voltage` latches: yes means "since this boot, as far as we looked", because the kernel
    clears the firmware's own memory of it every two seconds.
    """

    model: str
    boot_id: str
    uptime_s: float | None
    temperature_c: float | None
    under_voltage: Word
    throttled: Word
    storage_errors: int | None
    disk_free_mb: float | None
    memory_free_mb: float | None
    memory_total_mb: float | None
    load_1min: float | None


class Board:
    """Looks at the machine; `latch` is a small file in which an under-voltage of this boot is remembered."""

    def __init__(
        self, state_dir: Path, *, latch: Path | None = None, sysfs: Path = SYSFS, procfs: Path = PROCFS
    ) -> None:
        self._state_dir = state_dir
        self._latch = latch or state_dir / "under-voltage"
        self._sysfs = sysfs
        self._procfs = procfs

    def look(self) -> BoardState:
        memory = self._memory_mb()
        return BoardState(
            model=text_of(self._procfs / "device-tree/model"),
            boot_id=self.boot_id(),
            uptime_s=number_in(self._procfs / "uptime"),
            temperature_c=self._temperature_c(),
            under_voltage=self._under_voltage(),
            throttled=self._throttled(),
            storage_errors=self._storage_errors(),
            disk_free_mb=self._disk_free_mb(),
            memory_free_mb=memory.get("MemAvailable"),
            memory_total_mb=memory.get("MemTotal"),
            load_1min=number_in(self._procfs / "loadavg"),
        )

    def boot_id(self) -> str:
        """Changes with every start of the machine; empty where the kernel does not tell."""
        return text_of(self._procfs / "sys/kernel/random/boot_id")

    def _temperature_c(self) -> float | None:
        """The hottest thermal zone."""
        zones = [number_in(path) for path in (self._sysfs / "class/thermal").glob("thermal_zone*/temp")]
        return max((value / 1000 for value in zones if value is not None), default=None)

    def _under_voltage(self) -> Word:
        alarm = self._alarm()
        boot_id = self.boot_id()
        if alarm:
            self._remember(boot_id)
            return Word.YES
        if boot_id and text_of(self._latch) == boot_id:
            return Word.YES
        return word(alarm)

    def _alarm(self) -> bool | None:
        for monitor in (self._sysfs / "class/hwmon").glob("hwmon*"):
            if text_of(monitor / "name") == "rpi_volt":
                value = number_in(monitor / "in0_lcrit_alarm")
                return None if value is None else bool(value)
        return None

    def _remember(self, boot_id: str) -> None:
        if text_of(self._latch) == boot_id:
            return  # one write a boot, not one a look: the card wears
        try:
            self._latch.write_text(boot_id + "\n", encoding="ascii")
        except OSError:
            return  # a full or broken disk is reported by its own words

    def _throttled(self) -> Word:
        """Whether the processor runs below its highest speed because it is hot (a passive trip is cooling now)."""
        states = [
            number_in(path / "cur_state")
            for path in (self._sysfs / "class/thermal").glob("cooling_device*")
            if "cpufreq" in text_of(path / "type")
        ]
        known = [state > 0 for state in states if state is not None]
        return word(any(known) if known else None)

    def _storage_errors(self) -> int | None:
        """Errors ext4 has counted on all mounted file systems; the count survives a reboot."""
        counts = [number_in(path) for path in (self._sysfs / "fs/ext4").glob("*/errors_count")]
        known = [int(count) for count in counts if count is not None]
        return sum(known) if known else None

    def _disk_free_mb(self) -> float | None:
        try:
            return shutil.disk_usage(self._state_dir).free / 1024**2
        except OSError:
            return None

    def _memory_mb(self) -> dict[str, float]:
        lines = (line.split() for line in text_of(self._procfs / "meminfo").splitlines())
        return {fields[0].rstrip(":"): int(fields[1]) / 1024 for fields in lines if len(fields) >= 2}


def clock_synchronised(mark: Path = TIMESYNC_MARK, kernel_unsynced: bool | None = None) -> bool | None:
    """Whether the wall clock is right: True, False, or None where neither timesyncd nor the kernel can tell.

    `mark` is the file systemd-timesyncd makes at its first contact; other daemons (chrony, ntpd) clear
    the kernel's STA_UNSYNC bit instead. `kernel_unsynced` is that bit when already known.
    """
    if mark.exists():
        return True
    unsynced = _kernel_unsynced() if kernel_unsynced is None else kernel_unsynced
    return None if unsynced is None else not unsynced


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2), up to what is read here; the kernel writes all of it, hence the room at the end."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("_room", ctypes.c_byte * 256),
    )


def _kernel_unsynced() -> bool | None:
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        timex = _Timex()
        state = libc.adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    if state < 0:
        return None
    return state == _TIME_ERROR or bool(timex.status & _STA_UNSYNC)
