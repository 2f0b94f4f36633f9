"""What the screen's tests share: fonts opened once, the Vietnamese alphabet, and shows made in a line."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from drivers.exported import ExportedFrame, ExportError
from drivers.surfaces import new_surface
from player import motion, wire
from player import show as shows
from player.dial import Dial
from player.layout.fonts import FontBook
from player.layout.marker import Marker
from player.model import Alert, Item, Playlist, Priority, Unit, Version
from player.motion import Said
from player.prepare import frames
from player.prepare.cache import FrameCache
from player.prepare.jobs import Failed, Inspected
from player.prepare.workers import Workers
from player.prepare.workshop import Workshop
from player.schema import AGENT_TABLES
from player.sheet import Belt
from player.show import PanelShape, Prepared, Show
from tests.waiting import DEADLINE_S, eventually

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ROOT = Path(__file__).resolve().parents[2]


class ShowMaker(Protocol):
    def __call__(self, title: str, body: str, shape: PanelShape = ..., **item: Any) -> Show: ...


@pytest.fixture(scope="session")
def book() -> FontBook:
    return FontBook()


@pytest.fixture(scope="session")
def alphabet() -> str:
    """The 134 precomposed letters of Vietnamese: twelve vowels by six tones, and đ, in both cases."""
    vowels, tones = "aăâeêioôơuưy", "\u0300\u0301\u0303\u0309\u0323"
    toned = [unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones]
    lower = "".join([*toned, *"ăâêôơưđ"])
    return lower + lower.upper()


@pytest.fixture(scope="session")
def make_show() -> ShowMaker:
    """A show of one Vietnamese version on a panel, 1920x1080 unless told; `item` sets other fields of the item."""

    def made(title: str, body: str, shape: PanelShape = PanelShape(1920, 1080), **item: Any) -> Show:  # noqa: B008
        fields: dict[str, Any] = {"priority": Priority.ROUTINE, "dwell_s": 10.0, **item}
        fields.setdefault("versions", (Version("vi", title, body),))
        ticker, picture = fields.pop("ticker", ()), fields.pop("picture_path", "")
        return Show(
            Unit("25357", "Ủy ban nhân dân phường Tân Khai"), shape,
            Item(id="a", revision=1, **fields), ticker=ticker, picture=picture,
        )  # fmt: skip

    return made


class Green:
    """Pictures that are a field of green as large as their box."""

    def look(self, path: Path) -> Inspected:
        return Inspected("", "image/png", 1, 1)

    def fitted(self, path: Path, width_px: int, height_px: int, page: int = 0) -> pygame.Surface:
        surface = new_surface(width_px, height_px)
        surface.fill((30, 120, 60))
        return surface


class Look(Protocol):
    def __call__(  # noqa: PLR0917
        self, show: Show, page: int = ..., time_text: str = ..., day: date | None = ..., said: Said | None = ...,
        frame: int = ...,
    ) -> pygame.Surface: ...  # fmt: skip


@pytest.fixture
def look(book: FontBook, tmp_path: Path) -> Look:
    """What stands on the panel: a page as the workshop makes it, its strips at rest, clock and dates drawn on it.

    What runs round stands where it does in that `frame`, counted at 60 Hz. A picture is a field of green: what a
    photograph would fill.
    """
    cache = FrameCache(tmp_path / "looked-at")

    def looked(  # noqa: PLR0917
        show: Show,
        page: int = 0,
        time_text: str = "07:35",
        day: date | None = date(2026, 11, 23),
        said: Said | None = None,
        frame: int = 0,
    ) -> pygame.Surface:
        (prepared,) = [one for one in Workshop(cache, book, Green()).make(shows.key(show), show) if one]
        surface = frames.load(cache.folder / prepared.pages[page].frame)
        for strip in (prepared.pages[page].strip, prepared.ticker):
            if strip:
                belt = Belt(strip, frames.load(cache.folder / strip.frame), surface, 60.0)
                belt.place(belt.run.offset(frame) if strip.wraps else motion.strip_offset(strip, 0.0, 10.0))
        for face in prepared.faces:
            Dial(face, surface, {name: frames.load(cache.folder / name) for name in face.glyphs}).move(time_text, day)
        Marker(prepared, page, surface).move(said)
        return surface

    return looked


@pytest.fixture(scope="session")
def plan() -> str:
    """A district's real plan, 10 kB as an office would paste it."""
    path = DATA / "plan-hon-quan-2023.txt"
    if not path.exists():
        pytest.skip(f"the district plan is not here: {path}")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    made = Workers(tmp_path / "cache")
    yield made
    made.close()


