"""Long random programmes with everything that can happen to a board: no frame is ever black, or half of a picture."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from drivers.panel import Frame
from player.show import Box, Strip
from player.store import Request
from player.transition import transitions

if TYPE_CHECKING:
    from tests.player.stage.conftest import House

NOON = datetime(1970, 1, 3, tzinfo=UTC)
W, H = 64, 32
BAND = 24  # below it the ticker runs
NAMES = ("a", "zz", "Q", "mmm", "xyz", "k9")
HOW = ("auto", "fade", "turn", "cut")


class Fate:
    """Does at random what staff, the weather, the disk and the mains do to a board."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.dice = house, random.Random(seed)
        self.seq = 1
        self.deeds: list[Callable[[], None]] = [
            self.time_passes, self.time_passes, self.frames_pass, self.frames_pass, self.frames_pass,
            self.another_playlist, self.another_playlist, self.an_emergency, self.a_slow_worker, self.torn_files,
            self.a_worker_that_fails, self.all_well, self.all_well, self.a_restart, self.a_clock_that_jumps,
            self.another_brightness, self.a_command, self.unplugged_for_a_while,
        ]  # fmt: skip

    def strikes(self) -> None:
        self.dice.choice(self.deeds)()
        self.house.turn(self.dice.randint(1, 4))

    def time_passes(self) -> None:
        for _ in range(self.dice.randint(1, 6)):
            self.house.go(self.dice.choice((0.2, 1.0, 3.3, 9.9)))

    def frames_pass(self) -> None:
        """At the pace at which the stage itself asks to be woken."""
        for _ in range(self.dice.randint(10, 60)):
            self.house.clock.advance(min(0.3, max(self.house.stage.turn(), 1 / 60)))

    def another_playlist(self) -> None:
        self.seq += 1
        names = self.dice.sample(NAMES, self.dice.randint(0, len(NAMES)))
        items = [self.house.item(name, self.dice.choice((0.5, 3.0, 10.0, 60.0))) for name in names]
        ticker = ("chạy",) if self.dice.random() < 0.5 else ()
        self.house.workshop.ticker = Strip("strip", Box(0, BAND, W, H - BAND), 200, 60.0) if ticker else None
        self.house.workshop.pages = self.dice.randint(1, 3)
        self.house.commit(playlist=self.house.playlist(*items, ticker=ticker, seq=self.seq, brightness_pct=80))

    def an_emergency(self) -> None:
        name, expires = self.dice.choice(("storm", "flood")), self.house.clock.now() + timedelta(hours=1)
        self.house.commit(alerts=(self.house.alert(name, expires=expires),))
        self.frames_pass()
        self.house.commit(alerts=())
        self.frames_pass()

    def a_slow_worker(self) -> None:
        self.house.workshop.hold = set(self.dice.sample(NAMES, 3))

    def a_worker_that_fails(self) -> None:
        self.house.workshop.fail = set(self.dice.sample(NAMES, 3))

    def torn_files(self) -> None:
        self.house.workshop.torn = {f"{name}.{page}" for name in self.dice.sample(NAMES, 3) for page in (0, 1)}

    def all_well(self) -> None:
        """What was held back is finished now."""
        works = self.house.workshop
        works.hold, works.fail, works.torn = set(), set(), set()
        works.ready += [works.make(show) for show in works.held]
        works.held = []

    def a_restart(self) -> None:
        self.all_well()
        self.house.restart(transitions(self.dice.choice(HOW), "hdmi"))

    def a_clock_that_jumps(self) -> None:
        self.house.clock.set(self.house.clock.now() + timedelta(seconds=self.dice.choice((-86400, -7, 7, 86400))))

    def another_brightness(self) -> None:
        playlist = self.house.source.snapshot.playlist
        if playlist is not None:
            self.seq += 1
            pct = self.dice.choice((40, 80, 100))
            self.house.commit(playlist=self.house.playlist(*playlist.items, seq=self.seq, brightness_pct=pct))

    def a_command(self) -> None:
        self.seq += 1
        now, verb = self.house.clock.now(), self.dice.choice(("identify", "test-pattern"))
        self.house.commit(requests=(Request(f"r{self.seq}", verb, now, now + timedelta(minutes=1)),))

    def unplugged_for_a_while(self) -> None:
        self.house.panel.unplugged = True
        self.time_passes()
        self.house.panel.unplugged = False
        self.house.go(2.0)


def page_rows(frame: Frame) -> set[bytes]:
    """The different rows above the band in which a ticker may run."""
    return {frame.data[y * W * 3 : (y + 1) * W * 3] for y in range(BAND)}


def colours(row: bytes) -> list[bytes]:
    return [row[place : place + 3] for place in range(0, len(row), 3)]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_no_frame_is_black_or_half_a_picture(house: House, seed: int) -> None:
    house.restart(transitions(HOW[seed % len(HOW)], "hdmi"))
    fate = Fate(house, seed)
    house.turn()
    for _ in range(150):
        fate.strikes()
    frames = house.panel.frames
    assert len(frames) > 100
    for frame in frames:
        rows = page_rows(frame)
        assert len(rows) == 1, "pictures of one colour each never differ from row to row, a turned page included"
        assert bytes(3) not in colours(rows.pop())


def test_black_is_what_was_asked_for_and_nothing_else(house: House) -> None:
    """That the test above can see black at all."""
    house.commit(playlist=house.playlist(house.item("a", 60)), stopped=True)
    house.turn()
    assert page_rows(house.panel.frames[-1]) == {bytes(W * 3)}
