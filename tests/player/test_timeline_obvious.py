"""The fast time line against the obvious one, every minute of whole broadcast days."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from player.model import (
    Alert,
    Clock,
    ClockQuality,
    DateRule,
    DayPart,
    Desired,
    Holiday,
    Item,
    LunarDate,
    Playlist,
    Priority,
    Recurrence,
    Unit,
    Version,
    Window,
)
from player.timeline import Programme
from tests.player.obvious import ObviousDay

DAYS = {
    "Asia/Ho_Chi_Minh": ("2026-02-16", "2026-04-26", "2025-06-24", "2025-09-01", "2026-11-23"),
    "Europe/Paris": ("2025-03-30", "2025-10-26", "2025-10-25"),
    "America/New_York": ("2025-03-09", "2025-11-02"),
    "Asia/Kathmandu": ("2026-01-01",),
}  # Tết, the Hùng kings, a leap month, a decreed day, a rằm; the days on which clocks are changed
PRIORITIES = [Priority.ROUTINE] * 6 + [Priority.PRIORITY] * 3 + [Priority.EMERGENCY]


class Maker:
    """Random playlists whose times are all whole minutes around one day."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.zone = self.random.choice(list(DAYS))
        noon = datetime.fromisoformat(self.random.choice(DAYS[self.zone]) + "T12:00+00:00")
        self.now = noon + timedelta(minutes=self.random.randrange(-600, 600))

    def instant(self) -> datetime:
        return self.now + timedelta(minutes=self.random.randrange(-1500, 1500))

    def side(self) -> datetime | None:
        return self.instant() if self.random.random() < 0.6 else None

    def part(self) -> DayPart:
        minutes = [self.random.choice((0, 60, 120, 150, 180, 360, 720, 1320, 1440, self.random.randrange(1441)))
                   for _ in range(2)]  # fmt: skip
        return DayPart(
            minutes[0], minutes[1], tuple(sorted(self.random.sample(range(1, 8), self.random.randint(1, 7))))
        )

    def rule(self) -> DateRule:
        pick = self.random.random()
        if pick < 0.15:
            return Holiday()
        if pick < 0.6:
            day, month = self.random.choice(((1, 0), (15, 0), (30, 12), (10, 3), (1, 1), (1, 6), (2, 1)))
            return LunarDate(day, month, self.random.randint(0, 3), self.random.randint(1, 4))
        rule = self.random.choice(("FREQ=DAILY;INTERVAL=1", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=SA,SU,MO"))
        start = f"2025-01-0{self.random.randint(1, 9)}T{self.random.choice(('02:30', '03:00', '07:15', '23:00'))}"
        return Recurrence(rule, start, self.random.choice((1, 90, 600, 1500)))

    def some(self, make: object, odds: float, most: int = 2) -> tuple[object, ...]:
        assert callable(make)
        return tuple(make() for _ in range(self.random.randint(1, most))) if self.random.random() < odds else ()

    def item(self, number: int) -> Item:
        return Item(
            f"i{number}", 1, self.random.choice(PRIORITIES), (Version("vi", str(number)),),
            dwell_s=60.0 * self.random.choice((1, 1, 2, 3, 7, 20, 60)), rank=self.random.randint(-1, 1),
            windows=self.some(lambda: Window(self.side(), self.side()), 0.4),  # type: ignore[arg-type]
            dayparts=self.some(self.part, 0.4),  # type: ignore[arg-type]
            dates=self.some(self.rule, 0.2), exdates=self.some(self.rule, 0.1),  # type: ignore[arg-type]
            times_a_day=self.random.choice((0, 0, 0, 0, 1, 3, 10)), always=self.random.random() < 0.15,
            debut=self.instant() if self.random.random() < 0.3 else None,
        )  # fmt: skip

    def alert(self) -> Alert:
        issued = self.instant()
        return Alert(
            1, self.random.choice("xyz"), self.random.choice("gh"), self.random.randint(1, 3), 1, issued,
            issued + timedelta(minutes=self.random.randint(1, 400)), (Version("vi", "bão"),),
            dwell_s=60.0 * self.random.randint(1, 3), ended=self.random.random() < 0.2,
        )  # fmt: skip

    def clock(self) -> Clock:
        quality = self.random.choice([ClockQuality.TRUSTED] * 6 + [ClockQuality.FLOOR, ClockQuality.UNKNOWN])
        return Clock(quality, self.side())

    def playlist(self) -> Playlist:
        desired = Desired(power=self.random.random() < 0.9, opening=self.some(self.part, 0.4))  # type: ignore[arg-type]
        items = tuple(self.item(number) for number in range(self.random.choice((0, 1, 2, 4, 7, 9))))
        issued = self.instant()
        unit = Unit("25318", "Xã Tân Hưng", self.zone)
        return Playlist(1, "s-abcdef", 1, issued, issued + timedelta(days=1), unit, items, desired=desired)


def compare(seed: int) -> None:
    maker = Maker(seed)
    shown, clock = maker.playlist(), maker.clock()
    alerts = tuple(maker.alert() for _ in range(3)) if maker.random.random() < 0.3 else ()
    day = ObviousDay(shown, alerts, clock, maker.now)
    expected = dict(zip(day.minutes, day.timeline(), strict=True))
    programme = Programme(shown, alerts, clock)
    order = day.minutes if seed % 2 else maker.random.sample(day.minutes, 60)
    for minute in order:
        now = minute + timedelta(seconds=maker.random.randrange(60))
        slot, wanted = programme.at(now), expected[minute]
        assert (slot.kind.value, slot.item and slot.item.id) == (wanted.kind, wanted.item and wanted.item.id), now
        assert slot.start <= now < slot.end
        if wanted.item is not None:
            assert slot.position_s(minute) == pytest.approx(wanted.passed_s, abs=1e-5), now


@pytest.mark.parametrize("tens", range(30))
def test_the_fast_time_line_agrees_with_the_obvious_one(tens: int) -> None:
    for seed in range(tens * 10, tens * 10 + 10):
        compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("hundreds", range(100))
def test_the_fast_time_line_agrees_with_the_obvious_one_on_ten_thousand_playlists(hundreds: int) -> None:
    for seed in range(1000 + hundreds * 100, 1000 + hundreds * 100 + 100):
        compare(seed)


def test_the_random_playlists_show_every_kind_of_thing() -> None:
    kinds = set()
    for seed in range(60):
        maker = Maker(seed)
        shown = maker.playlist()
        day = ObviousDay(shown, (maker.alert(),), Clock(ClockQuality.TRUSTED), maker.now)
        kinds |= {minute.kind for minute in day.timeline()}
    assert kinds == {"alert", "debut", "item", "always", "slate", "blank"}


def test_the_obvious_day_is_a_day() -> None:
    shown = Maker(1).playlist()
    utc = Playlist(1, shown.screen, 1, shown.issued, shown.expires, Unit("1", "Xã", "Asia/Ho_Chi_Minh"))
    day = ObviousDay(utc, (), Clock(ClockQuality.TRUSTED), datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert (day.minutes[0], len(day.minutes)) == (datetime(2025, 12, 31, 20, tzinfo=UTC), 1440)
