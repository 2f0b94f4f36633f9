"""Recognising a bulletin by its pixels: the page it must give is rendered here and looked for on the real panel."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pygame

from drivers.exported import ExportedFrame
from player.model import Alert, Item, Priority, Unit, Version, alert_item
from player.prepare import frames
from player.prepare.workers import Workers
from player.show import PanelShape, Prepared, Show
from publisher.demo.children import DemoError
from publisher.demo.screen import VirtualScreen

LOOK_S: Final = 0.0005
PREPARE_LIMIT_S: Final = 60.0
BODY: Final = (0.25, 0.85)  # of the panel's height: neither header with its clock nor page number nor ticker


def plain_item(body: str, lang: str = "vi") -> Item:
    """A text bulletin as far as its pixels go."""
    return Item(id="sight", revision=1, priority=Priority.ROUTINE, versions=(Version(lang, body=body),), dwell_s=10)


def plain_alert(body: str, level: int, now: datetime) -> Item:
    """An emergency as far as its pixels go."""
    versions = (Version("vi", body=body),)
    return alert_item(Alert(1, "sight", "sight", 1, 1, now, now, versions=versions, level=level))


class Sight:
    """Watches one screen's exported panel."""

    def __init__(self, screen: VirtualScreen, unit: Unit, cache_dir: Path) -> None:
        spec = screen.spec
        self._unit = unit
        self._shape = PanelShape(spec.width_px, spec.height_px, spec.kind)
        self._cache_dir = cache_dir
        self._workers = Workers(cache_dir)
        self._panel = ExportedFrame.open(screen.export)
        self._rows = slice(*(round(part * spec.height_px) * spec.width_px * 3 for part in BODY))

    def page_of(self, item: Item) -> bytes:
        """The body band of the first page `item` gives on this panel. Raises DemoError if it cannot be prepared."""
        show = Show(self._unit, self._shape, item)
        prepared = self._workers.cached(show) or self._prepare(show)
        surface = frames.load(self._cache_dir / prepared.pages[0].frame)
        return self.band(pygame.image.tobytes(surface, "RGB"))

    def band(self, rgb: bytes) -> bytes:
        """The part of a whole picture that belongs to the bulletin."""
        return rgb[self._rows]

    def wait_until(self, page: bytes, shown: bool, limit_s: float) -> datetime:
        """When the first frame was presented that shows `page`, or no longer does. DemoError after `limit_s`."""
        deadline_s = time.monotonic() + limit_s
        count = -1
        while time.monotonic() < deadline_s:
            if count != (now := self._panel.presented()):
                count = now
                frame = self._panel.read()
                if (self.band(frame.rgb) == page) == shown:
                    return datetime.fromtimestamp(frame.real_ns / 1e9, UTC)
            time.sleep(LOOK_S)
        raise DemoError(f"after {limit_s:.0f} s the page is {'not there' if shown else 'still there'}")

    def presented(self) -> int:
        """Frames presented so far by the player that runs now."""
        return self._panel.presented()

    def close(self) -> None:
        self._panel.close()
        self._workers.close()

    def _prepare(self, show: Show) -> Prepared:
        key = self._workers.request(show)
        deadline_s = time.monotonic() + PREPARE_LIMIT_S
        while time.monotonic() < deadline_s:
            self._workers.wait(1.0)
            for answer in self._workers.finished():
                if isinstance(answer, Prepared) and answer.key == key:
                    return answer
        raise DemoError(f"{show.shape.width_px}x{show.shape.height_px}: the expected page was not prepared")


def both(sights: Iterable[Sight], pages: Iterable[bytes], shown: bool, limit_s: float) -> datetime:
    """When the last of the screens came to show its page, or no longer shows it."""
    return max(sight.wait_until(page, shown, limit_s) for sight, page in zip(sights, pages, strict=True))
