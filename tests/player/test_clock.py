from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from player.clock import ClockError, FileClock, SettableClock, ShiftedClock, SystemClock, parse_instant

NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)


def write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def test_the_system_clock_is_aware_and_runs() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()
    assert clock.running_s() > 0


def test_a_settable_clock_stands_until_it_is_moved() -> None:
    clock = SettableClock(NOON)
    clock.advance(1.5)
    assert (clock.now(), clock.monotonic()) == (NOON + timedelta(seconds=1.5), 1.5)
    clock.set(NOON - timedelta(days=1))
    assert (clock.now(), clock.monotonic()) == (NOON - timedelta(days=1), 1.5)


def test_a_shifted_clock_runs_on_from_its_beginning() -> None:
    clock = ShiftedClock(NOON)
    first = clock.now()
    assert timedelta(0) <= first - NOON < timedelta(seconds=5)
    assert clock.now() >= first


def test_a_file_clock_stands_where_its_file_says(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    write(path, "2025-09-02T12:00:00+07:00\n")
    clock = FileClock(path)
    assert clock.now() == NOON
    write(path, "2025-09-02T05:00:01.250Z")
    assert clock.now() == NOON + timedelta(seconds=1.25)


@pytest.mark.parametrize("text", ["", "noon", "2025-09-02T12:00", "\udcff"])
def test_a_file_clock_keeps_its_instant_when_the_file_turns_to_garbage(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clock"
    write(path, NOON.isoformat())
    clock = FileClock(path)
    path.with_suffix(".part").write_bytes(text.encode("utf-8", "surrogateescape"))
    path.with_suffix(".part").replace(path)
    assert clock.now() == NOON
    path.unlink()
    assert clock.now() == NOON


def test_a_file_clock_needs_an_instant_to_begin_with(tmp_path: Path) -> None:
    with pytest.raises(ClockError, match="clock"):
        FileClock(tmp_path / "clock")
    write(tmp_path / "clock", "2025-09-02T12:00")
    with pytest.raises(ClockError, match="no zone"):
        FileClock(tmp_path / "clock")


def test_an_instant_without_a_zone_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ValueError, match=r"write for instance 2025-09-02T12:00\+07:00"):
        parse_instant("2025-09-02T12:00")
