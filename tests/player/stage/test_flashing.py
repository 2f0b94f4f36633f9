"""An emergency never flashes: the player's own stage and workers, every presented frame looked at, 60 a second."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from drivers.exported import FrameMemory
from player import app
from player.bench.screen import settings
from player.clock import SettableClock
from player.model import Alert, Clock, ClockQuality, Desired, Item, Playlist, Priority, Unit, Version
from player.show import PanelShape
from player.store import Snapshot
from tests.player.goldens import CHECKUP, STORM, size_of
from tests.player.stage.flicker import MOST_FLASHES, Seen, areas_of, flashes

BEGIN: Final = datetime(2026, 9, 27, 5, 0, tzinfo=UTC)
HZ: Final = 60
HDMI: Final = PanelShape(640, 360)
SHAPES: Final = (HDMI, PanelShape(192, 96, "led"), PanelShape(64, 32, "led"))
QUICKEST_S: Final = 0.1  # what may be signed for a slot, or less; the panel takes its time
LOOKS: Final = 10_000
LOOK_S: Final = 0.002
STORMS: Final = (Version("vi", "BÃO SỐ 10", STORM),)
LONG: Final = (Version("vi", "BÃO SỐ 10", f"{STORM}\n{CHECKUP}"),)
UNEVEN: Final = tuple(  # a full page, an empty one, a full one, as quickly as they turn
    Version(lang, "A" if number % 2 else "BÃO SỐ 10", "" if number % 2 else STORM)
    for number, lang in enumerate(("vi", "km", "en", "fr", "de", "es", "it", "pt"))
)


class Source:
    def __init__(self) -> None:
        self.snapshot = Snapshot(clock=Clock(ClockQuality.TRUSTED))
        self.trouble = ""
        self._news = False

    def commit(self, **parts: Any) -> None:
        values = {field: getattr(self.snapshot, field) for field in Snapshot.__dataclass_fields__}
        self.snapshot, self._news = Snapshot(**values | parts), True

    def poll(self, monotonic_s: float) -> bool:
        news, self._news = self._news, False
        return news


class Board:
    """A player of its own under a clock that goes by in frames, two bulletins taking turns as fast as they may."""

    def __init__(self, stack: ExitStack, work: Path, shape: PanelShape) -> None:
        self.clock, self.source = SettableClock(BEGIN), Source()
        screen = settings(work, "memory", shape)
        screen = replace(screen, panel=replace(screen.panel, options={"export": work / "frame"}))
        self.stage = app.build(stack, screen, self.clock, self.source, (), slate_first=False)
        fd = os.open(work / "frame", os.O_RDONLY)
        stack.callback(os.close, fd)
        self.memory = FrameMemory(fd)
        self.pixels = np.zeros((shape.height_px, shape.width_px, 4), np.uint8)
        self.seen: list[Seen] = []
        self.presented = 0
        items = (routine("hop", "HỌP DÂN", "19 giờ tại nhà văn hóa ấp 3."), routine("kham", "KHÁM SỨC KHỎE", CHECKUP))
        self.source.commit(playlist=Playlist(
            1, "s-abcdef", 1, BEGIN, BEGIN + timedelta(days=1), Unit("25318", "Xã Tân Hưng"), items,
            desired=Desired(quiet=()),
        ))  # fmt: skip

    def play(self, seconds: float) -> None:
        """That long, a turn a frame; time stands while a picture is being prepared."""
        for _ in range(round(seconds * HZ)):
            self.turn()
            self.clock.advance(1 / HZ)

    def turn(self) -> None:
        for _ in range(LOOKS):
            self.stage.turn()
            self._look()
            if self.stage.settled:
                return
            self.stage.rest(LOOK_S)
        raise AssertionError("the picture never came")

    def emergency(self, seconds: float, *alerts: Alert) -> None:
        self.source.commit(alerts=alerts)
        self.play(seconds)
        self.source.commit(alerts=())

    def _look(self) -> None:
        presented = self.memory.presented
        if presented == self.presented:
            return
        assert presented == self.presented + 1, "no frame goes by unseen"
        self.presented = presented
        assert self.memory.copy_to(self.pixels.data.cast("B"))
        self.seen.append(Seen(self.clock.now().timestamp(), areas_of(self.pixels[..., 2::-1])))


def routine(name: str, title: str, body: str) -> Item:
    return Item(name, 1, Priority.ROUTINE, (Version("vi", title, body),), dwell_s=QUICKEST_S)


def alert(versions: tuple[Version, ...], level: int = 0, dwell_s: float = 20.0) -> Alert:
    return Alert(
        1, f"storm-{level}", "g", 1, 1, BEGIN, BEGIN + timedelta(hours=1), versions, level=level, dwell_s=dwell_s
    )


@pytest.fixture
def boards(tmp_path: Path) -> Iterator[Callable[[PanelShape], Board]]:
    with ExitStack() as stack:
        yield lambda shape: Board(stack, tmp_path, shape)


@pytest.mark.parametrize("shape", SHAPES, ids=size_of)
def test_no_level_flashes_as_it_comes_stands_and_goes(shape: PanelShape, boards: Callable[..., Board]) -> None:
    board = boards(shape)
    board.play(1.0)
    for level in range(6):
        board.emergency(1.5, alert(STORMS, level))
        board.play(0.5)
    assert len(board.seen) >= 12
    assert flashes(board.seen) <= MOST_FLASHES


@pytest.mark.parametrize("shape", SHAPES, ids=size_of)
def test_two_emergencies_of_other_colours_do_not_flash_in_turn(shape: PanelShape, boards: Callable[..., Board]) -> None:
    board = boards(shape)
    board.emergency(6.0, alert(STORMS, 2, QUICKEST_S), alert(STORMS, 4, QUICKEST_S))
    assert len(board.seen) >= 6
    assert flashes(board.seen) <= MOST_FLASHES


@pytest.mark.parametrize(
    ("shape", "frames"), [(HDMI, 3), (PanelShape(192, 96, "led"), 2), (PanelShape(64, 32, "led"), 200)],
    ids=["pages", "led-pages", "moving-line"],
)  # fmt: skip
def test_a_long_emergency_does_not_flash(shape: PanelShape, frames: int, boards: Callable[..., Board]) -> None:
    board = boards(shape)
    board.emergency(8.0, alert(LONG, dwell_s=8.0))
    assert len(board.seen) >= frames
    assert flashes(board.seen) <= MOST_FLASHES


def test_lines_that_move_up_do_not_flash(boards: Callable[..., Board]) -> None:
    board = boards(PanelShape(128, 64, "led"))
    board.emergency(8.0, alert(LONG, dwell_s=8.0))
    assert len(board.seen) >= 100
    assert flashes(board.seen) <= MOST_FLASHES


@pytest.mark.parametrize("shape", SHAPES, ids=size_of)
def test_pages_that_may_not_take_their_time_do_not_flash(shape: PanelShape, boards: Callable[..., Board]) -> None:
    board = boards(shape)
    board.emergency(4.0, alert(UNEVEN, dwell_s=QUICKEST_S))
    assert len(board.seen) >= 6
    assert flashes(board.seen) <= MOST_FLASHES


@pytest.mark.parametrize("shape", SHAPES[:2], ids=size_of)
def test_a_sender_that_makes_it_flash_is_noticed(shape: PanelShape, boards: Callable[..., Board]) -> None:
    """The negative control: an emergency that comes and goes five times in a second."""
    board = boards(shape)
    for _ in range(10):
        board.emergency(0.1, alert(STORMS, 2))
        board.play(0.1)
    assert flashes(board.seen) > MOST_FLASHES
