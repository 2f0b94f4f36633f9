"""A stage with everything around it, turned by hand: what it prepares, when, and on which panel is the test's word."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pygame
import pytest

from drivers.notify import Notifier
from drivers.panel import Frame, PanelError, Rect
from drivers.panels.memory import Driver as MemoryPanel
from drivers.speakers.silent import Driver as SilentSpeaker
from player.aim import Aimer
from player.app import baked_by
from player.clock import SettableClock
from player.director import Director
from player.film.bed import Bed
from player.film.projector import Projector
from player.grip import Grip
from player.jumps import Jumps
from player.ledger import Ledger
from player.model import (
    Alert,
    Clock,
    ClockQuality,
    Desired,
    Item,
    Playlist,
    Priority,
    Unit,
    Version,
)
from player.painter import CUTS, Painter
from player.plays import Plays
from player.prepare.jobs import Failed
from player.report import Report
from player.requests import Requests
from player.shelf import Done, Shelf
from player.show import Box, ClockFace, Page, PanelShape, Prepared, Show, Strip, key
from player.speech import Desk
from player.stage import Parts, Stage
from player.status import StatusFile
from player.store import Snapshot
from player.transition import Transitions
from player.wake import Waker

NOON = datetime(1970, 1, 3, tzinfo=UTC)  # where loops of 10, 20, 30 or 60 s begin; issued then, so the clock may be so
W, H = 64, 32
SECOND = timedelta(seconds=1)


class Workshop:
    """Prepares by the test's word: every show gets one colour a page, named by its first title letter."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.ready: list[Done] = []
        self.on_disk: dict[str, Prepared] = {}
        self.hold: set[str] = set()
        self.held: list[Show] = []  # asked for while it was to be held back
        self.fail: set[str] = set()
        self.pages = 1
        self.ticker: Strip | None = None
        self.clock: ClockFace | None = None
        self.dates: tuple[ClockFace, ...] = ()
        self.voice: tuple[Box, ...] = ()
        self.loads: list[str] = []
        self.torn: set[str] = set()
        self.discarded: list[str] = []

    def cached(self, show: Show) -> Prepared | None:
        return self.on_disk.get(key(show))

    def request(self, show: Show, urgent: bool = False) -> str:
        name = title(show)
        self.asked.append((name, urgent))
        if name in self.fail:
            self.ready.append(Failed(key(show), "bomb: too many pixels"))
        elif name in self.hold:
            self.held.append(show)
        else:
            self.ready.append(self.make(show))
        return key(show)

    def make(self, show: Show) -> Prepared:
        name = title(show)
        pages = tuple(Page(f"{name}.{n}", 1 / self.pages) for n in range(self.pages))
        return Prepared(key(show), pages, 10.0, self.clock, self.ticker, dates=self.dates, voice=self.voice)

    def finished(self) -> Sequence[Done]:
        done, self.ready = self.ready, []
        return done

    def discard(self, name: str) -> None:
        self.discarded.append(name)

    def fileno(self) -> int:
        raise AssertionError("the test turns the stage by hand")

    def load(self, frame: str) -> pygame.Surface:
        if frame in self.torn:
            raise ValueError("torn")
        self.loads.append(frame)
        if frame.startswith("strip"):
            surface = pygame.Surface((200, 8), 0, 32)
            for x in range(200):
                surface.fill((x, 255, 0), (x, 0, 1, 8))
            return surface
        if frame.startswith("digit"):
            surface = pygame.Surface((4, 8), 0, 32)
            surface.fill((0, 0, 40 + int(frame[5:])))
            return surface
        surface = pygame.Surface((W, H), 0, 32)
        surface.fill(colour(frame))
        return surface


def title(show: Show) -> str:
    return show.layout or (show.item.versions[0].title if show.item is not None else "slate")


def colour(frame: str) -> tuple[int, int, int]:
    name, _, page = frame.partition(".")
    return (sum(map(ord, name)) % 200 + 50, int(page or 0) + 1, 7)


class Screen(MemoryPanel):
    """A memory panel that remembers every presented frame."""

    def __init__(self) -> None:
        super().__init__(W, H)
        self.frames: list[Frame] = []
        self.dirty: list[Sequence[Rect] | None] = []
        self.powers: list[bool] = []
        self.brightness = 100
        self.closed_by_user = False
        self.unplugged = False

    def open(self) -> None:
        self._refuse()
        super().open()

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
        self._refuse()
        super().present(dirty)
        self.frames.append(self.capture())
        self.dirty.append(dirty)

    def set_brightness(self, pct: int) -> None:
        super().set_brightness(pct)
        self.brightness = pct

    def set_power(self, on: bool) -> Any:
        self.powers.append(on)
        return super().set_power(on)

    def pump(self) -> bool:
        self._refuse()  # as the driver of a screen does, which looks at its sockets here
        return not self.closed_by_user

    def _refuse(self) -> None:
        if self.unplugged:
            raise PanelError("HDMI-A-1: nothing is connected")


