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
from msgspec import structs

from drivers.notify import Notifier
from drivers.panel import Frame, Rect
from drivers.panel_memory import Driver as MemoryPanel
from drivers.speaker_silent import Driver as SilentSpeaker
from player.aim import Aimer
from player.app import baked_by
from player.clock import SettableClock
from player.director import Director
from player.jobs import Failed
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
from player.painter import Painter
from player.plays import Plays
from player.report import Report
from player.requests import Requests
from player.shelf import Done, Shelf
from player.show import Box, ClockFace, Page, PanelShape, Prepared, Show, Strip, key
from player.speech import Desk
from player.stage import RESTART_CODE, Parts, Stage
from player.status import StatusFile
from player.store import Request, Snapshot
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
        self.fail: set[str] = set()
        self.pages = 1
        self.ticker: Strip | None = None
        self.clock: ClockFace | None = None
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
        elif name not in self.hold:
            self.ready.append(self.make(show))
        return key(show)

    def make(self, show: Show) -> Prepared:
        name = title(show)
        pages = tuple(Page(f"{name}.{n}", 1 / self.pages) for n in range(self.pages))
        return Prepared(key(show), pages, 10.0, self.clock, self.ticker)

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

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
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
        return not self.closed_by_user


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
        self.stage = self.start()

    def start(self) -> Stage:
        plays = Plays(self.folder / "plays.db", self.clock.now())
        self.stack.callback(plays.close)
        self.plays = plays
        shelf = Shelf(self.workshop, baked_by(self.panel, self.workshop.load))
        painter = Painter(self.panel, shelf)
        director = Director(Aimer(PanelShape(W, H), self.folder / "media"), shelf.skipped)
        speaker = SilentSpeaker(realtime=False)
        desk, ledger = Desk(speaker, plays, self.folder / "speech", {}), Ledger(plays)
        report = Report(
            StatusFile(self.folder / "player.json"), panel=self.panel, painter=painter, shelf=shelf, desk=desk,
            ledger=ledger, plays=plays, trouble=lambda: self.source.trouble, stands_still=True,
        )  # fmt: skip
        self.requests = Requests(self.folder / "answers", self.clock.now())
        waker = Waker(())
        self.stack.callback(waker.close)
        return Stage(
            Parts(
                self.clock, self.source, self.panel, shelf, painter, director, desk, ledger, self.requests, report,
                Notifier({}), waker,
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


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield House(tmp_path, stack)


def item(name: str, dwell: float = 10, **parts: Any) -> Item:
    return Item(name, 1, Priority.ROUTINE, (Version("vi", name),), dwell_s=dwell, **parts)


def playlist(*items: Item, ticker: tuple[str, ...] = (), seq: int = 1, **desired: Any) -> Playlist:
    unit = Unit("25318", "Xã Tân Hưng", "UTC")
    end = NOON + timedelta(days=1)
    return Playlist(1, "s-abcdef", seq, NOON, end, unit, items, desired=Desired(**desired), ticker=ticker)


def alert(name: str = "storm", **parts: Any) -> Alert:
    values: dict[str, Any] = {
        "schema": 1, "id": name, "group": "g", "seq": 1, "revision": 1, "issued": NOON,
        "expires": NOON + timedelta(hours=1), "versions": (Version("vi", name),),
    }  # fmt: skip
    return Alert(**values | parts)


# --- what stands on the panel ---------------------------------------------------------------------------------------


def test_with_nothing_at_all_the_slate_stands(house: House) -> None:
    house.turn()
    assert house.shows("slate")


def test_the_loop_turns_with_the_clock(house: House) -> None:
    house.commit(playlist=playlist(item("a"), item("b", 20)))
    house.turn()
    seen = [house.shows("a"), bool(house.go(10)) and house.shows("b"), bool(house.go(20)) and house.shows("a")]
    assert seen == [True, True, True]


def test_a_still_picture_is_presented_once(house: House) -> None:
    house.commit(playlist=playlist(item("a", 60)))
    house.turn()
    before = len(house.panel.frames)
    for _ in range(20):
        house.go(2)
    assert len(house.panel.frames) == before


def test_the_old_picture_stays_until_the_next_is_ready_and_nothing_black_comes_between(house: House) -> None:
    house.workshop.hold = {"b"}
    house.commit(playlist=playlist(item("a"), item("b")))
    house.turn()
    house.go(10)
    assert house.shows("a")
    assert house.status()["settled"] is False
    ready = next(aim for aim in house.stage._p.director.next_aims(NOON, 1) if aim.show is not None)
    assert ready.show is not None
    house.workshop.ready.append(house.workshop.make(ready.show))
    house.go(0.1)
    assert house.shows("b")
    assert all(any(frame.data) for frame in house.panel.frames)


def test_what_comes_next_is_prepared_ahead_and_loaded_shortly_before_its_turn(house: House) -> None:
    house.commit(playlist=playlist(item("a"), item("b")))
    house.turn()
    assert ("b", False) in house.workshop.asked
    assert "b.0" not in house.workshop.loads
    house.go(9)
    assert house.shows("a")
    assert house.workshop.loads.count("b.0") == 1
    house.go(1)
    assert house.shows("b")
    assert house.workshop.loads.count("b.0") == 1


def test_a_page_is_put_away_once_it_is_on_the_panel(house: House) -> None:
    house.commit(playlist=playlist(item("a", 60)))
    house.turn()
    assert house.shows("a")
    assert house.status()["cache"]["surfaces_kb"] == 0
    house.go(59.5)  # its own next turn needs nothing loaded: it stands there already
    assert house.workshop.loads.count("a.0") == 1


def test_the_first_page_of_what_is_waited_for_shows_before_the_rest_is_made(house: House) -> None:
    house.workshop.pages, house.workshop.hold = 2, {"long"}
    house.commit(playlist=playlist(item("long", 20)))
    house.turn()
    aim = house.stage._p.director.next_aims(NOON, 1)[0]
    assert aim.show is not None
    whole = house.workshop.make(aim.show)
    house.workshop.torn = {"long.1"}  # not there yet
    house.workshop.ready.append(structs.replace(whole, partial=True))
    house.turn()
    assert house.shows("long")
    house.go(10)
    assert house.shows("long")
    assert house.workshop.discarded == []
    house.workshop.torn = set()
    house.workshop.ready.append(whole)
    house.turn()
    assert house.shows("long", 1)


def test_pages_share_the_dwell(house: House) -> None:
    house.workshop.pages = 2
    house.commit(playlist=playlist(item("a")))
    house.turn()
    assert house.shows("a", 0)
    house.go(5)
    assert house.shows("a", 1)
    assert house.status()["showing"]["page"] == 2


def test_the_first_picture_comes_from_the_cache_without_a_worker(house: House) -> None:
    house.workshop.hold = {"a", "slate"}
    shown = playlist(item("a"))
    show = Show(shown.unit, PanelShape(W, H), shown.items[0])
    house.workshop.on_disk[key(show)] = house.workshop.make(show)
    house.commit(playlist=shown)
    house.turn(1)
    assert house.shows("a")
    assert house.workshop.asked == []


def test_while_the_very_first_picture_is_made_the_slate_stands(house: House) -> None:
    house.workshop.hold = {"a"}
    house.commit(playlist=playlist(item("a")))
    house.turn()
    assert house.shows("slate")
    assert house.status()["wanted"]["item"] == "a"


def test_an_item_that_fails_is_passed_over_with_its_reason(house: House) -> None:
    house.workshop.fail = {"a"}
    house.commit(playlist=playlist(item("a"), item("b")))
    house.turn(4)
    assert house.shows("b")
    assert house.status()["skipped"] == [{"what": "a r1", "why": "bomb: too many pixels"}]


def test_when_everything_fails_the_slate_stands(house: House) -> None:
    house.workshop.fail = {"a", "b"}
    house.commit(playlist=playlist(item("a"), item("b")))
    house.turn(5)
    assert house.shows("slate")


def test_a_torn_frame_is_made_again_and_the_old_picture_stays(house: House) -> None:
    house.commit(playlist=playlist(item("a"), item("b")))
    house.turn()
    house.workshop.torn = {"b.0"}
    house.go(10)
    assert house.shows("a")
    assert house.workshop.discarded
    house.workshop.torn = set()
    house.go(0.1)
    assert house.shows("b")


# --- emergencies, stop, power ---------------------------------------------------------------------------------------


def test_an_emergency_interrupts_at_once_and_the_loop_resumes_where_the_clock_stands(house: House) -> None:
    house.commit(playlist=playlist(item("a"), item("b")))
    house.turn()
    house.commit(alerts=(alert(),))
    house.go(3)
    assert house.shows("storm")
    assert ("storm", True) in house.workshop.asked
    house.commit(alerts=())
    house.go(10)
    assert house.shows("b")
    assert house.played() == [("item", "a", "cut"), ("alert", "storm", "cut"), ("item", "b", "")]


def test_stopped_is_blank_and_released_is_not(house: House) -> None:
    house.commit(playlist=playlist(item("a", 60)))
    house.turn()
    house.commit(stopped=True, alerts=(alert(),))
    house.turn()
    assert house.pixel == (0, 0, 0)
    house.commit(stopped=False, alerts=())
    house.turn()
    assert house.shows("a")
    assert house.panel.powers == [True, False, True]


def test_power_off_blanks_and_an_emergency_switches_on_again(house: House) -> None:
    house.commit(playlist=playlist(item("a", 60), power=False))
    house.turn()
    assert (house.pixel, house.panel.powers) == ((0, 0, 0), [False])
    house.commit(alerts=(alert(),))
    house.turn()
    assert house.shows("storm")
    assert house.panel.powers == [False, True]


def test_brightness_follows_the_playlist_and_is_seen_at_once(house: House) -> None:
    house.commit(playlist=playlist(item("a", 60), brightness_pct=100))
    house.turn()
    full = house.pixel[0]
    house.commit(playlist=playlist(item("a", 60), brightness_pct=50, seq=2))
    house.turn()
    assert house.panel.brightness == 50
    assert house.pixel[0] == pytest.approx(full / 2, abs=1)


# --- what moves -----------------------------------------------------------------------------------------------------

TICKER = Strip("strip", Box(0, 24, W, 8), 200, 10.0)
FACE = ClockFace(Box(44, 0, 20, 8), tuple(f"digit{n}" for n in range(11)), (4,) * 11)


def test_a_ticker_stands_where_the_instant_says_and_touches_only_its_band(house: House) -> None:
    house.workshop.ticker = TICKER
    house.commit(playlist=playlist(item("a", 3600), ticker=("chạy",)))
    house.turn()
    house.go(1.0)
    row = house.panel.capture().data[24 * W * 3 :]
    offset = int(house.clock.now().timestamp() * 10) % 200
    assert [row[x * 3] for x in range(W)] == [(offset + x) % 200 for x in range(W)]
    assert house.panel.dirty[-1] == [Rect(0, 24, W, 8)]
    assert house.shows("a")


def test_the_stage_wakes_for_each_pixel_of_a_ticker(house: House) -> None:
    house.workshop.ticker = TICKER
    house.commit(playlist=playlist(item("a", 3600), ticker=("chạy",)))
    assert house.turn() == pytest.approx(0.1, abs=0.001)


def test_the_clock_is_redrawn_each_minute_and_nothing_else(house: House) -> None:
    house.workshop.clock = FACE
    house.commit(playlist=playlist(item("a", 3600)))
    house.turn()
    before = len(house.panel.frames)
    house.go(59.9)
    assert len(house.panel.frames) == before
    house.go(0.1)
    assert house.panel.dirty[before:] == [[Rect(44, 0, 20, 8)]]
    last_digit = house.panel.capture().data[(W - 1) * 3 + 2]
    assert last_digit == 41  # 00:01


def test_a_clock_that_cannot_be_believed_is_not_drawn(house: House) -> None:
    house.workshop.clock = FACE
    house.commit(playlist=playlist(item("a", 3600)), clock=Clock(ClockQuality.FLOOR, NOON))
    house.turn()
    assert house.panel.capture().data[(W - 1) * 3 : W * 3] == bytes(colour("a.0"))


def test_a_wall_clock_behind_what_was_accepted_is_not_believed(house: House) -> None:
    house.workshop.clock = FACE
    house.clock.set(NOON - timedelta(days=365))
    house.commit(playlist=playlist(item("a", 3600)))
    house.turn()
    assert house.panel.capture().data[(W - 1) * 3 : W * 3] == bytes(colour("a.0"))
    house.clock.set(NOON)
    house.turn()
    assert house.panel.capture().data[(W - 1) * 3 : W * 3] != bytes(colour("a.0"))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_jumps_a_day_brings_the_picture_of_the_new_instant(house: House, days: int) -> None:
    shown = playlist(item("a", 7), item("b", 7))
    house.commit(playlist=shown, clock=Clock(ClockQuality.TRUSTED))
    house.clock.set(NOON + timedelta(days=2))
    house.turn()
    house.clock.set(house.clock.now() + timedelta(days=days, seconds=3))
    house.turn()
    position = house.clock.now().timestamp() % 14
    assert house.shows("a" if position < 7 else "b")


# --- proof, requests, status ----------------------------------------------------------------------------------------


def test_every_showing_of_a_lone_item_is_a_play(house: House) -> None:
    house.commit(playlist=playlist(item("a")))
    house.turn()
    house.go(10)
    house.go(10)
    assert house.played() == [("item", "a", "shown"), ("item", "a", "shown"), ("item", "a", "")]


def test_a_playlist_that_changes_around_an_item_does_not_cut_its_play(house: House) -> None:
    house.commit(playlist=playlist(item("a", 30)))
    house.turn()
    house.commit(playlist=playlist(item("a", 30), seq=2, volume_pct=10))
    house.go(5)
    assert house.played() == [("item", "a", "")]


def test_identify_stands_for_ten_seconds(house: House) -> None:
    house.commit(playlist=playlist(item("a", 60)))
    house.turn()
    house.commit(requests=(Request("r1", "identify", NOON, NOON + timedelta(minutes=1)),))
    house.turn()
    house.go(9)
    assert house.shows("identify")
    house.go(2)
    assert house.shows("a")
    assert json.loads((house.folder / "answers" / "r1.json").read_text())["ok"] is True


def test_an_emergency_goes_before_a_test_pattern(house: House) -> None:
    house.commit(playlist=playlist(item("a", 60)), requests=(Request("r1", "test-pattern", NOON, NOON + 60 * SECOND),))
    house.turn()
    house.go(1)
    assert house.shows("test-pattern")
    house.commit(alerts=(alert(),))
    house.go(1)
    assert house.shows("storm")


def test_a_screenshot_is_what_the_panel_shows(house: House) -> None:
    house.commit(playlist=playlist(item("a", 60)))
    house.turn()
    house.commit(requests=(Request("r1", "screenshot", NOON, NOON + timedelta(minutes=1)),))
    house.turn()
    house.requests.close()
    image = pygame.image.load(house.folder / "answers" / "r1.png")
    assert image.get_at((0, 0))[:3] == colour("a.0")


def test_a_restart_ends_the_loop_with_the_code_that_starts_it_again(house: House) -> None:
    later = NOON + SECOND
    house.commit(playlist=playlist(item("a", 60)), requests=(Request("r1", "restart", later, later + 60 * SECOND),))
    house.turn(1)
    assert house.stage.stopping
    assert house.stage.run() == RESTART_CODE
    assert json.loads((house.folder / "answers" / "r1.json").read_text())["ok"] is True


def test_a_closed_window_ends_the_loop(house: House) -> None:
    house.panel.closed_by_user = True
    house.turn(1)
    assert house.stage.run() == 0


def test_the_status_names_the_instant_and_what_is_shown(house: House) -> None:
    house.commit(playlist=playlist(item("a"), item("b")))
    house.turn()
    house.go(12.5)
    status = house.status()
    assert status["instant"] == "1970-01-03T00:00:12.500+00:00"
    assert status["settled"] is True
    assert (status["showing"]["kind"], status["showing"]["item"], status["showing"]["revision"]) == ("item", "b", 1)
    assert status["presented"] == len(house.panel.frames)
    assert status["read_at"] == ["1970-01-03T00:00:15.000+00:00"]
    assert status["memory_kb"] > 0


def test_an_hour_of_playing_presents_nothing_black_and_counts_every_play(house: House) -> None:
    house.commit(playlist=playlist(*(item(f"i{n}", 10) for n in range(6))))
    house.turn()
    for _ in range(360):
        house.go(10)
    assert all(any(frame.data) for frame in house.panel.frames)
    assert len(house.played()) == 361
    assert {outcome for _, _, outcome in house.played()[:-1]} == {"shown"}
