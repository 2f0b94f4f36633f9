"""A player with films, for tests: its stage, workers and film processes real, its clock in the test's hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from player import app
from player.bench.screen import settings
from player.clock import SettableClock
from player.model import SCHEMA, Alert, Clock, ClockQuality, Desired, Item, Media, Playlist, Priority, Unit, Version
from player.show import PanelShape
from player.store import Snapshot

NOON = datetime(2026, 1, 1, 5, tzinfo=UTC)  # loops of 10, 20, 30 or 60 s begin here
LED = PanelShape(64, 32, "led")
Until = Callable[[Callable[[], object]], None]


class Source:
    """A playlist by the test's word."""

    def __init__(self) -> None:
        self.snapshot, self.trouble, self.news = Snapshot(clock=Clock(ClockQuality.TRUSTED)), "", False

    def poll(self, monotonic_s: float) -> bool:
        news, self.news = self.news, False
        return news


class Cinema:
    """A player in this process under a clock that stands. `options` are those of an SDL panel; None: one in memory."""

    def __init__(
        self, folder: Path, stack: ExitStack, until: Until, shape: PanelShape = LED, *,
        options: dict[str, Any] | None = None, transition: str = "auto",
    ) -> None:  # fmt: skip
        self.folder, self.until = folder, until
        self.media = folder / "state" / "media"
        self.media.mkdir(parents=True)
        self.clock, self.source = SettableClock(NOON), Source()
        plain = settings(folder, "memory" if options is None else "sdl", shape, transition)
        panel = replace(plain.panel, rotation=shape.rotation, options=options or {})
        self.settings = replace(plain, panel=panel)
        self.stage = app.build(stack, self.settings, self.clock, self.source, (), by_hand=True)
        self.parts: Any = self.stage._p

    def bring(self, path: Path, mime: str) -> Media:
        """The file where the agent puts it."""
        data = path.read_bytes()
        name = hashlib.sha256(data).hexdigest()
        (self.media / name).write_bytes(data)
        return Media(name, len(data) or 1, mime)

    def play(self, *items: Item, alerts: tuple[Alert, ...] = (), brightness_pct: int = 100) -> None:
        playlist = Playlist(SCHEMA, "s-abcdef", 1, NOON, NOON + timedelta(days=9), Unit("1", "Xã"), items,
                            desired=Desired(quiet=(), brightness_pct=brightness_pct))  # fmt: skip
        self.source.snapshot = Snapshot(playlist=playlist, clock=Clock(ClockQuality.TRUSTED), alerts=alerts)
        self.source.news, self.items = True, items

    def turn(self) -> None:
        self.stage.turn()

    def at(self, seconds: float) -> None:
        self.clock.set(NOON + timedelta(seconds=seconds))

    def pixel(self, x: int = 32, y: int = 16) -> tuple[int, int, int]:
        frame = self.parts.panel.capture()
        place = 3 * (y * frame.w + x)
        return frame.data[place], frame.data[place + 1], frame.data[place + 2]

    def waits_for(self, condition: Callable[[], object]) -> None:
        """Turns the stage until the condition holds."""

        def held() -> object:
            self.turn()
            return condition()

        self.until(held)

    def shows_grey(self, wanted: int, by: int = 6) -> None:
        self.waits_for(lambda: all(abs(part - wanted) <= by for part in self.pixel()))

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "run" / "player.json").read_text(encoding="utf-8"))
        return found

    def skipped(self) -> dict[str, str]:
        return {one["what"]: one["why"] for one in self.status()["skipped"]}


def item(name: str, dwell_s: float = 10.0, text: str = "", **parts: Any) -> Item:
    return Item(name, 1, Priority.ROUTINE, (Version("vi", "", text),), dwell_s, **parts)


def greys(count: int, size: tuple[int, int] = (128, 64), step: int = 2) -> list[Image.Image]:
    """Frames whose grey says their number, from 20 on, so that none of them is black."""
    return [Image.new("RGB", size, (20 + step * n % 230,) * 3) for n in range(count)]
