"""A clock nobody set: in 1970, in 2036, and after a power cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.clockwatch import RELEASED, ClockWatch, judge
from player.model import ClockQuality

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
IN_1970 = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
IN_2036 = datetime(2036, 2, 7, tzinfo=UTC)


class Time:
    def __init__(self, now: datetime, synchronised: bool) -> None:
        self.now = now
        self.synchronised = synchronised

    def watch(self, folder: Path, declared: bool = False) -> ClockWatch:
        return ClockWatch(folder, declared, lambda: self.synchronised, lambda: self.now)


@pytest.mark.parametrize(
    ("now", "synchronised", "quality"),
    [
        (NOW, True, ClockQuality.TRUSTED),
        (NOW, False, ClockQuality.FLOOR),
        (IN_2036, False, ClockQuality.FLOOR),
        (IN_1970, False, ClockQuality.UNKNOWN),
        (IN_1970, True, ClockQuality.UNKNOWN),
        (NOW - timedelta(days=9), True, ClockQuality.TRUSTED),
    ],
)
def test_the_quality_follows_from_three_facts(now: datetime, synchronised: bool, quality: ClockQuality) -> None:
    assert judge(now, synchronised, NOW - timedelta(days=3)).quality is quality


def test_a_power_cut_later_the_saved_clock_is_the_floor(tmp_path: Path) -> None:
    first = Time(NOW, True).watch(tmp_path)
    first.look()
    woken = Time(IN_1970, False).watch(tmp_path)
    clock = woken.look()
    assert (clock.quality, clock.floor) == (ClockQuality.UNKNOWN, NOW)
    assert woken.instant() == (NOW, False)


def test_an_accepted_object_raises_the_floor_of_an_untrusted_clock(tmp_path: Path) -> None:
    watch = Time(IN_1970, False).watch(tmp_path)
    assert watch.look().floor == RELEASED
    watch.saw(NOW)
    assert watch.look().floor == NOW
    watch.saw(NOW - timedelta(days=1))
    assert watch.instant().at == NOW


def test_an_unsynchronised_2036_judges_by_the_floor(tmp_path: Path) -> None:
    watch = Time(IN_2036, False).watch(tmp_path)
    watch.saw(NOW)
    assert watch.look().quality is ClockQuality.FLOOR
    assert watch.instant() == (NOW, False)


def test_an_excursion_into_the_future_poisons_nothing(tmp_path: Path) -> None:
    time = Time(IN_2036, True)
    watch = time.watch(tmp_path)
    watch.look()
    time.now = NOW
    assert watch.look().quality is ClockQuality.TRUSTED
    assert watch.instant() == (NOW, True)
    restarted = Time(NOW + timedelta(hours=1), False).watch(tmp_path)
    assert restarted.look().quality is ClockQuality.FLOOR


def test_the_setting_declares_a_clock_trusted(tmp_path: Path) -> None:
    assert Time(NOW, False).watch(tmp_path, declared=True).look().quality is ClockQuality.TRUSTED
    assert Time(IN_1970, False).watch(tmp_path, declared=True).look().quality is ClockQuality.UNKNOWN


def test_synchronisation_is_noticed(tmp_path: Path) -> None:
    time = Time(NOW, False)
    watch = time.watch(tmp_path)
    assert watch.look().quality is ClockQuality.FLOOR
    time.synchronised = True
    assert watch.look().quality is ClockQuality.TRUSTED


def test_the_clock_is_saved_once_an_hour_and_on_leaving(tmp_path: Path) -> None:
    time = Time(NOW, True)
    watch = time.watch(tmp_path)
    watch.look()
    file = tmp_path / "clock"
    time.now = NOW + timedelta(minutes=59)
    watch.look()
    assert datetime.fromisoformat(file.read_text()) == NOW
    time.now = NOW + timedelta(minutes=61)
    watch.look()
    assert datetime.fromisoformat(file.read_text()) == time.now
    time.now = NOW + timedelta(minutes=62)
    watch.save()
    assert datetime.fromisoformat(file.read_text()) == time.now


@pytest.mark.parametrize("content", ["", "yesterday", "2026-11-23T08:00:00", "\x00\x00"])
def test_a_damaged_saved_clock_is_no_clock(tmp_path: Path, content: str) -> None:
    (tmp_path / "clock").write_text(content)
    assert Time(IN_1970, False).watch(tmp_path).look().floor == RELEASED


def test_an_untrusted_clock_is_never_saved(tmp_path: Path) -> None:
    watch = Time(IN_2036, False).watch(tmp_path)
    watch.look()
    watch.save()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_clock_ends_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agent.clockwatch.replace_file", full)
    watch = ClockWatch(tmp_path, declared=True, synchronised=lambda: False, now=lambda: RELEASED + timedelta(days=30))
    assert watch.look().quality is ClockQuality.TRUSTED
    watch.look()
    watch.save()
    assert "No space left" in caplog.text
    assert caplog.text.count("cannot be kept") == 2, "once an hour, and at the end"