class Source:
    def __init__(self) -> None:
        self.snapshot = Snapshot(clock=Clock(ClockQuality.TRUSTED))
        self.trouble = ""
        self.news = False

    def poll(self, monotonic_s: float) -> bool:
        news, self.news = self.news, False
        return news


class House:
    """A stage with everything around it, turned by hand under a clock that stands."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.clock = SettableClock(NOON)
        self.source, self.workshop, self.panel = Source(), Workshop(), Screen()
        self.panel.open()
        self.transitions, self.notifier = CUTS, Notifier({})
        self.stands_still = True  # as far as its status file is concerned: every instant is worth telling
        self.stage = self.start()

    def restart(self, transitions: Transitions | None = None) -> None:
        """The player's process ends and another begins: nothing but the files and the panel remain."""
        self.transitions = transitions or self.transitions
        self.plays.close()
        self.stage = self.start()

    def start(self) -> Stage:
        plays = Plays(self.folder / "plays.db", self.clock.now())
        self.stack.callback(plays.close)
        self.plays = plays
        shelf = Shelf(self.workshop, baked_by(self.panel, self.workshop.load))
        self.projector = Projector(self.folder / "media", self.panel)
        self.stack.callback(self.projector.close)
        painter = Painter(self.panel, shelf, self.transitions, self.projector)
        director = Director(Aimer(PanelShape(W, H), self.folder / "media"), shelf.skipped)
        speaker = SilentSpeaker(realtime=False)
        desk, ledger = Desk(speaker, plays, self.folder / "speech", {}), Ledger(plays)
        self.bed = Bed(speaker, self.projector)
        grip = Grip(self.panel)
        report = Report(
            StatusFile(self.folder / "player.json"), panel=self.panel, painter=painter, shelf=shelf, desk=desk,
            ledger=ledger, plays=plays, grip=grip, source_trouble=lambda: self.source.trouble,
            playlist=director.health,
            moving=lambda: self.projector.health() | {"bed": self.bed.health()}, jumps=Jumps(director.believes),
            stands_still=self.stands_still,
        )  # fmt: skip
        self.requests = Requests(self.folder / "answers", self.clock.now())
        waker = Waker(())
        self.stack.callback(waker.close)
        return Stage(
            Parts(
                clock=self.clock, source=self.source, panel=self.panel, grip=grip, shelf=shelf, painter=painter,
                director=director, projector=self.projector, desk=desk, bed=self.bed, ledger=ledger,
                requests=self.requests, report=report, notifier=self.notifier, waker=waker,
            )
        )  # fmt: skip

    def commit(self, **parts: Any) -> None:
        values = {field: getattr(self.source.snapshot, field) for field in Snapshot.__dataclass_fields__}
        self.source.snapshot = Snapshot(**values | parts)
        self.source.news = True

    def turn(self, times: int = 3) -> float:
        """A few rounds at one instant: what was asked for in one is there in the next."""
        return [self.stage.turn() for _ in range(times)][-1]

    def go(self, seconds: float) -> float:
        self.clock.advance(seconds)
        return self.turn()

    @property
    def pixel(self) -> tuple[int, int, int]:
        data = self.panel.capture().data
        return data[0], data[1], data[2]

    def shows(self, name: str, page: int = 0) -> bool:
        return self.pixel == colour(f"{name}.{page}")

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "player.json").read_text(encoding="utf-8"))
        return found

    def played(self) -> list[tuple[str, str, str]]:
        self.plays.flush()
        with sqlite3.connect(self.folder / "plays.db") as db:
            found = db.execute("SELECT kind, item, outcome FROM play ORDER BY id").fetchall()
        db.close()
        return found

    @staticmethod
    def colour(frame: str) -> tuple[int, int, int]:
        return colour(frame)

    @staticmethod
    def item(name: str, dwell: float = 10, **parts: Any) -> Item:
        return Item(name, 1, Priority.ROUTINE, (Version("vi", name),), dwell_s=dwell, **parts)

    @staticmethod
    def playlist(*items: Item, ticker: tuple[str, ...] = (), seq: int = 1, **desired: Any) -> Playlist:
        unit = Unit("25318", "Xã Tân Hưng", "UTC")
        end = NOON + timedelta(days=1)
        return Playlist(1, "s-abcdef", seq, NOON, end, unit, items, desired=Desired(**desired), ticker=ticker)

    @staticmethod
    def alert(name: str = "storm", **parts: Any) -> Alert:
        values: dict[str, Any] = {
            "schema": 1, "id": name, "group": "g", "seq": 1, "revision": 1, "issued": NOON,
            "expires": NOON + timedelta(hours=1), "versions": (Version("vi", name),),
        }  # fmt: skip
        return Alert(**values | parts)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield House(tmp_path, stack)