@pytest.fixture(scope="session")
def collect() -> Callable[..., dict[str, Prepared | Failed | Inspected]]:
    """Waits until every key asked for has come back from the workers; fails after the deadline."""

    def collected(workers: Workers, *keys: str) -> dict[str, Prepared | Failed | Inspected]:
        found: dict[str, Prepared | Failed | Inspected] = {}

        def take() -> None:
            workers.wait(0.5)
            found.update({done.key: done for done in workers.finished()})

        eventually(lambda: set(keys) <= set(found), f"the answer to {keys}", act=take)
        return found

    return collected


class AgentDb:
    """agent.db as the agent fills it; every method is one commit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.executescript(AGENT_TABLES)

    def playlist(self, playlist: Playlist, body: bytes | None = None) -> None:
        data = wire.encode(playlist) if body is None else body
        row = (playlist.seq, hashlib.sha256(data).hexdigest(), b"", data, playlist.issued.isoformat())
        self.connection.execute("INSERT OR REPLACE INTO playlist VALUES (1, ?, ?, ?, ?, ?)", row)

    def alert(self, alert: Alert, body: bytes | None = None) -> None:
        data = wire.encode(alert) if body is None else body
        row = (alert.group, alert.id, alert.seq, b"", data, alert.issued.isoformat())
        self.connection.execute("INSERT OR REPLACE INTO alert VALUES (?, ?, ?, ?, ?, ?)", row)

    def clip(self, item: str, revision: int, lang: str, file: str) -> None:
        row = (item, revision, lang, file, 1.0, "test")
        self.connection.execute("INSERT OR REPLACE INTO clip VALUES (?, ?, ?, ?, ?, ?)", row)

    def request(self, name: str, verb: str, created: datetime, expires: datetime) -> None:
        row = (name, verb, created.isoformat(), expires.isoformat())
        self.connection.execute("INSERT OR REPLACE INTO request VALUES (?, ?, ?, ?)", row)

    def status(self, name: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO status VALUES (?, ?)", (name, value))


@pytest.fixture
def agent_db(tmp_path: Path) -> Iterator[Callable[..., AgentDb]]:
    """Makes the agent's database in a folder, tmp_path unless told, when it is called."""
    made: list[AgentDb] = []

    def make(folder: Path = tmp_path) -> AgentDb:
        made.append(AgentDb(folder / "agent.db"))
        return made[-1]

    yield make
    for one in made:
        one.connection.close()


@pytest.fixture(scope="session")
def until() -> Callable[[Callable[[], object]], object]:
    """Waits until a condition holds; fails after the deadline."""
    return eventually


class Screen:
    """A player process on a small memory panel whose frames the test can see, under a clock file or the machine's."""

    def __init__(self, folder: Path, **panel: Any) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.frame = ExportedFrame(folder / "frame")
        panel = {"driver": "memory", "width_px": 192, "height_px": 96, "kind": "led"} | panel
        panel["options"] = {"export": str(folder / "frame")}
        settings = {
            "state_dir": str(folder), "run_dir": str(folder / "run"), "clock": "trusted", "panel": panel,
            "speaker": {"driver": "silent"},
        }  # fmt: skip
        (folder / "screen.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        self.set_clock(datetime(2025, 9, 2, 5, 0, tzinfo=UTC))

    def set_clock(self, now: datetime) -> None:
        part = self.folder / "clock.part"
        part.write_text(now.isoformat(), encoding="utf-8")
        part.replace(self.folder / "clock")

    def start(self, *, by_hand: bool = True) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "player", "--config", str(self.folder / "screen.yaml"), "--die-with-parent"]
        command += ["--clock-file", str(self.folder / "clock")] if by_hand else []
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        return self.process

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(timeout=DEADLINE_S)

    def status(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.folder / "run" / "player.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"settled": False, "showing": {"item": "", "kind": ""}, "instant": ""}
        return found

    def shows(self, name: str, now: datetime) -> bool:
        status = self.status()
        named = status["showing"]["item"] == name and status["instant"] == now.isoformat(timespec="milliseconds")
        return bool(named and status["settled"])

    def plays(self) -> list[tuple[str, str]]:
        with sqlite3.connect(self.folder / "plays.db") as plays:
            found = plays.execute("SELECT item, outcome FROM play ORDER BY id").fetchall()
        plays.close()
        return found

    def pixels(self) -> bytes:
        try:
            return self.frame.read().rgb
        except ExportError:
            return b""


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    """Makes a screen in a folder of its own; ends its process after the test."""
    made: list[Screen] = []

    def make(name: str = "", **panel: Any) -> Screen:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        made.append(Screen(folder, **panel))
        return made[-1]

    yield make
    for one in made:
        if one.process is not None and one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        one.frame.close()


@pytest.fixture
def screen(screens: Callable[..., Screen]) -> Screen:
    return screens()
