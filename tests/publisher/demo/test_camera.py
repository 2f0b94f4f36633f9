"""The camera: it goes to the instants the player names, takes the panel as it is, and stops at another item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pygame
import pytest

from drivers.panels.memory import Driver
from publisher.demo.camera import Camera, cut
from publisher.demo.children import Children, DemoError
from publisher.demo.screen import ScreenSpec, VirtualScreen

SPEC = ScreenSpec("led", "Bảng thử", 64, 32, "led")
AT = [f"2026-11-23T00:00:0{second}.000+00:00" for second in (1, 4, 7)]


class Player(VirtualScreen):
    """A screen whose player answers at once: `pages` are the item and the colour that stand at each instant."""

    def __init__(self, root: Path, pages: dict[str, tuple[str, str]]) -> None:
        super().__init__(SPEC, root, "http://127.0.0.1:1", file_clock=True)
        self.configure()
        self._pages = pages
        self.panel = Driver(SPEC.width_px, SPEC.height_px, export=self.export)
        self.panel.open()
        self.stand(AT[0])

    def set_clock(self, instant: str) -> None:
        super().set_clock(instant)
        if hasattr(self, "panel"):
            self.stand(datetime.fromisoformat(instant).isoformat(timespec="milliseconds"))

    def stand(self, instant: str) -> None:
        item, colour = self._pages[instant]
        self.panel.surface.fill(colour)
        self.panel.present()
        showing = {"item": item, "kind": "debut"}
        status: dict[str, Any] = {"instant": instant, "settled": True, "showing": showing, "read_at": list(self._pages)}
        (self.run_dir / "player.json").write_text(json.dumps(status))


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    screen = Player(tmp_path, {AT[0]: ("b1", "red"), AT[1]: ("b1", "lime"), AT[2]: ("other", "blue")})
    yield screen
    screen.panel.close()


def test_each_page_of_the_bulletin_becomes_a_picture_and_no_other(player: Player, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    files = Camera(player).read_all("b1", out, "led", Children(tmp_path / "logs"))
    assert files == ["led-001.png", "led-002.png"] == sorted(path.name for path in out.iterdir())
    pictures = [pygame.image.load(out / file) for file in files]
    assert [picture.get_size() for picture in pictures] == [(64, 32)] * 2
    assert [picture.get_at((5, 5))[:3] for picture in pictures] == [(255, 0, 0), (0, 255, 0)]


def test_a_bulletin_that_is_not_there_is_an_error(player: Player, tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="Bảng thử: không thấy tin"):
        Camera(player).read_all("b9", tmp_path, "led", Children(tmp_path / "logs"))


def test_it_knows_what_stands_on_the_panel_and_since_when(player: Player) -> None:
    camera = Camera(player)
    assert camera.shows("b1")
    assert not camera.shows("other")
    assert camera.frame().rgb[:3] == b"\xff\x00\x00"
    assert camera.presented_at().tzinfo is not None


def test_a_status_tells_milliseconds() -> None:
    assert cut(datetime.fromisoformat("2026-11-23T00:00:01.234567+00:00")).microsecond == 234_000
